using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Solving;

/// <summary>The answer to "does this type implement this trait".</summary>
public enum SolveOutcome
{
    No,
    Yes,
    /// <summary>Not known before more inference variables are solved.</summary>
    Ambiguous,
}

/// <summary>An answer; <see cref="Match"/> is given with Yes.</summary>
public readonly record struct Solution(SolveOutcome Outcome, ImplMatch? Match = null)
{
    public static Solution No { get; } = new(SolveOutcome.No);
    public static Solution Ambiguous { get; } = new(SolveOutcome.Ambiguous);
    public bool IsYes => Outcome == SolveOutcome.Yes;
    public bool IsNo => Outcome == SolveOutcome.No;
}

/// <summary>Answers questions about types and traits.</summary>
public sealed partial class TypeSystem : ITypeSystem
{
    /// <summary>Decides a trait for a type that may hold unsolved variables. Binds nothing.</summary>
    public Solution Solve(SigilType type, TraitReference trait) => throw new NotImplementedException();

    /// <summary>Solves and, when exactly one impl or bound can apply, binds variables of the type, the trait's arguments and bindings to what it says.</summary>
    public Solution SolveAndBind(SigilType type, TraitReference trait, Unifier unifier) => throw new NotImplementedException();

    /// <summary>Makes the where clauses of a function (and of its container) known while it is checked.</summary>
    public IDisposable Within(Symbol owner) => throw new NotImplementedException();

    public CoreSymbols Core => throw new NotImplementedException();
    public ValueKind KindOf(SigilType type) => throw new NotImplementedException();
    public SigilType Normalize(SigilType type) => throw new NotImplementedException();
    public bool Implements(SigilType type, TraitReference trait) => throw new NotImplementedException();
    public ImplMatch? FindImpl(SigilType type, TraitReference trait) => throw new NotImplementedException();
    public MethodTarget ResolveMethod(FunctionSymbol traitMethod, ImmutableArray<SigilType> typeArguments) => throw new NotImplementedException();
    public ImmutableArray<FailureStep>? WhyNotSendable(SigilType type) => throw new NotImplementedException();
    public ImmutableArray<SigilType> FieldTypes(SigilType type) => throw new NotImplementedException();
    public ImmutableArray<SigilType> PayloadTypes(SigilType sumType, VariantSymbol variant) => throw new NotImplementedException();
    public (Typed.IterationKind Kind, SigilType Item)? Iteration(SigilType type) => throw new NotImplementedException();
}
