using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// Spare workers, which take the place of workers whose threads block in calls made by plain code.
/// </summary>
/// <remarks>
/// As many spares are active as workers are blocked. An active spare is a worker like any other, only that it retires when
/// it meets a time with fewer blocked workers than active spares. A retired spare sleeps at its parker like one in the list
/// of idle workers, so that activating it means to put it on that list, and to retire an idle one to take it off: no
/// thread wakes up for a call that blocks while nothing else is to be done.
/// </remarks>
internal sealed partial class WorkStealingScheduler
{
    // Blocked children of one scope are replaced up to here, as threads for blocking calls of other kinds are started: beyond it children wait.
    private const int MostReplaced = 512;

    private readonly Gate _sparesGate = new();
    private readonly List<Worker> _spares = [];
    private readonly Stack<Worker> _retired = new();
    private readonly int _regular;
    private int _activeSpares;
    private int _blocked;

    /// <summary>Workers that are not retired, blocked ones included.</summary>
    internal int ActiveWorkers => _regular + Atomic.Load(ref _activeSpares);

    /// <summary>Whether every worker sleeps or is blocked outside.</summary>
    internal bool IsQuiet => _idle.Count + Atomic.Load(ref _blocked) >= ActiveWorkers;

    /// <summary>
    /// Called by a worker that is about to block its thread: what it has queued can be stolen, the slot is emptied, and
    /// a spare takes its place.
    /// </summary>
    internal void BeginBlocking(Worker worker)
    {
        AddOutstanding(1);
        worker.PrepareToBlock(replacesPump: Atomic.Load(ref _blocked) < MostReplaced);
        Worker? started = null;
        using (_sparesGate.Hold())
        {
            Atomic.Store(ref _blocked, _blocked + 1);
            if (_blocked > _activeSpares)
            {
                Atomic.Store(ref _activeSpares, _activeSpares + 1);
                if (_retired.TryPop(out var spare)) _idle.Add(spare);
                else started = AddSpare();
            }
        }

        if (started is not null) StartThread(started);
        Atomic.FullFence();
        if (AnyQueuedWork()) NotifyWork();
    }

    internal void EndBlocking()
    {
        using (_sparesGate.Hold())
        {
            Atomic.Store(ref _blocked, _blocked - 1);
            if (_activeSpares > _blocked && _spares.Find(_idle.TryRemove) is { } spare) Retire(spare);
        }

        AddOutstanding(-1);
        _timekeeper.Interrupt();
    }

    /// <summary>Whether a spare is one too many; it then has to park until it is activated and woken.</summary>
    private bool TryRetire(Worker worker)
    {
        if (worker.Number < _regular) return false;
        using (_sparesGate.Hold())
        {
            if (_activeSpares <= _blocked || IsStopped) return false;
            Retire(worker);
            return true;
        }
    }

    /// <summary>Whether a spare should give its tasks away and retire.</summary>
    internal bool IsSurplus(Worker worker) =>
        worker.Number >= _regular && Atomic.Load(ref _activeSpares) > Atomic.Load(ref _blocked);

    private void Retire(Worker spare)
    {
        _retired.Push(spare);
        Atomic.Store(ref _activeSpares, _activeSpares - 1);
    }

    private Worker AddSpare()
    {
        var grown = new Worker[_workers.Length + 1];
        _workers.CopyTo(grown, 0);
        var spare = grown[^1] = new Worker(this, grown.Length - 1);
        _spares.Add(spare);
        Atomic.Store(ref _workers!, grown);
        return spare;
    }

    private void SignalRetired()
    {
        using (_sparesGate.Hold())
        {
            while (_retired.TryPop(out var spare)) spare.Parker.Signal();
        }
    }
}
