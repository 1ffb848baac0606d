using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Channels;

/// <summary>The frame above a waiting receive that has a deadline.</summary>
internal sealed class TimedReceive<T> : Frame<ReceiveOutcome<T>>
{
    internal readonly WaitDeadline Deadline;

    internal TimedReceive(SigilTask task, Frame<Option<T>> wait, int ticket, long afterNanos)
    {
        wait.Caller = this;
        task.SuspendedFrame = this;
        Deadline = new WaitDeadline(task, ticket, WakeReason.TimedOut);
        task.Scheduler.Timers.Add(Deadline, afterNanos);
    }

    public override Status Resume(SigilTask task)
    {
        task.Scheduler.Timers.Remove(Deadline);
        if (CalleeStatus == Status.Completed)
        {
            var received = ((Frame<Option<T>>)task.SuspendedFrame!).Result;
            Result = received.HasValue
                ? ReceiveOutcome<T>.Received(received.Value)
                : ReceiveOutcome<T>.Failed(Outcome.Closed);
            return Status.Completed;
        }

        if (CalleeStatus == Status.Cancelled && task.Wake == WakeReason.TimedOut)
        {
            Result = ReceiveOutcome<T>.Failed(Outcome.TimedOut);
            return Status.Completed;
        }

        return CalleeStatus;
    }
}

/// <summary>The frame above a waiting send that has a deadline.</summary>
internal sealed class TimedSend : Frame<int>
{
    internal readonly WaitDeadline Deadline;

    internal TimedSend(SigilTask task, Frame<int> wait, int ticket, long afterNanos)
    {
        wait.Caller = this;
        task.SuspendedFrame = this;
        Deadline = new WaitDeadline(task, ticket, WakeReason.TimedOut);
        task.Scheduler.Timers.Add(Deadline, afterNanos);
    }

    public override Status Resume(SigilTask task)
    {
        task.Scheduler.Timers.Remove(Deadline);
        if (CalleeStatus == Status.Completed)
        {
            Result = ((Frame<int>)task.SuspendedFrame!).Result;
            return Status.Completed;
        }

        if (CalleeStatus == Status.Cancelled && task.Wake == WakeReason.TimedOut)
        {
            Result = Outcome.TimedOut;
            return Status.Completed;
        }

        return CalleeStatus;
    }
}

/// <summary>The frame above the receive of the first of many values.</summary>
internal sealed class BatchReceive<T> : Frame<T[]>
{
    private readonly Consumer<T> _consumer;
    private readonly long _max;

    internal BatchReceive(SigilTask task, Consumer<T> consumer, Frame wait, long max)
    {
        _consumer = consumer;
        _max = max;
        wait.Caller = this;
        task.SuspendedFrame = this;
    }

    public override Status Resume(SigilTask task)
    {
        if (CalleeStatus != Status.Completed) return CalleeStatus;
        var first = ((Frame<Option<T>>)task.SuspendedFrame!).Result;
        Result = first.HasValue ? Collect(_consumer, first.Value, _max) : [];
        return Status.Completed;
    }

    /// <summary>The first value and what else is there.</summary>
    internal static T[] Collect(Consumer<T> consumer, T first, long max)
    {
        var values = new List<T> { first };
        while (values.Count < max && consumer.TryReceive() is { Code: Outcome.Done } next) values.Add(next.Value);
        return [.. values];
    }
}
