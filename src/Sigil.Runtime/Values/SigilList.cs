using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Ownership;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Values;

/// <summary>The list <c>[T]</c>: a value to the program, an object with a sticky sharing state to the compiler.</summary>
/// <remarks>
/// <para><b>Sharing.</b> A fresh list is <see cref="ListSharing.Owned">owned</see>: one reference to the header, one header on the buffer.
/// Whoever makes a second reference calls <see cref="MarkShared"/> first; the state never goes back.
/// Operations that update (all without <see cref="ReadsOnlyAttribute"/>) consume their receiver and return the list to go on with:
/// the same object when it was owned, otherwise a new one. So the compiler emits <c>xs = xs.Append(v)</c>, and marks <c>xs</c>
/// before the call only if the old value is still needed.</para>
/// <para><b>Tail claims.</b> Appending to a shared list whose end is the end of its buffer claims the next slot
/// (<see cref="BufferTail"/>) and makes a new header over the same buffer, so a chain of appends stays amortised O(1) also then.
/// Such a header is <see cref="ListSharing.SharedBuffer"/>: its count may change in place, its elements may not.</para>
/// <para><b>Nesting.</b> A shared list's elements are not marked when the list is (that would cost O(n)); they become shared when the
/// buffer is copied, since only then a second path to them exists. Reading an element as a copy marks it: <see cref="Sharing{T}.Mark"/>
/// (emitted by the compiler after <see cref="Get"/>; the operations of this class that hand elements to a new list do it themselves).</para>
/// <para><b>Why there is no data race.</b> A task writes to a header or to a buffer slot only (a) in state Owned, or (b) to a slot just claimed.
/// (a) An owned list is reachable through exactly one variable or owned parent slot: every other path would have begun with a copy,
/// and the copy marked it, in the same task, before the copied reference could be published to another task (a capture, a send and a
/// spawn are copies or moves like any other). Publication orders memory, so a receiver never sees a state older than the mark, and a move
/// leaves no reference behind. (b) Slots at and above <see cref="BufferTail.Used"/> are visible to nobody: every header over the buffer has
/// Count ≤ Used. The claim is a compare-and-swap from the header's own Count, so of several tasks with equal headers one wins and the others
/// copy; the element is written before the new header exists. Marking itself may race only with marking, and both write the same value.</para>
/// </remarks>
public sealed partial class SigilList<T> : ISharable, IEquatable<SigilList<T>>, IDroppable, IUpdatable
{
    /// <summary>The empty list; shared from the start, so that the first append makes a list of its own.</summary>
    public static readonly SigilList<T> Empty = new([], 0) { State = ListSharing.Shared };

    /// <summary>The buffer; slots at and above <see cref="Count"/> are none of this list's business.</summary>
    public T[] Items;

    /// <summary>The number of elements.</summary>
    public int Count;

    /// <summary>How far the list may be updated in place.</summary>
    public ListSharing State;

    /// <summary>Set once several headers may look at <see cref="Items"/>.</summary>
    private BufferTail? tail;

    /// <summary>Takes over a buffer that nobody else uses.</summary>
    public SigilList(T[] items, int count)
    {
        Items = items;
        Count = count;
    }

    private SigilList(T[] items, int count, BufferTail tail)
    {
        Items = items;
        Count = count;
        this.tail = tail;
        State = ListSharing.SharedBuffer;
    }

    /// <summary>A list of exactly these elements; takes over the array.</summary>
    public static SigilList<T> Of(T[] items) => new(items, items.Length);

    /// <summary>An empty list with room, for literals and comprehensions.</summary>
    public static SigilList<T> WithCapacity(long capacity) =>
        new(capacity <= 0 ? [] : new T[Math.Min(capacity, Array.MaxLength)], 0);

    /// <summary>A copy of a span; its elements count as copied.</summary>
    public static SigilList<T> CopyOf(ReadOnlySpan<T> items)
    {
        Sharing<T>.MarkAll(items);
        return new SigilList<T>(items.ToArray(), items.Length);
    }

    bool IUpdatable.IsShared => State == ListSharing.Shared;

    void IUpdatable.VisitParts(Action<object?> visit)
    {
        if (!MutableGraph.MayHold<T>()) return;
        foreach (var item in Items.AsSpan(0, Count)) visit(item);
    }

    void IDroppable.Drop()
    {
        foreach (var item in Items.AsSpan(0, Count)) Undelivered<T>.Drop(item);
    }

    /// <summary>The number of elements as a Sigil int.</summary>
    [Intrinsic("list_len"), ReadsOnly]
    public long Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Count;
    }

    /// <summary>How many elements may be written in place: all, or none before <see cref="Own"/>.</summary>
    [ReadsOnly]
    public long WritableCount
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => State == ListSharing.Owned ? Count : 0;
    }

    /// <summary>Whether a second reference to this object was made at some time.</summary>
    [ReadsOnly]
    public bool Shared => State == ListSharing.Shared;

    /// <summary>The elements; valid until the list is next updated in place.</summary>
    public ReadOnlySpan<T> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Items, 0, Count);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MarkShared() => State = ListSharing.Shared;

    /// <summary><c>xs[i]</c>. The caller marks the result if elements are sharable.</summary>
    [ReadsOnly]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Get(long index, string site)
    {
        if ((ulong)index >= (uint)Count)
            Panic.IndexOutOfRange(index, Count, site);
        return Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Items), (nint)index);
    }

    /// <summary>The element at an index known to be in range (iteration).</summary>
    [ReadsOnly]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T ItemAt(int index) => Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Items), (nint)(uint)index);

    /// <summary>The slot of an element, for in-place updates. The list must be owned: <c>xs = xs.Own()</c> comes first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At(long index, string site)
    {
        if ((ulong)index >= (uint)Count)
            Panic.IndexOutOfRange(index, Count, site);
        return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Items), (nint)index);
    }

    /// <summary><c>xs.get(i)</c>. The caller marks the result if elements are sharable.</summary>
    [ReadsOnly]
    public Option<T> Find(long index) => (ulong)index < (uint)Count ? Option<T>.Some(Items[index]) : default;

    /// <summary>Forgets the elements between so many at the start and so many at the end: they have been given away.</summary>
    public void Vacate(int front, int back) => Array.Clear(Items, front, Count - front - back);

    /// <summary>This list if it may be updated in place, otherwise a copy that may.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SigilList<T> Own() => State == ListSharing.Owned ? this : CopyForUpdate();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SigilList<T> CopyForUpdate() => CopyOf(Span);

    /// <summary><c>xs[i] = v</c> on a variable.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(ref SigilList<T> list, long index, T value, string site)
    {
        var own = list.Own();
        list = own;
        own.At(index, site) = value;
    }

    /// <summary>The slot <c>xs[i]</c> of a variable, for paths like <c>grid[r][c] = v</c>: apply it to the slot again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T ElementRef(ref SigilList<T> list, long index, string site)
    {
        var own = list.Own();
        list = own;
        return ref own.At(index, site);
    }

    /// <summary>Adds at the end, amortised O(1); returns the list to go on with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [Intrinsic("list.append")]
    public SigilList<T> Append(T value)
    {
        var items = Items;
        var count = Count;
        if (State == ListSharing.Owned && (uint)count < (uint)items.Length)
        {
            Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(items), (nint)(uint)count) = value;
            Count = count + 1;
            return this;
        }
        return AppendSlowly(value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SigilList<T> AppendSlowly(T value)
    {
        var count = Count;
        if (State == ListSharing.Owned)
        {
            Grow(count + 1L);
            Items[count] = value;
            Count = count + 1;
            return this;
        }

        if (count < Items.Length && TryClaim(count))
        {
            Items[count] = value;
            if (State == ListSharing.Shared)
                return new SigilList<T>(Items, count + 1, tail!);
            Count = count + 1;
            return this;
        }

        var copy = CopyWithRoom(1);
        copy.Items[count] = value;
        copy.Count = count + 1;
        return copy;
    }

    /// <summary>Takes the slot right behind this list, if it is the buffer's end.</summary>
    private bool TryClaim(int count)
    {
        var end = Tail();
        return Atomic.Load(ref end.Used) == count
            && Atomic.CompareExchange(ref end.Used, count + 1, count) == count;
    }

    /// <summary>The buffer's tail; the first header that shares its buffer makes it, and all agree on one.</summary>
    private BufferTail Tail()
    {
        var seen = Atomic.Load(ref tail);
        if (seen != null)
            return seen;
        var made = new BufferTail(Count);
        return Atomic.CompareExchange(ref tail, made, null) ?? made;
    }

    /// <summary>A larger buffer for an owned list; the elements move.</summary>
    private void Grow(long needed)
    {
        var grown = NewBuffer(RoomFor(Items.Length, needed));
        Array.Copy(Items, grown, Count);
        Items = grown;
    }

    /// <summary>An owned copy with the same elements and room for more.</summary>
    private SigilList<T> CopyWithRoom(long more)
    {
        var needed = Count + more;
        var buffer = NewBuffer(RoomFor(Count, needed));
        Sharing<T>.MarkAll(Span);
        Array.Copy(Items, buffer, Count);
        return new SigilList<T>(buffer, Count);
    }

    private static T[] NewBuffer(int size) =>
        RuntimeHelpers.IsReferenceOrContainsReferences<T>() ? new T[size] : GC.AllocateUninitializedArray<T>(size);

    private static int RoomFor(int present, long needed)
    {
        if (needed > Array.MaxLength)
            throw new OutOfMemoryException("a list cannot hold more than 2147483591 elements");
        return (int)Math.Min(Math.Max(Math.Max(4, present * 2L), needed), Array.MaxLength);
    }
}
