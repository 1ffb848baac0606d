using System.Numerics;
using System.Runtime.Intrinsics.X86;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Select;

/// <summary>
/// Which of the ready arms a fair select takes. A round goes on as long as some arm that has not had its turn in it is
/// ready: the arm taken is a random one among those, so every arm that stays ready has exactly one turn per round, and over
/// any 2n choices each of n such arms is taken at least once. When only arms that had their turn are ready, the next round
/// begins, again with a random one among them. Arms that are not ready leave no trace, so they favour nobody.
/// </summary>
/// <remarks>Sets of arms are bits of a word: the compiler allows no more arms than that.</remarks>
internal struct FairOrder(uint seed)
{
    private FastRandom _random = new(seed);

    // Arms that have not had their turn in the present round.
    private ulong _waiting = ulong.MaxValue;

    /// <summary>The arm to take; at least one is ready.</summary>
    internal int Choose(ulong ready)
    {
        var turn = ready & _waiting;
        if (turn == 0) turn = ready;
        var count = BitOperations.PopCount(turn);
        var number = (int)(((ulong)_random.Next() * (uint)count) >> 32);
        if (Bmi2.X64.IsSupported) return BitOperations.TrailingZeroCount(Bmi2.X64.ParallelBitDeposit(1UL << number, turn));
        while (number-- > 0) turn &= turn - 1;
        return BitOperations.TrailingZeroCount(turn);
    }

    /// <summary>The arm has been taken.</summary>
    internal void Took(int arm)
    {
        var bit = 1UL << arm;
        _waiting = (_waiting & bit) == 0 ? ~bit : _waiting & ~bit;
    }
}
