using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Effects;

/// <summary>A construct between an expression and its function that provides, captures or forbids effects.</summary>
internal abstract class EffectScope
{
    public EffectScope? Outer { get; init; }
}

/// <summary><c>with C = v in …</c>.</summary>
internal sealed class ProviderScope(TraitReference capability) : EffectScope
{
    public TraitReference Capability { get; } = capability;
}

/// <summary>The body of a lambda.</summary>
internal sealed class LambdaScope(LambdaExpression lambda, FunctionType? type, bool isBorrowed, ParameterSymbol? parameter) : EffectScope
{
    public LambdaExpression Lambda { get; } = lambda;
    public FunctionType? Type { get; } = type;
    /// <summary>Its effects are those of the call that it is given to.</summary>
    public bool IsBorrowed { get; } = isBorrowed;
    /// <summary>The parameter that it is given to directly.</summary>
    public ParameterSymbol? Parameter { get; } = parameter;
    public List<TraitReference> Captured { get; } = [];
    public bool IsReported { get; set; }
}

/// <summary>What runs in a task of its own, or is prepared for several.</summary>
internal sealed class TaskScope : EffectScope
{
    public List<TraitReference> Captured { get; } = [];
}

/// <summary>The parts of <c>recurse(.parallel: n)</c>.</summary>
internal sealed class ParallelRecursionScope : EffectScope;
