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
        var kind = IsUnique(type) ? ValueKind.Unique : IsCopy(type) ? ValueKind.Copy : ValueKind.Value;
        if (cacheable) kinds[type] = kind;
        return kind;
    }

    // Unique is what contains something unique; each type is looked at once, however the types refer to each other.
    private bool IsUnique(SigilType type)
    {
        var seen = new HashSet<SigilType>();
        var pending = new Stack<SigilType>([type]);
        while (pending.TryPop(out var t) && seen.Count < ContentLimit)
        {
            t = NormalizeTop(t.Resolve());
            switch (t)
            {
                case FunctionType f:
                    if (f.Kind == FunctionKind.Iso) return true;
                    break;
                case CapabilityType c:
                    if (c.Modifier == CapabilityModifier.Iso) return true;
                    break;
                case TypeParameterType p:
                    if (!p.Symbol.IsCopyable && !IsBoundCopyable(p)) return true;
                    break;
                case ProjectionType p:
                    if (!p.Associated.IsCopyable && !IsBoundCopyable(p)) return true;
                    break;
                case NamedType { Definition.Kind: TypeKind.Opaque } n:
                    if (n.Definition.IsUnique) return true;
                    break;
                case NamedType or TupleType or RecordType:
                    if (seen.Add(t))
                        foreach (var part in ContentTypes(t)) pending.Push(part);
                    break;
            }
        }
        return false;
    }

    // Of types that are not unique. Structs and sums with payloads are values whatever they hold.
    private bool IsCopy(SigilType type)
    {
        type = NormalizeTop(type.Resolve());
        return type switch
        {
            TupleType t => t.Elements.All(IsCopy),
            FunctionType f => f.Kind != FunctionKind.Plain,
            CapabilityType or BorrowType => true,
            NamedType n => n.Definition.Kind switch
            {
                TypeKind.List or TypeKind.Map or TypeKind.Set or TypeKind.Struct or TypeKind.Newtype or TypeKind.Alias => false,
                TypeKind.Opaque => n.Definition.IsCopyKind,
                // Payload-free enums are copied; so are Option and Result of what is.
                TypeKind.Sum => n.Definition.Variants.All(v => v.Fields.IsEmpty)
                    || ((n.Definition == Core.FindType("Option") || n.Definition == Core.FindType("Result")) && n.Arguments.All(IsCopy)),
                _ => true,
            },
            _ => false,
        };
    }

    private bool IsBoundCopyable(SigilType type)
    {
        foreach (var b in BoundsOf(type))
            if (Is(b.Trait, "Copyable") || (b.Trait.Self.IsCopyable && !b.Trait.IsStructural)) return true;
        return false;
    }
}
