namespace Sigil.Runtime.Exploring;

/// <summary>How a controlled run ended.</summary>
internal enum RunEnd
{
    /// <summary>Every strand has ended.</summary>
    Ended,

    /// <summary>Strands are left, and none can ever go on.</summary>
    Stuck,

    /// <summary>More steps than allowed.</summary>
    TooLong,

    /// <summary>A strand did not come to a step within the time allowed.</summary>
    Hung,

    /// <summary>A strand threw an exception.</summary>
    Faulted,
}

/// <summary>
/// One controlled run: several strands of which exactly one has the turn. At each step the chooser says who goes on, so that
/// the same choices give the same run.
/// </summary>
/// <remarks>
/// All state here is touched only by the strand that has the turn (and by the maker before the first and after the last), and
/// passing the turn is a semaphore, so it needs no locks. Time is virtual and stands still while a strand can go on.
/// </remarks>
internal sealed class Interleaving(Chooser chooser, Carriers carriers, bool fine, long maxSteps = 5_000_000)
{
    /// <summary>The wall clock's moment at the start of every run: the first of January 2000.</summary>
    internal const long WallClockStart = 946_684_800_000_000_000;

    // A strand that has made so many steps without a pause lets others go first: under fixed priorities it might wait for them.
    private const int PatienceSteps = 2_000;

    // So many spins in a row by all strands together, and no time will help either.
    private const int MaxIdleSpins = 500;

    private readonly List<Strand> _ready = [];
    private readonly List<Strand> _blocked = [];
    private readonly SemaphoreSlim _over = new(0);
    private readonly List<Strand> _candidates = [];
    private Strand? _current;
    private int _made;
    private int _live;
    private int _unbroken;
    private int _spins;
    private bool _isOver;
    private bool _deciding;
    private RunEnd _end;

    /// <summary>Whether atomic operations are steps, or only operations that tasks can tell apart.</summary>
    internal bool IsFine { get; } = fine;

    /// <summary>May time pass while strands can go on? As on a machine that is slow for once.</summary>
    internal bool TimeIsFree { get; init; }

    /// <summary>Asked when nothing can go on any more; true when it has changed that.</summary>
    internal Func<bool>? OnStuck { get; set; }

    internal long NowNanos { get; private set; } = 1_000_000_000;

    internal long Steps { get; private set; }

    /// <summary>A digest of all choices: two runs with the same one were the same run.</summary>
    internal ulong Trace { get; private set; } = 0xCBF29CE484222325;

    internal Exception? Fault { get; private set; }

    internal ulong NextRandom() => chooser.NextRandom();

    /// <summary>From outside: runs <paramref name="main"/> and everything that it starts.</summary>
    internal RunEnd Execute(Action main, TimeSpan limit)
    {
        Add("main", main);
        Take(_ready[0]);
        carriers.Carry(_current!);
        if (!_over.Wait(limit)) return RunEnd.Hung;
        return Fault is not null ? RunEnd.Faulted : _end;
    }

    /// <summary>A further strand, which can go at once.</summary>
    internal void Add(string name, Action body) => Add(name, new object(), body);

    /// <inheritdoc cref="Add(string, Action)"/>
    internal void Add(string name, object identity, Action body)
    {
        _live++;
        _ready.Add(new Strand(this, _made++, name, identity, body));
    }

    /// <summary>The present strand is about to do something that others may see: one of them may come first.</summary>
    internal void Step()
    {
        if (_deciding) return;
        Steps++;
        if (++_unbroken > PatienceSteps) Decide(Standing.GivesWay);
        else if (_ready.Count > 0 || TimeIsFree) Decide(Standing.CanGoOn);
    }

    /// <summary>The present strand can do nothing useful until another one has done something.</summary>
    internal void Spin()
    {
        if (_deciding) return;
        Steps++;
        Decide(Standing.Spins);
    }

    /// <summary>Waits until the condition holds, at most for a time unless that is negative; false when the time came first.</summary>
    internal bool BlockUntil(Func<bool> condition, long nanos)
    {
        Steps++;
        var strand = _current!;
        strand.TimedOut = false;
        strand.Condition = condition;
        strand.DeadlineNanos = nanos < 0 ? long.MaxValue : NowNanos + Math.Min(nanos, long.MaxValue - NowNanos);
        Decide(Standing.Waits);
        return !strand.TimedOut;
    }

    /// <summary>On a carrier: the whole strand; the result is a strand that has not begun and has the turn now.</summary>
    internal Strand? Execute(Strand strand, Carrier carrier, Carriers pool)
    {
        try
        {
            strand.Body();
        }
        catch (Exception fault)
        {
            Fault ??= fault;
        }

        _live--;
        if (_isOver || Fault is not null || (_live == 0 && _ready.Count == 0))
        {
            pool.Keep(carrier);
            Finish(RunEnd.Ended);
            return null;
        }

        _current = null;
        if (Choose(Standing.Ended) is not { } next)
        {
            pool.Keep(carrier);
            return null;
        }

        Take(next);
        if (next.Carrier is null) return next;

        // Before the turn is passed on: whoever gets it may need a carrier.
        pool.Keep(carrier);
        next.Carrier.Resume();
        return null;
    }

    private enum Standing { CanGoOn, GivesWay, Spins, Waits, Ended }

    private void Decide(Standing standing)
    {
        var strand = _current!;
        if (Steps > maxSteps) Finish(RunEnd.TooLong);
        var next = _isOver ? null : Choose(standing);
        if (next == strand)
        {
            if (standing != Standing.CanGoOn) _unbroken = 0;
            strand.Condition = null;
            return;
        }

        if (next is not null)
        {
            if (standing == Standing.Waits)
            {
                if (strand.Condition is not null) _blocked.Add(strand);
            }
            else
            {
                _ready.Add(strand);
            }

            Take(next);
            if (next.Carrier is null) carriers.Carry(next);
            else next.Carrier.Resume();
        }

        // After the end of the run nobody resumes anybody: the thread stays here for good.
        strand.Carrier!.Await();
    }

    private void Take(Strand strand)
    {
        _ready.Remove(strand);
        _blocked.Remove(strand);
        strand.Condition = null;
        _current = strand;
        _unbroken = 0;
    }

    private Strand? Choose(Standing standing)
    {
        _deciding = true;
        try
        {
            return ChooseNext(standing);
        }
        finally
        {
            _deciding = false;
        }
    }

    private Strand? ChooseNext(Standing standing)
    {
        var current = _current;
        var goesOn = standing is Standing.Spins or Standing.GivesWay ? current : null;
        while (true)
        {
            Awaken();
            _candidates.Clear();
            if (standing == Standing.CanGoOn || (standing == Standing.Waits && IsSatisfied(current!))) _candidates.Add(current!);
            _candidates.AddRange(_ready);
            var time = TimeIsFree || _candidates.Count == 0 || _spins > MaxIdleSpins;
            if (time && EarliestDeadline(standing == Standing.Waits ? current : null) is var due && due != long.MaxValue
                && (_candidates.Count == 0 || _spins > MaxIdleSpins || chooser.LetTimePass()))
            {
                NowNanos = Math.Max(NowNanos, due);
                _spins = 0;
                continue;
            }

            if (_candidates.Count > 0) break;
            if (goesOn is not null && (standing == Standing.GivesWay || ++_spins <= MaxIdleSpins)) return goesOn;
            if (OnStuck?.Invoke() == true) continue;
            Finish(RunEnd.Stuck);
            return null;
        }

        _spins = standing == Standing.Spins ? _spins + 1 : 0;
        var index = _candidates.Count == 1 ? 0 : chooser.Choose(_candidates, standing == Standing.CanGoOn, goesOn);
        var chosen = _candidates[index];
        Trace = (Trace ^ (((ulong)_candidates.Count << 40) + ((ulong)chosen.Number << 8) + (ulong)standing)) * 0x100000001B3;
        return chosen;
    }

    private bool IsSatisfied(Strand strand)
    {
        if (strand.Condition is not { } condition || condition()) return true;
        if (NowNanos < strand.DeadlineNanos) return false;
        strand.TimedOut = true;
        return true;
    }

    /// <summary>Lets strands whose conditions hold now go on.</summary>
    private void Awaken()
    {
        for (var i = 0; i < _blocked.Count; i++)
        {
            var strand = _blocked[i];
            if (!IsSatisfied(strand)) continue;
            strand.Condition = null;
            _blocked.RemoveAt(i--);
            _ready.Add(strand);
        }
    }

    private long EarliestDeadline(Strand? also)
    {
        var due = also?.DeadlineNanos ?? long.MaxValue;
        foreach (var strand in _blocked) due = Math.Min(due, strand.DeadlineNanos);
        return due;
    }

    private void Finish(RunEnd end)
    {
        if (_isOver) return;
        _isOver = true;
        _end = end;
        _over.Release();
    }

    /// <summary>After the end: the strands that are left, and what they were doing.</summary>
    internal string Describe()
    {
        var left = _blocked.Concat(_ready).Append(_current).Where(strand => strand is not null).Distinct();
        return string.Join("; ", left.Select(strand => $"{strand}{(strand!.Condition is null ? "" : " waits")}"));
    }
}
