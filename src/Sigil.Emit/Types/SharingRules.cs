using Sigil.Semantics.Types;

namespace Sigil.Emit.Types;

/// <summary>
/// Which values hold lists, maps or sets that copying them makes reachable twice. Objects (sums, large structs, boxes)
/// do not count: they are copied as references, and what is read out of them is marked then.
/// </summary>
internal sealed class SharingRules(TypeMap map)
{
    private readonly Dictionary<SigilType, bool> known = [];

    public bool Matters(SigilType type)
    {
        if (known.TryGetValue(type, out var found)) return found;
        known[type] = false;
        var shape = map.Of(type);
        var matters = shape.Kind switch
        {
            RepresentationKind.List or RepresentationKind.Map or RepresentationKind.Set => true,
            RepresentationKind.Option or RepresentationKind.Result or RepresentationKind.Tuple => shape.Parts.Any(p => Matters(p.Type)),
            RepresentationKind.Struct => shape.Product!.FieldTypes.Any(Matters),
            RepresentationKind.Interface => map.Interfaces.ChangesSelf(type),
            _ => false,
        };
        return known[type] = matters;
    }
}
