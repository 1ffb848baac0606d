using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Channels;

/// <summary>
/// The leaf frame of the exclusive consumer's waits, used again and again by the same task. Since wakers read
/// <see cref="Task"/> and <see cref="Ticket"/> without a lock, a frame never changes its task: a stale ticket claims nothing.
/// </summary>
internal sealed class RingReceive<T>(RingChannel<T> channel, SigilTask task) : Frame<Option<T>>
{
    internal readonly SigilTask Task = task;

    /// <summary>The deadline of a timed receive, whose frame stands above this one; it follows the wait when that begins anew.</summary>
    private WaitDeadline? Deadline => (Caller as TimedReceive<T>)?.Deadline;

    // A leaf has no states of its own.
    internal ref int Ticket => ref State;

    public override string? WaitDescription => $"a value from {channel.Describe()}";

    /// <summary>Waits, or completes at once when something has come meanwhile; see the invariants of the channel.</summary>
    internal Status Wait()
    {
        var deadline = Deadline;
        Ticket = Task.BeginWait();
        deadline?.Follow(Ticket);
        Atomic.Store(ref channel.Receiver, this);
        if (deadline is not null) Atomic.FullFence();
        if (channel.HasValue || Atomic.Load(ref channel.ProducerClosed) != 0)
        {
            if (!Task.TryRetract(Ticket)) return Suspend();
            Atomic.Store(ref channel.Receiver, null);
            return Finish();
        }

        if (deadline is not null && (Task.RetractIfCancelled(Ticket) || (deadline.HasFired && Task.TryRetract(Ticket))))
        {
            Atomic.Store(ref channel.Receiver, null);
            Task.Wake = Task.IsCancellationRequested ? WakeReason.Cancelled : WakeReason.TimedOut;
            return Status.Cancelled;
        }

        NoteParked();

        return Suspend();
    }

    /// <summary>Enters the wait of a select, which fences and looks again when it has entered all its arms.</summary>
    internal void Publish(int ticket)
    {
        Atomic.Store(ref Ticket, ticket);
        Atomic.Store(ref channel.Receiver, this);
    }

    /// <summary>Puts the ring into the worker's ledger, after the publication.</summary>
    internal void NoteParked()
    {
        if (channel.ReceiverNotedIn == ParkLedger.Epoch) return;
        channel.ReceiverNotedIn = ParkLedger.Epoch;
        Worker.Current?.Ledger.Note(channel);
    }

    public override Status Resume(SigilTask task)
    {
        if (task.Wake == WakeReason.Signalled)
            return channel.HasValue || Atomic.Load(ref channel.ProducerClosed) != 0 ? Finish() : Wait();
        Atomic.Store(ref channel.Receiver, null);
        return Status.Cancelled;
    }

    /// <summary>A new operation: its caller links itself above, or the frame of its deadline does.</summary>
    internal Status Begin()
    {
        if (Caller is TimedReceive<T>) Caller = null;
        return Wait();
    }

    private Status Suspend()
    {
        Task.SuspendedFrame = Task.Leaf = this;
        return Status.Suspended;
    }

    private Status Finish()
    {
        // The last value may have come between a look at the ring and the closing.
        Result = channel.HasValue ? Option<T>.Some(channel.Take()) : default;
        return Status.Completed;
    }
}
