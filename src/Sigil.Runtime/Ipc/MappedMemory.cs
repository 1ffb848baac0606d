using System.Buffers;
using System.Runtime.InteropServices;

namespace Sigil.Runtime.Ipc;

/// <summary>A range of mapped memory as <see cref="Memory{T}"/>, for the library that reads and writes MessagePack.</summary>
internal sealed unsafe class MappedMemory(byte* start, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => new(start, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}

/// <summary>
/// A sealed memory file, mapped: one page of words, then (for the data file) a ring of bytes that is mapped twice in a row, so
/// that a frame lies in one piece wherever it begins.
/// </summary>
internal sealed unsafe class MappedFile
{
    internal const int PageBytes = 4096;

    private readonly nint _start;
    private readonly nuint _length;

    private MappedFile(nint start, nuint length, int ringBytes)
    {
        _start = start;
        _length = length;
        RingBytes = ringBytes;
    }

    /// <summary>The page of words.</summary>
    internal byte* Words => (byte*)_start;

    /// <summary>The ring; readable up to twice its size.</summary>
    internal byte* Ring => (byte*)_start + PageBytes;

    internal int RingBytes { get; }

    /// <summary>A new file that nobody can shrink: a mapping past its end would kill the process that touches it.</summary>
    internal static int Create(string name, int ringBytes)
    {
        var file = Libc.Checked(Libc.CreateMemoryFile(name, Libc.MemfdCloseOnExecAllowSealing), "create shared memory");
        Libc.Checked(Libc.Truncate(file, PageBytes + ringBytes), "size shared memory");
        Libc.Checked(Libc.Control(file, Libc.AddSeals, Libc.SealSealShrinkGrow), "seal shared memory");
        return file;
    }

    /// <summary>Maps a file that may have come from another process; <paramref name="ringBytes"/> is what it must hold besides the words.</summary>
    internal static MappedFile Map(int file, int ringBytes, bool writable)
    {
        var seals = Libc.Checked(Libc.Control(file, Libc.GetSeals, 0), "look at shared memory");
        if ((seals & Libc.SealShrink) == 0) throw new IpcSystemException("use shared memory that could shrink", 22);
        if (Libc.Seek(file, 0, Libc.SeekEnd) < PageBytes + ringBytes) throw new IpcSystemException("use shared memory of a wrong size", 22);
        var protection = writable ? Libc.ProtReadWrite : Libc.ProtRead;
        var length = (nuint)(PageBytes + (2 * ringBytes));
        var start = Libc.Map(0, length, 0, Libc.MapPrivateAnonymousNoReserve, -1, 0);
        if (start == -1) throw new IpcSystemException("map shared memory", Marshal.GetLastPInvokeError());
        var failed = Libc.Map(start, (nuint)(PageBytes + ringBytes), protection, Libc.MapShared | Libc.MapFixed, file, 0) == -1
            || (ringBytes > 0 && Libc.Map(start + PageBytes + ringBytes, (nuint)ringBytes, protection, Libc.MapShared | Libc.MapFixed, file, PageBytes) == -1);
        if (!failed) return new MappedFile(start, length, ringBytes);
        var error = Marshal.GetLastPInvokeError();
        _ = Libc.Unmap(start, length);
        throw new IpcSystemException("map shared memory", error);
    }

    internal void Unmap() => _ = Libc.Unmap(_start, _length);
}
