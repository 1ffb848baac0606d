using System.Collections.Immutable;

namespace Sigil.Semantics.Types;

/// <summary>Visits the parts of types.</summary>
public static class TypeWalk
{
    /// <summary>Whether the type or a part of it satisfies a test; solved variables count as their solution.</summary>
    public static bool Any(SigilType type, Func<SigilType, bool> test)
    {
        type = type.Resolve();
        if (test(type)) return true;
        foreach (var part in Parts(type))
            if (Any(part, test)) return true;
        return false;
    }

    /// <summary>The direct parts of a type: arguments, components, parameters.</summary>
    public static IEnumerable<SigilType> Parts(SigilType type) => type.Resolve() switch
    {
        NamedType n => n.Arguments,
        TupleType t => t.Elements,
        RecordType r => r.Fields.Select(f => f.Type),
        FunctionType f => f.Parameters.Append(f.Result).Concat(f.Uses.SelectMany(Parts)),
        DynType d => d.Traits.SelectMany(Parts),
        CapabilityType c => [c.Target],
        BorrowType b => [b.Target],
        ProjectionType p => Parts(p.Trait).Prepend(p.Self),
        _ => ImmutableArray<SigilType>.Empty,
    };

    /// <summary>The types in a trait reference.</summary>
    public static IEnumerable<SigilType> Parts(TraitReference trait) => trait.Arguments.Concat(trait.Bindings.Select(b => b.Type));

    /// <summary>How deep the type is nested, not looking further than a limit.</summary>
    public static int Depth(SigilType type, int limit = 128)
    {
        if (limit <= 0) return 1;
        int deepest = 0;
        foreach (var part in Parts(type)) deepest = Math.Max(deepest, Depth(part, limit - 1));
        return deepest + 1;
    }

    /// <summary>Whether the type mentions a type parameter or an unsolved variable.</summary>
    public static bool IsOpen(SigilType type) => Any(type, t => t is TypeParameterType or TypeVariable);
}
