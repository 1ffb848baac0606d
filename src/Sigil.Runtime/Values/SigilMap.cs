using System.Runtime.CompilerServices;
using Sigil.Runtime.Channels;

namespace Sigil.Runtime.Values;

/// <summary>One entry of a map, in insertion order.</summary>
public struct MapEntry<K, V>
{
    /// <summary>The key's mixed hash.</summary>
    public uint Hash;

    /// <summary>The next entry of the same bucket, -1 at the end, <see cref="SigilMap{K,V}.Removed"/> for a tombstone.</summary>
    public int Next;

    /// <summary>The key.</summary>
    public K Key;

    /// <summary>The value.</summary>
    public V Value;
}

/// <summary>The map <c>{K: V}</c>: insertion ordered, expected O(1) access, updated in place unless shared.</summary>
/// <remarks>
/// Entries lie in insertion order in one array; buckets hold the index of a chain's first entry plus one. Removing leaves a
/// tombstone, so the rest keeps its order; tombstones go when the array is next rebuilt. Sharing follows
/// <see cref="SigilList{T}"/> without tail claims: updating operations consume the receiver, copy it when it is shared, and return
/// the map to go on with. The same argument shows the absence of data races, (a) being the only kind of write here.
/// Hashes are mixed with a secret of the process; their order shows nowhere, so runs stay reproducible.
/// </remarks>
public sealed partial class SigilMap<K, V> : ISharable, IEquatable<SigilMap<K, V>>, IDroppable, Ownership.IUpdatable
{
    /// <summary>Marks a removed entry in <see cref="MapEntry{K,V}.Next"/>.</summary>
    public const int Removed = -2;

    /// <summary>The empty map; shared from the start.</summary>
    public static readonly SigilMap<K, V> Empty = new(0) { Shared = true };

    /// <summary>The entries; those at and above <see cref="Used"/> are unused.</summary>
    public MapEntry<K, V>[] Entries;

    /// <summary>Entries in use, tombstones included: the end for <see cref="NextIndex"/>.</summary>
    public int Used;

    /// <summary>The number of keys.</summary>
    public int Count;

    /// <summary>Whether a second reference to this object was made at some time.</summary>
    public bool Shared;

    // No live entry lies before this index, so that a queue (insert at the end, remove at the front) does not walk over its past.
    private int first;

    // A power of two long; at least one bucket, so that look-ups need no test for emptiness.
    private int[] buckets;

    private SigilMap(int capacity)
    {
        Entries = capacity == 0 ? [] : new MapEntry<K, V>[capacity];
        buckets = new int[BucketsFor(capacity)];
    }

    /// <summary>An empty map with room, for literals.</summary>
    public static SigilMap<K, V> WithCapacity(long capacity) =>
        new(capacity <= 0 ? 0 : (int)Math.Min(Math.Max(capacity, 4), MaxCapacity));

    private const int MaxCapacity = 1 << 29;

    /// <summary>The number of keys as a Sigil int.</summary>
    [Intrinsic("map_len"), ReadsOnly]
    public long Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Count;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MarkShared() => Shared = true;

    bool Ownership.IUpdatable.IsShared => Shared;

    void Ownership.IUpdatable.VisitParts(Action<object?> visit)
    {
        if (!Ownership.MutableGraph.MayHold<K>() && !Ownership.MutableGraph.MayHold<V>()) return;
        for (var i = NextIndex(0); i >= 0; i = NextIndex(i + 1))
        {
            visit(KeyAt(i));
            visit(ValueAt(i));
        }
    }

    /// <summary>This map if it may be updated in place, otherwise a copy that may.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SigilMap<K, V> Own() => Shared ? Copy(0) : this;

    /// <summary><c>m[k]</c>. The caller marks the result if values are sharable.</summary>
    [ReadsOnly]
    public Option<V> Get(K key)
    {
        var index = Find(key, HashOf(key));
        return index < 0 ? Option<V>.None : Option<V>.Some(Entries[index].Value);
    }

    /// <summary>Whether the key is there.</summary>
    [ReadsOnly]
    [Intrinsic("map.has")]
    public bool Has(K key) => Find(key, HashOf(key)) >= 0;

    /// <summary>The index of the key's entry, or -1.</summary>
    [ReadsOnly]
    public int IndexOf(K key) => Find(key, HashOf(key));

    /// <summary>Inserts or replaces; a replaced entry keeps its place.</summary>
    [Intrinsic("map.insert")]
    public SigilMap<K, V> Insert(K key, V value)
    {
        var own = Shared ? Copy(1) : this;
        own.Put(key, value);
        return own;
    }

    /// <summary><c>m[k] = v</c> on a variable.</summary>
    public static void Set(ref SigilMap<K, V> map, K key, V value)
    {
        var own = map.Shared ? map.Copy(1) : map;
        map = own;
        own.Put(key, value);
    }

    /// <summary>Inserts or replaces in place; only for a map that is known to be owned (under construction).</summary>
    public void Put(K key, V value)
    {
        var hash = HashOf(key);
        var index = Find(key, hash);
        if (index >= 0)
        {
            var old = Entries[index].Value;
            Entries[index].Value = value;
            Undelivered<V>.Drop(old);
            return;
        }

        if (Used == Entries.Length)
            MakeRoom();
        index = Used++;
        Count++;
        ref var bucket = ref buckets[hash & (uint)(buckets.Length - 1)];
        ref var entry = ref Entries[index];
        entry.Hash = hash;
        entry.Next = bucket - 1;
        entry.Key = key;
        entry.Value = value;
        bucket = index + 1;
    }

    /// <summary>Takes a key out; the rest keeps its order. No-op for an absent key.</summary>
    [Intrinsic("map.remove")]
    public SigilMap<K, V> Remove(K key)
    {
        var hash = HashOf(key);
        var index = Find(key, hash);
        if (index < 0)
            return this;
        Undelivered<V>.Drop(Entries[index].Value);
        var own = Own();
        own.Delete(key, hash);
        return own;
    }

    /// <summary>The first entry at or after an index, or -1: <c>for (i = m.NextIndex(0); i >= 0; i = m.NextIndex(i + 1))</c>.</summary>
    [ReadsOnly]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NextIndex(int index)
    {
        var entries = Entries;
        if (index < first)
            index = first;
        for (var end = Used; (uint)index < (uint)entries.Length && index < end; index++)
        {
            if (entries[index].Next != Removed)
                return index;
        }
        return -1;
    }

    /// <summary>The key of an entry found by <see cref="NextIndex"/> or <see cref="IndexOf"/>.</summary>
    [ReadsOnly]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public K KeyAt(int index) => Entries[index].Key;

    /// <summary>The value of an entry; the caller marks it if values are sharable.</summary>
    [ReadsOnly]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V ValueAt(int index) => Entries[index].Value;

    private void Delete(K key, uint hash)
    {
        ref var bucket = ref buckets[hash & (uint)(buckets.Length - 1)];
        var previous = -1;
        for (var i = bucket - 1; i >= 0; i = Entries[i].Next)
        {
            ref var entry = ref Entries[i];
            if (entry.Hash == hash && EqualityComparer<K>.Default.Equals(entry.Key, key))
            {
                if (previous < 0)
                    bucket = entry.Next + 1;
                else
                    Entries[previous].Next = entry.Next;
                entry = new MapEntry<K, V> { Next = Removed };
                Count--;
                TrimEnds(i);
                return;
            }
            previous = i;
        }
    }

    private void TrimEnds(int removed)
    {
        if (Count == 0)
        {
            Used = 0;
            first = 0;
        }
        else if (removed == Used - 1)
        {
            Used--;
        }
        else if (removed == first)
        {
            while (Entries[first].Next == Removed)
                first++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(K key, uint hash)
    {
        var table = buckets;
        var entries = Entries;
        var i = table[hash & (uint)(table.Length - 1)] - 1;
        if (typeof(K).IsValueType)
        {
            while ((uint)i < (uint)entries.Length)
            {
                ref var entry = ref entries[i];
                if (entry.Hash == hash && EqualityComparer<K>.Default.Equals(entry.Key, key))
                    return i;
                i = entry.Next;
            }
            return -1;
        }
        return key is string text ? FindText(entries, i, text, hash) : FindObject(entries, i, key, hash);
    }

    // Strings are the usual reference keys: no virtual call for them.
    private static int FindText(MapEntry<K, V>[] entries, int i, string key, uint hash)
    {
        while ((uint)i < (uint)entries.Length)
        {
            ref var entry = ref entries[i];
            if (entry.Hash == hash && string.Equals(Unsafe.As<K, string>(ref entry.Key), key))
                return i;
            i = entry.Next;
        }
        return -1;
    }

    private static int FindObject(MapEntry<K, V>[] entries, int i, K key, uint hash)
    {
        var comparer = EqualityComparer<K>.Default;
        while ((uint)i < (uint)entries.Length)
        {
            ref var entry = ref entries[i];
            if (entry.Hash == hash && comparer.Equals(entry.Key, key))
                return i;
            i = entry.Next;
        }
        return -1;
    }

    // Ints are folded, not mixed: runs of neighbouring keys, the usual case, then lie in neighbouring buckets. Steps that are powers of two
    // do not pile up, since higher bits are folded in.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint HashOf(K key)
    {
        if (typeof(K) == typeof(long))
        {
            var value = Unsafe.BitCast<K, ulong>(key);
            var folded = (uint)(value ^ (value >> 32));
            return folded ^ (folded >> 15);
        }
        if (typeof(K) == typeof(int) || typeof(K) == typeof(byte) || typeof(K) == typeof(bool))
            return (uint)key!.GetHashCode();
        return (uint)(HashOps.Of(key) >> 32);
    }

    private void MakeRoom()
    {
        // Many tombstones: the same room suffices once they are gone.
        var wanted = Count < Entries.Length - (Entries.Length >> 2) ? Entries.Length : Math.Max(4L, Entries.Length * 2L);
        if (wanted > MaxCapacity)
            throw new OutOfMemoryException("a map cannot hold more than 536870912 keys");
        var old = Entries;
        var end = Used;
        Entries = new MapEntry<K, V>[wanted];
        if (BucketsFor((int)wanted) == buckets.Length)
            Array.Clear(buckets);
        else
            buckets = new int[BucketsFor((int)wanted)];
        TakeOver(old, end, Count);
    }

    /// <summary>An owned copy; the values become reachable from two maps.</summary>
    private SigilMap<K, V> Copy(int more)
    {
        var copy = new SigilMap<K, V>((int)Math.Min(MaxCapacity, Count + (long)more));
        if (Sharing<V>.Matters)
        {
            for (var i = NextIndex(0); i >= 0; i = NextIndex(i + 1))
                Sharing<V>.Mark(Entries[i].Value);
        }
        copy.TakeOver(Entries, Used, Count);
        return copy;
    }

    // Takes the live entries of another map's array, in order, and links them anew from their stored hashes.
    private void TakeOver(MapEntry<K, V>[] from, int end, int live)
    {
        var entries = Entries;
        if (live == end)
        {
            Array.Copy(from, entries, end);
        }
        else
        {
            var at = 0;
            for (var i = 0; i < end; i++)
            {
                if (from[i].Next != Removed)
                    entries[at++] = from[i];
            }
        }
        Used = live;
        Count = live;
        first = 0;
        Link(entries.AsSpan(0, live), buckets);
    }

    private static void Link(Span<MapEntry<K, V>> entries, int[] table)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            ref var entry = ref entries[i];
            ref var bucket = ref table[(int)entry.Hash & (table.Length - 1)];
            entry.Next = bucket - 1;
            bucket = i + 1;
        }
    }

    private static int BucketsFor(int capacity) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, capacity));
}
