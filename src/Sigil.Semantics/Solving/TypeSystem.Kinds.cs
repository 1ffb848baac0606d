using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Solving;

// Copy, value, unique.
public sealed partial class TypeSystem
{
    private readonly Dictionary<SigilType, ValueKind> kinds = [];

    public ValueKind KindOf(SigilType type)
    {
        type = NormalizeTop(type.Resolve());
        bool cacheable = type is NamedType { Arguments.IsEmpty: true };
        if (cacheable && kinds.TryGetValue(type, out var known)) return known;
        var kind = Kind(type, []);
        if (cacheable) kinds[type] = kind;
        return kind;
    }

    // Unique if anything inside is; copy if everything inside is and the type is of a kind that may be.
    private ValueKind Kind(SigilType type, HashSet<SigilType> above)
    {
        type = NormalizeTop(type.Resolve());
        switch (type)
        {
            case NamedType n: return Kind(n, above);
            case TupleType t: return Join(t.Elements, ValueKind.Copy, above);
            case RecordType r: return Join(r.Fields.Select(f => f.Type), ValueKind.Value, above);
            case FunctionType f: return f.Kind switch { FunctionKind.Plain => ValueKind.Value, FunctionKind.Iso => ValueKind.Unique, _ => ValueKind.Copy };
            case CapabilityType c: return c.Modifier == CapabilityModifier.Iso ? ValueKind.Unique : ValueKind.Copy;
            case BorrowType: return ValueKind.Copy;
            case DynType: return ValueKind.Value;
            case TypeParameterType p: return p.Symbol.IsCopyable || IsBoundCopyable(p) ? ValueKind.Value : ValueKind.Unique;
            case ProjectionType p: return p.Associated.IsCopyable || IsBoundCopyable(p) ? ValueKind.Value : ValueKind.Unique;
            default: return ValueKind.Value;
        }
    }

    private bool IsBoundCopyable(SigilType type)
    {
        foreach (var b in BoundsOf(type))
            if (Is(b.Trait, "Copyable") || (b.Trait.Self.IsCopyable && !b.Trait.IsStructural)) return true;
        return false;
    }

    private ValueKind Kind(NamedType n, HashSet<SigilType> above)
    {
        var d = n.Definition;
        switch (d.Kind)
        {
            case TypeKind.List or TypeKind.Map or TypeKind.Set: return Join(n.Arguments, ValueKind.Value, above);
            case TypeKind.Range: return ValueKind.Copy;
            case TypeKind.Opaque: return d.IsUnique ? ValueKind.Unique : d.IsCopyKind ? ValueKind.Copy : ValueKind.Value;
            case TypeKind.Struct or TypeKind.Newtype:
                return above.Add(n) ? Leave(n, above, Join(FieldTypes(n), ValueKind.Value, above)) : ValueKind.Copy;
            case TypeKind.Sum:
                if (!above.Add(n)) return ValueKind.Copy;
                // Payload-free enums are copied; so are Option and Result of what is.
                bool small = d.Variants.All(v => v.Fields.IsEmpty) || d == Core.FindType("Option") || d == Core.FindType("Result");
                return Leave(n, above, Join(d.Variants.SelectMany(v => PayloadTypes(n, v)), small ? ValueKind.Copy : ValueKind.Value, above));
            case TypeKind.Alias: return ValueKind.Value;
            default: return ValueKind.Copy;
        }
    }

    private static ValueKind Leave(SigilType t, HashSet<SigilType> above, ValueKind kind)
    {
        above.Remove(t);
        return kind;
    }

    private ValueKind Join(IEnumerable<SigilType> parts, ValueKind start, HashSet<SigilType> above)
    {
        var kind = start;
        if (above.Count > DepthLimit) return kind;
        foreach (var p in parts)
        {
            var k = Kind(p, above);
            if (k == ValueKind.Unique) return k;
            if (k == ValueKind.Value) kind = ValueKind.Value;
        }
        return kind;
    }
}
