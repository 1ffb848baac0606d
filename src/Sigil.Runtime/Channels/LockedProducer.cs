using Sigil.Runtime.Select;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Channels;

/// <summary>The sending ends of a <see cref="LockedChannel{T}"/>: one object, see <see cref="LockedConsumer{T}"/>.</summary>
internal sealed class LockedProducer<T>(LockedChannel<T> channel) : SharedProducer<T>
{
    public override bool IsClosed
    {
        get
        {
            Control.Point();
            return channel.HasNoConsumer;
        }
    }

    public override long Length
    {
        get
        {
            Control.Point();
            return channel.Count;
        }
    }

    public override long Capacity => channel.Capacity;

    public override Status Send(SigilTask task, T value, string site)
    {
        Control.Point();
        if (task.IsCancellationRequested) return Channel.CancelledSend(value);
        switch (channel.SendOrWait(task, value, site, panicWhenClosed: true, out var wait))
        {
            case Outcome.Done:
                return Status.Completed;
            case Outcome.Closed:
                Undelivered<T>.Drop(value);
                throw Channel.ClosedPanic(site);
            default:
                return wait!.Settle();
        }
    }

    public override Status Offer(SigilTask task, T value, out int outcome, string site)
    {
        Control.Point();
        outcome = default;
        if (task.IsCancellationRequested) return Channel.CancelledSend(value);
        outcome = channel.SendOrWait(task, value, site, panicWhenClosed: false, out var wait);
        return wait is null ? Status.Completed : wait.Settle();
    }

    public override Status SendTimeout(SigilTask task, T value, long afterNanos, out int outcome, string site)
    {
        Control.Point();
        if (afterNanos <= 0)
        {
            outcome = channel.TrySend(value);
            if (outcome == Outcome.Full) outcome = Outcome.TimedOut;
            return Status.Completed;
        }

        outcome = default;
        if (task.IsCancellationRequested) return Channel.CancelledSend(value);
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
        channel.CloseProducer();
    }

    internal override ChannelGate Gate => channel;

    internal override bool Waits => channel.LooksFull;

    internal override string Awaited => $"room in {channel.Describe()}";

    internal override int TryGive(T value) => channel.LooksFull ? Outcome.Full : channel.TrySend(value);

    internal override void Enlist(SelectSend<T> wait, int ticket)
    {
        wait.Begin(channel, ticket);
        channel.Senders.Add(wait);
    }

    internal override void Delist(SelectSend<T> wait) => wait.End();

    public override SharedProducer<T> Clone()
    {
        Control.Point();
        channel.AddProducer();
        return this;
    }
}
