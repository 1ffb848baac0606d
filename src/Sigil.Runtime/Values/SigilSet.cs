using System.Runtime.CompilerServices;
using Sigil.Runtime.Channels;

namespace Sigil.Runtime.Values;

/// <summary>The set <c>Set&lt;T&gt;</c>: insertion ordered; a map of keys alone, with the map's sharing discipline.</summary>
public sealed class SigilSet<T> : ISharable, IEquatable<SigilSet<T>>, IDroppable, Ownership.IUpdatable
{
    /// <summary>The empty set; shared from the start.</summary>
    public static readonly SigilSet<T> Empty = new(SigilMap<T, Unit>.Empty);

    private readonly SigilMap<T, Unit> map;

    private SigilSet(SigilMap<T, Unit> map) => this.map = map;

    /// <summary>An empty set with room.</summary>
    public static SigilSet<T> WithCapacity(long capacity) => new(SigilMap<T, Unit>.WithCapacity(capacity));

    /// <summary><c>Set&lt;T&gt;.new()</c>.</summary>
    [Intrinsic("empty_set")]
    public static SigilSet<T> New() => Empty;

    /// <summary><c>Set&lt;T&gt;.from(items)</c>.</summary>
    [ReadsOnly]
    [Intrinsic("set.from")]
    public static SigilSet<T> From(SigilList<T> items)
    {
        var set = WithCapacity(items.Count);
        foreach (var item in items.Span)
            set.Add(item);
        return set;
    }

    void IDroppable.Drop() => ((IDroppable)map).Drop();

    /// <summary>The number of elements.</summary>
    [ReadsOnly]
    public int Count => map.Count;

    /// <summary>The number of elements as a Sigil int.</summary>
    [Intrinsic("set_len"), ReadsOnly]
    public long Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => map.Count;
    }

    /// <summary>Whether a second reference to this object was made at some time.</summary>
    [ReadsOnly]
    public bool Shared => map.Shared;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MarkShared() => map.MarkShared();

    bool Ownership.IUpdatable.IsShared => map.Shared;

    void Ownership.IUpdatable.VisitParts(Action<object?> visit) => ((Ownership.IUpdatable)map).VisitParts(visit);

    /// <summary>Whether the element is there.</summary>
    [ReadsOnly]
    [Intrinsic("set.contains")]
    public bool Contains(T value) => map.Has(value);

    /// <summary>Adds an element; one that is there already keeps its place.</summary>
    [Intrinsic("set.insert")]
    public SigilSet<T> Insert(T value)
    {
        if (map.Shared)
            return map.Has(value) ? this : new SigilSet<T>(map.Insert(value, default));
        map.Put(value, default);
        return this;
    }

    /// <summary>Adds in place; only for a set that is known to be owned (under construction).</summary>
    public void Add(T value) => map.Put(value, default);

    /// <summary>Takes an element out; no-op when it is absent.</summary>
    [Intrinsic("set.remove")]
    public SigilSet<T> Remove(T value)
    {
        var rest = map.Remove(value);
        return ReferenceEquals(rest, map) ? this : new SigilSet<T>(rest);
    }

    /// <summary>The first entry at or after an index, or -1; see <see cref="SigilMap{K,V}.NextIndex"/>.</summary>
    [ReadsOnly]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NextIndex(int index) => map.NextIndex(index);

    /// <summary>The element of an entry.</summary>
    [ReadsOnly]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ItemAt(int index) => map.KeyAt(index);

    /// <summary>The elements in order.</summary>
    [ReadsOnly]
    [Intrinsic("set.to_list")]
    public SigilList<T> ToList() => map.Keys();

    /// <summary>Elements of either set; this one's come first.</summary>
    [Intrinsic("set.union")]
    public SigilSet<T> Union(SigilSet<T> other)
    {
        var all = map.Merge(other.map);
        return ReferenceEquals(all, map) ? this : new SigilSet<T>(all);
    }

    /// <summary>Elements of both sets, in this one's order.</summary>
    [ReadsOnly]
    [Intrinsic("set.intersection")]
    public SigilSet<T> Intersection(SigilSet<T> other) => Where(other, present: true);

    /// <summary>Elements of this set only.</summary>
    [ReadsOnly]
    [Intrinsic("set.difference")]
    public SigilSet<T> Difference(SigilSet<T> other) => Where(other, present: false);

    /// <summary>Elements of exactly one set.</summary>
    [ReadsOnly]
    [Intrinsic("set.symmetric_diff")]
    public SigilSet<T> SymmetricDifference(SigilSet<T> other)
    {
        var result = Difference(other);
        for (var i = other.NextIndex(0); i >= 0; i = other.NextIndex(i + 1))
        {
            if (!Contains(other.ItemAt(i)))
                result.Add(other.ItemAt(i));
        }
        return result;
    }

    /// <summary>Whether every element is in the other set too.</summary>
    [ReadsOnly]
    [Intrinsic("set.is_subset")]
    public bool IsSubset(SigilSet<T> other)
    {
        if (Count > other.Count)
            return false;
        for (var i = NextIndex(0); i >= 0; i = NextIndex(i + 1))
        {
            if (!other.Contains(ItemAt(i)))
                return false;
        }
        return true;
    }

    /// <summary>Whether every element of the other set is here.</summary>
    [ReadsOnly]
    [Intrinsic("set.is_superset")]
    public bool IsSuperset(SigilSet<T> other) => other.IsSubset(this);

    /// <summary>Whether no element is in both.</summary>
    [ReadsOnly]
    [Intrinsic("set.is_disjoint")]
    public bool IsDisjoint(SigilSet<T> other)
    {
        var (small, large) = Count <= other.Count ? (this, other) : (other, this);
        for (var i = small.NextIndex(0); i >= 0; i = small.NextIndex(i + 1))
        {
            if (large.Contains(small.ItemAt(i)))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    [ReadsOnly]
    public bool Equals(SigilSet<T>? other) => other != null && map.Equals(other.map);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SigilSet<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => map.GetHashCode();

    private SigilSet<T> Where(SigilSet<T> other, bool present)
    {
        var result = WithCapacity(0);
        for (var i = NextIndex(0); i >= 0; i = NextIndex(i + 1))
        {
            if (other.Contains(ItemAt(i)) == present)
                result.Add(ItemAt(i));
        }
        return result;
    }
}
