using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Cancellation;

/// <summary>What programs do with tokens.</summary>
public static class TokenOperations
{
    /// <summary>A token that is cancelled with this one, or earlier by nobody.</summary>
    [Intrinsic("CancellationToken.child")]
    public static CancellationToken Child(CancellationToken token) => new ProgramToken(token);

    /// <summary>A token that is cancelled with this one, and after a time at the latest.</summary>
    [Intrinsic("CancellationToken.with_timeout_nanos")]
    public static CancellationToken WithTimeout(CancellationToken token, long nanos) => ProgramToken.After(token, nanos);

    /// <summary>Leaf operation: the token of the scope that the task is in.</summary>
    [Intrinsic("current_token")]
    public static Status Current(SigilTask task, out CancellationToken result)
    {
        result = task.CurrentScope;
        return Status.Completed;
    }

    /// <summary>Leaf operation: waits until the token is cancelled.</summary>
    [Intrinsic("CancellationToken.cancelled")]
    public static Status Cancelled(SigilTask task, CancellationToken token, string site)
    {
        if (task.IsCancellationRequested) return Status.Cancelled;
        if (token.IsCancelled) return Status.Completed;
        return new TokenWait(task, token, site).Begin();
    }

    private sealed class TokenWait(SigilTask task, CancellationToken token, string site) : Frame
    {
        private readonly TaskWaiter _waiter = new(task);

        public override string WaitDescription => "a token to be cancelled";

        public override string WaitSite => site;

        internal Status Begin()
        {
            var ticket = _waiter.Ticket = task.BeginWait();
            task.SuspendedFrame = task.Leaf = this;
            if (!token.TryRegister(_waiter, task.Scheduler))
            {
                // Either this retracts the wait, or cancellation from outside has claimed it.
                if (!task.TryRetract(ticket)) return Status.Suspended;
                task.Leaf = null;
                return Status.Completed;
            }

            Atomic.FullFence();
            if (!task.RetractIfCancelled(ticket)) return Status.Suspended;
            task.Leaf = null;
            token.Deregister(_waiter);
            return Status.Cancelled;
        }

        public override Status Resume(SigilTask resumed)
        {
            token.Deregister(_waiter);
            return resumed.Wake == WakeReason.Cancelled ? Status.Cancelled : Status.Completed;
        }
    }
}
