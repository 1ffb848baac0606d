using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Channels;

/// <summary>The leaf frame of the exclusive producer's waits; see <see cref="RingReceive{T}"/>, whose mirror image it is.</summary>
internal sealed class RingSend<T>(RingChannel<T> channel, SigilTask task) : Frame<int>
{
    internal readonly SigilTask Task = task;
    internal string Site = "";
    internal T Value = default!;
    internal bool PanicWhenClosed;

    /// <inheritdoc cref="RingReceive{T}.Deadline"/>
    internal WaitDeadline? Deadline;

    // A leaf has no states of its own.
    internal ref int Ticket => ref State;

    public override string? WaitDescription => $"room in {channel.Describe()}";

    public override string? WaitSite => Site;

    internal Status Wait()
    {
        var deadline = Deadline;
        Ticket = Task.BeginWait();
        deadline?.Follow(Ticket);
        Atomic.Store(ref channel.Sender, this);
        if (deadline is not null) Atomic.FullFence();
        if (channel.HasRoom || Atomic.Load(ref channel.ConsumerClosed) != 0)
        {
            if (!Task.TryRetract(Ticket)) return Suspend();
            Atomic.Store(ref channel.Sender, null);
            return Finish();
        }

        if (deadline is not null && (Task.RetractIfCancelled(Ticket) || (deadline.HasFired && Task.TryRetract(Ticket))))
        {
            Atomic.Store(ref channel.Sender, null);
            Task.Wake = Task.IsCancellationRequested ? WakeReason.Cancelled : WakeReason.TimedOut;
            return End(Status.Cancelled);
        }

        NoteParked();

        return Suspend();
    }

    /// <inheritdoc cref="RingReceive{T}.Publish"/>
    internal void Publish(int ticket)
    {
        Atomic.Store(ref Ticket, ticket);
        Atomic.Store(ref channel.Sender, this);
    }

    /// <summary>Puts the ring into the worker's ledger, after the publication.</summary>
    internal void NoteParked()
    {
        if (channel.SenderNotedIn == ParkLedger.Epoch) return;
        channel.SenderNotedIn = ParkLedger.Epoch;
        Worker.Current?.Ledger.Note(channel);
    }

    public override Status Resume(SigilTask task)
    {
        if (task.Wake == WakeReason.Signalled)
            return channel.HasRoom || Atomic.Load(ref channel.ConsumerClosed) != 0 ? Finish() : Wait();
        Atomic.Store(ref channel.Sender, null);
        return End(Status.Cancelled);
    }

    private Status Suspend()
    {
        Task.SuspendedFrame = Task.Leaf = this;
        return Status.Suspended;
    }

    private Status Finish()
    {
        var value = Value;
        if (Atomic.Load(ref channel.ConsumerClosed) != 0)
        {
            Result = Outcome.Closed;
            var status = End(Status.Completed);
            if (!PanicWhenClosed) return status;
            Undelivered<T>.Drop(value);
            throw Channel.ClosedPanic(Site);
        }

        channel.Put(value);
        Result = Outcome.Done;
        return End(Status.Completed);
    }

    private Status End(Status status)
    {
        // A timed-out send gives its value back; a cancelled one is responsible for it.
        if (status == Status.Cancelled && Task.Wake == WakeReason.Cancelled) Undelivered<T>.Drop(Value);
        Value = default!;
        Deadline = null;
        return status;
    }
}
