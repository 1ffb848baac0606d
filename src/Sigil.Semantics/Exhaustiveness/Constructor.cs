using System.Collections.Immutable;
using Sigil.Semantics.Symbols;

namespace Sigil.Semantics.Exhaustiveness;

/// <summary>What a pattern tests of a value before it looks at the parts.</summary>
internal abstract record Constructor
{
    /// <summary>Whether every value that <paramref name="other"/> stands for is one of this.</summary>
    public abstract bool Covers(Constructor other);
}

/// <summary>A variant of a sum type.</summary>
internal sealed record VariantConstructor(VariantSymbol Variant) : Constructor
{
    public override bool Covers(Constructor other) => other is VariantConstructor v && v.Variant == Variant;
}

/// <summary>The only form of a struct, record, tuple, newtype or unit.</summary>
internal sealed record ProductConstructor : Constructor
{
    public override bool Covers(Constructor other) => other is ProductConstructor;
}

/// <summary>An inclusive interval of ints, bytes, chars or bools (0 and 1).</summary>
internal sealed record IntervalConstructor(long Low, long High) : Constructor
{
    public override bool Covers(Constructor other) => other is IntervalConstructor i && Low <= i.Low && i.High <= High;
}

/// <summary>One value of a type with too many to list: float, str, Duration, Size.</summary>
internal sealed record ValueConstructor(object Value) : Constructor
{
    public override bool Covers(Constructor other) => other is ValueConstructor v && v.Value.Equals(Value);
}

/// <summary>Lists of exactly <c>Prefix + Suffix</c> elements, or of at least so many.</summary>
internal sealed record ListConstructor(int Prefix, int Suffix, bool IsOpen) : Constructor
{
    public int Length => Prefix + Suffix;

    public override bool Covers(Constructor other) =>
        other is ListConstructor l && (IsOpen ? l.Length >= Length : !l.IsOpen && l.Length == Length);
}

/// <summary>A pattern as the analysis sees it. Equal patterns of one analysis are the same object.</summary>
internal sealed class Shape
{
    /// <summary>Number by which a matrix can be remembered.</summary>
    public required int Id { get; init; }
    /// <summary>Null for wildcards and alternatives.</summary>
    public Constructor? Constructor { get; init; }
    /// <summary>The parts; the alternatives where <see cref="IsAlternative"/>.</summary>
    public ImmutableArray<Shape> Parts { get; init; } = [];
    public bool IsAlternative { get; init; }
    public bool IsWildcard => Constructor is null && !IsAlternative;
}

/// <summary>Makes shapes and keeps one of each.</summary>
internal sealed class ShapeTable
{
    private readonly Dictionary<(Constructor? Constructor, bool IsAlternative, string Parts), Shape> known = [];

    public ShapeTable() => Wildcard = Intern(null, false, []);

    public Shape Wildcard { get; }

    public Shape Make(Constructor constructor, ImmutableArray<Shape> parts) => Intern(constructor, false, parts);

    public Shape Alternative(IEnumerable<Shape> alternatives)
    {
        var flat = new List<Shape>();
        foreach (var alternative in alternatives)
        {
            // An alternative that matches everything makes the others pointless.
            if (alternative.IsWildcard) return Wildcard;
            if (alternative.IsAlternative) flat.AddRange(alternative.Parts); else flat.Add(alternative);
        }
        return flat.Count == 1 ? flat[0] : Intern(null, true, [.. flat.Distinct()]);
    }

    private Shape Intern(Constructor? constructor, bool isAlternative, ImmutableArray<Shape> parts)
    {
        var key = (constructor, isAlternative, string.Join(',', parts.Select(p => p.Id)));
        if (known.TryGetValue(key, out var shape)) return shape;
        return known[key] = new Shape { Id = known.Count, Constructor = constructor, IsAlternative = isAlternative, Parts = parts };
    }
}
