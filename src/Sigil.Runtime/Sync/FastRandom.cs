using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Sync;

/// <summary>A small generator for decisions that need no quality, such as where to start stealing (xorshift, Marsaglia 2003).</summary>
internal struct FastRandom(uint seed)
{
    private uint _state = seed == 0 ? 0x9E3779B9 : seed;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Next()
    {
        var x = _state;
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        return _state = x;
    }
}
