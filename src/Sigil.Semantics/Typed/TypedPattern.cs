using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Semantics.Typed;

/// <summary>A pattern with the type of what it matches.</summary>
public abstract class TypedPattern
{
    public required SigilType Type { get; set; }
    public required TextSpan Span { get; init; }
    /// <summary>The <c>iso</c>, <c>val</c> or <c>ref</c> whose object the pattern looks into; null when it matches a value as it is.</summary>
    public CapabilityType? Through { get; set; }
}

public sealed class WildcardPattern : TypedPattern { }

/// <summary><c>name</c> and <c>name @ p</c>.</summary>
public sealed class BindingPattern : TypedPattern
{
    public required LocalSymbol Local { get; init; }
    public TypedPattern? Inner { get; init; }
}

/// <summary>A literal; values as in <see cref="LiteralExpression"/>.</summary>
public sealed class LiteralPattern : TypedPattern
{
    public required object Value { get; init; }
}

/// <summary>An interval over int, char or byte, as inclusive bounds (open ends are the type's limits).</summary>
public sealed class IntervalPattern : TypedPattern
{
    public required long Low { get; init; }
    public required long High { get; init; }
}

/// <summary>A variant; fields not listed are wildcards.</summary>
public sealed class VariantPattern : TypedPattern
{
    public required VariantSymbol Variant { get; init; }
    public required ImmutableArray<FieldPattern> Fields { get; set; }
}

/// <summary>Struct, record (indices alphabetical), tuple and newtype (index 0) patterns; parts not listed are wildcards.</summary>
public sealed class ProductPattern : TypedPattern
{
    public required ImmutableArray<FieldPattern> Fields { get; set; }
}

public readonly record struct FieldPattern(int Index, TypedPattern Pattern);

/// <summary><c>[p, q]</c>, <c>[p, ..rest, q]</c>.</summary>
public sealed class ListPattern : TypedPattern
{
    public required ImmutableArray<TypedPattern> Prefix { get; set; }
    public required bool HasRest { get; init; }
    /// <summary>The name of the rest, or null.</summary>
    public LocalSymbol? Rest { get; init; }
    public required ImmutableArray<TypedPattern> Suffix { get; set; }
}

/// <summary><c>p | q</c>: every alternative binds the same <see cref="LocalSymbol"/>s.</summary>
public sealed class OrPattern : TypedPattern
{
    public required ImmutableArray<TypedPattern> Alternatives { get; set; }
}

/// <summary>A pattern that is wrong; a diagnostic has been reported.</summary>
public sealed class ErrorPattern : TypedPattern { }
