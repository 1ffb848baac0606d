using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// The product's scheduler: one worker per core, each with its own queues, idle ones stealing from busy ones.
/// </summary>
/// <remarks>
/// Wake-up invariant: <em>if a queue holds a task, then some worker is awake that will look at the queue, or has been
/// signalled.</em> Whoever adds a task (1) publishes it, (2) executes a full fence, (3) wakes a sleeper unless some worker
/// is searching. Whoever goes to sleep (1) enters the list of sleepers and leaves the state of searching, (2) executes a full
/// fence, (3) looks at every queue once more. One of the two sees the other. A searching worker that finds a task and
/// was the only one searching wakes a further sleeper, so that a burst spreads over all cores. The next slot and held tasks are
/// outside this rule until they are released, which is a step (1): their own worker, which is awake, looks there before it sleeps,
/// and the timekeeper empties slots that are stuck and releases what is held for long.
/// </remarks>
internal sealed partial class WorkStealingScheduler : Scheduler
{
    private readonly InjectionQueue _injected = new();
    private readonly IdleWorkers _idle;
    private readonly Timekeeper _timekeeper;
    private Worker[] _workers;
    private int _searching;
    private int _outstanding;
    private int _stopped;
    private int _fairnessTurn;

    internal WorkStealingScheduler(int workers, IClock? clock = null)
        : base(clock ?? MonotonicClock.Instance)
    {
        _timekeeper = new Timekeeper(this);
        Timers = new TimerQueue(Clock, _timekeeper.Interrupt);
        _idle = new IdleWorkers(_timekeeper);
        _regular = workers;
        _workers = new Worker[workers];
        for (var i = 0; i < workers; i++) _workers[i] = new Worker(this, i);
    }

    /// <summary>The number of workers that the environment asks for: <c>SIGIL_WORKERS</c>, else one per processor.</summary>
    internal static int DefaultWorkers =>
        int.TryParse(Environment.GetEnvironmentVariable("SIGIL_WORKERS"), out var wanted) && wanted > 0
            ? Math.Min(wanted, 1024)
            : Environment.ProcessorCount;

    /// <summary>Called once, on a worker's thread, when no task can ever run again.</summary>
    internal Action? Deadlocked { get; set; }

    internal override TimerQueue Timers { get; }

    internal override int Parallelism => _regular;

    internal Worker[] Workers => Atomic.Load(ref _workers!)!;

    internal IdleWorkers Idle => _idle;

    /// <summary>Grows every ten milliseconds while workers run.</summary>
    internal int FairnessTurn => Atomic.Load(ref _fairnessTurn);

    internal void NextFairnessTurn() => Atomic.Add(ref _fairnessTurn, 1);

    internal bool IsStopped => Atomic.Load(ref _stopped) != 0;

    internal void StartThreads()
    {
        _timekeeper.StartThread();
        foreach (var worker in _workers) StartThread(worker);
    }

    /// <summary>Lets the threads end once they have nothing to run.</summary>
    internal void Stop()
    {
        Atomic.Store(ref _stopped, 1);
        _timekeeper.Interrupt();
        while (_idle.TakeSleeper() is { } sleeper) sleeper.Parker.Signal();
        SignalRetired();
    }

    internal override void Start(SigilTask task)
    {
        if (Worker.Current is { } worker && worker.Scheduler == this) worker.AddNew(task);
        else Inject(task);
    }

    internal override void Wake(SigilTask task)
    {
        if (Worker.Current is { } worker && worker.Scheduler == this) worker.PutNext(task);
        else Inject(task);
    }

    internal override void WakeAll(List<SigilTask> tasks)
    {
        if (Worker.Current is { } worker && worker.Scheduler == this) worker.AddWoken(tasks);
        else base.WakeAll(tasks);
    }

    internal override void Requeue(SigilTask task) => Inject(task);

    internal override void AddOutstanding(int delta)
    {
        if (Atomic.Add(ref _outstanding, delta) == 0) CheckForDeadlock();
    }

    /// <summary>
    /// Reports a deadlock when all workers sleep and nothing outside them can wake a task. Called by whoever may have made
    /// the last of these conditions true: the last worker to sleep, the end of an outside operation, the timekeeper.
    /// </summary>
    /// <remarks>
    /// Outside operations end only after the task that they wake is in a queue, so once they are seen to be none, the
    /// queues tell the truth; and a worker that has taken a task out of a queue since has changed the epoch.
    /// </remarks>
    internal void CheckForDeadlock()
    {
        if (_idle.EpochWhenAllSleep(ActiveWorkers) is not { } epoch) return;
        if (Atomic.Load(ref _outstanding) != 0 || Timers.Pending != 0 || IsStopped || AnyQueuedWork()) return;
        if (_idle.EpochWhenAllSleep(ActiveWorkers) == epoch) Deadlocked?.Invoke();
    }

    internal void Inject(SigilTask task)
    {
        _injected.Add(task);
        NotifyWork();
    }

    internal bool HasInjected => !_injected.IsEmpty;

    internal SigilTask? TakeInjected() => _injected.Take();

    /// <summary>Step (2) and (3) of whoever has added a task.</summary>
    internal void NotifyWork()
    {
        Atomic.FullFence();
        if (_idle.Count == 0 || Atomic.Load(ref _searching) != 0) return;
        WakeOne();
    }

    private void WakeOne()
    {
        if (_idle.TakeSleeper() is not { } sleeper) return;
        Atomic.Add(ref _searching, 1);
        sleeper.Parker.Signal();
    }

    /// <summary>Steals for a worker that has nothing of its own, and sleeps while there is nothing; null: stopped.</summary>
    /// <remarks>Half of the workers may search at a time: more would only contend for the same queues.</remarks>
    internal SigilTask? FindElsewhere(Worker thief, ref FastRandom random, int rounds)
    {
        var searching = false;
        if (TryRetire(thief))
        {
            CheckForDeadlock();
            PendingOutput.WriteOut();
            thief.Parker.Park();
            if (IsStopped) return null;
            searching = true;
        }

        else if (2 * Atomic.Load(ref _searching) < ActiveWorkers)
        {
            Atomic.Add(ref _searching, 1);
            searching = true;
        }

        while (true)
        {
            if (searching)
            {
                for (var round = 0; round < rounds && !IsStopped; round++)
                {
                    if (TrySteal(thief, ref random) is { } found)
                    {
                        if (Atomic.Add(ref _searching, -1) == 0) NotifyAfterFind();
                        return found;
                    }

                    Pause.Searching();
                }
            }

            // What was parked here may have been woken by somebody who could not see it yet.
            if (thief.Ledger.HasUnconfirmed)
            {
                thief.Ledger.Confirm();
                if (thief.FindLocal() is { } own)
                {
                    if (searching && Atomic.Add(ref _searching, -1) == 0) NotifyAfterFind();
                    return own;
                }
            }

            thief.ForgetTaken();
            PendingOutput.WriteOut();
            _idle.Add(thief);
            if (searching) Atomic.Add(ref _searching, -1);
            searching = false;
            Atomic.FullFence();
            if (AnyQueuedWork() || IsStopped)
            {
                // Whoever took us off the list has signalled us and counted us as searching.
                if (!_idle.TryRemove(thief))
                {
                    thief.Parker.Park();
                    searching = !IsStopped;
                }

                if (IsStopped) return null;
                if (TrySteal(thief, ref random) is { } late)
                {
                    if (searching && Atomic.Add(ref _searching, -1) == 0) NotifyAfterFind();
                    return late;
                }

                continue;
            }

            CheckForDeadlock();
            thief.Parker.Park();
            if (IsStopped) return null;
            searching = true;
        }
    }

    private void NotifyAfterFind()
    {
        if (_idle.Count > 0 && AnyQueuedWork()) WakeOne();
    }

    private SigilTask? TrySteal(Worker thief, ref FastRandom random)
    {
        if (_injected.Take() is { } injected) return injected;
        var workers = Workers;
        var start = (int)(random.Next() % (uint)workers.Length);
        for (var i = 0; i < workers.Length; i++)
        {
            var victim = workers[(start + i) % workers.Length];
            if (victim == thief) continue;
            if (!victim.Holds && victim.WokenTasks.TryTake() is { } woken) return woken;
            if (victim.NewTasks.TryTake() is { } task) return task;
        }

        return null;
    }

    private bool AnyQueuedWork()
    {
        if (!_injected.IsEmpty) return true;
        foreach (var worker in Workers)
            if (worker.HasTakeableWork) return true;
        return false;
    }

    private static void StartThread(Worker worker) =>
        StackGuard.Start($"sigil worker {worker.Number}", worker.Run);
}
