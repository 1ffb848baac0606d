using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Typed;

/// <summary>The checked body of one function.</summary>
public sealed class TypedBody
{
    public required FunctionSymbol Function { get; init; }
    /// <summary>The local of <c>self</c>, or null.</summary>
    public LocalSymbol? Self { get; init; }
    /// <summary>One local per declared parameter (an unnamed one for pattern parameters).</summary>
    public required ImmutableArray<LocalSymbol> Parameters { get; set; }
    /// <summary>One pattern per pattern parameter; null entries otherwise.</summary>
    public required ImmutableArray<TypedPattern?> ParameterPatterns { get; set; }
    public required TypedExpression Root { get; set; }
    /// <summary>Where a <c>?</c> at function level leaves to.</summary>
    public required ExitBoundary Boundary { get; init; }
    /// <summary>Diagnostics of this body; MIR is built only when none is an error.</summary>
    public required ImmutableArray<Diagnostic> Diagnostics { get; set; }
}
