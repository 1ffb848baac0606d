using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Timers;

/// <summary>
/// Pending deadlines: a four-ary heap, earliest first. Removal is eager, so a million timeouts that never fire leave
/// no memory behind.
/// </summary>
/// <remarks>The lock guards the heap and each entry's index; entries fire outside it.</remarks>
internal sealed class TimerQueue(IClock clock, Action earlierDeadline)
{
    private const int Arity = 4;

    private TinyLock _lock;
    private TimerEntry[] _heap = new TimerEntry[16];
    private int _count;

    /// <summary>Entries in the heap or firing: a deadlock is impossible while there are any.</summary>
    private int _pending;

    internal int Pending => Atomic.Load(ref _pending);

    /// <summary>The earliest moment at which something is due, or <see cref="long.MaxValue"/>.</summary>
    internal long NextDueNanos
    {
        get
        {
            _lock.Enter();
            var due = _count == 0 ? long.MaxValue : _heap[0].DueNanos;
            _lock.Exit();
            return due;
        }
    }

    internal void Add(TimerEntry entry, long afterNanos)
    {
        var now = clock.NowNanos;
        entry.DueNanos = afterNanos > long.MaxValue - now ? long.MaxValue : now + Math.Max(0, afterNanos);
        _lock.Enter();
        Atomic.Store(ref _pending, _pending + 1);
        if (_count == _heap.Length) Array.Resize(ref _heap, _count * 2);
        Place(entry, _count++);
        SiftUp(entry.HeapIndex);
        var first = entry.HeapIndex == 0;
        _lock.Exit();
        if (first) earlierDeadline();
    }

    /// <summary>Takes an entry out; it may still fire if the timekeeper has it in hand already.</summary>
    internal void Remove(TimerEntry entry)
    {
        _lock.Enter();
        var index = entry.HeapIndex;
        if (index >= 0)
        {
            RemoveAt(index);
            Atomic.Store(ref _pending, _pending - 1);
        }

        _lock.Exit();
    }

    /// <summary>Fires everything that is due.</summary>
    internal void FireDue()
    {
        while (true)
        {
            _lock.Enter();
            var entry = _count > 0 && _heap[0].DueNanos <= clock.NowNanos ? _heap[0] : null;
            if (entry is not null) RemoveAt(0);
            _lock.Exit();
            if (entry is null) return;
            entry.Fire();

            // Only now: until the woken task is in a queue, the entry counts as outstanding.
            _lock.Enter();
            Atomic.Store(ref _pending, _pending - 1);
            _lock.Exit();
        }
    }

    private void RemoveAt(int index)
    {
        _heap[index].HeapIndex = -1;
        var last = _heap[--_count];
        _heap[_count] = null!;
        if (index == _count) return;
        Place(last, index);
        SiftUp(index);
        SiftDown(last.HeapIndex);
    }

    private void Place(TimerEntry entry, int index)
    {
        _heap[index] = entry;
        entry.HeapIndex = index;
    }

    private void SiftUp(int index)
    {
        var entry = _heap[index];
        while (index > 0)
        {
            var parent = (index - 1) / Arity;
            if (_heap[parent].DueNanos <= entry.DueNanos) break;
            Place(_heap[parent], index);
            index = parent;
        }

        Place(entry, index);
    }

    private void SiftDown(int index)
    {
        var entry = _heap[index];
        while (true)
        {
            var first = (index * Arity) + 1;
            if (first >= _count) break;
            var least = first;
            for (var child = first + 1; child < Math.Min(first + Arity, _count); child++)
                if (_heap[child].DueNanos < _heap[least].DueNanos) least = child;
            if (_heap[least].DueNanos >= entry.DueNanos) break;
            Place(_heap[least], index);
            index = least;
        }

        Place(entry, index);
    }
}
