using Sigil.Runtime.Select;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Channels;

/// <summary>The receiving ends of a <see cref="LockedChannel{T}"/>.</summary>
/// <remarks>
/// All of them are one object: an end has no state of its own, the channel counts them. Every end is closed or dropped exactly once,
/// as the graphs of Sigil code do it.
/// </remarks>
internal sealed class LockedConsumer<T>(LockedChannel<T> channel) : WaitingConsumer<T>
{
    public override bool IsClosed
    {
        get
        {
            Control.Point();
            return channel.IsDrained;
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

    public override Status Receive(SigilTask task, out Option<T> result, string site)
    {
        Control.Point();
        result = default;
        if (task.IsCancellationRequested) return Status.Cancelled;
        var outcome = channel.ReceiveOrWait(task, out var value, out var wait);
        if (wait is not null) return wait.Settle();
        if (outcome == Outcome.Done) result = Option<T>.Some(value);
        return Status.Completed;
    }

    private protected override int ReceiveOrWait(SigilTask task, out T value, out ReceiveWait<T>? wait) => channel.ReceiveOrWait(task, out value, out wait);

    public override ReceiveOutcome<T> TryReceive()
    {
        Control.Point();
        return new(channel.TryReceive(out var value), value);
    }

    public override void Close()
    {
        Control.Point();
        channel.CloseConsumer();
    }

    internal override ChannelGate Gate => channel;

    internal override bool Waits => channel.LooksEmpty;

    internal override string Awaited => $"a value from {channel.Describe()}";

    internal override int TryTake(out T value)
    {
        value = default!;
        return channel.LooksEmpty ? Outcome.Empty : channel.TryReceive(out value);
    }

    internal override void Enlist(SelectReceive<T> wait, int ticket)
    {
        wait.Begin(channel, ticket);
        channel.Receivers.Add(wait);
    }

    internal override void Delist(SelectReceive<T> wait) => wait.End();

    public override SharedConsumer<T> Clone()
    {
        Control.Point();
        channel.AddConsumer();
        return this;
    }
}
