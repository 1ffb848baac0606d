using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Ipc;

/// <summary>
/// Lets producers and consumers of a channel without a buffer take turns, so that an offer is either taken or withdrawn. A lock of the kernel on one
/// byte of the data file, which producers take for writing and consumers, who have the file for reading only, for reading: one excludes the
/// other, and it goes when its holder dies. Ends of one side take turns by their own lock.
/// </summary>
internal sealed unsafe class MeetingLock(int file, bool isProducer)
{
    private const short ReadLock = 0;
    private const short WriteLock = 1;
    private const short Unlock = 2;

    // Past the words, the ring and the bytes of the ends.
    private const long Byte = 1L << 40;

    internal void Enter()
    {
        for (var round = 0; !Change(isProducer ? WriteLock : ReadLock); round++) Pause.Contended(Math.Min(round, 150));
    }

    internal void Exit() => Change(Unlock);

    private bool Change(short type)
    {
        var wanted = new Libc.FileLock { Type = type, Start = Byte, Length = 1 };
        return Libc.Control(file, Libc.OfdSetLock, (nint)(&wanted)) >= 0;
    }
}
