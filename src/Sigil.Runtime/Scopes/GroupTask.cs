using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Scopes;

/// <summary>A child of a group or nursery; the program's handle is the task itself.</summary>
/// <remarks>
/// The entry frame holds a <c>Result</c> when the task has completed; <see cref="End"/> says why there is none otherwise. Who
/// waits registers as for a token: see <see cref="TaskWaiter"/>.
/// A result with unique parts has exactly one owner: whoever takes it, or the handle, or, once that is gone, nobody. The three
/// states meet in <c>_result</c>.
/// </remarks>
public sealed class GroupTask : SigilTask
{
    private const int Pending = 0;
    private const int Ready = 1;
    private const int Taken = 2;
    private const int Unwanted = 3;

    private TinyLock _lock;
    private EventWaiters _waiters;
    private int _done;
    private int _result;
    private TaskEnd? _end;

    internal GroupTask(Frame entry, GroupScope group, string site)
        : base(entry, group, site)
    {
    }

    /// <summary>Link of the list of children that wait for a place; guarded by the group's lock.</summary>
    internal GroupTask? NextPending;

    /// <summary>The scope that only this task is in, when somebody holds its handle.</summary>
    internal CancelScope? OwnScope { get; private set; }

    /// <summary>The value was an <c>Err</c>.</summary>
    internal bool HasFailed { get; private set; }

    /// <summary>While it has never been suspended: the pump that runs it counts its end.</summary>
    internal bool IsCountedByPump { get; set; }

    /// <summary>The <c>Err</c> as the nursery's error.</summary>
    internal object? Failure { get; private set; }

    /// <summary>Why there is no result; null when there is one.</summary>
    internal TaskEnd? End => _end;

    /// <summary>Whether the task has ended.</summary>
    [Intrinsic("Task.is_done"), Intrinsic("GroupTask.is_done")]
    public bool IsDone
    {
        get
        {
            Control.Point();
            return Atomic.Load(ref _done) != 0;
        }
    }

    /// <summary>How the task ended: 0 with a result, 1 without.</summary>
    [Intrinsic("Task.end_code")]
    public long EndCode => _end is null ? 0 : 1;

    /// <summary>Why the task has no result.</summary>
    [Intrinsic("Task.end")]
    public TaskEnd TakeEnd()
    {
        _end!.IsTold = true;
        return _end;
    }

    /// <summary>Called in a child whose value is an <c>Err</c>, before it ends.</summary>
    public static void Fail(SigilTask task, object? failure)
    {
        var child = (GroupTask)task;
        Ownership.Owners.Left(failure, task);
        child.HasFailed = true;
        child.Failure = failure;
    }

    /// <summary>The task stops at its next suspension point; does nothing when it has ended.</summary>
    [Intrinsic("Task.cancel"), Intrinsic("GroupTask.cancel")]
    public void RequestCancel()
    {
        Control.Point();
        OwnScope!.Cancel(CancelReason.Requested);
    }

    /// <summary>The result of a task that has completed. One with unique parts is taken once.</summary>
    [Intrinsic("Task.result")]
    public Result<T, E> TakeResult<T, E>()
    {
        Atomic.Store(ref _result, Taken);
        return ((Frame<Result<T, E>>)Entry).Result;
    }

    /// <summary>
    /// A child that leaves the whole scope cancels whoever waits for it there before it ends: that comes first, or the waiter would go on
    /// with an error of its own.
    /// </summary>
    internal bool Cancels(SigilTask waiter) => _end is { HasLeftScope: true } && waiter.IsCancellationRequested;

    private Status Told(SigilTask waiter) => Cancels(waiter) ? Status.Cancelled : Status.Completed;

    /// <summary>Leaf operation: waits until the task has ended.</summary>
    [Intrinsic("Task.wait_end")]
    public Status WaitEnd(SigilTask task, string site)
    {
        if (task.IsCancellationRequested) return Status.Cancelled;
        return IsDone ? Told(task) : new EndWait(task, this, site).Begin();
    }

    /// <summary>The handle has gone: a result that nobody has taken has no owner any more.</summary>
    public void Drop()
    {
        if (Atomic.Exchange(ref _result, Unwanted) == Ready) Entry.DropResult();
    }

    /// <summary>Makes a task without handle, which has ended well and never suspended, into a new one.</summary>
    internal void Reuse(QueuedEntry entry)
    {
        Recycle(entry.Entry, entry.Index);
        SpawnSite = entry.Site;
        _done = 0;
    }

    /// <summary>Gives the task a scope of its own, so that it can be cancelled alone.</summary>
    internal void Isolate()
    {
        OwnScope = new CancelScope(Scheduler, CurrentScope, linked: true);
        Enter(OwnScope);
    }

    /// <summary>Registers somebody who is told when the task has ended; false when it has.</summary>
    internal bool TryRegister(EventWaiter waiter)
    {
        _lock.Enter();
        var isRunning = _done == 0;
        if (isRunning) _waiters.Add(waiter);
        _lock.Exit();
        return isRunning;
    }

    /// <summary>Takes a registration back; it may be told all the same if the task is just ending.</summary>
    internal void Deregister(EventWaiter waiter)
    {
        _lock.Enter();
        _waiters.Remove(waiter);
        _lock.Exit();
    }

    /// <summary>The task has ended, without a result if <paramref name="end"/> says why.</summary>
    internal void Ended(TaskEnd? end)
    {
        _end = end;
        if (end is null && Atomic.CompareExchange(ref _result, Ready, Pending) == Unwanted) Entry.DropResult();
        _lock.Enter();
        Atomic.Store(ref _done, 1);
        var told = _waiters.TakeAll();
        _lock.Exit();
        EventWaiters.Tell(told);
    }

    /// <summary>The same for a task without handle: nobody waits.</summary>
    internal void EndedUnobserved(TaskEnd? end)
    {
        _end = end;
        Atomic.Store(ref _done, 1);
    }

    private sealed class EndWait(SigilTask task, GroupTask awaited, string site) : Frame
    {
        private readonly TaskWaiter _waiter = new(task);

        public override string WaitDescription => $"the task started at {awaited.SpawnSite} to end";

        public override string WaitSite => site;

        internal Status Begin()
        {
            var ticket = _waiter.Ticket = task.BeginWait();
            task.SuspendedFrame = task.Leaf = this;
            if (!awaited.TryRegister(_waiter))
            {
                // Either this retracts the wait, or cancellation from outside has claimed it.
                if (!task.TryRetract(ticket)) return Status.Suspended;
                task.Leaf = null;
                return awaited.Told(task);
            }

            Atomic.FullFence();
            if (!task.RetractIfCancelled(ticket)) return Status.Suspended;
            task.Leaf = null;
            awaited.Deregister(_waiter);
            return Status.Cancelled;
        }

        public override Status Resume(SigilTask resumed)
        {
            if (resumed.Wake != WakeReason.Cancelled) return awaited.Told(resumed);
            awaited.Deregister(_waiter);
            return Status.Cancelled;
        }
    }
}
