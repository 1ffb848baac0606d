using System.Numerics;
using System.Runtime.Intrinsics.X86;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Select;

/// <summary>
/// Whose turn it is in a fair select. A round is a random permutation of the arms that are ready when it begins, drawn arm by arm; the
/// next one begins when nobody of it is left. So an arm that stays ready has exactly one turn in every round, over any 2n choices
/// each of n such arms is taken at least once, and arms that are not ready leave no trace and favour nobody.
/// </summary>
/// <remarks>Sets of arms are bits of a word: the compiler allows no more arms than that.</remarks>
internal struct FairOrder(uint seed)
{
    private FastRandom _random = new(seed);
    private ulong _left;

    /// <summary>Whether arms are left in the present round.</summary>
    internal readonly bool HasNext => _left != 0;

    /// <summary>Begins a round among these arms.</summary>
    internal void Begin(ulong ready) => _left = ready;

    /// <summary>The next arm of the round.</summary>
    internal int Next()
    {
        var left = _left;
        var number = (int)(((ulong)_random.Next() * (uint)BitOperations.PopCount(left)) >> 32);
        if (Bmi2.X64.IsSupported) left = Bmi2.X64.ParallelBitDeposit(1UL << number, left);
        else while (number-- > 0) left &= left - 1;
        var arm = BitOperations.TrailingZeroCount(left);
        _left &= ~(1UL << arm);
        return arm;
    }
}
