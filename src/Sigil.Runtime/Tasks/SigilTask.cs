using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Scopes;

namespace Sigil.Runtime.Tasks;

/// <summary>
/// A task: a chain of frames that some worker runs from its leaf outwards. Emitted code sees the members for
/// suspension, panics and cancellation; the scheduler's side is in the other parts of this class.
/// </summary>
public partial class SigilTask
{
    internal SigilTask(Frame entry, TaskScope scope, string? spawnSite)
    {
        Leaf = entry;
        CurrentScope = scope;
        _rare = spawnSite;
    }

    // Where the task was created, as a string, or that with what few tasks need; a waiting task is small.
    private object? _rare;

    /// <summary>
    /// The outermost frame of the chain that is being suspended; while a caller is resumed, the frame of its callee, which has ended. See
    /// <see cref="Frame"/>.
    /// </summary>
    public Frame? SuspendedFrame;

    /// <summary>
    /// The frame that comes next: the entry of a task that has not started, the frame of the waiting leaf operation, and after
    /// the end the entry again.
    /// </summary>
    public Frame? Leaf;

    /// <summary>The panic that goes with <see cref="Status.Panicked"/>; taken by whoever handles that status.</summary>
    public SigilPanic? PendingPanic
    {
        get => (_rare as RareParts)?.Panic;
        set
        {
            if (value is not null || _rare is RareParts) Rare.Panic = value;
        }
    }

    /// <summary>The innermost cancellation scope.</summary>
    public CancelScope CurrentScope { get; private set; }

    /// <summary>Whether the next leaf operation would end with <see cref="Status.Cancelled"/>.</summary>
    public bool IsCancellationRequested => CurrentScope.IsCancelled;

    /// <summary>Whether cleanup is running that cancellation from outside does not reach.</summary>
    public bool IsShielded => CurrentScope.IsShield;

    /// <summary>The frame that the task starts with, which holds its result; known before the start and after the end.</summary>
    public Frame Entry => Leaf!;

    /// <summary>Where the task was created; null for the main task.</summary>
    public string? SpawnSite
    {
        get => _rare as string ?? (_rare as RareParts)?.SpawnSite;
        private protected set
        {
            if (_rare is RareParts rare) rare.SpawnSite = value;
            else _rare = value;
        }
    }

    // The place among the siblings; its complement once the entry has been resumed.
    private int _index;

    /// <summary>The task's place among its siblings; given before the start.</summary>
    internal int Index
    {
        get => _index < 0 ? ~_index : _index;
        set => _index = value;
    }

    /// <summary>Whether the entry has been resumed.</summary>
    internal bool HasStarted => _index < 0;

    /// <summary>What the task's select expressions keep between their rounds, the latest first.</summary>
    internal Select.Selection? Selections
    {
        get => (_rare as RareParts)?.Selections;
        set => Rare.Selections = value;
    }

    private RareParts Rare
    {
        get
        {
            if (_rare is RareParts rare) return rare;
            rare = new RareParts { SpawnSite = (string?)_rare };
            _rare = rare;
            return rare;
        }
    }

    internal Scheduler Scheduler => CurrentScope.Scheduler;

    /// <summary>
    /// Enters a new cancellation scope with a deadline, for <c>timeout</c>; no deadline when
    /// <paramref name="afterNanos"/> is negative.
    /// </summary>
    public CancelScope PushScope(long afterNanos)
    {
        var scope = new CancelScope(Scheduler, CurrentScope, linked: true);
        Enter(scope);
        if (afterNanos >= 0) scope.SetDeadline(afterNanos);
        return scope;
    }

    /// <summary>Leaves <paramref name="scope"/> and every scope entered inside it; leaving twice has no effect.</summary>
    public void PopScope(CancelScope scope)
    {
        for (var inner = CurrentScope; inner != scope; inner = inner.Parent!)
            if (inner.Parent is null) return;

        while (true)
        {
            var left = CurrentScope;
            if (IsEnlisted) left.Delist(this);
            left.Leave();
            CurrentScope = left.Parent!;
            if (left == scope) return;
        }
    }

    /// <summary>
    /// Asked when an operation inside <paramref name="scope"/> has ended with <see cref="Status.Cancelled"/>: leaves
    /// the scope, and tells whether the cancellation was its own and ends here (<c>true</c>: for <c>timeout</c>, the
    /// value is the <c>TimeoutError</c>) or comes from further out and the unwinding goes on (<c>false</c>).
    /// </summary>
    public bool TryCatchCancellation(CancelScope scope)
    {
        var own = scope.IsCancelled && scope.Reason != CancelReason.ParentCancelled
            && scope.Parent is not { IsCancelled: true };
        PopScope(scope);
        return own;
    }

    /// <summary>Enters a region that cancellation from outside does not reach, for cleanup that suspends.</summary>
    public CancelScope EnterShield()
    {
        var shield = new CancelScope(Scheduler, CurrentScope, linked: false);
        Enter(shield);
        return shield;
    }

    /// <summary>Leaves a shielded region; cancellation that came meanwhile is seen by the next leaf operation.</summary>
    public void ExitShield(CancelScope shield) => PopScope(shield);

    /// <summary>Takes the pending panic.</summary>
    public SigilPanic TakePanic()
    {
        var panic = PendingPanic!;
        PendingPanic = null;
        return panic;
    }

    /// <summary>
    /// Called for a <c>?</c> that leaves a task expression, after the entry frame has stored the <c>Err</c>: ends the scope
    /// that owns this task. The entry then returns <see cref="Status.Completed"/>; the owner finds the frame in
    /// <see cref="Scopes.ChildScope.HasExit"/>.
    /// </summary>
    public void RequestExit() => ChildScope.LeaveEarly(this, null);

    /// <summary>Makes a task that ended without ever suspending into a new one of the same scope.</summary>
    internal void Recycle(Frame entry, int index)
    {
        if (Ownership.Owners.IsOn) Ownership.Owners.Renew(this);
        if (Leaf != entry) Leaf = entry;
        Index = index;
    }

    /// <summary>The entry is resumed for the first time.</summary>
    internal void NoteStarted() => _index = ~_index;

    internal void Enter(CancelScope scope)
    {
        if (IsEnlisted) CurrentScope.Delist(this);
        CurrentScope = scope;
    }

    /// <summary>
    /// Leaves <paramref name="scope"/> and every scope inside it, without taking it out of the tree: it still has children,
    /// and cancellation from outside reaches them through it.
    /// </summary>
    internal void StepOut(CancelScope scope)
    {
        for (var inner = CurrentScope; inner != scope; inner = inner.Parent!)
            if (inner.Parent is null) return;
        if (CurrentScope != scope) PopScopesAbove(scope);
        if (IsEnlisted) scope.Delist(this);
        CurrentScope = scope.Parent!;
    }

    private void PopScopesAbove(CancelScope scope)
    {
        while (CurrentScope != scope) PopScope(CurrentScope);
    }

    private sealed class RareParts
    {
        internal string? SpawnSite;
        internal SigilPanic? Panic;
        internal Select.Selection? Selections;
    }
}
