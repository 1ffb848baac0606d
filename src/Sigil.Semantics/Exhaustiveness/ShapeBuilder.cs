using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Exhaustiveness;

/// <summary>Turns typed patterns into shapes.</summary>
internal sealed class ShapeBuilder(ITypeSystem types, ShapeTable shapes)
{
    /// <summary>False when a pattern had an error: then nothing can be said about the match.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>In a <c>let</c> a list pattern counts as one that fits: it panics where the length does not.</summary>
    public bool ListsAlwaysFit { get; init; }

    /// <summary>The list patterns that were taken as fitting.</summary>
    public List<ListPattern> AssumedLists { get; } = [];

    public Shape Build(TypedPattern pattern)
    {
        switch (pattern)
        {
            case WildcardPattern:
                return shapes.Wildcard;
            case BindingPattern { Inner: { } inner }:
                return Build(inner);
            case BindingPattern:
                return shapes.Wildcard;
            case LiteralPattern literal:
                return shapes.Make(ConstructorOf(literal), []);
            case IntervalPattern interval:
                return shapes.Make(new IntervalConstructor(interval.Low, interval.High), []);
            case VariantPattern variant:
                return shapes.Make(new VariantConstructor(variant.Variant), Parts(variant.Variant.Fields.Length, variant.Fields));
            case ProductPattern product:
                return shapes.Make(new ProductConstructor(), Parts(types.FieldTypes(Matched.TypeOf(product.Type)).Length, product.Fields));
            case ListPattern list when ListsAlwaysFit:
                AssumedLists.Add(list);
                return shapes.Wildcard;
            case ListPattern list:
                ImmutableArray<Shape> parts = [.. list.Prefix.Select(Build), .. list.Suffix.Select(Build)];
                return shapes.Make(new ListConstructor(list.Prefix.Length, list.Suffix.Length, list.HasRest), parts);
            case OrPattern or:
                return shapes.Alternative(or.Alternatives.Select(Build).ToList());
            default:
                IsComplete = false;
                return shapes.Wildcard;
        }
    }

    private ImmutableArray<Shape> Parts(int count, ImmutableArray<FieldPattern> fields)
    {
        var parts = new Shape[count];
        Array.Fill(parts, shapes.Wildcard);
        foreach (var field in fields)
            if (field.Index >= 0 && field.Index < count) parts[field.Index] = Build(field.Pattern);
        return [.. parts];
    }

    private static Constructor ConstructorOf(LiteralPattern literal) => literal.Value switch
    {
        bool b => new IntervalConstructor(b ? 1 : 0, b ? 1 : 0),
        byte b => new IntervalConstructor(b, b),
        int c => new IntervalConstructor(c, c),
        long n when Matched.TypeOf(literal.Type) is NamedType { Definition.Kind: TypeKind.Int } => new IntervalConstructor(n, n),
        var other => new ValueConstructor(other),
    };
}

/// <summary>The type that patterns look at.</summary>
internal static class Matched
{
    /// <summary>A type without the borrow, <c>iso</c>, <c>val</c> or <c>ref</c> around it: patterns look through those.</summary>
    public static SigilType TypeOf(SigilType type)
    {
        while (true)
        {
            switch (type.Resolve())
            {
                case BorrowType borrow: type = borrow.Target; break;
                case CapabilityType capability: type = capability.Target; break;
                case var other: return other;
            }
        }
    }
}
