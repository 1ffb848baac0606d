using System.Collections.Immutable;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Solving;

/// <summary>Makes types equal by solving inference variables. Every binding is on a trail, so that a trial can be undone.</summary>
/// <remarks>Conversions (Never, dyn, borrows) are none of its business: it knows equality only.</remarks>
public sealed class Unifier(Func<ProjectionType, SigilType>? normalize = null)
{
    private readonly List<TypeVariable> trail = [];
    private readonly List<(SigilType Left, SigilType Right)> deferred = [];
    private int nextId;

    /// <summary>A new unknown.</summary>
    public TypeVariable Fresh() => new(nextId++);

    /// <summary>One unknown per parameter.</summary>
    public ImmutableArray<SigilType> FreshFor(ImmutableArray<Symbols.TypeParameterSymbol> parameters) => [.. parameters.Select(_ => (SigilType)Fresh())];

    /// <summary>A state to come back to.</summary>
    public readonly record struct Mark(int Trail, int Deferred);

    public Mark Snapshot() => new(trail.Count, deferred.Count);

    /// <summary>Undoes everything since the mark.</summary>
    public void Rollback(Mark mark)
    {
        for (int i = trail.Count - 1; i >= mark.Trail; i--) trail[i].Binding = null;
        trail.RemoveRange(mark.Trail, trail.Count - mark.Trail);
        if (deferred.Count > mark.Deferred) deferred.RemoveRange(mark.Deferred, deferred.Count - mark.Deferred);
    }

    /// <summary>Equalities with a projection whose self type is not known yet; see <see cref="RetryDeferred"/>.</summary>
    public bool HasDeferred => deferred.Count > 0;

    /// <summary>Tries the deferred equalities again; false when one fails.</summary>
    public bool RetryDeferred()
    {
        if (deferred.Count == 0) return true;
        var again = deferred.ToArray();
        deferred.Clear();
        bool ok = true;
        foreach (var (l, r) in again) ok &= Unify(l, r);
        return ok;
    }

    /// <summary>Makes two types equal; on failure bindings made on the way stay (take a snapshot to undo them).</summary>
    public bool Unify(SigilType left, SigilType right)
    {
        left = left.Resolve();
        right = right.Resolve();
        if (ReferenceEquals(left, right)) return true;
        // An unknown that meets an error is part of it: nothing more is reported about it.
        if (left is TypeVariable l) return Bind(l, right);
        if (right is TypeVariable r) return Bind(r, left);
        if (left is ErrorType || right is ErrorType) return true;
        if (left is ProjectionType || right is ProjectionType) return UnifyProjection(left, right);
        return (left, right) switch
        {
            (NamedType a, NamedType b) => a.Definition == b.Definition && All(a.Arguments, b.Arguments),
            (TupleType a, TupleType b) => All(a.Elements, b.Elements),
            (RecordType a, RecordType b) => Fields(a, b),
            (FunctionType a, FunctionType b) => a.Kind == b.Kind && All(a.Parameters, b.Parameters) && Unify(a.Result, b.Result) && Traits(a.Uses, b.Uses),
            (DynType a, DynType b) => Traits(a.Traits, b.Traits),
            (CapabilityType a, CapabilityType b) => a.Modifier == b.Modifier && Unify(a.Target, b.Target),
            (BorrowType a, BorrowType b) => a.IsMutable == b.IsMutable && Unify(a.Target, b.Target),
            (TypeParameterType a, TypeParameterType b) => a.Symbol == b.Symbol,
            _ => false,
        };
    }

    /// <summary>Trait references are equal when trait, arguments and common bindings are.</summary>
    public bool Unify(TraitReference left, TraitReference right)
    {
        if (left.Trait != right.Trait || !All(left.Arguments, right.Arguments)) return false;
        foreach (var b in left.Bindings)
            foreach (var c in right.Bindings)
                if (b.Associated == c.Associated && !Unify(b.Type, c.Type)) return false;
        return true;
    }

    /// <summary>Whether the types could be made equal; binds nothing.</summary>
    public bool CanUnify(SigilType left, SigilType right)
    {
        var mark = Snapshot();
        bool ok = Unify(left, right);
        Rollback(mark);
        return ok;
    }

    /// <summary>The type with all solved variables replaced and projections normalised.</summary>
    public SigilType Zonk(SigilType type) => Substitution.Empty.Apply(type);

    /// <summary>Whether an unsolved variable occurs in the type.</summary>
    public static bool HasVariables(SigilType type) => TypeWalk.Any(type, t => t is TypeVariable);

    private bool Bind(TypeVariable v, SigilType type)
    {
        if (TypeWalk.Any(type, t => t == (SigilType)v)) return false;
        v.Binding = type;
        trail.Add(v);
        return true;
    }

    private bool UnifyProjection(SigilType left, SigilType right)
    {
        if (left is ProjectionType p && right is ProjectionType q && p.Associated == q.Associated && Zonk(p).Equals(Zonk(q))) return true;
        var l = left is ProjectionType lp && normalize is not null ? normalize(lp).Resolve() : left;
        var r = right is ProjectionType rp && normalize is not null ? normalize(rp).Resolve() : right;
        if (l is not ProjectionType && r is not ProjectionType) return Unify(l, r);
        if ((l is TypeVariable && r is ProjectionType) || (r is TypeVariable && l is ProjectionType)) return Unify(l, r);
        if (HasVariables(l is ProjectionType ? l : r) || (l is ProjectionType && r is ProjectionType && HasVariables(r)))
        {
            deferred.Add((l, r));
            return true;
        }
        return Zonk(l).Equals(Zonk(r));
    }

    private bool All(ImmutableArray<SigilType> a, ImmutableArray<SigilType> b)
    {
        if (a.Length != b.Length) return false;
        for (int i = 0; i < a.Length; i++) if (!Unify(a[i], b[i])) return false;
        return true;
    }

    private bool Fields(RecordType a, RecordType b)
    {
        if (a.Fields.Length != b.Fields.Length) return false;
        for (int i = 0; i < a.Fields.Length; i++)
            if (a.Fields[i].Name != b.Fields[i].Name || !Unify(a.Fields[i].Type, b.Fields[i].Type)) return false;
        return true;
    }

    private bool Traits(ImmutableArray<TraitReference> a, ImmutableArray<TraitReference> b)
    {
        if (a.Length != b.Length) return false;
        for (int i = 0; i < a.Length; i++) if (!Unify(a[i], b[i])) return false;
        return true;
    }
}
