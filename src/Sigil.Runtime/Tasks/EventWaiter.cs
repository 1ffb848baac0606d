using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Tasks;

/// <summary>
/// The registration of one party that waits for something that happens once: a token's cancellation, or the end of a task.
/// It links itself into the event's list, so registering allocates nothing.
/// </summary>
/// <remarks>
/// The links belong to the event that the waiter is registered with, and are guarded by its lock. A waiter may be registered
/// again after it was deregistered, with the same event only: whoever makes the event happen may still hold it.
/// </remarks>
internal abstract class EventWaiter
{
    internal EventWaiter? Previous;
    internal EventWaiter? Next;
    internal bool IsListed;

    /// <summary>The event has happened. Called at most once per registration, outside all locks, perhaps after a late deregistration.</summary>
    internal abstract void Happened();
}

/// <summary>
/// A task that waits. Order of steps: <c>BeginWait</c>; set <see cref="Ticket"/>; register (refused: it has happened already, so
/// retract); fence; <c>RetractIfCancelled</c>; return Suspended. When resumed, deregister, whatever the reason.
/// </summary>
internal class TaskWaiter(SigilTask task) : EventWaiter
{
    private int _ticket;

    internal SigilTask Task => task;

    /// <summary>The wait that the event ends.</summary>
    internal int Ticket
    {
        get => Atomic.Load(ref _ticket);
        set => Atomic.Store(ref _ticket, value);
    }

    internal sealed override void Happened()
    {
        if (!task.TryClaim(Ticket)) return;
        OnClaimed();
        task.CompleteWait(WakeReason.Signalled);
    }

    /// <summary>The event has won the wait; the task is let go afterwards.</summary>
    private protected virtual void OnClaimed()
    {
    }
}

/// <summary>The parties registered with one event; guarded by the event's lock.</summary>
internal struct EventWaiters
{
    private EventWaiter? _first;

    internal readonly bool IsEmpty => _first is null;

    internal void Add(EventWaiter waiter)
    {
        waiter.Previous = null;
        waiter.Next = _first;
        waiter.IsListed = true;
        if (_first is not null) _first.Previous = waiter;
        _first = waiter;
    }

    /// <summary>Takes a waiter off the list; no effect when it is not on it.</summary>
    internal bool Remove(EventWaiter waiter)
    {
        if (!waiter.IsListed) return false;
        waiter.IsListed = false;
        if (waiter.Previous is null) _first = waiter.Next;
        else waiter.Previous.Next = waiter.Next;
        if (waiter.Next is not null) waiter.Next.Previous = waiter.Previous;
        waiter.Previous = waiter.Next = null;
        return true;
    }

    /// <summary>Takes all off the list; they are still linked by <see cref="EventWaiter.Next"/>.</summary>
    internal EventWaiter? TakeAll()
    {
        var all = _first;
        _first = null;
        for (var waiter = all; waiter is not null; waiter = waiter.Next) waiter.IsListed = false;
        return all;
    }

    /// <summary>Tells all of a list that was taken.</summary>
    internal static void Tell(EventWaiter? all)
    {
        while (all is not null)
        {
            var next = all.Next;
            all.Previous = all.Next = null;
            all.Happened();
            all = next;
        }
    }
}
