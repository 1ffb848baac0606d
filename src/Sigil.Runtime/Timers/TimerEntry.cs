using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Timers;

/// <summary>Something that happens at a moment; owned by one timer queue while <see cref="HeapIndex"/> is not negative.</summary>
internal abstract class TimerEntry
{
    internal long DueNanos;
    internal int HeapIndex = -1;

    /// <summary>Runs on the timekeeper's thread, outside the queue's lock, perhaps after a late removal.</summary>
    internal abstract void Fire();
}

/// <summary>Ends one wait of one task.</summary>
internal sealed class WaitDeadline(SigilTask task, int ticket, WakeReason reason) : TimerEntry
{
    internal override void Fire()
    {
        if (task.TryClaim(ticket)) task.CompleteWait(reason);
    }
}

/// <summary>Cancels a scope.</summary>
internal sealed class ScopeDeadline(CancelScope scope) : TimerEntry
{
    internal override void Fire() => scope.Cancel(CancelReason.ScopeTimedOut);
}
