using Sigil.Runtime.Channels;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Ipc;

/// <summary>How a wait at an end goes: looks for a while, enters the list of waiters, looks once more, suspends.</summary>
internal static class IpcWait
{
    /// <summary>What <see cref="Park"/> says when the operation should be attempted again at once.</summary>
    internal const Status Again = (Status)(-1);

    internal static Status Park<W>(W wait, TransportSide side, SigilTask task, ref int ticket, WaitDeadline? deadline)
        where W : Frame, IEndWaiter
    {
        if (side.Spin(wait)) return Again;
        Atomic.Store(ref ticket, task.BeginWait());
        deadline?.Follow(ticket);
        // Other processes may end the wait: this is no deadlock.
        task.Scheduler.AddOutstanding(1);
        side.End.AddWaiter(wait);
        if (side.MayNotSleepFor(wait))
        {
            if (!task.TryRetract(ticket)) return Suspend(wait, task);
            Leave(wait, side, task);
            // An owner that was preempted, or stopped, is not looked for at full speed.
            if (!wait.IsReady) Thread.Yield();
            return Again;
        }

        if (task.RetractIfCancelled(ticket) || (deadline is { HasFired: true } && task.TryRetract(ticket)))
        {
            Leave(wait, side, task);
            task.Wake = task.IsCancellationRequested ? WakeReason.Cancelled : WakeReason.TimedOut;
            return Status.Cancelled;
        }

        return Suspend(wait, task);
    }

    /// <summary>After the wait, however it ended.</summary>
    internal static void Leave<W>(W wait, TransportSide side, SigilTask task)
        where W : Frame, IEndWaiter
    {
        side.End.RemoveWaiter(wait);
        task.Scheduler.AddOutstanding(-1);
    }

    private static Status Suspend(Frame wait, SigilTask task)
    {
        task.SuspendedFrame = task.Leaf = wait;
        return Status.Suspended;
    }
}

/// <summary>The leaf frame of a waiting receive.</summary>
internal sealed class IpcReceive<T>(IpcConsumer<T> consumer, SigilTask task) : Frame<Option<T>>, IEndWaiter
{
    internal readonly SigilTask Task = task;
    internal int Ticket;
    internal string Site = "";

    public bool IsReady => consumer.Receiver.IsReady;

    /// <summary>The deadline of a timed receive; it follows the wait when that begins anew.</summary>
    internal WaitDeadline? Deadline;

    public override string? WaitDescription => "a value from another process";

    public override string? WaitSite => Site;

    public void Wake()
    {
        if (Task.TryClaim(Atomic.Load(ref Ticket))) Task.CompleteWait(WakeReason.Signalled);
    }

    /// <summary>Nothing was there: waits, and goes on as soon as something is.</summary>
    internal Status Begin()
    {
        while (true)
        {
            var status = IpcWait.Park(this, consumer.Receiver, Task, ref Ticket, Deadline);
            if (status == IpcWait.Again)
            {
                var outcome = consumer.Attempt(out var value, Site);
                if (outcome == Outcome.Empty) continue;
                Result = outcome == Outcome.Done ? Option<T>.Some(value) : default;
                status = Status.Completed;
            }

            if (status == Status.Cancelled && WasHanded()) status = Status.Completed;
            if (status != Status.Suspended) Deadline = null;
            return status;
        }
    }

    // Without a buffer, a value may have been handed to this wait at the last moment: nobody else is there to take it.
    private bool WasHanded()
    {
        if (consumer.End.Capacity > 0 || consumer.Attempt(out var value, Site) != Outcome.Done) return false;
        Result = Option<T>.Some(value);
        return true;
    }

    public override Status Resume(SigilTask task)
    {
        IpcWait.Leave(this, consumer.Receiver, task);
        if (task.Wake == WakeReason.Signalled)
        {
            var outcome = consumer.Attempt(out var value, Site);
            if (outcome == Outcome.Empty) return Begin();
            Result = outcome == Outcome.Done ? Option<T>.Some(value) : default;
            Deadline = null;
            return Status.Completed;
        }

        Deadline = null;
        return WasHanded() ? Status.Completed : Status.Cancelled;
    }
}

/// <summary>The leaf frame of a waiting send.</summary>
internal sealed class IpcSend<T>(IpcProducer<T> producer, SigilTask task) : Frame<int>, IEndWaiter
{
    internal readonly SigilTask Task = task;
    internal int Ticket;

    /// <summary>The deadline of a timed send; it follows the wait when that begins anew.</summary>
    internal WaitDeadline? Deadline;

    private T _value = default!;
    private PendingFrame? _pending;
    private bool _panicWhenClosed;
    private string _site = "";

    public bool IsReady => producer.Sender.IsReadyFor(_pending);

    public override string? WaitDescription => "room for a value to another process";

    public override string? WaitSite => _site;

    public void Wake()
    {
        if (Task.TryClaim(Atomic.Load(ref Ticket))) Task.CompleteWait(WakeReason.Signalled);
    }

    internal void Prepare(T value, PendingFrame? pending, bool panicWhenClosed, string site)
    {
        _value = value;
        _pending = pending;
        _panicWhenClosed = panicWhenClosed;
        _site = site;
    }

    /// <summary>There was no room: waits, and goes on as soon as there is.</summary>
    internal Status Begin()
    {
        while (true)
        {
            var status = IpcWait.Park(this, producer.Sender, Task, ref Ticket, Deadline);
            if (status == IpcWait.Again)
            {
                var outcome = producer.Attempt(_value, ref _pending, comesBack: true, _site);
                if (outcome == Outcome.Full) continue;
                return Finish(outcome);
            }

            return status == Status.Cancelled ? GiveUp() : status;
        }
    }

    public override Status Resume(SigilTask task)
    {
        IpcWait.Leave(this, producer.Sender, task);
        if (task.Wake != WakeReason.Signalled) return GiveUp();
        var outcome = producer.Attempt(_value, ref _pending, comesBack: true, _site);
        return outcome == Outcome.Full ? Begin() : Finish(outcome);
    }

    private Status Finish(int outcome)
    {
        Result = outcome;
        var value = _value;
        Forget();
        if (outcome == Outcome.Closed && _panicWhenClosed)
        {
            Undelivered<T>.Drop(value);
            throw Channels.Channel.ClosedPanic(_site);
        }

        return Status.Completed;
    }

    // Nothing has been sent. A timed-out value goes back to the caller, a cancelled one is dropped.
    private Status GiveUp()
    {
        if (producer.Sender.WasDelivered(_pending)) return Finish(Outcome.Done);
        var value = _value;
        Forget();
        if (Task.Wake == WakeReason.Cancelled) Undelivered<T>.Drop(value);
        return Status.Cancelled;
    }

    private void Forget()
    {
        _pending?.Dispose();
        _pending = null;
        _value = default!;
        Deadline = null;
    }
}
