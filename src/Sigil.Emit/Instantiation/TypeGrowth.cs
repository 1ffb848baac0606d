using Sigil.Semantics.Types;

namespace Sigil.Emit.Instantiation;

/// <summary>
/// Limits on the types of one instantiation. Generic recursion that grows its type arguments has no end; it is found
/// when a type becomes larger than programs write.
/// </summary>
internal static class TypeGrowth
{
    private const int DeepestType = 64;
    private const int LargestType = 4096;

    public static bool IsExcessive(IEnumerable<SigilType> types)
    {
        var budget = LargestType;
        foreach (var type in types)
            if (!Fits(type, 0, ref budget)) return true;
        return false;
    }

    private static bool Fits(SigilType type, int depth, ref int budget)
    {
        if (depth > DeepestType || --budget < 0) return false;
        switch (type.Resolve())
        {
            case NamedType n: return FitAll(n.Arguments.AsSpan(), depth, ref budget);
            case TupleType t: return FitAll(t.Elements.AsSpan(), depth, ref budget);
            case RecordType r:
                foreach (var field in r.Fields)
                    if (!Fits(field.Type, depth + 1, ref budget)) return false;
                return true;
            case FunctionType f: return FitAll(f.Parameters.AsSpan(), depth, ref budget) && Fits(f.Result, depth + 1, ref budget);
            case DynType d:
                foreach (var trait in d.Traits)
                    if (!FitAll(trait.Arguments.AsSpan(), depth, ref budget)) return false;
                return true;
            case CapabilityType c: return Fits(c.Target, depth + 1, ref budget);
            case BorrowType b: return Fits(b.Target, depth + 1, ref budget);
            case ProjectionType p: return Fits(p.Self, depth + 1, ref budget);
            default: return true;
        }
    }

    private static bool FitAll(ReadOnlySpan<SigilType> types, int depth, ref int budget)
    {
        foreach (var type in types)
            if (!Fits(type, depth + 1, ref budget)) return false;
        return true;
    }
}
