using System.Runtime.CompilerServices;
using Sigil.Runtime.Select;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Channels;

/// <summary>The sending end of a <see cref="RingChannel{T}"/>.</summary>
internal sealed class RingProducer<T>(RingChannel<T> channel) : Producer<T>
{
    private RingSend<T>? _wait;

    public override bool IsClosed
    {
        get
        {
            Control.Point();
            return Atomic.Load(ref channel.ConsumerClosed) != 0;
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
    public override Status Send(SigilTask task, T value, string site)
    {
        Control.Point();
        if (channel.Index.Tail < channel.Index.Limit && Atomic.Load(ref channel.ConsumerClosed) == 0)
        {
            channel.Put(value);
            return Status.Completed;
        }

        return SendSlow(task, value, site);
    }

    public override Status Offer(SigilTask task, T value, out int outcome, string site)
    {
        Control.Point();
        if (channel.Index.Tail < channel.Index.Limit && Atomic.Load(ref channel.ConsumerClosed) == 0)
        {
            channel.Put(value);
            outcome = Outcome.Done;
            return Status.Completed;
        }

        return SendSlow(task, value, panicWhenClosed: false, out outcome, site);
    }

    // Without an out parameter: the fast path would clear a place for it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Status SendSlow(SigilTask task, T value, string site) => SendSlow(task, value, panicWhenClosed: true, out _, site);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Status SendSlow(SigilTask task, T value, bool panicWhenClosed, out int outcome, string site)
    {
        outcome = default;
        if (task.IsCancellationRequested) return Channel.CancelledSend(value);

        outcome = TrySend(value);
        if (outcome == Outcome.Done) return Status.Completed;
        if (outcome == Outcome.Closed)
        {
            if (!panicWhenClosed) return Status.Completed;
            Undelivered<T>.Drop(value);
            throw Channel.ClosedPanic(site);
        }

        var wait = NewWait(task, value, panicWhenClosed, site);
        var status = wait.Wait();
        if (status == Status.Completed) outcome = wait.Result;
        return status;
    }

    public override Status SendTimeout(SigilTask task, T value, long afterNanos, out int outcome, string site)
    {
        Control.Point();
        outcome = default;
        if (task.IsCancellationRequested) return Channel.CancelledSend(value);

        outcome = TrySend(value);
        if (outcome != Outcome.Full) return Status.Completed;
        if (afterNanos <= 0)
        {
            outcome = Outcome.TimedOut;
            return Status.Completed;
        }

        var wait = NewWait(task, value, panicWhenClosed: false, site);
        var status = wait.Wait();
        if (status == Status.Completed) outcome = wait.Result;
        if (status == Status.Suspended) wait.Deadline = new TimedSend(task, wait, wait.Ticket, afterNanos).Deadline;
        return status;
    }

    public override int TrySend(T value)
    {
        Control.Point();
        if (Atomic.Load(ref channel.ConsumerClosed) != 0) return Outcome.Closed;
        if (!channel.HasRoom) return Outcome.Full;
        channel.Put(value);
        return Outcome.Done;
    }

    public override void Close()
    {
        Control.Point();
        channel.CloseProducer();
    }

    internal override string Awaited => $"room in {channel.Describe()}";

    internal override bool Waits => !(channel.HasRoom || Atomic.Load(ref channel.ConsumerClosed) != 0);

    internal override bool StillWaits()
    {
        if (!Waits) return false;
        _wait!.NoteParked();
        return true;
    }

    internal override void Enlist(SelectSend<T> wait, int ticket)
    {
        if (_wait?.Task != wait.Task) _wait = new RingSend<T>(channel, wait.Task);
        _wait.Publish(ticket);
    }

    internal override void Delist(SelectSend<T> wait) => Atomic.Store(ref channel.Sender, null);

    private RingSend<T> NewWait(SigilTask task, T value, bool panicWhenClosed, string site)
    {
        if (_wait?.Task != task) _wait = new RingSend<T>(channel, task);
        _wait.Value = value;
        _wait.PanicWhenClosed = panicWhenClosed;
        _wait.Site = site;
        return _wait;
    }
}
