using Sigil.Runtime.Select;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Channels;

/// <summary>The sending end of a <see cref="BroadcastChannel{T}"/>. Values are copies, so none is ever dropped.</summary>
internal sealed class BroadcastProducer<T>(BroadcastChannel<T> channel) : Producer<T>
{
    private int _closed;

    public override bool IsClosed => channel.HasNoConsumer;

    public override long Length => channel.Lag;

    public override long Capacity => channel.Capacity;

    internal override ChannelGate Gate => channel;

    internal override bool Waits => channel.AskSenderWaits();

    internal override bool StillWaits() => channel.SenderWaits;

    internal override string Awaited => $"room in {channel.Describe()}";

    public override Status Send(SigilTask task, T value, string site)
    {
        Control.Point();
        if (task.IsCancellationRequested) return Status.Cancelled;
        var outcome = channel.SendOrWait(task, value, site, panicWhenClosed: true, out var wait);
        if (wait is not null) return wait.Settle();
        if (outcome == Outcome.Closed) throw Channel.ClosedPanic(site);
        return Status.Completed;
    }

    public override Status Offer(SigilTask task, T value, out int outcome, string site)
    {
        Control.Point();
        outcome = default;
        if (task.IsCancellationRequested) return Status.Cancelled;
        outcome = channel.SendOrWait(task, value, site, panicWhenClosed: false, out var wait);
        return wait is null ? Status.Completed : wait.Settle();
    }

    public override Status SendTimeout(SigilTask task, T value, long afterNanos, out int outcome, string site)
    {
        Control.Point();
        outcome = default;
        if (task.IsCancellationRequested) return Status.Cancelled;
        if (afterNanos <= 0)
        {
            outcome = channel.TrySend(value);
            if (outcome == Outcome.Full) outcome = Outcome.TimedOut;
            return Status.Completed;
        }

        outcome = channel.SendOrWait(task, value, site, panicWhenClosed: false, out var wait);
        if (wait is null) return Status.Completed;
        var status = wait.Settle();
        if (status == Status.Suspended) _ = new TimedSend(task, wait, wait.Ticket, afterNanos);
        return status;
    }

    public override int TrySend(T value)
    {
        Control.Point();
        return channel.TrySend(value);
    }

    public override void Close()
    {
        Control.Point();
        if (Atomic.Exchange(ref _closed, 1) == 0) channel.CloseProducer();
    }

    internal override void Enlist(SelectSend<T> wait, int ticket)
    {
        wait.Begin(channel, ticket);
        channel.Enlist(wait);
    }

    internal override void Delist(SelectSend<T> wait)
    {
        channel.Withdraw(wait);
        wait.End();
    }
}
