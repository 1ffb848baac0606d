using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Channels;

/// <summary>
/// The leaf frame of a waiting send; its result is <see cref="Outcome.Done"/> or <see cref="Outcome.Closed"/>. Who serves it takes
/// the value and stores the result.
/// </summary>
internal sealed class SendWait<T> : Frame<int>, IWaiter<SendWait<T>>
{
    internal readonly SigilTask Task;
    internal readonly int Ticket;
    internal readonly T Value;
    private readonly LockedChannel<T> _channel;
    private readonly string _site;
    private readonly bool _panicWhenClosed;
    private SendWait<T>? _previous;
    private SendWait<T>? _next;
    private bool _isListed;

    /// <summary>Begins the wait; the caller holds the channel's lock and lists the wait.</summary>
    internal SendWait(LockedChannel<T> channel, SigilTask task, T value, string site, bool panicWhenClosed)
    {
        _channel = channel;
        Task = task;
        Value = value;
        _site = site;
        _panicWhenClosed = panicWhenClosed;
        Ticket = task.BeginWait();
        task.SuspendedFrame = task.Leaf = this;
    }

    ref SendWait<T>? IWaiter<SendWait<T>>.Previous => ref _previous;

    ref SendWait<T>? IWaiter<SendWait<T>>.Next => ref _next;

    ref bool IWaiter<SendWait<T>>.IsListed => ref _isListed;

    public override string? WaitDescription => $"room in {_channel.Describe()}";

    public override string? WaitSite => _site;

    /// <summary>After unlocking: Suspended, unless cancellation was requested before it could see the wait.</summary>
    internal Status Settle()
    {
        Atomic.FullFence();
        if (!Task.RetractIfCancelled(Ticket)) return Status.Suspended;
        Task.Leaf = null;
        _channel.Withdraw(this);
        Undelivered<T>.Drop(Value);
        return Status.Cancelled;
    }

    public override Status Resume(SigilTask task)
    {
        if (task.Wake != WakeReason.Signalled)
        {
            _channel.Withdraw(this);
            if (task.Wake == WakeReason.Cancelled) Undelivered<T>.Drop(Value);
            return Status.Cancelled;
        }

        if (Result == Outcome.Closed && _panicWhenClosed)
        {
            Undelivered<T>.Drop(Value);
            throw Channel.ClosedPanic(_site);
        }

        return Status.Completed;
    }
}
