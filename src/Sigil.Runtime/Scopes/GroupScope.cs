using System.Runtime.CompilerServices;
using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Scopes;

/// <summary>
/// The scope of <c>task_group</c> and <c>nursery</c>: a body that runs in the owner, inside the scope, and starts children one by one.
/// Emitted code opens the scope, runs the body, joins, and asks for the results; however the body is left, it joins or abandons.
/// </summary>
/// <remarks>
/// Only the owner spawns. The scope keeps no list of its children: one that has ended, and whose handle is gone, is garbage.
/// Children without handle and limit are queued as entry frames; <em>pumps</em>, at most one per worker, make them into tasks and run
/// each on the spot, as in <see cref="ListScope{R}"/>: one that never suspends costs no run queue, no wake-up and no task object.
/// A pump that retires looks at the queue once more after it has said so, and the owner looks at the number of pumps after it
/// has queued an entry, so one of the two sees the other.
/// Results are kept where the value of the group is used, ends without result only where somebody can ask for them.
/// </remarks>
public sealed class GroupScope : ChildScope
{
    private readonly int _maxConcurrent;
    private readonly ResultStore? _results;
    private readonly bool _isNursery;
    private readonly FinishedTasks? _finished;
    private Dictionary<int, TaskEnd>? _ends;
    private GroupTask? _firstPending;
    private GroupTask? _lastPending;
    private GroupTask? _firstFailed;
    private TaskEnd? _lastCancelled;
    private List<TaskEnd>? _panics;
    private readonly int _maxPumps;
    private EntryQueue? _queue;
    private int _pumps;
    private int _spawned;
    private int _running;
    private bool _startsNobody;
    private bool _bodyCancelled;
    private bool _isJoined;
    private bool _isAbandoned;
    private bool _isLeft;

    private GroupScope(SigilTask owner, long maxConcurrent, ErrorMode mode, long timeoutNanos, Cancellation.CancellationToken? token, ResultStore? results, bool isNursery, bool keepsFinished)
        : base(owner, mode, timeoutNanos, token)
    {
        _maxConcurrent = maxConcurrent is <= 0 or > int.MaxValue ? int.MaxValue : (int)maxConcurrent;
        _results = results;
        _isNursery = isNursery;
        if (keepsFinished) _finished = new FinishedTasks(owner);
        _maxPumps = (owner.Scheduler as WorkStealingScheduler)?.Workers.Length ?? 1;
        StartEarly();
    }

    /// <summary>
    /// Opens a scope and lets <paramref name="owner"/> enter it; for the options see <see cref="ParallelScope.Open"/>.
    /// The results are collected where a store for them is given; <paramref name="keepsFinished"/>: somebody will ask which child
    /// ended first.
    /// </summary>
    public static GroupScope Open(
        SigilTask owner,
        long maxConcurrent,
        ErrorMode mode,
        long timeoutNanos,
        Cancellation.CancellationToken? token,
        ResultStore? results,
        bool isNursery,
        bool keepsFinished)
    {
        var scope = new GroupScope(owner, maxConcurrent, mode, timeoutNanos, token, results, isNursery, keepsFinished);
        owner.Enter(scope);
        return scope;
    }

    /// <summary>How many children there have been.</summary>
    [Intrinsic("TaskGroup.count")]
    public long Count => _spawned;

    /// <summary>Whether some children have no result; after the join.</summary>
    [Intrinsic("TaskGroup.has_failures")]
    public bool HasFailures => _ends is not null;

    /// <summary>The token of the scope.</summary>
    [Intrinsic("Nursery.token")]
    public Cancellation.CancellationToken Token => this;

    /// <summary>Starts a child whose handle nobody keeps.</summary>
    public void Start(Frame entry, string site)
    {
        if (_maxConcurrent != int.MaxValue || _finished is not null)
        {
            Add(new GroupTask(entry, this, site));
            return;
        }

        var index = _spawned++;
        _results?.Reserve(index);
        var queued = new QueuedEntry(entry, index, site);
        if (IsCancelled || _startsNobody)
        {
            EndUnstarted(TaskOf(queued));
            return;
        }

        (_queue ??= new EntryQueue()).Add(queued);
        Atomic.FullFence();
        if (Atomic.Load(ref _pumps) < _maxPumps && TryAddPump()) Scheduler.Start(new SigilTask(new Pump(this), this, site));

        // Cancellation may have come before there was anything to skip.
        if (IsCancelled || _startsNobody) SkipPending();
    }

    /// <summary>Starts a child.</summary>
    public GroupTask Spawn(Frame entry, string site)
    {
        var task = new GroupTask(entry, this, site);
        task.Isolate();
        Add(task);
        return task;
    }

    /// <summary>Cancels the children, and the body at its next suspension point.</summary>
    [Intrinsic("Nursery.cancel")]
    public void RequestCancel()
    {
        Control.Point();
        _bodyCancelled = true;
        Cancel(CancelReason.Requested);
    }

    /// <summary>Asked when the body has ended with <see cref="Status.Cancelled"/>: whether that was this scope's own cancellation, so that the unwinding ends here.</summary>
    public bool CatchesCancellation()
    {
        if (!IsCancelled || Reason == CancelReason.ParentCancelled || Parent!.IsCancelled) return false;
        _bodyCancelled = true;
        return true;
    }

    /// <summary>Leaf operation: leaves the scope and waits for the children.</summary>
    public Status Join(SigilTask owner, string site)
    {
        _isJoined = true;
        owner.StepOut(this);
        return JoinLate(_spawned, site);
    }

    /// <summary>Leaf operation: the body is left by an exit or a panic. Cancels the children and waits for them; panics with theirs, unless the scope <paramref name="hasValue"/> all the same: an <c>Err</c> of its body.</summary>
    public Status Abandon(SigilTask owner, bool hasValue, string site)
    {
        if (_isJoined) return Status.Completed;
        _isAbandoned = !hasValue;
        _isLeft = true;
        Cancel(CancelReason.ScopeFailed);
        return Join(owner, site);
    }

    /// <summary>All results in spawn order; after the join, when <see cref="HasFailures"/> is false.</summary>
    [Intrinsic("TaskGroup.all_results")]
    public SigilList<Result<T, E>> TakeAll<T, E>() => ((ResultStore<Result<T, E>>)_results!).ToList(_spawned);

    /// <summary>Whether the child has a result; after the join.</summary>
    [Intrinsic("TaskGroup.has_result")]
    public bool HasResult(long index) => _ends?.ContainsKey((int)index) != true;

    /// <summary>The result of one child; after the join.</summary>
    [Intrinsic("TaskGroup.result")]
    public Result<T, E> Take<T, E>(long index) => ((ResultStore<Result<T, E>>)_results!).Get((int)index);

    /// <summary>Why a child has no result.</summary>
    [Intrinsic("TaskGroup.end")]
    public TaskEnd EndOf(long index) => _ends![(int)index];

    /// <summary>After the join of a nursery: 0 it has its body's value, 1 a child's <c>Err</c>, 2 it ended for another reason.</summary>
    [Intrinsic("Nursery.failure_kind")]
    public long FailureKind =>
        _firstFailed is { } failed ? failed.HasFailed ? 1 : 2 : IsCancelled && (_bodyCancelled || HasCancelledChildren) ? 2 : 0;

    /// <summary>The <c>Err</c> of the child that failed first, as the nursery's error.</summary>
    [Intrinsic("Nursery.failure")]
    public E TakeFailure<E>() => (E)_firstFailed!.Failure!;

    /// <summary>Why the nursery failed, when it was not for an <c>Err</c>.</summary>
    [Intrinsic("Nursery.end")]
    public TaskEnd TakeEnd() => _firstFailed is { } failed ? failed.TakeEnd() : new TaskEnd(Reason, ReasonText);

    /// <summary>Leaf operation: waits for the first child, not asked for before, whose value is a <typeparamref name="T"/>.</summary>
    [Intrinsic("wait_finished")]
    public static Status WaitFinished<T>(SigilTask task, GroupScope scope, out GroupTask result, string site) =>
        scope._finished!.Wait<T>(scope, task, out result, site);

    /// <summary>The value of a child that ended well, whatever the type of its error.</summary>
    [Intrinsic("finished_value")]
    public static T FinishedValue<T>(GroupTask task) => task.Entry.TakeOk<T>();

    /// <summary>0 the child has a value, 1 an <c>Err</c>, 2 no result.</summary>
    [Intrinsic("finished_kind")]
    public static long FinishedKind(GroupTask task) => task.End is not null ? 2 : task.HasFailed ? 1 : 0;

    /// <summary>The child's <c>Err</c> as the nursery's error.</summary>
    [Intrinsic("finished_failure")]
    public static E FinishedFailure<E>(GroupTask task) => (E)task.Failure!;

    /// <summary>Why the child has no result.</summary>
    [Intrinsic("finished_end")]
    public static TaskEnd FinishedEnd(GroupTask task) => task.TakeEnd();

    /// <summary>Whether a child could still end that has not been asked for; owner only.</summary>
    internal int Spawned => _spawned;

    private void Add(GroupTask task)
    {
        task.Index = _spawned++;
        _results?.Reserve(task.Index);
        if (IsCancelled || _startsNobody)
        {
            EndUnstarted(task);
            return;
        }

        if (_maxConcurrent != int.MaxValue && !TakesSlot(task)) return;
        Scheduler.Start(task);
    }

    private GroupTask TaskOf(QueuedEntry queued) => new(queued.Entry, this, queued.Site) { Index = queued.Index };

    private bool TryAddPump()
    {
        while (true)
        {
            var pumps = Atomic.Load(ref _pumps);
            if (pumps >= _maxPumps) return false;
            if (Atomic.CompareExchange(ref _pumps, pumps + 1, pumps) == pumps) return true;
        }
    }

    /// <summary>A pump has found nothing: true when it may end.</summary>
    private bool Retire()
    {
        Atomic.Add(ref _pumps, -1);
        return _queue!.IsEmpty || !TryAddPump();
    }

    private bool TakesSlot(GroupTask task)
    {
        StateLock.Enter();
        var starts = _running < _maxConcurrent;
        if (starts) _running++;
        else if (_lastPending is null) _firstPending = _lastPending = task;
        else
        {
            _lastPending.NextInList = task;
            _lastPending = task;
        }

        StateLock.Exit();

        // Cancellation may have come before there was anything to skip.
        if (!starts && (IsCancelled || _startsNobody)) SkipPending();
        return starts;
    }

    internal override void TaskEnded(SigilTask ended, Status status)
    {
        // Pumps are nobody's children: an unstarted one was cancelled, and its entries are skipped.
        if (ended.Entry is Pump) return;
        var task = Unsafe.As<GroupTask>(ended);
        if (status == Status.Completed)
        {
            Record(task, null);
            if (task.HasFailed) ChildFailed(task);
        }
        else if (status == Status.Panicked)
        {
            var panic = task.TakePanic();
            Record(task, new TaskEnd(panic));
            ChildFailed(task);
        }
        else
        {
            Record(task, CancelledEnd(task));
        }

        if (_maxConcurrent != int.MaxValue) StartNext();
        CountEnded(1);
    }

    private TaskEnd CancelledEnd(GroupTask task)
    {
        if (!IsCancelled && !_startsNobody)
            return new TaskEnd(task.OwnScope is { IsCancelled: true } own ? own.Reason : CancelReason.Requested, task.OwnScope?.ReasonText);
        SawCancelled();
        var last = _lastCancelled;
        var reason = IsCancelled ? Reason : CancelReason.ScopeFailed;
        return last?.ReasonCode == (long)reason ? last : _lastCancelled = new TaskEnd(reason, ReasonText);
    }

    private void Record(GroupTask task, TaskEnd? end)
    {
        if (_results is not null)
        {
            if (end is null) task.Entry.Deliver(_results, task.Index);
            else
            {
                StateLock.Enter();
                (_ends ??= [])[task.Index] = end;
                StateLock.Exit();
            }
        }
        else if (end is null && task.OwnScope is null)
        {
            if (_finished is null) task.Entry.DropResult();
        }

        if (task.OwnScope is not null) task.Ended(end);
        else task.EndedUnobserved(end);
        _finished?.Add(task);
    }

    private void ChildFailed(GroupTask task)
    {
        StateLock.Enter();
        var isFirst = _firstFailed is null && Mode != ErrorMode.CollectAll;
        if (isFirst) _firstFailed = task;
        if (task.End is { Panic: not null } end) (_panics ??= []).Add(end);
        StateLock.Exit();
        if (Mode == ErrorMode.CancelAll) Cancel(CancelReason.ScopeFailed);
        else if (Mode == ErrorMode.CancelRemaining)
        {
            Atomic.Store(ref _startsNobody, true);
            SkipPending();
        }
    }

    private void StartNext()
    {
        StateLock.Enter();
        var next = _firstPending;
        if (next is null) _running--;
        else Unlist(next);
        StateLock.Exit();
        if (next is not null) Scheduler.Start(next);
    }

    private void Unlist(GroupTask first)
    {
        _firstPending = (GroupTask?)first.NextInList;
        if (_firstPending is null) _lastPending = null;
        first.NextInList = null;
    }

    private protected override void OnCancelled() => SkipPending();

    /// <summary>Children that have not been started never will be.</summary>
    private void SkipPending()
    {
        StateLock.Enter();
        var pending = _firstPending;
        _firstPending = _lastPending = null;
        StateLock.Exit();
        while (pending is not null)
        {
            var next = (GroupTask?)pending.NextInList;
            pending.NextInList = null;
            EndUnstarted(pending);
            pending = next;
        }

        while (_queue is { } queue && queue.TryTake(out var queued)) EndUnstarted(TaskOf(queued));
    }

    private void EndUnstarted(GroupTask task)
    {
        Abandon(task.Entry);
        if (task.OwnScope is { } own) task.PopScope(own);
        Record(task, CancelledEnd(task));
        CountEnded(1);
    }

    private protected override Status Finish()
    {
        Leave();
        if (_isAbandoned || (HasCancelledChildren && Parent!.IsCancelled && Reason == CancelReason.ParentCancelled))
        {
            // The value that would have told about them never comes to be.
            DropResults();
            if (UntoldPanic(null) is { } panic) throw panic;
            return _isAbandoned ? Status.Completed : Status.Cancelled;
        }

        // The results of a group tell all, the error of a nursery only the first.
        if (_results is null && UntoldPanic(_isNursery && !_isLeft ? _firstFailed?.End : null) is { } beside)
            StandardStreams.PrintError("beside the value of a scope: " + PanicReport.Describe(beside, withTrace: true));
        return Status.Completed;
    }

    /// <summary>The panics that nothing has told the program about, as one; the scope's own reason aside.</summary>
    private SigilPanic? UntoldPanic(TaskEnd? told)
    {
        var first = FirstPanic;
        foreach (var end in _panics ?? [])
        {
            if (end.IsTold || end == told || end.Panic == first) continue;
            if (first is null) first = end.Panic;
            else first.Suppressed.Add(end.Panic!);
        }

        return first;
    }

    private void DropResults()
    {
        if (_results is null) return;
        for (var i = 0; i < _spawned; i++)
            if (_ends?.ContainsKey(i) != true) _results.Drop(i);
    }

    private sealed class Pump(GroupScope scope) : Frame
    {
        // A pump goes behind other ready tasks after this many entries.
        private const int EntriesPerTurn = 64;

        private GroupTask? _spare;

        public override Status Resume(SigilTask task)
        {
            for (var i = 0; i < EntriesPerTurn; i++)
            {
                if (!scope._queue!.TryTake(out var queued))
                {
                    if (scope.Retire()) return Status.Completed;
                    continue;
                }

                if (scope.IsCancelled || scope._startsNobody)
                {
                    scope.EndUnstarted(scope.TaskOf(queued));
                    continue;
                }

                var child = _spare;
                if (child is null) child = scope.TaskOf(queued);
                else child.Reuse(queued);
                _spare = null;
                if (Trampoline.Run(child) && child.End is null && !child.HasFailed) _spare = child;
            }

            // Not a cancellation point: entries may be queued that only this pump will find.
            var ticket = task.BeginWait(cancellable: false);
            task.TryClaim(ticket);
            task.CompleteWait(WakeReason.Signalled);
            task.GivesWay = true;
            task.SuspendedFrame = task.Leaf = this;
            return Status.Suspended;
        }
    }

    private protected override string DescribeChildren() => "the tasks of its scope";
}
