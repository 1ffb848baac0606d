using System.Globalization;
using System.Text;
using Sigil.Semantics.Exhaustiveness;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Literals and intervals in patterns.
public sealed partial class BodyChecker
{
    private TypedPattern LiteralOf(Ast.LiteralPattern p, SigilType type)
    {
        var at = At(p);
        var own = LiteralType(p.LiteralKind);
        if (p.LiteralKind == Ast.LiteralKind.Int && type is NamedType { Definition: var d } && d == Core.ByteSymbol)
        {
            var n = p.Value is long l ? l : 0;
            if (n is >= 0 and <= 255) return new LiteralPattern { Value = (byte)n, Type = type, Span = at };
            Report(TypeErrors.LiteralOutsideByte(Source, at, n.ToString(CultureInfo.InvariantCulture)));
            return new ErrorPattern { Type = ErrorType.Instance, Span = at };
        }
        if (!Unify(type, own))
        {
            if (!HasError(type)) Report(PatternErrors.OtherType(Source, at, $"`{p}`, a literal of type `{own}`,", Zonk(type).ToString()));
            return new ErrorPattern { Type = ErrorType.Instance, Span = at };
        }
        object value = p.Value switch
        {
            Rune rune => rune.Value,
            var other => other,
        };
        return new LiteralPattern { Value = value, Type = own, Span = at };
    }

    private NamedType LiteralType(Ast.LiteralKind kind) => kind switch
    {
        Ast.LiteralKind.Int => Core.Int,
        Ast.LiteralKind.Float => Core.Float,
        Ast.LiteralKind.String => Core.Str,
        Ast.LiteralKind.Char => Core.Char,
        Ast.LiteralKind.Bool => Core.Bool,
        Ast.LiteralKind.Duration => Core.Duration,
        _ => Core.Size,
    };

    private TypedPattern IntervalOf(Ast.RangePattern p, SigilType type)
    {
        var at = At(p);
        var bad = new ErrorPattern { Type = ErrorType.Instance, Span = at };
        var bounds = new[] { p.Start, p.End }.OfType<Ast.LiteralPattern>().ToList();
        if (bounds.Count == 0) return bad;
        var kind = bounds[0].LiteralKind;
        // Ints serve for bytes; a bound of another kind than the first is no value of the type either.
        var own = kind == Ast.LiteralKind.Int && type is NamedType { Definition: var d } && d == Core.ByteSymbol ? Core.Byte : LiteralType(kind);
        if (kind is not (Ast.LiteralKind.Int or Ast.LiteralKind.Char))
        {
            Report(PatternErrors.OtherType(Source, at, $"an interval of `{own}`, which has no steps to count,", Zonk(type).ToString()));
            return bad;
        }
        if (bounds.Find(b => b.LiteralKind != kind) is { } odd)
        {
            Report(PatternErrors.OtherType(Source, At(odd), $"`{odd}`", own.ToString()));
            return bad;
        }
        if (!Unify(type, own))
        {
            if (!HasError(type)) Report(PatternErrors.OtherType(Source, at, $"an interval of `{own}`", Zonk(type).ToString()));
            return bad;
        }
        var range = Domain.RangesOf(own);
        var low = p.Start is { } start ? Bound(start) : range[0].Low;
        var high = p.End is { } end ? Bound(end) : range[^1].High;
        if (own == Core.Byte)
            foreach (var bound in bounds)
                if (Bound(bound) is < 0 or > 256)
                {
                    Report(TypeErrors.LiteralOutsideByte(Source, At(bound), bound.ToString()));
                    return bad;
                }
        var isExclusive = p.End is not null && !p.IsInclusive;
        if (low > high || (isExclusive && low == high))
        {
            Report(PatternErrors.EmptyInterval(Source, at, isExclusive && low == high));
            return bad;
        }
        if (isExclusive) high--;
        return new IntervalPattern { Low = low, High = high, Type = own, Span = at };
    }

    private static long Bound(Ast.LiteralPattern literal) => literal.Value switch
    {
        long n => n,
        Rune rune => rune.Value,
        _ => 0,
    };
}
