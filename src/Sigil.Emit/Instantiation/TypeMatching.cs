using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Instantiation;

/// <summary>One-sided unification of a generic type with a concrete one.</summary>
internal static class TypeMatching
{
    public static bool Match(SigilType pattern, SigilType concrete, Dictionary<TypeParameterSymbol, SigilType> bound)
    {
        switch (pattern.Resolve(), concrete.Resolve())
        {
            case (TypeParameterType p, var c):
                if (bound.TryGetValue(p.Symbol, out var earlier)) return earlier.Equals(c);
                bound[p.Symbol] = c;
                return true;
            case (NamedType a, NamedType b):
                return a.Definition == b.Definition && a.Arguments.Zip(b.Arguments).All(x => Match(x.First, x.Second, bound));
            case (TupleType a, TupleType b):
                return a.Elements.Length == b.Elements.Length && a.Elements.Zip(b.Elements).All(x => Match(x.First, x.Second, bound));
            case (CapabilityType a, CapabilityType b):
                return a.Modifier == b.Modifier && Match(a.Target, b.Target, bound);
            case var (a, b): return a.Equals(b);
        }
    }
}
