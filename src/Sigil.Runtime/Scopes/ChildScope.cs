using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scopes;

/// <summary>
/// What all forms share that create child tasks and wait for them: counting, the first failure, the wait of the owner.
/// </summary>
/// <remarks>
/// <c>_balance</c> is the number of registered children that have not ended: one atomic operation per child. The owner's wait
/// begins before the first child starts, and a child registers others only while it counts itself, so zero is reached
/// once, by the last. In scopes with a body children start before the wait: the balance then begins far from zero, ends count
/// down from there, and the wait subtracts the rest; starting a child costs no atomic operation. The wait is not cancellable: a
/// scope ends after its children, and cancellation from outside reaches them through the tree of scopes.
/// </remarks>
public abstract class ChildScope : TaskScope
{
    private protected TinyLock StateLock;

    // Of a scope whose children start before the wait: what keeps the balance from zero until then.
    private const int NotJoined = 1 << 30;

    private int _balance;
    // No ticket: the balance passes zero before the wait when there have been as many children as it began with.
    private int _joinTicket = -1;
    private int _sawCancelled;
    private SigilPanic? _panic;
    private SigilTask? _exit;

    private protected ChildScope(SigilTask owner, ErrorMode mode, long timeoutNanos, Cancellation.CancellationToken? token = null)
        : base(owner.Scheduler, owner.CurrentScope)
    {
        Owner = owner;
        Mode = mode;
        if (timeoutNanos >= 0) SetDeadline(timeoutNanos);
        if (token is not null) Follow(token);
    }

    /// <summary>The task that opened the scope and waits for it.</summary>
    public SigilTask Owner { get; }

    /// <summary>The <c>.on_error</c> option.</summary>
    public ErrorMode Mode { get; }

    /// <summary>Whether some child ended the whole scope with <c>?</c>; its <c>Err</c> is <see cref="ExitValue"/>.</summary>
    public bool HasExit => _exit is not null;

    /// <summary>Whether it was this child: it has no result.</summary>
    private protected bool IsExit(SigilTask child) => _exit == child;

    /// <summary>Whether some child was cancelled or never started.</summary>
    public bool HasCancelledChildren => Atomic.Load(ref _sawCancelled) != 0;

    /// <summary>What the <c>?</c> left with; after the join, when <see cref="HasExit"/> is set.</summary>
    public object? ExitValue { get; private set; }

    /// <summary>
    /// After the join: the code of the reason that ended the scope (its timeout, or its token's reason), else 0: also when all
    /// children had their results before that reached them.
    /// </summary>
    public long FailureCode => HasCancelledChildren ? (long)Reason : 0;

    /// <summary>The text given with the cancellation; empty when there is none.</summary>
    public string FailureText => ReasonText ?? "";

    /// <summary>Called in a child, for a <c>?</c> that leaves a task expression: the scope ends with this value, the siblings are cancelled.</summary>
    public static void LeaveEarly(SigilTask task, object? value)
    {
        var inner = task.CurrentScope;
        while (inner is not ChildScope) inner = inner.Parent!;
        var scope = (ChildScope)inner;
        if (Atomic.CompareExchange(ref scope._exit, task, null) is not null) return;
        Ownership.Owners.Left(value, task);
        scope.ExitValue = value;
        scope.Cancel(CancelReason.ScopeFailed);
    }

    /// <summary>A panic outside any child, such as one of a task source.</summary>
    private protected void Fail(SigilPanic panic)
    {
        RecordPanic(panic);
        Cancel(CancelReason.ScopeFailed);
    }

    private protected void RecordPanic(SigilPanic panic)
    {
        StateLock.Enter();
        if (_panic is null) _panic = panic;
        else _panic.Suppressed.Add(panic);
        StateLock.Exit();
    }

    /// <summary>Drops what an entry owns that never runs.</summary>
    private protected void Abandon(Frame entry)
    {
        try
        {
            entry.Abandon();
        }
        catch (SigilPanic panic)
        {
            RecordPanic(panic);
        }
    }

    private protected void SawCancelled()
    {
        // A line that all children read is written once.
        if (Atomic.Load(ref _sawCancelled) == 0) Atomic.Store(ref _sawCancelled, 1);
    }

    /// <summary>Children have ended, or will never start.</summary>
    private protected void CountEnded(int children)
    {
        if (Atomic.Add(ref _balance, -children) != 0) return;
        if (Owner.TryClaim(_joinTicket)) Owner.CompleteWait(WakeReason.Signalled);
    }

    /// <summary>A further child has been registered after the join, by one that has not been counted as ended.</summary>
    private protected void CountStarted() => Atomic.Add(ref _balance, 1);

    /// <summary>
    /// Begins the owner's wait for <paramref name="children"/>, at least one. They start afterwards, so that whoever
    /// ends last finds the wait; the owner then returns Suspended and, if they are all done by then, goes on at once.
    /// </summary>
    private protected Status BeginJoin(int children, string site)
    {
        Owner.SuspendedFrame = Owner.Leaf = new JoinFrame(this, site);
        _joinTicket = Owner.BeginWait(cancellable: false);
        Atomic.Add(ref _balance, children);
        return Status.Suspended;
    }

    /// <summary>Children will start before the wait; once, before the first. Some may count as ended already.</summary>
    private protected void StartEarly(int ended = 0) => _balance = unchecked(NotJoined - ended);

    /// <summary>Begins the owner's wait for children that have been starting since <see cref="StartEarly"/>; not at all when they have ended.</summary>
    private protected Status JoinLate(int children, string site)
    {
        if (Atomic.Load(ref _balance) == unchecked(NotJoined - children)) return Finish();
        Owner.SuspendedFrame = Owner.Leaf = new JoinFrame(this, site);
        _joinTicket = Owner.BeginWait(cancellable: false);
        if (Atomic.Add(ref _balance, unchecked(children - NotJoined)) != 0) return Status.Suspended;
        Owner.TryRetract(_joinTicket);
        Owner.Leaf = null;
        return Finish();
    }

    /// <summary>The panic that ends the scope, if any; after the join.</summary>
    private protected SigilPanic? FirstPanic => _panic;

    /// <summary>All children have ended: the outcome of the scope.</summary>
    private protected virtual Status Finish()
    {
        Leave();
        OnFinished();
        if (_panic is { } panic && Mode != ErrorMode.CollectAll) throw panic;
        if (_exit is not null) return Status.Completed;

        // A completed child's result is never replaced: without a cancelled child the scope has its value.
        return HasCancelledChildren && Parent!.IsCancelled ? Status.Cancelled : Status.Completed;
    }

    private protected virtual void OnFinished()
    {
    }

    private protected virtual string DescribeChildren() => "its child tasks";

    internal override SigilTask? WaitingOwner => Owner.Leaf is JoinFrame join && join.IsOf(this) ? Owner : null;

    private sealed class JoinFrame(ChildScope scope, string site) : Frame
    {
        internal bool IsOf(ChildScope other) => scope == other;

        public override string WaitDescription => scope.DescribeChildren();

        public override string WaitSite => site;

        public override Status Resume(SigilTask task) => scope.Finish();
    }
}
