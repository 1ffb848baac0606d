using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Select;

/// <summary>
/// The order in which a fair select looks at its arms. A round goes on as long as some arm that has not had its turn in it is
/// ready: the arm taken is a random one among those, so every arm that stays ready has exactly one turn per round, and over
/// any 2n choices each of n such arms is taken at least once. When only arms that had their turn are ready, the next round
/// begins, again with a random one among them. Arms that are not ready are passed over without a trace, so they favour nobody.
/// </summary>
internal struct FairOrder(uint seed)
{
    private FastRandom _random = new(seed);

    // The arms that are waiting for their turn come first, then those that had it.
    private int[] _order = [];
    private int _waiting;

    internal void Resize(int count)
    {
        if (_order.Length == count) return;
        _order = new int[count];
        for (var i = 0; i < count; i++) _order[i] = i;
        _waiting = count;
    }

    /// <summary>The arm to look at in this place, drawn at random from the rest of its part.</summary>
    internal int Draw(int place)
    {
        var end = place < _waiting ? _waiting : _order.Length;
        var drawn = place + (int)(((ulong)_random.Next() * (uint)(end - place)) >> 32);
        (_order[place], _order[drawn]) = (_order[drawn], _order[place]);
        return _order[place];
    }

    /// <summary>The arm in this place, as drawn last.</summary>
    internal readonly int At(int place) => _order[place];

    /// <summary>The arm in this place has been taken.</summary>
    internal void Took(int place)
    {
        if (place >= _waiting) _waiting = _order.Length;
        _waiting--;
        (_order[place], _order[_waiting]) = (_order[_waiting], _order[place]);
    }

    /// <summary>An arm has been taken by somebody else's claim.</summary>
    internal void TookArm(int arm)
    {
        for (var place = 0; place < _order.Length; place++)
        {
            if (_order[place] != arm) continue;
            Took(place);
            return;
        }
    }
}
