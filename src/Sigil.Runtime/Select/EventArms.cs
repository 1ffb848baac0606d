using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Select;

/// <summary>
/// An arm that waits for something that happens once. Its waiter is registered again in later rounds only for the same event, since
/// whoever makes that happen may still hold it; a wake-up that comes late only makes the select look again.
/// </summary>
internal abstract class EventArm<TEvent>(SigilTask task) : SelectArm
    where TEvent : class
{
    private TaskWaiter _waiter = new(task);
    private TEvent? _registered;
    private bool _isRefused;

    private protected SigilTask Task => task;

    private protected TEvent Event { get; private set; } = null!;

    internal void Prepare(TEvent awaited) => Event = awaited;

    internal override bool Waits => !HasHappened;

    internal override ArmState Try() => HasHappened ? ArmState.Committed : ArmState.Waits;

    internal override void Enlist(int ticket)
    {
        if (_registered != Event)
        {
            if (_registered is not null) _waiter = new TaskWaiter(task);
            _registered = Event;
        }

        _waiter.Ticket = ticket;
        _isRefused = !TryRegister(_waiter);
    }

    internal override void Delist() => Deregister(_waiter);

    internal override bool StillWaits() => !_isRefused;

    private protected abstract bool HasHappened { get; }

    private protected abstract bool TryRegister(TaskWaiter waiter);

    private protected abstract void Deregister(TaskWaiter waiter);
}

/// <summary><c>token.cancelled()</c> as an arm.</summary>
internal sealed class TokenArm(SigilTask task) : EventArm<Cancellation.CancellationToken>(task)
{
    internal override string Awaited => "a token to be cancelled";

    private protected override bool HasHappened => Event.IsCancelled;

    private protected override bool TryRegister(TaskWaiter waiter) => Event.TryRegister(waiter, Task.Scheduler);

    private protected override void Deregister(TaskWaiter waiter) => Event.Deregister(waiter);
}

/// <summary><c>task.wait()</c> as an arm: ready when the task has ended; the body of the arm takes the result.</summary>
internal sealed class TaskArm(SigilTask task) : EventArm<GroupTask>(task)
{
    internal override string Awaited => $"the task started at {Event.SpawnSite} to end";

    internal override bool EndsSelect => Event.Cancels(Task);

    private protected override bool HasHappened => Event.IsDone;

    private protected override bool TryRegister(TaskWaiter waiter) => Event.TryRegister(waiter);

    private protected override void Deregister(TaskWaiter waiter) => Event.Deregister(waiter);
}
