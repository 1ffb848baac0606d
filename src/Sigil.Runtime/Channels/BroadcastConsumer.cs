using Sigil.Runtime.Select;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Channels;

/// <summary>A receiving end of a <see cref="BroadcastChannel{T}"/>; a clone sees what is sent after it was made.</summary>
internal sealed class BroadcastConsumer<T> : WaitingConsumer<T>, IWaitRoom<ReceiveWait<T>>
{
    private readonly BroadcastChannel<T> _channel;
    private int _closed;

    /// <summary>The number of the next value to receive; guarded by the channel's lock.</summary>
    internal long Place;

    /// <summary>The waits of this end (a capability may lend it to several tasks); guarded by the channel's lock.</summary>
    internal WaiterList<ReceiveWait<T>> Waiting;

    internal BroadcastConsumer(BroadcastChannel<T> channel)
    {
        _channel = channel;
        channel.Join(this);
    }

    public override bool IsClosed => _channel.IsProducerClosed && Length == 0;

    public override long Length => _channel.Tail - _channel.FirstKept(Atomic.Load(ref Place));

    public override long Capacity => _channel.Capacity;

    internal override ChannelGate Gate => _channel;

    internal override bool Waits => _channel.FirstKept(Atomic.Load(ref Place)) == _channel.Tail && !_channel.IsProducerClosed;

    internal override string Awaited => $"a value from {_channel.Describe()}";

    public override Status Receive(SigilTask task, out Option<T> result, string site)
    {
        Control.Point();
        result = default;
        if (task.IsCancellationRequested) return Status.Cancelled;
        var outcome = _channel.ReceiveOrWait(this, task, out var value, out var wait);
        if (wait is not null) return wait.Settle();
        if (outcome == Outcome.Done) result = Option<T>.Some(value);
        return Status.Completed;
    }

    private protected override int ReceiveOrWait(SigilTask task, out T value, out ReceiveWait<T>? wait) => _channel.ReceiveOrWait(this, task, out value, out wait);

    public override ReceiveOutcome<T> TryReceive()
    {
        Control.Point();
        return new(_channel.TryReceive(this, out var value), value);
    }

    public override void Close()
    {
        Control.Point();
        if (Atomic.Exchange(ref _closed, 1) == 0) _channel.CloseConsumer(this);
    }

    public override SharedConsumer<T> Clone()
    {
        Control.Point();
        return new BroadcastConsumer<T>(_channel);
    }

    internal override int TryTake(out T value) => _channel.TryReceive(this, out value);

    internal override void Enlist(SelectReceive<T> wait, int ticket)
    {
        wait.Begin(this, ticket);
        Waiting.Add(wait);
    }

    internal override void Delist(SelectReceive<T> wait) => wait.End();

    void IWaitRoom<ReceiveWait<T>>.Withdraw(ReceiveWait<T> wait) => _channel.Withdraw(this, wait);

    string IWaitRoom<ReceiveWait<T>>.Describe() => _channel.Describe();
}
