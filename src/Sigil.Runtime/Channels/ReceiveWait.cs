using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Channels;

/// <summary>The leaf frame of a waiting receive. Who serves it stores the result, <c>None</c> when the channel closes.</summary>
internal sealed class ReceiveWait<T> : Frame<Option<T>>, IWaiter<ReceiveWait<T>>
{
    internal readonly SigilTask Task;
    internal readonly int Ticket;
    private readonly LockedChannel<T> _channel;
    private readonly string _site;
    private ReceiveWait<T>? _previous;
    private ReceiveWait<T>? _next;
    private bool _isListed;

    /// <summary>Begins the wait; the caller holds the channel's lock and lists the wait.</summary>
    internal ReceiveWait(LockedChannel<T> channel, SigilTask task, string site)
    {
        _channel = channel;
        Task = task;
        _site = site;
        Ticket = task.BeginWait();
        task.SuspendedFrame = task.Leaf = this;
    }

    ref ReceiveWait<T>? IWaiter<ReceiveWait<T>>.Previous => ref _previous;

    ref ReceiveWait<T>? IWaiter<ReceiveWait<T>>.Next => ref _next;

    ref bool IWaiter<ReceiveWait<T>>.IsListed => ref _isListed;

    public override string? WaitDescription => $"a value from {_channel.Describe()}";

    public override string? WaitSite => _site;

    /// <summary>After unlocking: Suspended, unless cancellation was requested before it could see the wait.</summary>
    internal Status Settle()
    {
        Atomic.FullFence();
        if (!Task.RetractIfCancelled(Ticket)) return Status.Suspended;
        Task.Leaf = null;
        _channel.Withdraw(this);
        return Status.Cancelled;
    }

    public override Status Resume(SigilTask task)
    {
        if (task.Wake == WakeReason.Signalled) return Status.Completed;
        _channel.Withdraw(this);
        return Status.Cancelled;
    }
}
