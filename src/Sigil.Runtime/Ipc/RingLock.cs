using System.Runtime.CompilerServices;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Ipc;

/// <summary>
/// One end at a time, for a side that several ends share. The word holds the number of the end at work. Each end holds, for as
/// long as it lives, a lock of the kernel on the byte of its number in its side's file; the lock belongs to the open file, so it
/// travels with the end and goes when the last process that has the end dies. Whoever finds the word taken for long asks the kernel
/// whether the owner still lives, and takes its place when not: since one store publishes a message, the dead leave nothing half done.
/// </summary>
internal sealed unsafe class RingLock(byte* words, int file, int end)
{
    private const short WriteLock = 1;
    private const short Unlocked = 2;

    // Past the words and the ring; locks may lie beyond the end of a file.
    private const long FirstByte = 1L << 32;

    // Asking the kernel costs a microsecond or so; the owner's turn is mostly shorter than this many looks.
    private const int LooksBeforeAsking = 64;

    internal int End => end;

    private ref int Owner => ref Unsafe.AsRef<int>(words + RingLayout.OwnerAt);

    /// <summary>Gives a new end its number: the file is open for this end alone.</summary>
    internal static RingLock Create(byte* words, int file)
    {
        while (true)
        {
            var end = Atomic.Add(ref Unsafe.AsRef<int>(words + RingLayout.LastEndAt), 1) & int.MaxValue;
            if (end != 0 && TryLock(file, end)) return new RingLock(words, file, end);
        }
    }

    internal void Enter()
    {
        for (var round = 0; ; round++)
        {
            var owner = Atomic.Load(ref Owner);
            if (owner == 0)
            {
                if (Atomic.CompareExchange(ref Owner, end, 0) == 0) return;
                continue;
            }

            Pause.Contended(Math.Min(round, 150));
            if (round < LooksBeforeAsking || (round & 15) != 0 || owner == end || IsAlive(file, owner)) continue;
            if (Atomic.CompareExchange(ref Owner, end, owner) == owner) return;
        }
    }

    internal void Exit() => Atomic.CompareExchange(ref Owner, 0, end);

    /// <summary>The end at work on a side, or 0.</summary>
    internal static int OwnerOf(byte* words) => Atomic.Load(ref Unsafe.AsRef<int>(words + RingLayout.OwnerAt));

    /// <summary>Whether an end still has its kernel lock; <paramref name="file"/> must not be the open file that holds it.</summary>
    internal static bool IsAlive(int file, int owner)
    {
        var wanted = new Libc.FileLock { Type = WriteLock, Start = FirstByte + (uint)owner, Length = 1 };
        return Libc.Control(file, Libc.OfdGetLock, (nint)(&wanted)) < 0 || wanted.Type != Unlocked;
    }

    private static bool TryLock(int file, int end)
    {
        var wanted = new Libc.FileLock { Type = WriteLock, Start = FirstByte + (uint)end, Length = 1 };
        return Libc.Control(file, Libc.OfdSetLock, (nint)(&wanted)) >= 0;
    }
}
