using System.Runtime.CompilerServices;
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
/// Segments are filled once and never reused: the producer publishes a place by raising <c>Tail</c>, the winner of the
/// compare-and-swap on <c>Taken</c> owns it. A taker works on a segment of its own while there is one, so that takers do not carry each
/// other's lines between the cores; the mark is a hint, nothing depends on it, and who finds no segment for itself takes from one of another's.
/// A segment that another taker holds up is overtaken by <see cref="MostOvertaking"/> at most. An empty segment leaves the queue when it
/// is the first and has a successor; it then is its own successor, so that dead segments do not keep each other alive.
/// <para>A child in the queue is its captures and nothing else: they stand in an array, and the taker fills them into an entry frame, mostly one that it has
/// just used. So a million queued children are no million objects, neither for the collector nor for the core that they are carried to.</para>
/// </remarks>
internal sealed class EntryQueue
{
    /// <summary>The places of the first segment.</summary>
    internal const int FirstSize = 8;

    private const int LargestSize = 128;
    private const int MostOvertaking = 8;

    private EntrySegment? _first;
    private EntrySegment? _last;

    internal bool IsEmpty
    {
        get
        {
            var segment = Atomic.Load(ref _first);
            while (true)
            {
                if (segment is null) return true;
                if (segment.HasEntries) return false;
                var next = Atomic.Load(ref segment.Next);
                segment = next == segment ? Atomic.Load(ref _first) : next;
            }
        }
    }

    /// <summary>
    /// Producer only: a child of which there are the captures. <paramref name="model"/>, an entry that never runs, makes the entries; those of one model have
    /// captures of one type.
    /// </summary>
    internal void Add<T>(Frame? model, T captures, int index, string site)
    {
        var segment = _last;
        var tail = segment is null ? 0 : segment.Tail;
        if (segment is null || tail == segment.Size)
        {
            segment = Grow<T>(segment, model, index, site);
            tail = 0;
        }

        // One model means one type of captures: no need to look at the segment's.
        if (ReferenceEquals(model, segment.Model)) Unsafe.As<EntrySegment<T>>(segment).Captures[tail] = captures;
        else segment.NoteOther(tail, index, site, EntrySegment<T>.EntryOf(model, captures));
        if (index != segment.FirstIndex + tail || !ReferenceEquals(site, segment.Site)) segment.NoteOther(tail, index, site, null);
        Atomic.Store(ref segment.Tail, tail + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private EntrySegment Grow<T>(EntrySegment? last, Frame? model, int index, string site)
    {
        var grown = new EntrySegment<T>(model, last is null ? FirstSize : Math.Min(last.Size * 2, LargestSize), index, site);
        if (last is null) Atomic.Store(ref _first, grown);
        else Atomic.Store(ref last.Next, grown);
        return _last = grown;
    }

    /// <summary>
    /// Anybody: a segment of which the caller now owns a place, the oldest; null when there is none. <paramref name="own"/> is what the
    /// taker works on, and goes from one call to the next.
    /// </summary>
    internal EntrySegment? Take(ref EntrySegment? own, out int place)
    {
        if (own is { } current)
        {
            if (current.TryTake(out place)) return current;
            current.Leave();
            own = null;
        }

        while (true)
        {
            var segment = First();
            EntrySegment? held = null;
            for (var passed = 0; segment is not null && passed < MostOvertaking; passed++)
            {
                if (segment.HasEntries)
                {
                    if (segment.TryJoin())
                    {
                        own = segment;
                        break;
                    }

                    held ??= segment;
                }

                var next = Atomic.Load(ref segment.Next);
                segment = next == segment ? First() : next;
            }

            if ((own ?? held) is not { } found)
            {
                // Others have used up all that has been passed: the rest comes first now.
                if (segment is not null) continue;
                place = 0;
                return null;
            }

            if (found.TryTake(out place)) return found;

            // Somebody else was faster: there may be further ones.
            own?.Leave();
            own = null;
        }
    }

    private EntrySegment? First()
    {
        while (true)
        {
            var first = Atomic.Load(ref _first);
            if (first is null || !first.IsUsedUp || Atomic.Load(ref first.Next) is not { } next) return first;
            if (next != first && Atomic.CompareExchange(ref _first, next, first) == first) Atomic.Store(ref first.Next, first);
        }
    }
}
