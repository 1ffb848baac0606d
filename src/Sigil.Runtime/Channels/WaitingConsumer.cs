using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Channels;

/// <summary>A receiving end whose channel hands out a value or a wait under its lock: how its timed and its batched receives are made of that.</summary>
internal abstract class WaitingConsumer<T> : SharedConsumer<T>
{
    /// <summary>Takes a value, or begins a wait of the task; the wait is null when the outcome is known.</summary>
    /// <returns>An <see cref="Outcome"/>.</returns>
    private protected abstract int ReceiveOrWait(SigilTask task, out T value, out ReceiveWait<T>? wait);

    public sealed override Status ReceiveTimeout(SigilTask task, long afterNanos, out ReceiveOutcome<T> result, string site)
    {
        Control.Point();
        result = default;
        if (task.IsCancellationRequested) return Status.Cancelled;
        if (afterNanos <= 0)
        {
            result = TryReceive();
            if (result.Code == Outcome.Empty) result = ReceiveOutcome<T>.Failed(Outcome.TimedOut);
            return Status.Completed;
        }

        var outcome = ReceiveOrWait(task, out var value, out var wait);
        if (wait is not null)
        {
            var status = wait.Settle();
            if (status == Status.Suspended) _ = new TimedReceive<T>(task, wait, wait.Ticket, afterNanos);
            return status;
        }

        result = new ReceiveOutcome<T>(outcome, value);
        return Status.Completed;
    }

    public sealed override Status ReceiveMany(SigilTask task, long max, out T[] result, string site)
    {
        Control.Point();
        result = [];
        if (task.IsCancellationRequested) return Status.Cancelled;
        if (max <= 0) return Status.Completed;
        var outcome = ReceiveOrWait(task, out var value, out var wait);
        if (wait is not null)
        {
            var status = wait.Settle();
            if (status == Status.Suspended) _ = new BatchReceive<T>(task, this, wait, max);
            return status;
        }

        if (outcome == Outcome.Done) result = BatchReceive<T>.Collect(this, value, max);
        return Status.Completed;
    }
}
