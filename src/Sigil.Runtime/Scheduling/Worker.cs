using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// One thread that runs tasks. Ready tasks are, in the order in which they are looked at: the <em>next</em> slot (woken
/// by the task that ran last: its data is in the cache), the queue of woken tasks (first in, first out), and the deque
/// of new tasks (last in, first out, so that nested scopes unfold depth first and few tasks exist at once).
/// </summary>
/// <remarks>
/// Nothing starves: after <see cref="NextSlotRuns"/> tasks from the slot the queue has its turn, every
/// <see cref="FairnessPeriod"/> tasks the injection queue has, and every ten milliseconds the oldest new task: not more often,
/// since each such task opens a further subtree of scopes before the present one is finished.
/// Woken tasks are <em>held</em> until the task that wakes them has had its turn: those who share a channel would otherwise be
/// carried to another core one by one, only to contend for it. Others take them once the turn is over, or when the timekeeper
/// finds that it lasts.
/// </remarks>
internal sealed class Worker
{
    // As in Go and Tokio: a prime, so that it does not beat with periodic programs, and rare enough to cost nothing.
    private const int FairnessPeriod = 61;

    // A pair of tasks that wake each other may stay in the slot this many times before others are looked at.
    private const int NextSlotRuns = 32;

    // About 20 µs of looking around: less than a kernel wake-up costs, and short enough not to count as CPU use.
    private const int SearchRounds = 40;

    [ThreadStatic]
    private static Worker? t_current;

    private readonly WorkStealingScheduler _scheduler;
    private FastRandom _random;
    private SigilTask? _next;
    private int _nextRuns;
    private int _tick;
    private int _seenTurn;

    // Whether others must leave the woken tasks alone. Raised by the worker; lowered by it and by the timekeeper.
    private int _holds;

    // The turn in which the timekeeper has found that it lasts: nothing more is held.
    private int _longTurn = -1;

    internal Worker(WorkStealingScheduler scheduler, int number)
    {
        _scheduler = scheduler;
        _random = new FastRandom((uint)(number + 1) * 2654435761u);
        Number = number;
    }

    internal static Worker? Current => t_current;

    internal int Number { get; }

    internal WorkStealingScheduler Scheduler => _scheduler;

    internal WorkDeque NewTasks { get; } = new();

    internal WorkDeque WokenTasks { get; } = new();

    internal Parker Parker { get; } = new();

    internal ParkLedger Ledger { get; } = new();

    /// <summary>Counts tasks run; the timekeeper sees from it whether the next slot is stuck behind a long computation.</summary>
    internal int Tick => Atomic.Load(ref _tick);

    internal bool HasNext => Atomic.Load(ref _next) is not null;

    /// <summary>Whether tasks that have been woken wait for this worker.</summary>
    internal bool HasWokenWork => HasNext || !WokenTasks.IsEmpty;

    internal bool HasQueuedWork => !NewTasks.IsEmpty || !WokenTasks.IsEmpty;

    /// <summary>Whether woken tasks wait for the end of the present turn.</summary>
    internal bool Holds => Atomic.Load(ref _holds) != 0;

    /// <summary>Whether there is something in the queues that others may take.</summary>
    internal bool HasTakeableWork => !NewTasks.IsEmpty || (!WokenTasks.IsEmpty && !Holds);

    /// <summary>This worker's thread only: the pump whose turn it is, if the running task is one.</summary>
    internal IPump? Pump { get; set; }

    /// <summary>Guarded by the scheduler's idle lock: whether the worker is among the sleepers.</summary>
    internal bool Sleeps;

    internal void Run()
    {
        t_current = this;

        // In a controlled run nothing takes time, so looking again soon finds nothing new.
        var rounds = Control.Strand is null ? SearchRounds : 2;
        while (true)
        {
            if (_scheduler.IsSurplus(this)) GiveAway();
            var task = NextTurn() ?? _scheduler.FindElsewhere(this, ref _random, rounds);
            if (task is null) break;
            _tick++;
            Trampoline.Run(task);
        }

        // The thread may be used again.
        t_current = null;
    }

    /// <summary>This worker's thread only: the task runs after the current one.</summary>
    internal void PutNext(SigilTask task)
    {
        // Others only ever empty the slot, so an empty one may be filled with a plain store.
        if (Atomic.Load(ref _next) is null)
        {
            Atomic.Store(ref _next, task);
            return;
        }

        if (Atomic.Exchange(ref _next, task) is { } displaced) AddWoken(displaced);
    }

    /// <summary>This worker's thread only: the tasks run after those that have been woken before, in this order.</summary>
    internal void AddWoken(List<SigilTask> tasks)
    {
        foreach (var task in tasks) AddWoken(task);
    }

    private void AddWoken(SigilTask task)
    {
        if (Atomic.Load(ref _longTurn) == _tick)
        {
            WokenTasks.Push(task);
            _scheduler.NotifyWork();
            return;
        }

        if (_holds == 0) Atomic.Store(ref _holds, 1);
        WokenTasks.Push(task);

        // Once more: the timekeeper may have lowered it before it could see the task, and is to find it raised at its next look.
        Atomic.Store(ref _holds, 1);
    }

    /// <summary>This worker's thread only, before it looks for its next task or blocks: the turn is over.</summary>
    private void Release()
    {
        if (_holds == 0) return;
        Atomic.Store(ref _holds, 0);
        if (!WokenTasks.IsEmpty) _scheduler.NotifyWork();
    }

    /// <summary>The timekeeper: a turn lasts.</summary>
    internal void ReleaseLong(int turn)
    {
        Atomic.Store(ref _longTurn, turn);
        Atomic.Store(ref _holds, 0);
        _scheduler.NotifyWork();
    }

    internal void AddNew(SigilTask task)
    {
        NewTasks.Push(task);
        _scheduler.NotifyWork();
    }

    /// <summary>Before this worker's thread blocks: nothing may depend on it meanwhile.</summary>
    internal void PrepareToBlock(bool replacesPump)
    {
        if (replacesPump) Pump?.GiveUpPlace();
        if (Ledger.HasUnconfirmed) Ledger.Confirm();
        if (TakeNext() is { } next) _scheduler.Inject(next);
        Release();
    }

    /// <summary>Before sleeping: nothing that has ended is kept alive by the queues.</summary>
    internal void ForgetTaken()
    {
        NewTasks.ForgetTaken();
        WokenTasks.ForgetTaken();
    }

    private void GiveAway()
    {
        while ((TakeNext() ?? WokenTasks.TakeOldest() ?? NewTasks.TakeOldest()) is { } task) _scheduler.Inject(task);
    }

    /// <summary>Anybody: takes the task out of the slot.</summary>
    internal SigilTask? TakeNext() => Atomic.Load(ref _next) is null ? null : Atomic.Exchange(ref _next, null);

    // Released after the next task has been taken: mostly nothing is left then, and nobody is woken for it.
    private SigilTask? NextTurn()
    {
        var task = FindLocal();
        Release();
        return task;
    }

    /// <summary>This worker's thread only: the next task of its own.</summary>
    internal SigilTask? FindLocal()
    {
        if (_tick % FairnessPeriod == 0)
        {
            _nextRuns = 0;
            if (_scheduler.TakeInjected() is { } injected) return injected;
            if (_seenTurn != _scheduler.FairnessTurn)
            {
                _seenTurn = _scheduler.FairnessTurn;
                if (NewTasks.TakeOldest() is { } aged) return aged;
            }
        }

        if (_nextRuns < NextSlotRuns)
        {
            if (TakeNext() is { } next)
            {
                _nextRuns++;
                return next;
            }

            _nextRuns = 0;
            return WokenTasks.TakeOldest() ?? NewTasks.Pop() ?? _scheduler.TakeInjected();
        }

        _nextRuns = 0;
        return WokenTasks.TakeOldest() ?? _scheduler.TakeInjected() ?? NewTasks.Pop() ?? TakeNext();
    }
}
