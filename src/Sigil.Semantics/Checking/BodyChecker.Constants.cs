using System.Globalization;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Operators on literals are computed here; what would always panic is E3035 (§5.10).
public sealed partial class BodyChecker
{
    /// <summary>The literal that an operator on literals comes to; the node itself when its operands are no literals.</summary>
    private TypedExpression Fold(TypedExpression node)
    {
        switch (node)
        {
            case UnaryExpression { Operand: LiteralExpression { Value: { } v } } u: return FoldUnary(u, v);
            case BinaryExpression { Left: LiteralExpression { Value: { } l }, Right: LiteralExpression { Value: { } r } } b:
                return FoldBinary(b, l, r);
            default: return node;
        }
    }

    private TypedExpression Panics(TypedExpression node, TextSpan at, string why)
    {
        Report(TypeErrors.ConstantPanics(Source, at, why));
        return new ErrorExpression { Type = ErrorType.Instance, Span = node.Span };
    }

    private static LiteralExpression Constant(TypedExpression node, object value) => new() { Value = value, Type = node.Type, Span = node.Span };

    private TypedExpression FoldUnary(UnaryExpression node, object value) => (node.Operator, value) switch
    {
        (UnaryOperator.Not, bool b) => Constant(node, !b),
        (UnaryOperator.Negate, long.MinValue) => Panics(node, node.Span, "the result is out of range"),
        (UnaryOperator.Negate, long n) => Constant(node, -n),
        (UnaryOperator.Negate, double d) => Constant(node, -d),
        (UnaryOperator.Complement, long n) => Constant(node, ~n),
        (UnaryOperator.Complement, byte n) => Constant(node, (byte)~n),
        _ => node,
    };

    private TypedExpression FoldBinary(BinaryExpression node, object left, object right)
    {
        var kind = (node.Left.Type.Resolve() as NamedType)?.Definition.Kind;
        try
        {
            object? result = (kind, left, right) switch
            {
                (TypeKind.Int, long a, long b) => FoldInt(node.Operator, a, b),
                (TypeKind.Byte, byte a, byte b) => FoldByte(node.Operator, a, b),
                (TypeKind.Byte, byte a, long b) => FoldByteShift(node.Operator, a, b),
                (TypeKind.Float, double a, double b) => FoldFloat(node.Operator, a, b),
                (TypeKind.Bool, bool a, bool b) => node.Operator switch { BinaryOperator.Equal => a == b, BinaryOperator.NotEqual => a != b, _ => null },
                (TypeKind.Char, int a, int b) => FoldOrder(node.Operator, a.CompareTo(b)),
                (TypeKind.Duration or TypeKind.Size, long a, long b) when FoldOrder(node.Operator, a.CompareTo(b)) is { } order => order,
                (TypeKind.Str, string a, string b) => node.Operator switch
                {
                    BinaryOperator.Add => a + b,
                    BinaryOperator.Equal => a == b,
                    BinaryOperator.NotEqual => a != b,
                    _ => null,
                },
                _ => null,
            };
            return result is null ? node : Constant(node, result);
        }
        catch (OverflowException)
        {
            return Panics(node, node.Span, "the result is out of range");
        }
        catch (DivideByZeroException)
        {
            return Panics(node, node.Span, "division by zero");
        }
        catch (ArgumentOutOfRangeException)
        {
            return Panics(node, node.Span, "the shift count is out of range");
        }
    }

    private static object? FoldOrder(BinaryOperator op, int order) => op switch
    {
        BinaryOperator.Equal => order == 0,
        BinaryOperator.NotEqual => order != 0,
        BinaryOperator.Less => order < 0,
        BinaryOperator.Greater => order > 0,
        BinaryOperator.LessOrEqual => order <= 0,
        BinaryOperator.GreaterOrEqual => order >= 0,
        _ => null,
    };

    private static object? FoldInt(BinaryOperator op, long a, long b) => op switch
    {
        BinaryOperator.Add => checked(a + b),
        BinaryOperator.Subtract => checked(a - b),
        BinaryOperator.Multiply => checked(a * b),
        BinaryOperator.Divide => checked(a / b),
        // .NET traps long.MinValue % -1; the language's result is zero.
        BinaryOperator.Remainder => b == -1 ? 0L : a % b,
        BinaryOperator.FloorDivide => checked(a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0),
        BinaryOperator.BitAnd => a & b,
        BinaryOperator.BitOr => a | b,
        BinaryOperator.BitXor => a ^ b,
        BinaryOperator.ShiftLeft => a << ShiftCount(b, 63),
        BinaryOperator.ShiftRight => a >> ShiftCount(b, 63),
        _ => FoldOrder(op, a.CompareTo(b)),
    };

    private static object? FoldByte(BinaryOperator op, byte a, byte b) => op switch
    {
        BinaryOperator.Add => checked((byte)(a + b)),
        BinaryOperator.Subtract => checked((byte)(a - b)),
        BinaryOperator.Multiply => checked((byte)(a * b)),
        BinaryOperator.Divide or BinaryOperator.FloorDivide => (byte)(a / b),
        BinaryOperator.Remainder => (byte)(a % b),
        BinaryOperator.BitAnd => (byte)(a & b),
        BinaryOperator.BitOr => (byte)(a | b),
        BinaryOperator.BitXor => (byte)(a ^ b),
        _ => FoldOrder(op, a.CompareTo(b)),
    };

    private static object? FoldByteShift(BinaryOperator op, byte a, long b) => op switch
    {
        BinaryOperator.ShiftLeft => (byte)(a << ShiftCount(b, 7)),
        BinaryOperator.ShiftRight => (byte)(a >> ShiftCount(b, 7)),
        _ => null,
    };

    private static object? FoldFloat(BinaryOperator op, double a, double b) => op switch
    {
        BinaryOperator.Add => a + b,
        BinaryOperator.Subtract => a - b,
        BinaryOperator.Multiply => a * b,
        BinaryOperator.Divide => a / b,
        BinaryOperator.Equal => a == b,
        BinaryOperator.NotEqual => a != b,
        BinaryOperator.Less => a < b,
        BinaryOperator.Greater => a > b,
        BinaryOperator.LessOrEqual => a <= b,
        BinaryOperator.GreaterOrEqual => a >= b,
        _ => null,
    };

    private static int ShiftCount(long count, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, limit);
        return (int)count;
    }

    // byte(256), char(-1), int("x"): a conversion of a literal that must panic (§3.1).
    private void CheckConversion(FunctionSymbol f, System.Collections.Immutable.ImmutableArray<Argument> arguments, TextSpan at)
    {
        if (f.Intrinsic is null || arguments.Length != 1 || !f.Module.IsStandardLibrary || arguments[0].Value is not LiteralExpression { Value: { } value }) return;
        string? why = (f.Intrinsic, value) switch
        {
            ("byte_of_int", long n) when n is < 0 or > 255 => $"{n} is no byte",
            ("byte_of_char", int c) when c > 255 => "this character is above U+00FF",
            ("byte_of_str", string { Length: 0 }) => "an empty string has no first byte",
            ("char_of_int", long n) when n is < 0 or > 0x10FFFF or (>= 0xD800 and <= 0xDFFF) => $"{n} is no Unicode scalar",
            ("int_of_str", string s) when !long.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) => $"\"{s}\" is no integer",
            ("int_of_float", double d) when !(d >= -9223372036854775808.0 && d < 9223372036854775808.0) => "the number is out of range",
            ("float_of_str", string s) when !FloatText().IsMatch(s) => $"\"{s}\" is no number",
            _ => null,
        };
        if (why is not null) Report(TypeErrors.ConstantPanics(Source, at, why));
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"\A[+-]?(inf|nan|[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?)\z", System.Text.RegularExpressions.RegexOptions.CultureInvariant)]
    private static partial System.Text.RegularExpressions.Regex FloatText();
}
