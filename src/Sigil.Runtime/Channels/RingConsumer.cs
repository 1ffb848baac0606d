using System.Runtime.CompilerServices;
using Sigil.Runtime.Select;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Channels;

/// <summary>The receiving end of a <see cref="RingChannel{T}"/>.</summary>
internal sealed class RingConsumer<T>(RingChannel<T> channel) : Consumer<T>
{
    private RingReceive<T>? _wait;

    public override bool IsClosed
    {
        get
        {
            Control.Point();
            return Atomic.Load(ref channel.ProducerClosed) != 0 && channel.Count == 0;
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

    // The fast path is no cancellation point: a task comes to the slow path at least once per buffer length.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override Status Receive(SigilTask task, out Option<T> result, string site)
    {
        Control.Point();
        if (channel.Index.Head < channel.Index.TailSeen)
        {
            result = Option<T>.Some(channel.Take());
            return Status.Completed;
        }

        return ReceiveSlow(task, out result);
    }

    // When it suspends, the wait is the end's own. Not an out parameter: the fast path would clear a place for it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Status ReceiveSlow(SigilTask task, out Option<T> result)
    {
        result = default;
        if (task.IsCancellationRequested) return Status.Cancelled;
        if (channel.HasValue)
        {
            result = Option<T>.Some(channel.Take());
            return Status.Completed;
        }

        if (_wait?.Task != task) _wait = new RingReceive<T>(channel, task);
        var wait = _wait;
        var status = wait.Begin();
        if (status == Status.Completed) result = wait.Result;
        return status;
    }

    public override Status ReceiveTimeout(SigilTask task, long afterNanos, out ReceiveOutcome<T> result, string site)
    {
        Control.Point();
        result = default;
        if (afterNanos <= 0)
        {
            if (task.IsCancellationRequested) return Status.Cancelled;
            result = TryReceive();
            if (result.Code == Outcome.Empty) result = ReceiveOutcome<T>.Failed(Outcome.TimedOut);
            return Status.Completed;
        }

        var status = ReceiveSlow(task, out var received);
        if (status == Status.Suspended) _ = new TimedReceive<T>(task, _wait!, _wait!.Ticket, afterNanos);
        if (status == Status.Completed)
        {
            result = received.HasValue
                ? ReceiveOutcome<T>.Received(received.Value)
                : ReceiveOutcome<T>.Failed(Outcome.Closed);
        }

        return status;
    }

    public override Status ReceiveMany(SigilTask task, long max, out T[] result, string site)
    {
        Control.Point();
        result = [];
        if (max <= 0) return task.IsCancellationRequested ? Status.Cancelled : Status.Completed;
        var status = ReceiveSlow(task, out var received);
        if (status == Status.Suspended) _ = new BatchReceive<T>(task, this, _wait!, max);
        if (status == Status.Completed && received.HasValue) result = BatchReceive<T>.Collect(this, received.Value, max);
        return status;
    }

    public override ReceiveOutcome<T> TryReceive()
    {
        Control.Point();
        if (channel.HasValue) return ReceiveOutcome<T>.Received(channel.Take());
        if (Atomic.Load(ref channel.ProducerClosed) == 0) return ReceiveOutcome<T>.Failed(Outcome.Empty);
        return channel.HasValue
            ? ReceiveOutcome<T>.Received(channel.Take())
            : ReceiveOutcome<T>.Failed(Outcome.Closed);
    }

    public override void Close()
    {
        Control.Point();
        channel.CloseConsumer();
    }

    internal override string Awaited => $"a value from {channel.Describe()}";

    internal override bool Waits => !(channel.HasValue || Atomic.Load(ref channel.ProducerClosed) != 0);

    internal override bool StillWaits()
    {
        if (!Waits) return false;
        _wait!.NoteParked();
        return true;
    }

    internal override int TryTake(out T value)
    {
        if (channel.HasValue)
        {
            value = channel.Take();
            return Outcome.Done;
        }

        value = default!;
        if (Atomic.Load(ref channel.ProducerClosed) == 0) return Outcome.Empty;
        if (!channel.HasValue) return Outcome.Closed;
        value = channel.Take();
        return Outcome.Done;
    }

    internal override void Enlist(SelectReceive<T> wait, int ticket)
    {
        if (_wait?.Task != wait.Task) _wait = new RingReceive<T>(channel, wait.Task);
        _wait.Publish(ticket);
    }

    internal override void Delist(SelectReceive<T> wait) => Atomic.Store(ref channel.Receiver, null);
}
