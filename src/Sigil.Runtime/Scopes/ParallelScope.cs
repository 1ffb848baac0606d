using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scopes;

/// <summary>How one child ended, for <c>.on_error: collect_all</c>.</summary>
/// <param name="Status">Completed, Cancelled (or never started) or Panicked.</param>
/// <param name="Panic">The panic, when there is one.</param>
/// <param name="Reason">Why it was cancelled.</param>
/// <param name="Text">The text given with the cancellation.</param>
public readonly record struct ChildEnd(Status Status, SigilPanic? Panic, CancelReason Reason, string Text);

/// <summary>
/// The scope of <c>parallel(.a: …, .b: …)</c>. Emitted code evaluates the arguments of all entries, opens the scope, spawns one
/// entry frame each, joins, and reads the results from the entry frames.
/// </summary>
public sealed class ParallelScope : ChildScope
{
    private readonly int _maxConcurrent;
    private SigilTask[] _children = new SigilTask[4];
    private ChildEnd[] _ends = [];
    private int _count;
    private int _nextToStart;
    private bool _joined;
    private int _winner = -1;

    private ParallelScope(SigilTask owner, long maxConcurrent, ErrorMode mode, long timeoutNanos, Cancellation.CancellationToken? token)
        : base(owner, mode, timeoutNanos, token) =>
        _maxConcurrent = maxConcurrent is <= 0 or > int.MaxValue ? int.MaxValue : (int)maxConcurrent;

    /// <summary>The index of the child that finished first; only under <see cref="ErrorMode.FirstWins"/>, after the join; -1 when there was none.</summary>
    public long Winner => _winner;

    /// <summary>How many children there are.</summary>
    public int Count => _count;

    /// <summary>
    /// Opens a scope in <paramref name="owner"/>; no limit when <paramref name="maxConcurrent"/> is not positive, no
    /// deadline when <paramref name="timeoutNanos"/> is negative, and nobody but the outer scopes cancels it without <paramref name="token"/>.
    /// </summary>
    public static ParallelScope Open(
        SigilTask owner,
        long maxConcurrent = 0,
        ErrorMode mode = ErrorMode.CancelAll,
        long timeoutNanos = -1,
        Cancellation.CancellationToken? token = null) => new(owner, maxConcurrent, mode, timeoutNanos, token);

    /// <summary>Adds a child; it starts at <see cref="Join"/>. The result is its index.</summary>
    public int Spawn(Frame entry, string site)
    {
        if (_count == _children.Length) Array.Resize(ref _children, _count * 2);
        _children[_count] = new SigilTask(entry, this, site) { Index = _count };
        return _count++;
    }

    /// <summary>
    /// Leaf operation: starts the children and waits until all have ended. Panics with the first child's panic;
    /// completes when every child has its result, or with <see cref="ChildScope.HasExit"/> set, or, when the scope was
    /// cancelled by its own deadline or token, with <see cref="CancelScope.Reason"/> saying so.
    /// </summary>
    public Status Join(SigilTask owner, string site)
    {
        _joined = true;
        if (Mode == ErrorMode.CollectAll) _ends = new ChildEnd[_count];
        var count = _count;
        if (count == 0) return Finish();
        var status = BeginJoin(count, site);
        if (IsCancelled)
        {
            SkipRange(0, count);
            return status;
        }

        var first = Math.Min(count, _maxConcurrent);
        _nextToStart = first;

        // The newest of the worker's new tasks runs first, so the first child is pushed last.
        var scheduler = owner.Scheduler;
        for (var i = first - 1; i >= 0; i--) scheduler.Start(_children[i]);

        // Cancellation may have come before there was anything to skip.
        if (first < count && IsCancelled) SkipUnstarted();
        return status;
    }

    /// <summary>Ends a scope that is left before its join: the children never run. No effect after the join.</summary>
    public void Discard()
    {
        if (_joined) return;
        _joined = true;
        for (var i = 0; i < _count; i++) Abandon(_children[i].Entry);
        Leave();
    }

    /// <summary>How the child with this index ended; only under <see cref="ErrorMode.CollectAll"/>, after the join.</summary>
    public ChildEnd EndOf(int index) => _ends[index];

    internal override void TaskEnded(SigilTask task, Status status)
    {
        var panic = status == Status.Panicked ? task.TakePanic() : null;
        if (Mode == ErrorMode.CollectAll) _ends[task.Index] = new ChildEnd(status, panic, Reason, FailureText);
        if (status == Status.Cancelled) SawCancelled();
        else if (panic is null) task.HasResult = true;
        if (panic is not null)
        {
            RecordPanic(panic);
            if (Mode == ErrorMode.CancelAll) Cancel(CancelReason.ScopeFailed);
            else if (Mode == ErrorMode.CancelRemaining) SkipUnstarted();
        }

        if (Mode == ErrorMode.FirstWins && status != Status.Cancelled && Atomic.CompareExchange(ref _winner, task.Index, -1) == -1)
            Cancel(CancelReason.ScopeFailed);
        if (_count > _maxConcurrent) StartNext();
        CountEnded(1);
    }

    private protected override Status Finish()
    {
        var children = _children;
        _children = [];
        var status = Status.Panicked;
        try
        {
            return status = base.Finish();
        }
        finally
        {
            if (status != Status.Completed || HasExit) DropResults(children, -1);
            // That the others were cancelled is no failure of a race.
            else if (Mode == ErrorMode.FirstWins) DropResults(children, _winner);
            else if (Mode != ErrorMode.CollectAll && FailureCode != 0) DropResults(children, -1);
        }
    }

    // Results that nobody will see; those of a race but the winner's.
    private void DropResults(SigilTask[] children, int kept)
    {
        for (var i = 0; i < _count; i++)
            if (i != kept && children[i].HasResult && !IsExit(children[i])) children[i].Entry.DropResult();
    }

    private protected override void OnCancelled() => SkipUnstarted();

    private void StartNext()
    {
        StateLock.Enter();
        var next = _nextToStart < _count ? _children[_nextToStart++] : null;
        StateLock.Exit();
        if (next is null) return;
        if (IsCancelled)
        {
            SkipRange(next.Index, next.Index + 1);
            return;
        }

        Scheduler.Start(next);
    }

    /// <summary>Children that have not been started never will be.</summary>
    private void SkipUnstarted()
    {
        StateLock.Enter();
        var from = _nextToStart;
        var started = from > 0;
        if (started) _nextToStart = _count;
        StateLock.Exit();
        if (started && from < _count) SkipRange(from, _count);
    }

    private void SkipRange(int from, int to)
    {
        if (from == to) return;
        SawCancelled();
        for (var i = from; i < to; i++) Abandon(_children[i].Entry);
        if (Mode == ErrorMode.CollectAll)
            for (var i = from; i < to; i++) _ends[i] = new ChildEnd(Status.Cancelled, null, Reason, FailureText);
        CountEnded(to - from);
    }
}
