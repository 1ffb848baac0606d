using Sigil.Semantics.Typed;

namespace Sigil.Mir.Analysis;

/// <summary>A range of ints, both ends included; empty when they cross.</summary>
public readonly record struct Interval(long Low, long High)
{
    /// <summary>Every int.</summary>
    public static readonly Interval Full = new(long.MinValue, long.MaxValue);

    /// <summary>The lengths that lists, maps, sets and strings can have.</summary>
    public static readonly Interval Length = new(0, int.MaxValue);

    public static Interval Of(long value) => new(value, value);

    public bool IsFull => Low == long.MinValue && High == long.MaxValue;
    public bool IsEmpty => Low > High;
    public bool IsNotNegative => Low >= 0;

    /// <summary>The smallest range that holds both.</summary>
    public Interval Join(Interval other) => IsEmpty ? other : other.IsEmpty ? this : new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    public Interval Intersect(Interval other) => new(Math.Max(Low, other.Low), Math.Min(High, other.High));

    // One short of the ends: where a counter stands that has not reached its limit.
    private static readonly long[] Steps = [long.MinValue, long.MinValue + 1, int.MinValue, -1, 0, 1, int.MaxValue, 1L << 32, long.MaxValue - 1, long.MaxValue];

    /// <summary>Ends that moved since <paramref name="before"/> go on to the next of a few marks, so that an analysis comes to an end.</summary>
    public Interval Widen(Interval before)
    {
        if (before.IsEmpty || IsEmpty) return this;
        long low = Low, high = High;
        return new(low < before.Low ? Array.FindLast(Steps, s => s <= low) : low, high > before.High ? Array.Find(Steps, s => s >= high) : high);
    }

    /// <summary>What an operator yields when it does not panic.</summary>
    public static Interval Apply(BinaryOperator op, Interval left, Interval right)
    {
        if (left.IsEmpty || right.IsEmpty) return Full;
        var (low, high) = Exact(op, left, right);
        var range = new Interval((long)Int128.Max(low, long.MinValue), (long)Int128.Min(high, long.MaxValue));
        return range.IsEmpty ? Full : range;
    }

    /// <summary>Whether no result of the operator lies outside the ints.</summary>
    public static bool Fits(BinaryOperator op, Interval left, Interval right)
    {
        if (left.IsEmpty || right.IsEmpty) return false;
        var (low, high) = Exact(op, left, right);
        return low >= long.MinValue && high <= long.MaxValue;
    }

    private static (Int128 Low, Int128 High) Exact(BinaryOperator op, Interval left, Interval right)
    {
        Int128 a = left.Low, b = left.High, c = right.Low, d = right.High;
        switch (op)
        {
            case BinaryOperator.Add: return (a + c, b + d);
            case BinaryOperator.Subtract: return (a - d, b - c);
            case BinaryOperator.Multiply: return Ends(a * c, a * d, b * c, b * d);
            case BinaryOperator.Divide when c > 0: return Ends(a / c, a / d, b / c, b / d);
            case BinaryOperator.FloorDivide when c > 0 && a >= 0: return Ends(a / c, a / d, b / c, b / d);
            case BinaryOperator.Remainder when c > 0: return (a >= 0 ? 0 : Int128.Max(a, 1 - d), b <= 0 ? 0 : Int128.Min(b, d - 1));
            case BinaryOperator.BitAnd when a >= 0 && c >= 0: return (0, Int128.Min(b, d));
            case BinaryOperator.BitAnd when a >= 0: return (0, b);
            case BinaryOperator.BitAnd when c >= 0: return (0, d);
            case BinaryOperator.BitOr or BinaryOperator.BitXor when a >= 0 && c >= 0: return (0, Ones(Int128.Max(b, d)));
            case BinaryOperator.ShiftRight when c >= 0 && d <= 63: return Ends(a >> (int)c, a >> (int)d, b >> (int)c, b >> (int)d);
            // High bits are dropped: only shifts that keep all are known.
            case BinaryOperator.ShiftLeft when c >= 0 && d <= 63 && a >= 0 && b << (int)d <= long.MaxValue: return (a << (int)c, b << (int)d);
            default: return (long.MinValue, long.MaxValue);
        }
    }

    private static (Int128, Int128) Ends(Int128 a, Int128 b, Int128 c, Int128 d) => (Int128.Min(Int128.Min(a, b), Int128.Min(c, d)), Int128.Max(Int128.Max(a, b), Int128.Max(c, d)));

    private static Int128 Ones(Int128 value)
    {
        Int128 ones = 0;
        while (ones < value) ones = ones << 1 | 1;
        return ones;
    }
}
