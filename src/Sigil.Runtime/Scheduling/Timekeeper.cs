using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// One thread that fires timers and, while workers run, looks after what no worker looks after itself: next slots stuck
/// behind a long computation. While all workers sleep it waits for the next deadline and uses no CPU.
/// </summary>
internal sealed class Timekeeper(WorkStealingScheduler scheduler)
{
    // A task in a next slot waits at most about two of these for a free core.
    private const uint ShortPeriodMicros = 100;

    // Used after a while of finding nothing to do; a timer that is added meanwhile is at most this late.
    private const uint LongPeriodMicros = 1000;

    // A fence costs each running worker some microseconds.
    private const long FencePeriodNanos = 1_000_000;

    private const long TurnPeriodNanos = 10_000_000;

    private const int QuietRounds = 50;

    private readonly Parker _parker = new();
    private int[] _seenTicks = [];
    private bool[] _seenNext = [];
    private bool[] _seenHeld = [];
    private bool _suspects;
    private int _resting;
    private long _lastFence;
    private long _lastTurn;

    internal void StartThread() => Threads.Start("sigil timekeeper", 256 * 1024, Run);

    /// <summary>A deadline earlier than all others has been added, or the scheduler stops.</summary>
    internal void Interrupt()
    {
        Atomic.FullFence();
        if (Atomic.Load(ref _resting) != 0) _parker.Signal();
    }

    /// <summary>A worker has been woken: there may be slots to look after.</summary>
    internal void SomebodyWakes() => Interrupt();

    private void Run()
    {
        var quiet = 0;
        while (!scheduler.IsStopped)
        {
            scheduler.Timers.FireDue();
            if (scheduler.IsQuiet)
            {
                // The last timer may have fired without waking anybody.
                scheduler.CheckForDeadlock();
                Rest();
                quiet = 0;
                continue;
            }

            DoChores();
            quiet = RescueStuckSlots() ? 0 : quiet + 1;
            var calm = quiet > QuietRounds || scheduler.Idle.Count == 0;

            // What looks stuck is looked at again soon.
            NativeSleep.Microseconds(calm && !_suspects ? LongPeriodMicros : ShortPeriodMicros);
        }
    }

    private void Rest()
    {
        Atomic.Store(ref _resting, 1);

        // Pairs with the fence of Interrupt: it sees us resting, or we see its deadline or its awake worker.
        Atomic.FullFence();
        var due = scheduler.Timers.NextDueNanos;
        if (scheduler.IsQuiet && !scheduler.IsStopped)
        {
            if (due == long.MaxValue) _parker.Park();
            else _parker.Park(due - scheduler.Clock.NowNanos);
        }

        Atomic.Store(ref _resting, 0);
    }

    /// <summary>Grants the fairness turn, and re-examines what busy workers have parked: one fence for all of them.</summary>
    private void DoChores()
    {
        var now = scheduler.Clock.NowNanos;
        if (now - _lastTurn >= TurnPeriodNanos)
        {
            _lastTurn = now;
            scheduler.NextFairnessTurn();
        }

        if (now - _lastFence < FencePeriodNanos) return;
        var fenced = false;

        // A task that is being woken here is in no queue yet: no deadlock meanwhile.
        scheduler.AddOutstanding(1);
        foreach (var worker in scheduler.Workers)
        {
            if (!worker.Ledger.HasUnconfirmed) continue;
            if (!fenced) ParkLedger.Fence();
            fenced = true;
            worker.Ledger.Examine();
        }

        if (fenced) _lastFence = now;
        scheduler.AddOutstanding(-1);
    }

    /// <summary>Moves tasks out of slots whose workers have run the same task since the last look.</summary>
    private bool RescueStuckSlots()
    {
        var workers = scheduler.Workers;
        if (_seenTicks.Length != workers.Length)
        {
            _seenTicks = new int[workers.Length];
            _seenNext = new bool[workers.Length];
            _seenHeld = new bool[workers.Length];
        }

        var rescued = false;
        var suspects = false;
        for (var i = 0; i < workers.Length; i++)
        {
            var worker = workers[i];
            var tick = worker.Tick;
            var lasts = _seenTicks[i] == tick;
            var stuck = _seenNext[i] && lasts;
            var held = _seenHeld[i] && lasts && worker.Holds;
            _seenTicks[i] = tick;
            _seenNext[i] = worker.HasNext;
            _seenHeld[i] = worker.Holds;
            suspects |= !lasts && (_seenNext[i] || _seenHeld[i]);
            if (held)
            {
                worker.ReleaseLong(tick);
                rescued = true;
            }

            if (!stuck || scheduler.Idle.Count == 0) continue;

            // Between slot and queue the task is nowhere: no deadlock meanwhile.
            scheduler.AddOutstanding(1);
            if (worker.TakeNext() is { } task)
            {
                scheduler.Inject(task);
                rescued = true;
            }

            scheduler.AddOutstanding(-1);
        }

        _suspects = suspects && scheduler.Idle.Count > 0;
        return rescued;
    }
}
