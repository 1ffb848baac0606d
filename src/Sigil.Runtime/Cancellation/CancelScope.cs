using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Cancellation;

/// <summary>
/// A node of the cancellation tree. Tasks wait inside their innermost scope; cancelling a scope cancels the scopes
/// below it and completes the waits of their tasks with <see cref="Status.Cancelled"/>.
/// </summary>
/// <remarks>
/// Invariants, beside those of <see cref="CancellationToken"/>:
/// (1) every scope linked below a cancelled one is cancelled too;
/// (2) a task that waits cancellably is in the waiter list of its innermost scope, and its wait is begun, <em>before</em> it looks at the
/// cancelled flag, with a fence between (its leaf's own, or that of parking: the task's worker looks once more then); the canceller
/// sets the flag <em>before</em> it walks the list, with a fence between, so one of the two sees the other;
/// (3) woken tasks are scheduled after unlocking.
/// A shield is a scope that is not linked below its parent.
/// </remarks>
public class CancelScope : CancellationToken
{
    private CancelScope? _firstChild;
    private CancelScope? _previousSibling;
    private CancelScope? _nextSibling;
    private SigilTask? _firstWaiter;
    private ScopeDeadline? _deadline;
    private CancellationToken? _token;
    private TokenLink? _tokenLink;
    private bool _linked;

    internal CancelScope(Scheduler scheduler, CancelScope? parent, bool linked)
    {
        Scheduler = scheduler;
        Parent = parent;
        IsShield = parent is not null && !linked;
        if (parent is not null && linked) parent.Link(this);
    }

    /// <summary>The scope further out; null for the root.</summary>
    public CancelScope? Parent { get; }

    /// <summary>Whether this scope is cut off from cancellation of the outer ones.</summary>
    public bool IsShield { get; }

    /// <summary>Whether cancellation of the outer scopes stops here although the scope is linked below them: its owner passes it on in its own way.</summary>
    internal virtual bool IsCutOff => false;

    internal Scheduler Scheduler { get; }

    private protected override void CollectBelow(ref CancelWave wave)
    {
        for (var child = _firstChild; child is not null; child = child._nextSibling)
            if (!child.IsCutOff) wave.Add(child, CancelReason.ParentCancelled, ReasonText);

        // Who is parked goes off the list at once: nobody walks it for a further cancellation, and so many ends need no lock for that.
        var waiter = _firstWaiter;
        if (waiter is null) return;
        SigilTask? kept = null;
        var isOne = wave.IsOf(Scheduler);
        _firstWaiter = null;
        while (waiter is not null)
        {
            var next = waiter.NextInScope;
            if (isOne && waiter.TryCancelParked())
            {
                waiter.PreviousInScope = waiter.NextInScope = null;
                wave.AddReady(waiter);
            }
            else
            {
                waiter.PreviousInScope = kept ?? waiter;
                waiter.NextInScope = null;
                if (kept is null) _firstWaiter = waiter;
                else kept.NextInScope = waiter;
                kept = waiter;
                if (waiter.TryClaimForCancellation()) wave.Add(waiter);
            }

            waiter = next;
        }
    }

    /// <summary>Cancels the scope together with a token: the <c>.token</c> option.</summary>
    internal void Follow(CancellationToken token)
    {
        _token = token;
        _tokenLink = new TokenLink(this);
        if (!token.IsCancelled && token.TryRegister(_tokenLink, Scheduler)) return;
        _token = null;
        Cancel(token.Reason, token.ReasonText);
    }

    /// <summary>Cancels the scope when <paramref name="afterNanos"/> have passed.</summary>
    internal void SetDeadline(long afterNanos)
    {
        _deadline = new ScopeDeadline(this);
        Scheduler.Timers.Add(_deadline, afterNanos);
    }

    /// <summary>Takes the scope out of the tree when its block has ended.</summary>
    internal void Leave()
    {
        if (_deadline is { } deadline)
        {
            _deadline = null;
            Scheduler.Timers.Remove(deadline);
        }

        if (_token is { } token)
        {
            _token = null;
            token.Deregister(_tokenLink!);
        }

        if (_linked) Parent!.Unlink(this);
    }

    private void Link(CancelScope child)
    {
        TokenLock.Enter();
        child._linked = true;
        child._nextSibling = _firstChild;
        if (_firstChild is not null) _firstChild._previousSibling = child;
        _firstChild = child;
        if (IsMarked && !child.IsCutOff) child.Inherit(CancelReason.ParentCancelled, ReasonText);

        TokenLock.Exit();
    }

    private void Unlink(CancelScope child)
    {
        TokenLock.Enter();
        if (child._previousSibling is null) _firstChild = child._nextSibling;
        else child._previousSibling._nextSibling = child._nextSibling;
        if (child._nextSibling is not null) child._nextSibling._previousSibling = child._previousSibling;
        child._previousSibling = child._nextSibling = null;
        child._linked = false;
        TokenLock.Exit();
    }

    /// <summary>Puts a task into the list of those that cancellation has to wake; it stays there between waits.</summary>
    internal void Enlist(SigilTask task)
    {
        TokenLock.Enter();
        // The first is its own predecessor: so it can be told from a task that is not in the list.
        task.PreviousInScope = task;
        task.NextInScope = _firstWaiter;
        if (_firstWaiter is not null) _firstWaiter.PreviousInScope = task;
        _firstWaiter = task;
        TokenLock.Exit();
    }

    internal void Delist(SigilTask task)
    {
        TokenLock.Enter();
        var previous = task.PreviousInScope!;
        var next = task.NextInScope;
        if (previous == task) _firstWaiter = next;
        else previous.NextInScope = next;
        if (next is not null) next.PreviousInScope = previous == task ? next : previous;
        task.PreviousInScope = task.NextInScope = null;
        TokenLock.Exit();
    }

    /// <summary>The task that waits for this scope to end, in a wait that cancellation does not reach.</summary>
    internal virtual SigilTask? WaitingOwner => null;

    /// <summary>
    /// Visits the tasks that wait in this scope or below, with their depth; exact when nothing runs. Tasks that have never
    /// waited are unknown here.
    /// </summary>
    internal void VisitWaiters(Action<SigilTask, int> visit)
    {
        var seen = new HashSet<SigilTask>();
        var open = new Stack<(CancelScope Scope, int Depth)>();
        open.Push((this, 0));
        while (open.TryPop(out var next))
        {
            var (scope, depth) = next;
            if (scope.WaitingOwner is { } owner && seen.Add(owner)) visit(owner, depth - 1);
            var tasks = new List<SigilTask>();
            scope.TokenLock.Enter();
            for (var task = scope._firstWaiter; task is not null; task = task.NextInScope) tasks.Add(task);
            for (var child = scope._firstChild; child is not null; child = child._nextSibling) open.Push((child, depth + 1));
            scope.TokenLock.Exit();
            for (var i = tasks.Count - 1; i >= 0; i--)
                if (seen.Add(tasks[i])) visit(tasks[i], depth);
        }
    }
}
