using Sigil.Runtime.Panics;

namespace Sigil.Runtime.Values;

// Operations that leave the list as it is. Elements they hand to a new list count as copied.
public sealed partial class SigilList<T>
{
    /// <summary><c>xs[start..end]</c>.</summary>
    [ReadsOnly]
    [Intrinsic("list.slice")]
    public SigilList<T> Slice(long start, long end, string site)
    {
        if (start < 0 || end > Count || start > end)
            Panic.SliceOutOfRange(start, end, Count, site);
        return start == end ? Empty : CopyOf(Items.AsSpan((int)start, (int)(end - start)));
    }

    /// <summary><c>xs[start..]</c>.</summary>
    [ReadsOnly]
    public SigilList<T> SliceFrom(long start, string site) => Slice(start, Count, site);

    /// <summary>The elements of a range that is cut to the list: <c>take</c>, <c>drop</c>, <c>chunks</c>, <c>windows</c>.</summary>
    [ReadsOnly]
    [Intrinsic("list.cut")]
    public SigilList<T> Cut(long start, long end)
    {
        var from = Math.Clamp(start, 0, Count);
        return Slice(from, Math.Clamp(end, from, Count), "");
    }

    /// <summary>A copy nobody else refers to.</summary>
    [ReadsOnly]
    public SigilList<T> Copy() => CopyOf(Span);

    /// <summary>The list <paramref name="times"/> times in a row; nothing for zero and below.</summary>
    [ReadsOnly]
    [Intrinsic("list.repeat")]
    public SigilList<T> Repeat(long times)
    {
        if (times <= 0 || Count == 0)
            return Empty;
        var total = times > Array.MaxLength ? long.MaxValue : times * Count;
        if (total > Array.MaxLength)
            RoomFor(0, total);
        Sharing<T>.MarkAll(Span);
        var buffer = NewBuffer((int)total);
        for (var at = 0; at < total; at += Count)
            Array.Copy(Items, 0, buffer, at, Count);
        return new SigilList<T>(buffer, (int)total);
    }

    /// <summary>One value many times.</summary>
    [Intrinsic("list.filled")]
    public static SigilList<T> Filled(T value, long count)
    {
        if (count <= 0)
            return Empty;
        if (count > Array.MaxLength)
            RoomFor(0, count);
        Sharing<T>.Mark(value);
        var buffer = NewBuffer((int)count);
        Array.Fill(buffer, value);
        return new SigilList<T>(buffer, buffer.Length);
    }

    /// <summary>The place of the first equal element, or -1.</summary>
    [ReadsOnly]
    public long IndexOf(T value)
    {
        var items = Span;
        for (var i = 0; i < items.Length; i++)
        {
            if (Equality.Same(items[i], value))
                return i;
        }
        return -1;
    }

    /// <summary>Whether some element is equal.</summary>
    [ReadsOnly]
    public bool Contains(T value) => IndexOf(value) >= 0;

    /// <inheritdoc/>
    [ReadsOnly]
    public bool Equals(SigilList<T>? other)
    {
        if (ReferenceEquals(this, other) && !Equality.IsPartial<T>())
            return true;
        if (other == null || other.Count != Count)
            return false;
        var mine = Span;
        var theirs = other.Span;
        for (var i = 0; i < mine.Length; i++)
        {
            if (!Equality.Same(mine[i], theirs[i]))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SigilList<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = HashOps.Start;
        foreach (var item in Span)
            hash = HashOps.Combine(hash, HashOps.Of(item));
        return HashOps.ToInt32(hash);
    }
}
