using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Mir;

/// <summary>Flow graphs on demand: built, checked, drop-elaborated and verified once per function.</summary>
public abstract class MirProgram
{
    public abstract SemanticProgram Semantics { get; }

    /// <summary>The checked and elaborated graph of a function that has a body, with nested functions inside.</summary>
    /// <exception cref="InvalidOperationException">The body has errors.</exception>
    public abstract MirFunction GraphOf(FunctionSymbol function);

    /// <summary>The variant of a data pattern that owns the container it walks over (<see cref="StaticCallee.TakesSequence"/>).</summary>
    public virtual MirFunction TakingGraphOf(FunctionSymbol function) => throw new NotSupportedException("data patterns have no second variant here");

    /// <summary>The graph of a structural method (derive, tuples, records…) for a concrete type.</summary>
    public abstract MirFunction StructuralGraphOf(MethodTarget target);

    /// <summary>The graph of a function without parameters that gives the declared default of a field; generic as the field's type is.</summary>
    public abstract MirFunction DefaultGraphOf(FieldSymbol field);

    /// <summary>Ownership and borrow diagnostics of a function's body; empty when it has semantic errors.</summary>
    public abstract IReadOnlyList<Diagnostic> Check(FunctionSymbol function);
}
