using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scopes;

/// <summary>A piece of an <see cref="EntryQueue"/>.</summary>
/// <remarks>Neighbours mostly come from the same spawn one after the other; a child for which that does not hold stands beside.</remarks>
internal abstract class EntrySegment(Frame? model, int size, int firstIndex, string site)
{
    /// <summary>What the entries are made with; null of those that came ready-made.</summary>
    internal readonly Frame? Model = model;

    internal readonly string Site = site;
    internal readonly int Size = size;
    internal readonly int FirstIndex = firstIndex;

    /// <summary>The segment behind this one; itself once it has left the queue.</summary>
    internal EntrySegment? Next;

    /// <summary>How many places are filled; written by the producer.</summary>
    internal int Tail;

    private Other[]? _others;
    private TakersSide _takers;

    internal bool HasEntries => Atomic.Load(ref _takers.Taken) < Atomic.Load(ref Tail);

    internal bool IsUsedUp => Atomic.Load(ref _takers.Taken) == Size;

    /// <summary>Whether this taker may regard the segment as its own.</summary>
    internal bool TryJoin() => _takers.IsHeld == 0 && Atomic.CompareExchange(ref _takers.IsHeld, 1, 0) == 0;

    internal void Leave() => Atomic.Store(ref _takers.IsHeld, 0);

    internal bool TryTake(out int place)
    {
        while (true)
        {
            place = Atomic.Load(ref _takers.Taken);
            if (place >= Atomic.Load(ref Tail)) return false;
            if (Atomic.CompareExchange(ref _takers.Taken, place + 1, place) == place) return true;
        }
    }

    /// <summary>The taker of a place: whether an entry of the segment's model will do, filled by <see cref="Fill"/>, and nothing differs from the neighbours.</summary>
    internal bool IsPlain(int place) => Model is not null && _others?[place].Site is null;

    /// <summary>The taker of a place: what stands there, as an entry of its own.</summary>
    internal QueuedEntry EntryAt(int place)
    {
        if (_others?[place] is not { Site: { } site } other) return new QueuedEntry(MakeEntry(place), FirstIndex + place, Site);
        _others[place] = default;
        return new QueuedEntry(other.Entry ?? MakeEntry(place), other.Index, site);
    }

    /// <summary>The taker of a place: fills what stands there into an entry of the segment's model that is new or used up.</summary>
    internal abstract void Fill(Frame entry, int place);

    /// <summary>Producer only: the child of a place that differs from its neighbours; with an entry, when it is of another model.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void NoteOther(int place, int index, string site, Frame? entry)
    {
        ref var other = ref (_others ??= new Other[Size])[place];
        other = new Other(index, site, entry ?? other.Entry);
    }

    private protected abstract Frame MakeEntry(int place);

    private readonly record struct Other(int Index, string? Site, Frame? Entry);

    // Apart from what the producer writes.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct TakersSide
    {
        [FieldOffset(64)]
        public int Taken;

        [FieldOffset(68)]
        public int IsHeld;
    }
}

/// <summary>An entry that came ready-made, as captures.</summary>
/// <remarks>Not the frame itself: storing into an array of a class that has subclasses looks at the types.</remarks>
internal readonly struct ReadyMade(Frame entry)
{
    internal readonly Frame Entry = entry;
}

/// <inheritdoc/>
internal sealed class EntrySegment<T>(Frame? model, int size, int firstIndex, string site) : EntrySegment(model, size, firstIndex, site)
{
    internal readonly T[] Captures = new T[size];

    /// <summary>An entry of its own.</summary>
    internal static Frame EntryOf(Frame? model, T captures)
    {
        if (typeof(T) == typeof(ReadyMade)) return Unsafe.As<T, ReadyMade>(ref captures).Entry;
        var entry = model!.Another();
        entry.Load(new[] { captures }, 0);
        return entry;
    }

    internal override void Fill(Frame entry, int place)
    {
        entry.State = 0;
        entry.Load(Captures, place);
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) Captures[place] = default!;
    }

    private protected override Frame MakeEntry(int place)
    {
        if (typeof(T) == typeof(ReadyMade))
        {
            ref var ready = ref Unsafe.As<T, ReadyMade>(ref Captures[place]);
            var given = ready.Entry;
            ready = default;
            return given;
        }

        var entry = Model!.Another();
        Fill(entry, place);
        return entry;
    }
}
