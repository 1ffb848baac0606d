using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Sync;
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
    private int _ticket = ticket;

    /// <summary>Whether the timekeeper has taken the entry; exact after a fence, see <see cref="Fire"/>.</summary>
    internal bool HasFired => Atomic.Load(ref HeapIndex) < 0;

    /// <summary>The wait has begun anew. The caller fences and then looks at <see cref="HasFired"/>.</summary>
    internal void Follow(int newTicket) => Atomic.Store(ref _ticket, newTicket);

    internal override void Fire()
    {
        // Pairs with the fence after Follow: either the new ticket is seen here, or the taken entry there.
        Atomic.FullFence();
        if (task.TryClaim(Atomic.Load(ref _ticket))) task.CompleteWait(reason);
    }
}

/// <summary>Cancels a scope or token.</summary>
internal sealed class ScopeDeadline(Cancellation.CancellationToken scope) : TimerEntry
{
    internal override void Fire() => scope.Cancel(CancelReason.ScopeTimedOut);
}
