using System.Collections.Immutable;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Solving;

// Associated types.
public sealed partial class TypeSystem
{
    private int projecting;

    public SigilType Normalize(SigilType type)
    {
        type = type.Resolve();
        if (!TypeWalk.Any(type, t => t is ProjectionType || (t is TypeParameterType && HasEqualities))) return Substitution.Empty.Apply(type);
        return Rebuild(type);
    }

    private bool HasEqualities
    {
        get
        {
            foreach (var c in environment) if (c.Equal is not null) return true;
            return false;
        }
    }

    private SigilType NormalizeTop(SigilType type) => type is ProjectionType or TypeParameterType ? Normalize(type).Resolve() : type;

    private ImmutableArray<SigilType> Rebuild(ImmutableArray<SigilType> types) => [.. types.Select(Rebuild)];

    private TraitReference Rebuild(TraitReference t) =>
        t.Arguments.IsEmpty && t.Bindings.IsEmpty ? t : new(t.Trait, Rebuild(t.Arguments), [.. t.Bindings.Select(b => new AssociatedBinding(b.Associated, Rebuild(b.Type)))]);

    private SigilType Rebuild(SigilType type)
    {
        switch (type.Resolve())
        {
            case NamedType n: return n.Arguments.IsEmpty ? n : new NamedType(n.Definition, Rebuild(n.Arguments));
            case TupleType t: return new TupleType(Rebuild(t.Elements));
            case RecordType r: return new RecordType(r.Fields.Select(f => new RecordField(f.Name, Rebuild(f.Type))));
            case FunctionType f: return new FunctionType(Rebuild(f.Parameters), Rebuild(f.Result), [.. f.Uses.Select(Rebuild)], f.Kind);
            case DynType d: return new DynType([.. d.Traits.Select(Rebuild)]);
            case CapabilityType c: return CapabilityTypes.Make(c.Modifier, Rebuild(c.Target));
            case BorrowType b: return new BorrowType(b.IsMutable, Rebuild(b.Target));
            case TypeParameterType p: return EqualTo(p) is { } equal ? Rebuild(equal) : p;
            case ProjectionType p: return Project(p);
            case var other: return other;
        }
    }

    // `where T = [U]`: inside, T is only another name.
    private SigilType? EqualTo(SigilType subject)
    {
        foreach (var c in environment)
            if (c.Equal is { } equal && c.Subject.Equals(subject)) return equal;
        return null;
    }

    private SigilType Project(ProjectionType p)
    {
        var self = Rebuild(p.Self).Resolve();
        var trait = Rebuild(p.Trait);
        if (self is BorrowType b) self = b.Target.Resolve();
        var open = new ProjectionType(self, trait, p.Associated);
        if (self is ErrorType) return self;
        if (self is TypeVariable) return open;
        // An associated type defined by itself would go on forever.
        if (projecting > DepthLimit) return ErrorType.Instance;
        projecting++;
        try
        {
            if (EqualTo(open) is { } equal) return Rebuild(equal);
            foreach (var bound in BoundsOf(self))
                if (bound.Trait == trait.Trait && TypeSequence.Same(bound.Arguments, trait.Arguments))
                    foreach (var binding in bound.Bindings)
                        if (binding.Associated == p.Associated) return binding.Type.Equals(open) ? open : Rebuild(binding.Type);
            if (Is(trait.Trait, "Sequence"))
                return Iteration(self) is { } iteration && !iteration.Item.Equals(open) ? Rebuild(iteration.Item) : open;
            if (Solve(self, trait) is not { IsYes: true, Match: { Impl: { } impl } match }) return open;
            var s = new Substitution(impl.TypeParameters, match.TypeArguments);
            if (impl.AssociatedTypes.TryGetValue(p.Associated, out var given)) return Rebuild(s.Apply(given));
            if (p.Associated.Default is { } value) return Rebuild(new Substitution([trait.Trait.Self, .. trait.Trait.TypeParameters], [self, .. trait.Arguments]).Apply(value));
            return open;
        }
        finally { projecting--; }
    }
}
