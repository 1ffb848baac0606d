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
        // Spelt out rather than through Parts: this runs for every node of every body.
        switch (type)
        {
            case NamedType n: return Any(n.Arguments, test);
            case TupleType t: return Any(t.Elements, test);
            case RecordType r:
                foreach (var f in r.Fields) if (Any(f.Type, test)) return true;
                return false;
            case FunctionType f:
                if (Any(f.Parameters, test) || Any(f.Result, test)) return true;
                foreach (var u in f.Uses) if (Any(u, test)) return true;
                return false;
            case DynType d:
                foreach (var t in d.Traits) if (Any(t, test)) return true;
                return false;
            case CapabilityType c: return Any(c.Target, test);
            case BorrowType b: return Any(b.Target, test);
            case ProjectionType p: return Any(p.Self, test) || Any(p.Trait, test);
            default: return false;
        }
    }

    private static bool Any(ImmutableArray<SigilType> types, Func<SigilType, bool> test)
    {
        foreach (var t in types) if (Any(t, test)) return true;
        return false;
    }

    private static bool Any(TraitReference trait, Func<SigilType, bool> test)
    {
        if (Any(trait.Arguments, test)) return true;
        foreach (var b in trait.Bindings) if (Any(b.Type, test)) return true;
        return false;
    }

    /// <summary>Whether a variable, solved or not, or a projection stands anywhere in the type as it is built.</summary>
    public static bool MentionsVariable(SigilType type)
    {
        switch (type)
        {
            case TypeVariable or ProjectionType: return true;
            case NamedType n:
                foreach (var t in n.Arguments) if (MentionsVariable(t)) return true;
                return false;
            case TupleType t:
                foreach (var e in t.Elements) if (MentionsVariable(e)) return true;
                return false;
            case TypeParameterType or ErrorType: return false;
            case CapabilityType c: return MentionsVariable(c.Target);
            case BorrowType b: return MentionsVariable(b.Target);
            // Rarer types: rebuilding one needlessly costs less than asking each of them here.
            default: return true;
        }
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
