using Sigil.Runtime.Panics;
using Sigil.Semantics.Typed;

namespace Sigil.Properties.Tests.Interpretation;

/// <summary>The built-in operators, in exact arithmetic.</summary>
internal static class Operators
{
    public static object Unary(UnaryOperator op, object x) => (op, x) switch
    {
        (UnaryOperator.Not, bool b) => !b,
        (UnaryOperator.Negate, double d) => -d,
        (UnaryOperator.Negate, long n) => Narrow(-(Int128)n),
        (UnaryOperator.Complement, long n) => ~n,
        (UnaryOperator.Complement, byte n) => (byte)~n,
        _ => throw new NotSupportedException($"{op} on {x.GetType().Name}"),
    };

    public static object Binary(BinaryOperator op, object x, object y)
    {
        switch (op)
        {
            case BinaryOperator.Equal: return Structure.Same(x, y);
            case BinaryOperator.NotEqual: return !Structure.Same(x, y);
            case BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual: return Compare(op, x, y);
        }
        return (x, y) switch
        {
            (long a, long b) => OnInts(op, a, b),
            (byte a, byte b) => OnBytes(op, a, b),
            (double a, double b) => op switch
            {
                BinaryOperator.Add => a + b,
                BinaryOperator.Subtract => a - b,
                BinaryOperator.Multiply => a * b,
                BinaryOperator.Divide => a / b,
                _ => a % b,
            },
            (bool a, bool b) => op switch { BinaryOperator.BitOr or BinaryOperator.Or => a | b, BinaryOperator.BitXor => a ^ b, _ => a & b },
            (string a, string b) => a + b,
            (ListValue a, ListValue b) => new ListValue([.. a.Items, .. b.Items]),
            _ => throw new NotSupportedException($"{op} on {x.GetType().Name} and {y.GetType().Name}"),
        };
    }

    private static bool Compare(BinaryOperator op, object x, object y)
    {
        if (x is double a && y is double b)
            return op switch { BinaryOperator.Less => a < b, BinaryOperator.LessOrEqual => a <= b, BinaryOperator.Greater => a > b, _ => a >= b };
        var sign = x is string s ? Runes(s, (string)y) : ((IComparable)x).CompareTo(y);
        return op switch { BinaryOperator.Less => sign < 0, BinaryOperator.LessOrEqual => sign <= 0, BinaryOperator.Greater => sign > 0, _ => sign >= 0 };
    }

    /// <summary>Strings are ordered by their scalars.</summary>
    internal static int Runes(string a, string b)
    {
        var x = a.EnumerateRunes().Select(r => r.Value).ToList();
        var y = b.EnumerateRunes().Select(r => r.Value).ToList();
        for (var i = 0; i < Math.Min(x.Count, y.Count); i++)
            if (x[i] != y[i]) return x[i].CompareTo(y[i]);
        return x.Count.CompareTo(y.Count);
    }

    private static object OnInts(BinaryOperator op, long a, long b)
    {
        switch (op)
        {
            case BinaryOperator.BitAnd: return a & b;
            case BinaryOperator.BitOr: return a | b;
            case BinaryOperator.BitXor: return a ^ b;
            case BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight:
                if (b is < 0 or > 63) Panic.ShiftCount(b, 63, "");
                return op == BinaryOperator.ShiftLeft ? a << (int)b : a >> (int)b;
            case BinaryOperator.Divide or BinaryOperator.Remainder or BinaryOperator.FloorDivide when b == 0:
                Panic.DivideByZero("");
                break;
        }
        return Narrow(op switch
        {
            BinaryOperator.Add => (Int128)a + b,
            BinaryOperator.Subtract => (Int128)a - b,
            BinaryOperator.Multiply => (Int128)a * b,
            BinaryOperator.Divide => (Int128)a / b,
            BinaryOperator.Remainder => (Int128)a % b,
            BinaryOperator.FloorDivide => Floor(a, b),
            _ => throw new NotSupportedException(op.ToString()),
        });
    }

    private static Int128 Floor(Int128 a, Int128 b) => a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);

    private static object OnBytes(BinaryOperator op, byte a, byte b)
    {
        switch (op)
        {
            case BinaryOperator.BitAnd: return (byte)(a & b);
            case BinaryOperator.BitOr: return (byte)(a | b);
            case BinaryOperator.BitXor: return (byte)(a ^ b);
        }
        var result = (Int128)(long)OnInts(op, a, b);
        if (result < 0 || result > 255) Panic.Overflow(op.ToString(), "");
        return (byte)result;
    }

    private static object Narrow(Int128 exact)
    {
        if (exact < long.MinValue || exact > long.MaxValue) Panic.Overflow("arithmetic", "");
        return (long)exact;
    }
}
