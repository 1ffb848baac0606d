using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;

namespace Sigil.Semantics;

// Bodies and default values, checked when first asked for.
public sealed partial class ProgramAnalysis
{
    private readonly Dictionary<FunctionSymbol, TypedBody> bodies = [];

    /// <inheritdoc/>
    public override TypedBody BodyOf(FunctionSymbol function)
    {
        if (bodies.TryGetValue(function, out var known)) return known;
        using var _ = Solver.Within(function);
        throw new NotSupportedException("bodies are not checked yet");
    }

    /// <inheritdoc/>
    public override TypedExpression DefaultOf(Symbol fieldOrParameter) => throw new NotSupportedException("bodies are not checked yet");
}
