using System.Runtime.CompilerServices;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Channels;

/// <summary>The leaf frame of a waiting receive; its place in the source is the caller's. Who serves it stores the result, <c>None</c> when the channel closes.</summary>
internal class ReceiveWait<T> : Frame<Option<T>>, IWaiter<ReceiveWait<T>>
{
    internal readonly SigilTask Task;
    private protected IWaitRoom<ReceiveWait<T>>? Room;
    private ReceiveWait<T>? _previous;
    private ReceiveWait<T>? _next;

    // A leaf has no states: the fields of a caller serve here, since a million tasks may wait at once.
    internal ref int Ticket => ref State;

    private ref bool Listed => ref Unsafe.As<Status, bool>(ref CalleeStatus);

    /// <summary>For waits that begin later, and stand in several lists.</summary>
    private protected ReceiveWait(SigilTask task)
    {
        Task = task;
    }

    /// <summary>Begins the wait; the caller holds the channel's lock and lists the wait.</summary>
    internal ReceiveWait(IWaitRoom<ReceiveWait<T>> room, SigilTask task)
    {
        Room = room;
        Task = task;
        Ticket = task.BeginWait();
        task.SuspendedFrame = task.Leaf = this;
    }

    /// <summary>Whether the wait stands in a list; exact under the room's lock, and "no" is so everywhere once the wait has ended.</summary>
    private protected bool IsListed => Listed;

    /// <summary>Called by whoever has claimed the wait and stored its result, under the room's lock.</summary>
    internal virtual void Served()
    {
    }

    ref ReceiveWait<T>? IWaiter<ReceiveWait<T>>.Previous => ref _previous;

    ref ReceiveWait<T>? IWaiter<ReceiveWait<T>>.Next => ref _next;

    ref bool IWaiter<ReceiveWait<T>>.IsListed => ref Listed;

    public override string? WaitDescription => $"a value from {Room!.Describe()}";

    /// <summary>After unlocking: Suspended, unless cancellation was requested before it could see the wait.</summary>
    internal Status Settle()
    {
        Atomic.FullFence();
        if (!Task.RetractIfCancelled(Ticket)) return Status.Suspended;
        Task.Leaf = null;
        Room!.Withdraw(this);
        return Status.Cancelled;
    }

    public override Status Resume(SigilTask task)
    {
        if (task.Wake == WakeReason.Signalled) return Status.Completed;
        Room!.Withdraw(this);
        return Status.Cancelled;
    }
}
