using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Select;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Ipc;

/// <summary>The sending end of a channel between processes: a <see cref="Producer{T}"/> whose values are written down on their way.</summary>
public class IpcProducer<T> : Producer<T>
{
    private readonly TransportSender<T> _sender;
    private readonly Codec<T> _codec;
    private IpcSend<T>? _wait;

    internal IpcProducer(TransportEnd end, Codec<T> codec)
    {
        _sender = end.Transport.SenderAt(end, codec);
        _codec = codec;
    }

    internal TransportEnd End => Sender.End;

    internal TransportSender<T> Sender => _sender;

    private protected Codec<T> Codec => _codec;

    /// <inheritdoc/>
    public override bool IsClosed
    {
        get
        {
            End.LookForOtherSide();
            return End.IsOtherSideGone;
        }
    }

    /// <inheritdoc/>
    public override long Length => Math.Clamp(Sender.Count, 0, End.Capacity);

    /// <inheritdoc/>
    public override long Capacity => End.Capacity;

    /// <inheritdoc/>
    public override Status Send(SigilTask task, T value, string site)
    {
        if (task.IsCancellationRequested) return Channels.Channel.CancelledSend(value);
        PendingFrame? pending = null;
        switch (Attempt(value, ref pending, comesBack: true, site))
        {
            case Outcome.Done:
                return Status.Completed;
            case Outcome.Closed:
                Undelivered<T>.Drop(value);
                throw Channels.Channel.ClosedPanic(site);
            default:
                return Wait(task, value, pending, panicWhenClosed: true, site, out _).Begin();
        }
    }

    /// <inheritdoc/>
    public override Status Offer(SigilTask task, T value, out int outcome, string site)
    {
        outcome = default;
        if (task.IsCancellationRequested) return Channels.Channel.CancelledSend(value);
        PendingFrame? pending = null;
        outcome = Attempt(value, ref pending, comesBack: true, site);
        if (outcome != Outcome.Full) return Status.Completed;
        var status = Wait(task, value, pending, panicWhenClosed: false, site, out var wait).Begin();
        if (status == Status.Completed) outcome = wait.Result;
        return status;
    }

    /// <inheritdoc/>
    public override Status SendTimeout(SigilTask task, T value, long afterNanos, out int outcome, string site)
    {
        outcome = default;
        if (afterNanos > 0 && task.IsCancellationRequested) return Channels.Channel.CancelledSend(value);
        PendingFrame? pending = null;
        outcome = Attempt(value, ref pending, comesBack: afterNanos > 0, site);
        if (outcome != Outcome.Full) return Status.Completed;
        if (afterNanos <= 0)
        {
            outcome = Outcome.TimedOut;
            return Status.Completed;
        }

        var status = Wait(task, value, pending, panicWhenClosed: false, site, out var wait).Begin();
        if (status == Status.Completed) outcome = wait.Result;
        if (status == Status.Suspended) wait.Deadline = new TimedSend(task, wait, wait.Ticket, afterNanos).Deadline;
        return status;
    }

    /// <inheritdoc/>
    public override int TrySend(T value)
    {
        PendingFrame? pending = null;
        return Attempt(value, ref pending, comesBack: false, "");
    }

    /// <inheritdoc/>
    public override void Close() => End.Close();

    internal override bool MakesOffers => End.Capacity == 0;

    internal override string Awaited => "room for a value to another process";

    internal override bool StillWaits() => !Sender.MayNotSleep;

    internal override bool Waits => !Sender.IsReady;

    internal override void Enlist(SelectSend<T> wait, int ticket) => (wait.AtOtherProcess ??= new IpcArmWait(wait.Task)).Enter(End, ticket);

    internal override void Delist(SelectSend<T> wait) => wait.AtOtherProcess!.Leave(End);

    /// <summary>Has the end travel with a frame that is being written.</summary>
    internal (int First, int Number) TravelWith(Attachments attachments) => IpcEnds.Attach(End, attachments);

    /// <summary>One attempt; <see cref="Outcome.Full"/> when it has to wait.</summary>
    internal int Attempt(T value, ref PendingFrame? pending, bool comesBack, string site)
    {
        try
        {
            return Sender.TrySend(value, ref pending, comesBack);
        }
        catch (Exception fault) when (fault is FrameException or IpcSystemException)
        {
            // It may hold descriptors, and nobody comes back with it.
            pending?.Dispose();
            pending = null;
            Undelivered<T>.Drop(value);
            throw new SigilPanic("E9203", fault is FrameException ? $"a value cannot be sent to another process: {fault.Message}" : fault.Message, site);
        }
    }

    private IpcSend<T> Wait(SigilTask task, T value, PendingFrame? pending, bool panicWhenClosed, string site, out IpcSend<T> wait)
    {
        // The same task waits at the same end again and again; a shared end may have several waits at a time.
        wait = !End.IsShared && _wait?.Task == task ? _wait : new IpcSend<T>(this, task);
        if (!End.IsShared) _wait = wait;
        wait.Prepare(value, pending, panicWhenClosed, site);
        return wait;
    }
}

/// <summary>A sending end that may be cloned; each clone may move to another process.</summary>
public sealed class SharedIpcProducer<T> : IpcProducer<T>
{
    internal SharedIpcProducer(TransportEnd end, Codec<T> codec)
        : base(end, codec)
    {
    }

    /// <summary>Another end of the same channel, to be closed on its own.</summary>
    public SharedIpcProducer<T> Clone(string site) => new(IpcEnds.Clone(End, site), Codec);
}
