using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Select;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Ipc;

/// <summary>The receiving end of a channel between processes.</summary>
public class IpcConsumer<T> : Consumer<T>
{
    private readonly TransportReceiver<T> _receiver;
    private readonly Codec<T> _codec;
    private IpcReceive<T>? _wait;

    internal IpcConsumer(TransportEnd end, Codec<T> codec)
    {
        _receiver = end.Transport.ReceiverAt(end, codec);
        _codec = codec;
    }

    internal TransportEnd End => Receiver.End;

    internal TransportReceiver<T> Receiver => _receiver;

    private protected Codec<T> Codec => _codec;

    /// <inheritdoc/>
    public override bool IsClosed
    {
        get
        {
            End.LookForOtherSide();
            return End.IsOtherSideGone && Receiver.Count == 0;
        }
    }

    /// <inheritdoc/>
    public override long Length => Math.Clamp(Receiver.Count, 0, End.Capacity);

    /// <inheritdoc/>
    public override long Capacity => End.Capacity;

    /// <inheritdoc/>
    public override Status Receive(SigilTask task, out Option<T> result, string site)
    {
        result = default;
        if (task.IsCancellationRequested) return Status.Cancelled;
        var outcome = Attempt(out var value, site);
        if (outcome == Outcome.Empty)
        {
            var wait = Wait(task, site);
            var status = wait.Begin();
            if (status == Status.Completed) result = wait.Result;
            return status;
        }

        if (outcome == Outcome.Done) result = Option<T>.Some(value);
        return Status.Completed;
    }

    /// <inheritdoc/>
    public override Status ReceiveTimeout(SigilTask task, long afterNanos, out ReceiveOutcome<T> result, string site)
    {
        result = default;
        if (task.IsCancellationRequested) return Status.Cancelled;
        var outcome = Attempt(out var value, site);
        if (outcome != Outcome.Empty || afterNanos <= 0)
        {
            result = new ReceiveOutcome<T>(outcome == Outcome.Empty ? Outcome.TimedOut : outcome, value);
            return Status.Completed;
        }

        var wait = Wait(task, site);
        var status = wait.Begin();
        if (status == Status.Suspended) wait.Deadline = new TimedReceive<T>(task, wait, wait.Ticket, afterNanos).Deadline;
        if (status == Status.Completed)
        {
            result = wait.Result.HasValue
                ? ReceiveOutcome<T>.Received(wait.Result.Value)
                : ReceiveOutcome<T>.Failed(Outcome.Closed);
        }

        return status;
    }

    /// <inheritdoc/>
    public override Status ReceiveMany(SigilTask task, long max, out T[] result, string site)
    {
        result = [];
        if (task.IsCancellationRequested) return Status.Cancelled;
        if (max <= 0) return Status.Completed;
        var outcome = Attempt(out var value, site);
        if (outcome == Outcome.Empty)
        {
            var wait = Wait(task, site);
            var status = wait.Begin();
            if (status == Status.Suspended) _ = new BatchReceive<T>(task, this, wait, max);
            if (status == Status.Completed && wait.Result.HasValue) result = BatchReceive<T>.Collect(this, wait.Result.Value, max);
            return status;
        }

        if (outcome == Outcome.Done) result = BatchReceive<T>.Collect(this, value, max);
        return Status.Completed;
    }

    /// <inheritdoc/>
    public override ReceiveOutcome<T> TryReceive()
    {
        var outcome = Attempt(out var value, "");
        if (outcome == Outcome.Empty)
        {
            // The poller may not have told yet.
            End.LookForOtherSide();
            if (End.IsOtherSideGone) outcome = Attempt(out value, "");
        }

        return new ReceiveOutcome<T>(outcome, value);
    }

    /// <inheritdoc/>
    public override void Close() => End.Close();

    internal override string Awaited => "a value from another process";

    internal override bool StillWaits() => !Receiver.MayNotSleep;

    internal override bool Waits => !Receiver.IsReady;

    internal override int TryTake(out T value) => Attempt(out value, "");

    internal override void Enlist(SelectReceive<T> wait, int ticket) => (wait.AtOtherProcess ??= new IpcArmWait(wait.Task)).Enter(End, ticket);

    internal override void Delist(SelectReceive<T> wait) => wait.AtOtherProcess!.Leave(End);

    /// <summary>Has the end travel with a frame that is being written.</summary>
    internal (int First, int Number) TravelWith(Attachments attachments) => IpcEnds.Attach(End, attachments);

    /// <summary>One attempt; <see cref="Outcome.Empty"/> when it has to wait.</summary>
    internal int Attempt(out T value, string site)
    {
        try
        {
            return Receiver.TryReceive(out value);
        }
        catch (FrameException fault)
        {
            throw new SigilPanic("E9203", $"what came from another process is no message: {fault.Message}", site);
        }
    }

    private IpcReceive<T> Wait(SigilTask task, string site)
    {
        var wait = !End.IsShared && _wait?.Task == task ? _wait : new IpcReceive<T>(this, task);
        if (!End.IsShared) _wait = wait;
        wait.Site = site;
        return wait;
    }
}

/// <summary>A receiving end that may be cloned: each value goes to exactly one of the clones.</summary>
public sealed class SharedIpcConsumer<T> : IpcConsumer<T>
{
    internal SharedIpcConsumer(TransportEnd end, Codec<T> codec)
        : base(end, codec)
    {
    }

    /// <summary>Another end of the same channel, to be closed on its own.</summary>
    public SharedIpcConsumer<T> Clone(string site) => new(IpcEnds.Clone(End, site), Codec);
}
