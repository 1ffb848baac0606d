using Sigil.Runtime.Channels;

namespace Sigil.Runtime.Values;

// Operations on the map as a whole.
public sealed partial class SigilMap<K, V>
{
    /// <summary>All of both; the other map's values win, its new keys come last.</summary>
    [Intrinsic("map.merge")]
    public SigilMap<K, V> Merge(SigilMap<K, V> other)
    {
        if (other.Count == 0 || ReferenceEquals(this, other))
            return this;
        if (Count == 0 && other.Shared)
            return other;
        var own = Shared ? Copy(other.Count) : this;
        for (var i = other.NextIndex(0); i >= 0; i = other.NextIndex(i + 1))
            own.Put(other.Entries[i].Key, Sharing<V>.Mark(other.Entries[i].Value));
        return own;
    }

    void IDroppable.Drop()
    {
        for (var i = NextIndex(0); i >= 0; i = NextIndex(i + 1))
        {
            Undelivered<V>.Drop(Entries[i].Value);
            Undelivered<K>.Drop(Entries[i].Key);
        }
    }

    /// <summary>The keys in order.</summary>
    [ReadsOnly]
    [Intrinsic("map.keys")]
    public SigilList<K> Keys()
    {
        var keys = new K[Count];
        var at = 0;
        for (var i = NextIndex(0); i >= 0; i = NextIndex(i + 1))
            keys[at++] = Entries[i].Key;
        return SigilList<K>.Of(keys);
    }

    /// <summary>The values in the order of their keys.</summary>
    [ReadsOnly]
    [Intrinsic("map.values")]
    public SigilList<V> Values()
    {
        var values = new V[Count];
        var at = 0;
        for (var i = NextIndex(0); i >= 0; i = NextIndex(i + 1))
            values[at++] = Sharing<V>.Mark(Entries[i].Value);
        return SigilList<V>.Of(values);
    }

    /// <summary>Keys and values as pairs.</summary>
    [ReadsOnly]
    [Intrinsic("map.entries")]
    public SigilList<(K, V)> Pairs()
    {
        var pairs = new (K, V)[Count];
        var at = 0;
        for (var i = NextIndex(0); i >= 0; i = NextIndex(i + 1))
            pairs[at++] = (Entries[i].Key, Sharing<V>.Mark(Entries[i].Value));
        return SigilList<(K, V)>.Of(pairs);
    }

    /// <summary>Equal keys with equal values, in any order.</summary>
    [ReadsOnly]
    public bool Equals(SigilMap<K, V>? other)
    {
        if (other == null || other.Count != Count)
            return false;
        for (var i = NextIndex(0); i >= 0; i = NextIndex(i + 1))
        {
            ref var entry = ref Entries[i];
            var found = other.Find(entry.Key, entry.Hash);
            if (found < 0 || !Equality.Same(entry.Value, other.Entries[found].Value))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SigilMap<K, V> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        long hash = Count;
        for (var i = NextIndex(0); i >= 0; i = NextIndex(i + 1))
            hash += HashOps.Combine(Entries[i].Hash, HashOps.Of(Entries[i].Value));
        return HashOps.ToInt32(hash);
    }
}
