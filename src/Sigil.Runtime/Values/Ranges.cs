using System.Runtime.CompilerServices;
using Sigil.Runtime.Panics;

namespace Sigil.Runtime.Values;

/// <summary>Ranges one can iterate over: int, char, byte. Chars are counted without the gap of the surrogates.</summary>
public static class Ranges
{
    private const int Gap = 0x800, GapStart = 0xD800;

    /// <summary>Where a range begins.</summary>
    [Intrinsic("range_start"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Start<T>(Range<T> range) => range.Start;

    /// <summary>Where a range ends.</summary>
    [Intrinsic("range_end"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T End<T>(Range<T> range) => range.End;

    /// <summary>Whether the end belongs to a range.</summary>
    [Intrinsic("range_inclusive"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsInclusive<T>(Range<T> range) => range.Inclusive;

    /// <summary>The distance between elements.</summary>
    [Intrinsic("range_step"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long StepOf<T>(Range<T> range) => range.Step;

    /// <summary><c>r == s</c>.</summary>
    [Intrinsic("range.equals"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Same<T>(Range<T> left, Range<T> right) => left.Equals(right);

    /// <summary>The number of elements; panics when an int cannot hold it.</summary>
    [Intrinsic("range_len_int")]
    public static long Length(Range<long> range, string site)
    {
        var length = Length(range.Start, range.End, range.Inclusive, range.Step);
        if (length > long.MaxValue)
            Panic.Overflow("the length of a range", site);
        return (long)length;
    }

    /// <summary>The number of elements.</summary>
    [Intrinsic("range_len_char")]
    public static long Length(Range<int> range, string site) => Length(Dense(range), site);

    /// <summary>The number of elements.</summary>
    [Intrinsic("range_len_byte")]
    public static long Length(Range<byte> range, string site) => Length(Wide(range), site);

    /// <summary>How many rounds a loop has at most: as many as there are elements, or more than anybody can wait for.</summary>
    public static long Rounds(Range<long> range)
    {
        var length = Length(range.Start, range.End, range.Inclusive, range.Step);
        return length > long.MaxValue ? long.MaxValue : (long)length;
    }

    /// <inheritdoc cref="Rounds(Range{long})"/>
    public static long Rounds(Range<int> range) => Rounds(Dense(range));

    /// <inheritdoc cref="Rounds(Range{long})"/>
    public static long Rounds(Range<byte> range) => Rounds(Wide(range));

    /// <summary>Whether there is no element.</summary>
    public static bool IsEmpty(Range<long> range) => range.Step > 0
        ? range.Inclusive ? range.Start > range.End : range.Start >= range.End
        : range.Inclusive ? range.Start < range.End : range.Start <= range.End;

    /// <summary>Whether there is no element.</summary>
    public static bool IsEmpty(Range<int> range) => IsEmpty(Dense(range));

    /// <summary>Whether there is no element.</summary>
    public static bool IsEmpty(Range<byte> range) => IsEmpty(Wide(range));

    /// <summary>The element at an index known to be below the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long At(Range<long> range, long index) => unchecked(range.Start + index * range.Step);

    /// <summary>The element at an index known to be below the length.</summary>
    public static int At(Range<int> range, long index) => FromDense(DenseOf(range.Start) + index * range.Step);

    /// <summary>The element at an index known to be below the length.</summary>
    public static byte At(Range<byte> range, long index) => (byte)(range.Start + index * range.Step);

    /// <summary>Whether the value is one of the elements.</summary>
    [Intrinsic("range_contains_int")]
    public static bool Contains(Range<long> range, long value)
    {
        var inside = range.Step > 0
            ? value >= range.Start && (range.Inclusive ? value <= range.End : value < range.End)
            : value <= range.Start && (range.Inclusive ? value >= range.End : value > range.End);
        return inside && (range.Step is 1 or -1 || ((Int128)value - range.Start) % range.Step == 0);
    }

    /// <summary>Whether the value is one of the elements.</summary>
    [Intrinsic("range_contains_char")]
    public static bool Contains(Range<int> range, int value) => Contains(Dense(range), DenseOf(value));

    /// <summary>Whether the value is one of the elements.</summary>
    [Intrinsic("range_contains_byte")]
    public static bool Contains(Range<byte> range, byte value) => Contains(Wide(range), value);

    /// <summary><c>r.step_by(n)</c>: every n-th element; a negative n counts down from the start.</summary>
    [Intrinsic("range.step_by")]
    public static Range<T> StepBy<T>(Range<T> range, long step, string site)
    {
        if (step == 0)
            Panic.User("step_by: the step is zero", site);
        return new Range<T>(range.Start, range.End, range.Inclusive, step);
    }

    /// <summary>The elements as a list.</summary>
    [Intrinsic("range_to_list_int")]
    public static SigilList<long> ToList(Range<long> range, string site)
    {
        var items = new long[ListLength(Length(range, site))];
        for (var i = 0; i < items.Length; i++)
            items[i] = At(range, i);
        return SigilList<long>.Of(items);
    }

    /// <summary>The elements as a list.</summary>
    [Intrinsic("range_to_list_char")]
    public static SigilList<int> ToList(Range<int> range, string site)
    {
        var items = new int[ListLength(Length(range, site))];
        for (var i = 0; i < items.Length; i++)
            items[i] = At(range, i);
        return SigilList<int>.Of(items);
    }

    /// <summary>The elements as a list.</summary>
    [Intrinsic("range_to_list_byte")]
    public static SigilList<byte> ToList(Range<byte> range, string site)
    {
        var items = new byte[ListLength(Length(range, site))];
        for (var i = 0; i < items.Length; i++)
            items[i] = At(range, i);
        return SigilList<byte>.Of(items);
    }

    /// <summary>The elements backwards.</summary>
    public static SigilList<long> Reverse(Range<long> range, string site) => ToList(range, site).Reverse();

    /// <summary>The elements backwards.</summary>
    public static SigilList<int> Reverse(Range<int> range, string site) => ToList(range, site).Reverse();

    /// <summary>The elements backwards.</summary>
    public static SigilList<byte> Reverse(Range<byte> range, string site) => ToList(range, site).Reverse();

    private static Int128 Length(long start, long end, bool inclusive, long step)
    {
        var distance = step > 0 ? (Int128)end - start : (Int128)start - end;
        if (inclusive)
            distance++;
        var stride = step > 0 ? step : -(Int128)step;
        return distance <= 0 ? 0 : (distance + stride - 1) / stride;
    }

    private static int ListLength(long length) => length <= Array.MaxLength
        ? (int)length
        : throw new OutOfMemoryException("a list cannot hold more than 2147483591 elements");

    private static Range<long> Wide(Range<byte> range) => new(range.Start, range.End, range.Inclusive, range.Step);

    private static Range<long> Dense(Range<int> range) => new(DenseOf(range.Start), DenseOf(range.End), range.Inclusive, range.Step);

    private static long DenseOf(int scalar) => scalar >= GapStart + Gap ? scalar - Gap : scalar;

    private static int FromDense(long index) => (int)(index >= GapStart ? index + Gap : index);
}
