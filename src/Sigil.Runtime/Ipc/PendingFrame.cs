using System.Buffers;
using Sigil.Runtime.Serialization;

namespace Sigil.Runtime.Ipc;

/// <summary>A value that is encoded and not yet sent.</summary>
internal sealed unsafe class PendingFrame(byte[] bytes, int length, Attachments attachments) : IDisposable
{
    private bool _isOutside;

    /// <summary>Encodes a value away from any ring.</summary>
    /// <exception cref="FrameException">The value cannot be written.</exception>
    internal static PendingFrame Of<T>(Codec<T> codec, T value)
    {
        var attachments = new Attachments();
        var target = new PooledBytes();
        try
        {
            Frames.Encode(codec, value, target, attachments);
            return new PendingFrame(target.Bytes, target.Count, attachments);
        }
        catch
        {
            attachments.Dispose();
            throw;
        }
    }

    internal int Length => length;

    /// <summary>Too large for the ring: it goes into a memory file of its own.</summary>
    internal bool IsLarge => RingLayout.Rounded(length + sizeof(long)) > RingLayout.LargestFrame;

    /// <summary>Whether descriptors go with it.</summary>
    internal bool NeedsDescriptors => IsLarge || attachments.Count > 0;

    /// <summary>It lies in the ring of a channel without a buffer, until somebody takes it or it is withdrawn.</summary>
    internal bool IsOffered { get; private set; }

    /// <summary>Where the ring ended before the offer.</summary>
    internal RingPosition Before { get; private set; }

    /// <summary>Where it ends with the offer.</summary>
    internal RingPosition After { get; private set; }

    internal void Offered(RingPosition before, RingPosition after)
    {
        IsOffered = true;
        Before = before;
        After = after;
    }

    internal ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, length);

    internal Attachments Attachments => attachments;

    /// <summary>Puts the bytes into a memory file that becomes the first descriptor.</summary>
    internal void PutOutside()
    {
        if (_isOutside) return;
        var file = Libc.Checked(Libc.CreateMemoryFile("sigil-ipc-value", Libc.MemfdCloseOnExecAllowSealing), "create a memory file");
        attachments.Insert(file);
        _isOutside = true;
        fixed (byte* first = bytes)
        {
            for (var written = 0; written < length;)
            {
                var count = Libc.Write(file, first + written, (nuint)(length - written));
                if (count < 0) Libc.Checked(-1, "fill a memory file");
                written += (int)count;
            }
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        attachments.Dispose();
    }
}
