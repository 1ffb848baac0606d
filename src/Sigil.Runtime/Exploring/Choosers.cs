using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Exploring;

/// <summary>Decides who goes on at each step of a controlled run.</summary>
internal abstract class Chooser(ulong seed)
{
    private ulong _state = seed;

    /// <summary>
    /// The index of the strand that goes on. The present one is the first candidate when it <paramref name="canGoOn"/>; one
    /// that <paramref name="spins"/> is no candidate.
    /// </summary>
    internal abstract int Choose(List<Strand> candidates, bool canGoOn, Strand? spins);

    /// <summary>In runs where time is free: whether the next deadline passes now.</summary>
    internal virtual bool LetTimePass() => Below(64) == 0;

    /// <summary>SplitMix64: any seed is good.</summary>
    internal ulong NextRandom()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    internal int Below(int bound) => (int)Math.BigMul(NextRandom(), (ulong)bound, out _);

    /// <summary>The chooser of a seed: half of the seeds walk at random, half follow priorities.</summary>
    internal static Chooser Of(long seed)
    {
        var mixed = new RandomWalk((ulong)seed * 0xD1342543DE82EF95 + 1, 1);
        var kind = mixed.Below(2);
        var state = mixed.NextRandom();
        if (kind == 0) return new RandomWalk(state, 1 << (1 + mixed.Below(6)));
        return new PriorityChooser(state, mixed.Below(5), 1L << (4 + mixed.Below(10)));
    }
}

/// <summary>Goes on with the same strand most of the time and changes to any other at random.</summary>
internal sealed class RandomWalk(ulong seed, int meanRun) : Chooser(seed)
{
    internal override int Choose(List<Strand> candidates, bool canGoOn, Strand? spins)
    {
        if (canGoOn && Below(meanRun) != 0) return 0;
        return Below(candidates.Count);
    }
}

/// <summary>
/// Probabilistic concurrency testing (Burckhardt et al., 2010): strands have random priorities, the highest goes on, and
/// at a few random steps the present one falls below all others. A bug that needs d orderings to come out is found
/// with a probability that does not fall exponentially with the length of the run.
/// </summary>
internal sealed class PriorityChooser : Chooser
{
    private readonly ConditionalWeakTable<object, StrongBox<long>> _priorities = [];
    private readonly long[] _changes;
    private long _step;
    private long _lowest;

    internal PriorityChooser(ulong seed, int changes, long expectedSteps)
        : base(seed)
    {
        _changes = new long[changes];
        for (var i = 0; i < changes; i++) _changes[i] = (long)(NextRandom() % (ulong)expectedSteps);
    }

    internal override int Choose(List<Strand> candidates, bool canGoOn, Strand? spins)
    {
        _step++;
        if (spins is not null) Lower(spins);
        else if (canGoOn && Array.IndexOf(_changes, _step) >= 0) Lower(candidates[0]);
        var best = 0;
        for (var i = 1; i < candidates.Count; i++)
            if (Priority(candidates[i]).Value > Priority(candidates[best]).Value) best = i;
        return best;
    }

    private void Lower(Strand strand) => Priority(strand).Value = --_lowest;

    private StrongBox<long> Priority(Strand strand)
    {
        if (_priorities.TryGetValue(strand.Identity, out var priority)) return priority;
        priority = new StrongBox<long>((long)(NextRandom() >> 2));
        _priorities.Add(strand.Identity, priority);
        return priority;
    }
}

/// <summary>
/// Goes through all schedules with at most so many changes away from a strand that could have gone on (Musuvathi and Qadeer,
/// 2007), one per run: <see cref="Advance"/> chooses the next.
/// </summary>
internal sealed class BoundedSearch(int maxPreemptions) : Chooser(1)
{
    private readonly List<Choice> _path = [];
    private int _depth;
    private int _spent;

    internal override int Choose(List<Strand> candidates, bool canGoOn, Strand? spins)
    {
        if (_depth < _path.Count)
        {
            var choice = _path[_depth++];
            if (choice.Count != candidates.Count) throw new InvalidOperationException("the run does not repeat: something is not controlled");
            if (canGoOn && choice.Taken > 0) _spent++;
            return choice.Taken;
        }

        // Once the preemptions are spent there is nothing to choose for a strand that can go on.
        _path.Add(new Choice(0, candidates.Count, canGoOn && _spent >= maxPreemptions ? 1 : candidates.Count));
        _depth++;
        return 0;
    }

    internal override bool LetTimePass() => false;

    /// <summary>Makes ready for the next run; false when there is none.</summary>
    internal bool Advance()
    {
        _depth = _spent = 0;
        while (_path.Count > 0)
        {
            var last = _path[^1];
            _path.RemoveAt(_path.Count - 1);
            if (last.Taken + 1 >= last.Open) continue;
            _path.Add(last with { Taken = last.Taken + 1 });
            return true;
        }

        return false;
    }

    private readonly record struct Choice(int Taken, int Count, int Open);
}
