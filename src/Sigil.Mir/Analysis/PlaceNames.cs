using System.Text;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Analysis;

/// <summary>Writes places as the user wrote them: <c>own.a.x</c>.</summary>
public static class PlaceNames
{
    /// <summary>The text of a place, or null when it has no name in the source (a temporary).</summary>
    public static string? Of(MirFunction function, MirPlace place)
    {
        var local = function.Locals[place.Local];
        if (local.Name is null) return null;
        var b = new StringBuilder(local.Name);
        var type = local.Type.Resolve();
        foreach (var step in place.Path)
        {
            switch (step)
            {
                case FieldProjection f:
                    b.Append('.').Append(FieldName(type, f.Index));
                    break;
                case ElementProjection or ConstantElementProjection or RestProjection or EntryProjection: b.Append("[…]"); break;
                case VariantProjection v: b.Append('.').Append(v.Variant.Name); break;
            }
            type = step.Type.Resolve();
        }
        return b.ToString();
    }

    private static string FieldName(SigilType type, int index) => type switch
    {
        BorrowType b => FieldName(b.Target.Resolve(), index),
        CapabilityType c => FieldName(c.Target.Resolve(), index),
        NamedType n when index < n.Definition.Fields.Length => n.Definition.Fields[index].Name,
        RecordType r when index < r.Fields.Length => r.Fields[index].Name,
        _ => index.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
