using System.Diagnostics.CodeAnalysis;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;

namespace Sigil.Runtime.Values;

// The updating operations besides append: each consumes the list and returns the one to go on with.
public sealed partial class SigilList<T>
{
    /// <summary><c>xs + ys</c>; in place when this list is owned, the elements of the other count as copied.</summary>
    [Intrinsic("list.concat")]
    public SigilList<T> Concat(SigilList<T> other)
    {
        if (other.Count == 0)
            return this;
        if (Count == 0 && other.State == ListSharing.Shared)
            return other;
        Sharing<T>.MarkAll(other.Span);
        return AppendAll(other.Span);
    }

    /// <summary>Appends elements that now belong to this list.</summary>
    public SigilList<T> AppendAll(ReadOnlySpan<T> items)
    {
        var total = (long)Count + items.Length;
        var target = this;
        if (State != ListSharing.Owned)
            target = CopyWithRoom(items.Length);
        else if (total > Items.Length)
            Grow(total);
        items.CopyTo(target.Items.AsSpan(target.Count));
        target.Count = (int)total;
        return target;
    }

    /// <summary>Puts an element before the one at <paramref name="index"/> (0 … length).</summary>
    [Intrinsic("list.insert")]
    public SigilList<T> Insert(long index, T value, string site)
    {
        if ((ulong)index > (uint)Count)
        {
            Undelivered<T>.Drop(value);
            Refuse(index, site);
        }

        var at = (int)index;
        var target = this;
        if (State != ListSharing.Owned)
            target = CopyWithRoom(1);
        else if (Count == Items.Length)
            Grow(Count + 1L);
        Array.Copy(target.Items, at, target.Items, at + 1, target.Count - at);
        target.Items[at] = value;
        target.Count++;
        return target;
    }

    /// <summary>Puts an element first.</summary>
    [Intrinsic("list.prepend")]
    public SigilList<T> Prepend(T value) => Insert(0, value, "");

    /// <summary>Replaces one element (the method form of <c>xs[i] = v</c>).</summary>
    [Intrinsic("list.set")]
    public SigilList<T> With(long index, T value, string site)
    {
        if ((ulong)index >= (uint)Count)
            Panic.IndexOutOfRange(index, Count, site);
        var own = Own();
        own.Items[index] = value;
        return own;
    }

    /// <summary>Takes one element out.</summary>
    [Intrinsic("list.remove")]
    public SigilList<T> Remove(long index, string site)
    {
        if ((ulong)index >= (uint)Count)
            Refuse(index, site);
        Undelivered<T>.Drop(Items[index]);
        var own = Own();
        var at = (int)index;
        own.Count--;
        Array.Copy(own.Items, at + 1, own.Items, at, own.Count - at);
        own.ClearFrom(own.Count, own.Count + 1);
        return own;
    }

    /// <summary>All but the last element; the empty list stays empty. O(1) also when shared.</summary>
    [Intrinsic("list.pop")]
    public SigilList<T> Pop()
    {
        if (Count == 0)
            return this;
        Undelivered<T>.Drop(Items[Count - 1]);
        if (State == ListSharing.Shared)
            return new SigilList<T>(Items, Count - 1, Tail());
        Count--;
        if (State == ListSharing.Owned)
            ClearFrom(Count, Count + 1);
        return this;
    }

    // The operation owns the list, so its end is the list's end.
    [DoesNotReturn]
    private void Refuse(long index, string site)
    {
        if (Undelivered<T>.NeedsDrop) ((IDroppable)this).Drop();
        Panic.IndexOutOfRange(index, Count, site);
    }

    /// <summary>The first elements only. O(1) also when shared.</summary>
    [Intrinsic("list.truncate")]
    public SigilList<T> Truncate(long length)
    {
        if (length >= Count)
            return this;
        var kept = (int)Math.Max(0, length);
        if (State == ListSharing.Shared)
            return new SigilList<T>(Items, kept, Tail());
        if (State == ListSharing.Owned)
            ClearFrom(kept, Count);
        Count = kept;
        return this;
    }

    /// <summary>The elements backwards.</summary>
    [Intrinsic("list.reverse")]
    public SigilList<T> Reverse()
    {
        var own = Own();
        Array.Reverse(own.Items, 0, own.Count);
        return own;
    }

    /// <summary>Swaps two elements of an owned list, for sorting in place.</summary>
    public SigilList<T> Swap(long first, long second, string site)
    {
        var own = Own();
        ref var a = ref own.At(first, site);
        ref var b = ref own.At(second, site);
        (a, b) = (b, a);
        return own;
    }

    // References left behind the end would keep garbage alive.
    private void ClearFrom(int start, int end)
    {
        if (System.Runtime.CompilerServices.RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            Array.Clear(Items, start, end - start);
    }
}
