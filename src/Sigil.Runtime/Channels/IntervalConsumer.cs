using Sigil.Runtime.Panics;
using Sigil.Runtime.Select;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Channels;

/// <summary>
/// The consumer that <c>interval(every)</c> makes: a tick is due after each period, counted from 0. No task or timer stands behind it:
/// ticks are computed from the clock when they are asked for, so one that nobody awaits costs nothing. At most one tick is pending; those
/// missed meanwhile are dropped, which shows as a gap in the numbers, and the rhythm stays that of the start.
/// </summary>
public sealed class IntervalConsumer : Consumer<long>
{
    private readonly IClock _clock;
    private readonly string _createdAt;
    private readonly long _every;
    private readonly long _start;
    private long _next;
    private int _closed;

    private IntervalConsumer(IClock clock, long every, string createdAt)
    {
        _clock = clock;
        _every = every;
        _createdAt = createdAt;
        _start = clock.NowNanos;
    }

    /// <summary>Ticks every <paramref name="everyNanos"/>, the first after that time.</summary>
    [Intrinsic("interval")]
    public static Status Start(SigilTask task, long everyNanos, out Consumer<long> result, string site)
    {
        if (everyNanos <= 0) throw new SigilPanic("E9001", $"the period of an interval must be positive: {everyNanos} ns", site);
        result = new IntervalConsumer(task.Scheduler.Clock, everyNanos, site);
        return Status.Completed;
    }

    /// <inheritdoc/>
    public override bool IsClosed => Atomic.Load(ref _closed) != 0;

    /// <inheritdoc/>
    public override long Length => _clock.NowNanos >= DueNanos ? 1 : 0;

    /// <inheritdoc/>
    public override long Capacity => 1;

    internal override long DueNanos => Selection.DueAfter(_start, _next >= (long.MaxValue / _every) - 1 ? long.MaxValue : (_next + 1) * _every);

    internal override string Awaited => $"a tick of the interval created at {_createdAt}";

    /// <inheritdoc/>
    public override Status Receive(SigilTask task, out Option<long> result, string site)
    {
        Control.Point();
        return Receive(task, out result, out _, site);
    }

    /// <inheritdoc/>
    public override Status ReceiveTimeout(SigilTask task, long afterNanos, out ReceiveOutcome<long> result, string site)
    {
        Control.Point();
        result = default;
        if (afterNanos <= 0)
        {
            if (task.IsCancellationRequested) return Status.Cancelled;
            result = TryReceive();
            if (result.Code == Outcome.Empty) result = ReceiveOutcome<long>.Failed(Outcome.TimedOut);
            return Status.Completed;
        }

        var status = Receive(task, out var received, out var wait, site);
        if (status == Status.Suspended) wait!.Limit = new TimedReceive<long>(task, wait, wait.Ticket, afterNanos).Deadline;
        if (status == Status.Completed) result = received.HasValue ? ReceiveOutcome<long>.Received(received.Value) : ReceiveOutcome<long>.Failed(Outcome.Closed);
        return status;
    }

    /// <inheritdoc/>
    public override Status ReceiveMany(SigilTask task, long max, out long[] result, string site)
    {
        Control.Point();
        result = [];
        if (max <= 0) return task.IsCancellationRequested ? Status.Cancelled : Status.Completed;
        var status = Receive(task, out var received, out var wait, site);
        if (status == Status.Suspended) _ = new BatchReceive<long>(task, this, wait!, max);
        if (status == Status.Completed && received.HasValue) result = [received.Value];
        return status;
    }

    /// <inheritdoc/>
    public override ReceiveOutcome<long> TryReceive() => TryTake(out var tick) switch
    {
        Outcome.Done => ReceiveOutcome<long>.Received(tick),
        var other => ReceiveOutcome<long>.Failed(other),
    };

    /// <inheritdoc/>
    public override void Close() => Atomic.Store(ref _closed, 1);

    internal override int TryTake(out long tick)
    {
        tick = 0;
        if (IsClosed) return Outcome.Closed;
        var now = _clock.NowNanos;
        if (now < DueNanos) return Outcome.Empty;
        tick = ((now - _start) / _every) - 1;
        _next = tick + 1;
        return Outcome.Done;
    }

    internal override bool Waits => !IsClosed && _clock.NowNanos < DueNanos;

    // The select's own timer ends the wait; see DueNanos.
    internal override void Enlist(SelectReceive<long> wait, int ticket)
    {
    }

    internal override void Delist(SelectReceive<long> wait)
    {
    }

    private Status Receive(SigilTask task, out Option<long> result, out IntervalWait? wait, string site)
    {
        result = default;
        wait = null;
        if (task.IsCancellationRequested) return Status.Cancelled;
        switch (TryTake(out var tick))
        {
            case Outcome.Done:
                result = Option<long>.Some(tick);
                return Status.Completed;
            case Outcome.Closed:
                return Status.Completed;
        }

        wait = new IntervalWait(this, task, site);
        return wait.Wait();
    }

    /// <summary>The leaf frame of a wait for a tick.</summary>
    private sealed class IntervalWait(IntervalConsumer consumer, SigilTask task, string site) : Frame<Option<long>>
    {
        private readonly WaitDeadline _deadline = new(task, 0, WakeReason.Signalled);
        internal int Ticket;

        /// <summary>The deadline of a timed receive; it follows the wait when that begins anew.</summary>
        internal WaitDeadline? Limit;

        public override string? WaitDescription => consumer.Awaited;

        public override string? WaitSite => site;

        internal Status Wait()
        {
            Ticket = task.BeginWait();
            Limit?.Follow(Ticket);
            _deadline.Follow(Ticket);
            task.SuspendedFrame = task.Leaf = this;
            task.Scheduler.Timers.Add(_deadline, consumer.DueNanos - consumer._clock.NowNanos);
            Atomic.FullFence();
            if (task.RetractIfCancelled(Ticket) || (Limit is { HasFired: true } && task.TryRetract(Ticket)))
            {
                task.Scheduler.Timers.Remove(_deadline);
                task.Wake = task.IsCancellationRequested ? WakeReason.Cancelled : WakeReason.TimedOut;
                return Status.Cancelled;
            }

            return Status.Suspended;
        }

        public override Status Resume(SigilTask resumed)
        {
            task.Scheduler.Timers.Remove(_deadline);
            if (task.Wake != WakeReason.Signalled) return Status.Cancelled;

            // A timer may be early by the clock's grain.
            if (consumer.TryTake(out var tick) != Outcome.Done) return Wait();
            Result = Option<long>.Some(tick);
            return Status.Completed;
        }
    }
}
