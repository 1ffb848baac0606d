using System.Diagnostics;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Tasks;

/// <summary>Why a wait ended; read by the leaf frame when it is resumed.</summary>
internal enum WakeReason
{
    /// <summary>The operation may be complete: the leaf looks again, or finds its result filled in.</summary>
    Signalled = 0,

    /// <summary>The task's scope was cancelled.</summary>
    Cancelled = 1,

    /// <summary>The wait's own deadline passed.</summary>
    TimedOut = 2,

    /// <summary>The task suspended only to let others run, and goes behind them.</summary>
    GaveWay = 3,
}

/// <summary>
/// The wait word: the only place that decides who ends a wait. All transitions stand in this file.
/// </summary>
/// <remarks>
/// <code>
/// Running --BeginWait--> Waiting --TryPark--> Parked          task's own worker
/// Waiting --TryClaim--> Claimed --CompleteWait--> Ready --TryPark--> Running (goes on at once)
///                       Claimed --TryPark--> ClaimedParked --CompleteWait--> Running + scheduled
/// Parked  --TryClaim--> ClaimedParked
/// Parked  --TryCancelParked--> Running (the canceller schedules it)
/// Waiting --TryRetract--> Running                             task's own worker
/// </code>
/// Exactly one claimer wins a wait, so an operation is delivered, cancelled or timed out, never two of them. Only the
/// winner may write the result; it does so before <c>CompleteWait</c>, whose compare-and-swap (or hand-over through a run
/// queue) publishes it together with the reason, which stands in the word too. After TryPark has returned true, or CompleteWait
/// has been called, the caller must not touch the task again. The epoch in the upper bits makes tickets of past waits worthless.
/// A million tasks may wait at once, so the word also says of a task that has ended whether it has a result (Yielded).
/// </remarks>
public partial class SigilTask
{
    private const int Running = 0;
    private const int Waiting = 1;
    private const int Parked = 2;
    private const int Claimed = 3;
    private const int ClaimedParked = 4;
    private const int Ready = 5;
    private const int Yielded = 6;
    private const int PhaseMask = 7;
    private const int Cancellable = 8;
    private const int WakeShift = 4;
    private const int WakeMask = 3 << WakeShift;
    private const int EpochStep = 64;

    // Starts near the wrap-around, so that every run passes it.
    private int _wait = unchecked(-64 * EpochStep);

    /// <summary>Why the latest wait ended; set by whoever completes it, or by the running task itself.</summary>
    internal WakeReason Wake
    {
        get => (WakeReason)((_wait & WakeMask) >> WakeShift);
        set
        {
            Debug.Assert((_wait & PhaseMask) == Running, "a wait's claimer gives the reason to CompleteWait");
            Atomic.Store(ref _wait, (_wait & ~WakeMask) | ((int)value << WakeShift));
        }
    }

    /// <summary>Of a scope's child that has ended: it has a result.</summary>
    internal bool HasResult
    {
        get => (Atomic.Load(ref _wait) & PhaseMask) == Yielded;
        set => Atomic.Store(ref _wait, (_wait & ~PhaseMask) | (value ? Yielded : Running));
    }

    /// <summary>Whether the task stands in the list of its cancellation scope; changed by its own worker only.</summary>
    internal bool IsEnlisted => PreviousInScope is not null;

    // Links of the cancellation scope's list, guarded by its lock; the first task's predecessor is itself.
    internal SigilTask? PreviousInScope;
    internal SigilTask? NextInScope;

    /// <summary>Whether the task waits and nobody has claimed the wait; exact only while nothing runs.</summary>
    internal bool IsParked => (Atomic.Load(ref _wait) & PhaseMask) == Parked;

    /// <summary>
    /// Announces a wait and returns its ticket. The caller publishes the ticket (channel, timer) afterwards, with a
    /// lock or fence, looks once more for what it waits for, and then either retracts or returns Suspended.
    /// </summary>
    internal int BeginWait(bool cancellable = true)
    {
        Debug.Assert((_wait & PhaseMask) == Running, "a running task waits once at a time");
        if (cancellable && !IsEnlisted)
        {
            CurrentScope.Enlist(this);
        }

        var ticket = ((_wait & ~(PhaseMask | Cancellable | WakeMask)) + EpochStep) | (cancellable ? Cancellable : 0);
        Atomic.Store(ref _wait, ticket | Waiting);
        return ticket;
    }

    /// <summary>
    /// After BeginWait and a full fence: whether cancellation was requested before it could have seen the wait. If
    /// so the wait has been retracted.
    /// </summary>
    internal bool RetractIfCancelled(int ticket) => CurrentScope.IsCancelled && TryRetract(ticket);

    /// <summary>Ends the wait from the task's own side; false when somebody has claimed it already.</summary>
    internal bool TryRetract(int ticket)
    {
        if (Atomic.CompareExchange(ref _wait, ticket | Running, ticket | Waiting) != (ticket | Waiting)) return false;
        return true;
    }

    /// <summary>Claims the wait with this ticket; the winner goes on to <see cref="CompleteWait"/>.</summary>
    internal bool TryClaim(int ticket)
    {
        while (true)
        {
            var word = Atomic.Load(ref _wait);
            int next;
            if (word == (ticket | Parked)) next = ticket | ClaimedParked;
            else if (word == (ticket | Waiting)) next = ticket | Claimed;
            else return false;
            if (Atomic.CompareExchange(ref _wait, next, word) == word) return true;
        }
    }

    /// <summary>Claims whatever cancellable wait is going on; the caller holds the scope's lock.</summary>
    internal bool TryClaimForCancellation()
    {
        var word = Atomic.Load(ref _wait);
        return (word & Cancellable) != 0 && TryClaim(word & ~PhaseMask);
    }

    /// <summary>
    /// Claims a cancellable wait of a parked task and completes it as cancelled, in one step; the caller holds the scope's lock, and
    /// schedules the task once it has let go of it. False when there is no such wait, or not yet: see <see cref="TryClaimForCancellation"/>.
    /// </summary>
    internal bool TryCancelParked()
    {
        var word = Atomic.Load(ref _wait);
        return (word & (PhaseMask | Cancellable)) == (Parked | Cancellable)
            && Atomic.CompareExchange(ref _wait, (word & ~PhaseMask) | ((int)WakeReason.Cancelled << WakeShift), word) == word;
    }

    /// <summary>Second half of a claim: records why, and lets the task run again.</summary>
    internal void CompleteWait(WakeReason reason)
    {
        var word = Atomic.Load(ref _wait);
        var woken = (word & ~PhaseMask) | ((int)reason << WakeShift);
        if ((word & PhaseMask) == Claimed && Atomic.CompareExchange(ref _wait, woken | Ready, word) == word) return;
        Debug.Assert((_wait & PhaseMask) == ClaimedParked, "only the claimer completes a wait");
        Atomic.Store(ref _wait, woken);
        Scheduler.Wake(this);
    }

    /// <summary>
    /// The trampoline's last step after a suspension: true when the task is now parked (and must not be touched), false
    /// when the wait has been completed meanwhile and the task goes on at its leaf. A cancellation that came before it could see the
    /// wait is found here, so a leaf that needs no fence for other reasons has none.
    /// </summary>
    internal bool TryPark()
    {
        while (true)
        {
            var word = Atomic.Load(ref _wait);
            switch (word & PhaseMask)
            {
                case Waiting:
                    // Read before: once the task is parked, somebody else may run it.
                    var scope = (word & Cancellable) != 0 ? CurrentScope : null;
                    if (Atomic.CompareExchange(ref _wait, (word & ~PhaseMask) | Parked, word) != word) break;

                    // The exchange has fenced. A canceller that looked at the wait before it was begun has raised its flag before that.
                    // Only the wait word is touched, by its ticket: that is worthless when the wait has ended meanwhile.
                    if (scope is { IsCancelled: true } && TryClaim(word & ~PhaseMask)) CompleteWait(WakeReason.Cancelled);
                    return true;
                case Claimed:
                    if (Atomic.CompareExchange(ref _wait, (word & ~PhaseMask) | ClaimedParked, word) == word) return true;
                    break;
                default:
                    Debug.Assert((word & PhaseMask) == Ready, "a leaf that suspends has begun a wait");
                    Atomic.Store(ref _wait, word & ~PhaseMask);
                    return false;
            }
        }
    }
}
