using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Semantics.Checking;

// Unification variables and the queue of operations that wait for types.
public sealed partial class BodyChecker
{
    private readonly List<Func<bool>> deferred = [];

    /// <summary>A fresh inference variable.</summary>
    internal TypeVariable NewVariable() => unifier.NewVariable();

    /// <summary>Makes two types equal as far as inference variables allow; without conversions, without report.</summary>
    internal bool Unify(SigilType a, SigilType b) => unifier.Unify(a, b);

    /// <summary>Queues an operation on a type that is not known yet. It is called again whenever more may be known, until it returns true.</summary>
    internal void Defer(Func<bool> retry) => deferred.Add(retry);

    /// <summary>A type with all solved variables replaced.</summary>
    internal SigilType Zonk(SigilType type) => unifier.Zonk(type);

    internal bool IsNever(SigilType t) => t.Resolve() is NamedType n && n.Definition == Core.NeverSymbol;
}

/// <summary>Stands in the tree for an operation that waits for a type; replaced by <see cref="Result"/> when the body's check ends.</summary>
internal sealed class DeferredExpression : TypedExpression
{
    public TypedExpression? Result { get; set; }
}
