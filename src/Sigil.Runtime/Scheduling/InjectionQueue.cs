using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>First-in first-out queue for tasks that become ready outside the workers, and for those that give way.</summary>
/// <remarks>A ring that grows: a task holds no link for it, since a million waiting ones would pay for that.</remarks>
internal sealed class InjectionQueue
{
    private TinyLock _lock;
    private SigilTask?[] _items = new SigilTask?[64];
    private int _head;
    private int _count;

    internal bool IsEmpty => Atomic.Load(ref _count) == 0;

    internal void Add(SigilTask task)
    {
        _lock.Enter();
        if (_count == _items.Length) Grow();
        _items[(_head + _count) & (_items.Length - 1)] = task;
        Atomic.Store(ref _count, _count + 1);
        _lock.Exit();
    }

    internal SigilTask? Take()
    {
        if (IsEmpty) return null;
        SigilTask? task = null;
        _lock.Enter();
        if (_count > 0)
        {
            ref var slot = ref _items[_head];
            task = slot;
            slot = null;
            _head = (_head + 1) & (_items.Length - 1);
            Atomic.Store(ref _count, _count - 1);
        }

        _lock.Exit();
        return task;
    }

    private void Grow()
    {
        var grown = new SigilTask?[_items.Length * 2];
        for (var i = 0; i < _count; i++) grown[i] = _items[(_head + i) & (_items.Length - 1)];
        _items = grown;
        _head = 0;
    }
}
