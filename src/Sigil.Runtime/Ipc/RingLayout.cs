using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Ipc;

/// <summary>
/// How a ring lies in shared memory. Each side writes only its own file: the data file belongs to the producers, the control
/// file to the consumers; the other side maps it read-only.
/// </summary>
/// <remarks>
/// Words of each file stand on cache lines of their own. The position word packs a count of messages and a position in the ring
/// (in units of eight bytes), both modulo 2³², so that one store publishes both: whoever dies leaves the ring before or after
/// a message, never within one. What is read from the other side's file is checked before it is used.
/// </remarks>
internal static class RingLayout
{
    internal const long Magic = 0x3172_696e_6753_6970;
    internal const int Version = 1;

    internal const int MagicAt = 0;
    internal const int VersionAt = 8;
    internal const int CapacityAt = 12;

    /// <summary>How far this side has come: <see cref="RingPosition"/>.</summary>
    internal const int PositionAt = 64;

    /// <summary>Grows whenever a party of this side is about to wait: the other side rings once for each value that it sees.</summary>
    internal const int WaitsAt = 128;

    /// <summary>Ends of this side that are open. One that dies is not counted off: then the socket tells.</summary>
    internal const int OpenEndsAt = 192;

    /// <summary>The end that is at work, when this side is shared.</summary>
    internal const int OwnerAt = 256;

    /// <summary>The last number given to an end of this side.</summary>
    internal const int LastEndAt = 320;

    /// <summary>Receives that wait; channels without a buffer only, in the consumers' file.</summary>
    internal const int WillingAt = 384;

    /// <summary>Large enough for two messages of a megabyte and more; pages that are never touched cost nothing.</summary>
    internal const int RingBytes = 4 * 1024 * 1024;

    /// <summary>Larger frames go into a memory file of their own.</summary>
    internal const int LargestFrame = RingBytes / 2;

    /// <summary>Before every frame: its length, and what kind it is.</summary>
    internal const int HeaderBytes = 8;

    /// <summary>A gap up to the end of the ring.</summary>
    internal const uint Gap = 1;

    /// <summary>The value lies in a memory file, the first descriptor of the frame; the frame holds a tag and its length.</summary>
    internal const uint Outside = 2;

    /// <summary>Descriptors came on the socket; the frame begins with their tag.</summary>
    internal const uint Attached = 4;

    internal const uint AllKinds = Gap | Outside | Attached;

    /// <summary>The bytes that a frame takes in the ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Rounded(int payload) => (HeaderBytes + payload + 7) & ~7;
}

/// <summary>A count of messages and a position in the ring, in one word.</summary>
internal readonly struct RingPosition(long word)
{
    internal readonly long Word = word;

    internal RingPosition(uint count, uint units)
        : this((long)(((ulong)count << 32) | units))
    {
    }

    internal uint Count => (uint)((ulong)Word >> 32);

    internal uint Units => (uint)Word;

    /// <summary>Where in the ring.</summary>
    internal int Offset => (int)(((ulong)Units * 8) & (RingLayout.RingBytes - 1));

    /// <summary>The bytes from an earlier position to this one.</summary>
    internal long BytesSince(RingPosition earlier) => (long)unchecked(Units - earlier.Units) * 8;

    /// <summary>The messages from an earlier position to this one.</summary>
    internal long CountSince(RingPosition earlier) => unchecked(Count - earlier.Count);

    /// <summary>Whether this side has come as far as <paramref name="other"/>.</summary>
    internal bool Reaches(RingPosition other) => unchecked((int)(Count - other.Count)) >= 0;

    internal RingPosition Advance(int bytes, uint messages) => new(unchecked(Count + messages), unchecked(Units + ((uint)bytes / 8)));
}
