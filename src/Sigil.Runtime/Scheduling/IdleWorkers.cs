using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// The workers that sleep or are about to. Who takes a worker off the list signals it, exactly once; a worker that
/// changes its mind takes itself off or, when it is too late for that, waits for its signal.
/// </summary>
internal sealed class IdleWorkers(Timekeeper timekeeper)
{
    private readonly Stack<Worker> _sleepers = new();
    private TinyLock _lock;
    private int _count;
    private long _epoch;

    internal int Count => Atomic.Load(ref _count);

    /// <summary>Puts a worker on the list.</summary>
    internal void Add(Worker worker)
    {
        _lock.Enter();
        worker.Sleeps = true;
        _sleepers.Push(worker);
        Atomic.Store(ref _count, _count + 1);
        _epoch++;
        _lock.Exit();
    }

    internal Worker? TakeSleeper()
    {
        Worker? taken = null;
        _lock.Enter();
        while (taken is null && _sleepers.TryPop(out var worker))
        {
            // Workers that changed their mind are still on the stack.
            if (worker.Sleeps) taken = worker;
        }

        if (taken is not null) Removed(taken);
        _lock.Exit();
        if (taken is not null) timekeeper.SomebodyWakes();
        return taken;
    }

    internal bool TryRemove(Worker worker)
    {
        _lock.Enter();
        var removed = worker.Sleeps;
        if (removed)
        {
            Removed(worker);
            if (_sleepers.TryPeek(out var top) && top == worker) _sleepers.Pop();
            else Compact(worker);
        }

        _lock.Exit();
        if (removed) timekeeper.SomebodyWakes();
        return removed;
    }

    /// <summary>The state of the list when all workers are on it, else null.</summary>
    internal long? EpochWhenAllSleep(int workers)
    {
        if (Count != workers) return null;
        _lock.Enter();
        long? epoch = _count == workers ? _epoch : null;
        _lock.Exit();
        return epoch;
    }

    private void Removed(Worker worker)
    {
        worker.Sleeps = false;
        _epoch++;
        Atomic.Store(ref _count, _count - 1);
    }

    private void Compact(Worker removed)
    {
        var kept = _sleepers.Where(worker => worker != removed).Reverse().ToArray();
        _sleepers.Clear();
        foreach (var worker in kept) _sleepers.Push(worker);
    }
}
