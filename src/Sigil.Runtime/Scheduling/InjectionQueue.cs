using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>First-in first-out queue for tasks that become ready outside the workers, and for those that give way.</summary>
internal sealed class InjectionQueue
{
    private TinyLock _lock;
    private SigilTask? _first;
    private SigilTask? _last;

    internal bool IsEmpty => Atomic.Load(ref _first) is null;

    internal void Add(SigilTask task)
    {
        _lock.Enter();
        task.NextInList = null;
        if (_first is null) Atomic.Store(ref _first, task);
        else _last!.NextInList = task;
        _last = task;
        _lock.Exit();
    }

    internal SigilTask? Take()
    {
        if (IsEmpty) return null;
        _lock.Enter();
        var task = _first;
        if (task is not null)
        {
            Atomic.Store(ref _first, task.NextInList);
            task.NextInList = null;
            if (_first is null) _last = null;
        }

        _lock.Exit();
        return task;
    }
}
