using System.Collections.Immutable;
using Sigil.Semantics.Symbols;

namespace Sigil.Semantics.Types;

/// <summary>Replaces type parameters by types. Solved inference variables are replaced on the way.</summary>
public sealed class Substitution
{
    private readonly Dictionary<TypeParameterSymbol, SigilType> map;
    public static Substitution Empty { get; } = new([], []);

    public Substitution(ImmutableArray<TypeParameterSymbol> parameters, ImmutableArray<SigilType> arguments)
    {
        map = new(parameters.Length);
        for (int i = 0; i < Math.Min(parameters.Length, arguments.Length); i++) map[parameters[i]] = arguments[i];
    }

    public bool IsEmpty => map.Count == 0;
    public SigilType? Lookup(TypeParameterSymbol p) => map.GetValueOrDefault(p);

    public ImmutableArray<SigilType> Apply(ImmutableArray<SigilType> types) => [.. types.Select(Apply)];

    public TraitReference Apply(TraitReference t) =>
        t.Arguments.Length == 0 && t.Bindings.Length == 0 ? t
        : new(t.Trait, Apply(t.Arguments), [.. t.Bindings.Select(b => new AssociatedBinding(b.Associated, Apply(b.Type)))]);

    public SigilType Apply(SigilType type)
    {
        switch (type.Resolve())
        {
            case TypeParameterType p: return map.TryGetValue(p.Symbol, out var t) ? t : p;
            case NamedType n: return n.Arguments.Length == 0 ? n : new NamedType(n.Definition, Apply(n.Arguments));
            case TupleType u: return new TupleType(Apply(u.Elements));
            case RecordType r: return new RecordType(r.Fields.Select(f => new RecordField(f.Name, Apply(f.Type))));
            case FunctionType f: return new FunctionType(Apply(f.Parameters), Apply(f.Result), [.. f.Uses.Select(Apply)], f.Kind);
            case DynType d: return new DynType([.. d.Traits.Select(Apply)]);
            case CapabilityType c: return CapabilityTypes.Make(c.Modifier, Apply(c.Target));
            case BorrowType b: return new BorrowType(b.IsMutable, Apply(b.Target));
            case ProjectionType p: return new ProjectionType(Apply(p.Self), Apply(p.Trait), p.Associated);
            case var other: return other;
        }
    }
}

/// <summary>Building of capability types: a modifier on a function type goes into the function type's kind.</summary>
public static class CapabilityTypes
{
    public static SigilType Make(CapabilityModifier modifier, SigilType target) => target.Resolve() switch
    {
        FunctionType { Kind: FunctionKind.Plain } f when modifier == CapabilityModifier.Iso => f.WithKind(FunctionKind.Iso),
        FunctionType { Kind: FunctionKind.Plain } f when modifier == CapabilityModifier.Ref => f.WithKind(FunctionKind.Ref),
        var t => new CapabilityType(modifier, t),
    };
}
