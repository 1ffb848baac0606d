using System.Runtime.InteropServices;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// The run queue of one worker: its owner adds and removes at the bottom, anybody may take from the top.
/// </summary>
/// <remarks>
/// Chase and Lev, "Dynamic circular work-stealing deque" (2005), with the orderings of Lê et al. (2013). Only the owner
/// writes <c>_bottom</c> and <c>_items</c>; <c>_top</c> only grows, by compare-and-swap. A taker that has read an item
/// from an array that has been replaced meanwhile still holds the right one, since the owner never writes into a
/// replaced array. Items may be taken from the top by the owner too, which makes the deque first-in first-out.
/// </remarks>
internal sealed class WorkDeque
{
    private const int ForgetPeriod = 16;

    private PaddedIndexes _index;
    private SigilTask?[] _items = new SigilTask?[256];
    private long _forgotten;

    internal bool IsEmpty => Atomic.Load(ref _index.Top) >= Atomic.Load(ref _index.Bottom);

    /// <summary>Owner only.</summary>
    internal void Push(SigilTask task)
    {
        var bottom = _index.Bottom;
        var items = _items;
        if (bottom - Atomic.Load(ref _index.Top) >= items.Length - 1) items = Grow(bottom);
        items[bottom & (items.Length - 1)] = task;
        Atomic.Store(ref _index.Bottom, bottom + 1);
        if ((bottom & (ForgetPeriod - 1)) == 0) ForgetTaken();
    }

    /// <summary>
    /// Owner only: empties the slots of items that have been taken from the top, which takers cannot do without racing with
    /// the owner. A task that has ended must not live on here with all that it refers to.
    /// </summary>
    internal void ForgetTaken()
    {
        var items = _items;
        var top = Atomic.Load(ref _index.Top);

        // Slots further back have been filled again.
        for (var i = Math.Max(_forgotten, _index.Bottom - items.Length); i < top; i++) items[i & (items.Length - 1)] = null;
        _forgotten = top;
    }

    /// <summary>Owner only: the youngest item.</summary>
    internal SigilTask? Pop()
    {
        var bottom = _index.Bottom - 1;
        if (bottom < Atomic.Load(ref _index.Top)) return null;
        Atomic.Store(ref _index.Bottom, bottom);

        // Pairs with the fence in TryTake: either the taker sees the smaller bottom or we see its larger top.
        Atomic.FullFence();
        var top = Atomic.Load(ref _index.Top);
        SigilTask? task = null;
        if (top <= bottom)
        {
            ref var slot = ref _items[bottom & (_items.Length - 1)];
            task = slot;
            if (top < bottom)
            {
                slot = null;
                return task;
            }

            // The last item: the takers decide who gets it.
            if (Atomic.CompareExchange(ref _index.Top, top + 1, top) != top) task = null;
        }

        Atomic.Store(ref _index.Bottom, bottom + 1);
        return task;
    }

    /// <summary>Anybody: the oldest item. Null may also mean that somebody else was faster.</summary>
    internal SigilTask? TryTake()
    {
        var top = Atomic.Load(ref _index.Top);
        Atomic.FullFence();
        if (top >= Atomic.Load(ref _index.Bottom)) return null;
        var items = Atomic.Load(ref _items!)!;
        var task = Atomic.Load(ref items[top & (items.Length - 1)]);
        return Atomic.CompareExchange(ref _index.Top, top + 1, top) == top ? task : null;
    }

    /// <summary>Owner only: the oldest item, insisting while there is one.</summary>
    internal SigilTask? TakeOldest()
    {
        while (Atomic.Load(ref _index.Top) < _index.Bottom)
            if (TryTake() is { } task) return task;
        return null;
    }

    private SigilTask?[] Grow(long bottom)
    {
        var old = _items;
        var grown = new SigilTask?[old.Length * 2];
        for (var i = Atomic.Load(ref _index.Top); i < bottom; i++)
            grown[i & (grown.Length - 1)] = old[i & (old.Length - 1)];
        Atomic.Store(ref _items!, grown);
        return grown;
    }

    // Takers hammer the top, the owner the bottom: they live in different cache lines.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct PaddedIndexes
    {
        [FieldOffset(64)]
        public long Top;

        [FieldOffset(192)]
        public long Bottom;
    }
}
