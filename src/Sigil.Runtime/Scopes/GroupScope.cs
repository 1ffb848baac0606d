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
/// A pump whose child blocks its thread gives its place to another one, and ends with the child.
/// Results are kept where the value of the group is used, ends without result only where somebody can ask for them.
/// </remarks>
public sealed partial class GroupScope : ChildScope
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
    private OwnerSide _own;
    private int _running;
    private int _startsNobody;
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
    public long Count => _own.Spawned;

    /// <summary>Whether some children have no result; after the join.</summary>
    [Intrinsic("TaskGroup.has_failures")]
    public bool HasFailures => _ends is not null;

    /// <summary>The token of the scope.</summary>
    [Intrinsic("Nursery.token")]
    public Cancellation.CancellationToken Token => this;

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
        return JoinLate(unchecked((int)_own.Spawned), site);
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
    public SigilList<Result<T, E>> TakeAll<T, E>() => ((OutcomeStore<T, E>)_results!).ToList((int)_own.Spawned);

    /// <summary>Whether the child has a result; after the join.</summary>
    [Intrinsic("TaskGroup.has_result")]
    public bool HasResult(long index) => _ends?.ContainsKey((int)index) != true;

    /// <summary>The result of one child; after the join.</summary>
    [Intrinsic("TaskGroup.result")]
    public Result<T, E> Take<T, E>(long index) => ((OutcomeStore<T, E>)_results!).Get((int)index);

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

    /// <summary>How many children there have been; owner only.</summary>
    internal long Spawned => _own.Spawned;

    /// <summary>Before the first child, for tests: as if so many had been there and had ended.</summary>
    internal void Skip(long children)
    {
        _own.Spawned = children;
        StartEarly(unchecked((int)children));
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
        for (var i = 0; i < _own.Spawned; i++)
            if (_ends?.ContainsKey(i) != true) _results.Drop(i);
    }

    private protected override string DescribeChildren() => "the tasks of its scope";
}
