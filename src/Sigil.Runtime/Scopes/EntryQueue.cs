using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scopes;

/// <summary>A child that has been spawned and not made into a task yet.</summary>
/// <param name="Entry">Its entry frame.</param>
/// <param name="Index">Its place among its siblings.</param>
/// <param name="Site">Where it was spawned.</param>
internal readonly record struct QueuedEntry(Frame Entry, int Index, string Site);

/// <summary>First-in first-out queue with one producer and any number of takers, without locks.</summary>
/// <remarks>
/// Segments are filled once and never reused: the producer publishes a slot by raising <c>Tail</c>, the winner of the
/// compare-and-swap on <c>Head</c> owns it. An empty segment is left when it is full and has a successor.
/// </remarks>
internal sealed class EntryQueue
{
    private const int FirstSize = 8;
    private const int LargestSize = 512;

    private Segment _first = new(FirstSize);
    private Segment _last;

    internal EntryQueue() => _last = _first;

    internal bool IsEmpty
    {
        get
        {
            var segment = Atomic.Load(ref _first!)!;
            while (true)
            {
                if (Atomic.Load(ref segment.Head) < Atomic.Load(ref segment.Tail)) return false;
                if (Atomic.Load(ref segment.Next) is not { } next) return true;
                segment = next;
            }
        }
    }

    /// <summary>Producer only.</summary>
    internal void Add(QueuedEntry entry)
    {
        var segment = _last;
        var tail = segment.Tail;
        if (tail == segment.Items.Length)
        {
            var grown = new Segment(Math.Min(tail * 2, LargestSize));
            Atomic.Store(ref segment.Next, grown);
            _last = segment = grown;
            tail = 0;
        }

        segment.Items[tail] = entry;
        Atomic.Store(ref segment.Tail, tail + 1);
    }

    /// <summary>Anybody: the oldest entry; false when there is none.</summary>
    internal bool TryTake(out QueuedEntry entry)
    {
        while (true)
        {
            var segment = Atomic.Load(ref _first!)!;
            var head = Atomic.Load(ref segment.Head);
            if (head < Atomic.Load(ref segment.Tail))
            {
                if (Atomic.CompareExchange(ref segment.Head, head + 1, head) != head) continue;
                entry = segment.Items[head];
                segment.Items[head] = default;
                return true;
            }

            if (head < segment.Items.Length || Atomic.Load(ref segment.Next) is not { } next)
            {
                entry = default;
                return false;
            }

            Atomic.CompareExchange(ref _first!, next, segment);
        }
    }

    private sealed class Segment(int size)
    {
        internal readonly QueuedEntry[] Items = new QueuedEntry[size];
        internal int Head;
        internal int Tail;
        internal Segment? Next;
    }
}
