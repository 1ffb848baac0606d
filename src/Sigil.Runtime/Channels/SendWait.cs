using System.Runtime.CompilerServices;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Channels;

/// <summary>
/// The leaf frame of a waiting send; its result is <see cref="Outcome.Done"/> or <see cref="Outcome.Closed"/>. Who serves it takes
/// the value and stores the result.
/// </summary>
internal class SendWait<T> : Frame<int>, IWaiter<SendWait<T>>
{
    internal readonly SigilTask Task;
    internal T Value;
    private protected IWaitRoom<SendWait<T>>? Room;
    private readonly string _site;
    private readonly bool _panicWhenClosed;
    private SendWait<T>? _previous;
    private SendWait<T>? _next;

    // A leaf has no states: the fields of a caller serve here, since a million tasks may wait at once.
    internal ref int Ticket => ref State;

    private ref bool Listed => ref Unsafe.As<Status, bool>(ref CalleeStatus);

    /// <summary>For waits that begin later, and stand in several lists.</summary>
    private protected SendWait(SigilTask task, string site)
    {
        Task = task;
        Value = default!;
        _site = site;
    }

    /// <summary>Begins the wait; the caller holds the channel's lock and lists the wait.</summary>
    internal SendWait(IWaitRoom<SendWait<T>> room, SigilTask task, T value, string site, bool panicWhenClosed)
    {
        Room = room;
        Task = task;
        Value = value;
        _site = site;
        _panicWhenClosed = panicWhenClosed;
        Ticket = task.BeginWait();
        task.SuspendedFrame = task.Leaf = this;
    }

    /// <inheritdoc cref="ReceiveWait{T}.IsListed"/>
    private protected bool IsListed => Listed;

    /// <inheritdoc cref="ReceiveWait{T}.Served"/>
    internal virtual void Served()
    {
    }

    ref SendWait<T>? IWaiter<SendWait<T>>.Previous => ref _previous;

    ref SendWait<T>? IWaiter<SendWait<T>>.Next => ref _next;

    ref bool IWaiter<SendWait<T>>.IsListed => ref Listed;

    public override string? WaitDescription => $"room in {Room!.Describe()}";

    public override string? WaitSite => _site;

    /// <summary>After unlocking: Suspended, unless cancellation was requested before it could see the wait.</summary>
    internal Status Settle()
    {
        Atomic.FullFence();
        if (!Task.RetractIfCancelled(Ticket)) return Status.Suspended;
        Task.Leaf = null;
        Room!.Withdraw(this);
        Undelivered<T>.Drop(Value);
        return Status.Cancelled;
    }

    public override Status Resume(SigilTask task)
    {
        if (task.Wake != WakeReason.Signalled)
        {
            Room!.Withdraw(this);
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
