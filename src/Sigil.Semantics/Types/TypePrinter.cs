using System.Text;
using Sigil.Semantics.Symbols;

namespace Sigil.Semantics.Types;

/// <summary>Writes types as a user would.</summary>
public static class TypePrinter
{
    public static string Print(SigilType type)
    {
        var b = new StringBuilder();
        Write(b, type, 0);
        return b.ToString();
    }

    public static string Print(TraitReference t)
    {
        var b = new StringBuilder();
        WriteTrait(b, t, 0);
        return b.ToString();
    }

    // Deep types come only from hostile or runaway programs; the text of a message need not be longer.
    private const int DepthLimit = 12;

    private static void Write(StringBuilder b, SigilType type, int depth)
    {
        if (depth > DepthLimit) { b.Append('…'); return; }
        switch (type.Resolve())
        {
            case NamedType n when n.Definition.Kind == TypeKind.List && n.Arguments.Length == 1:
                b.Append('['); Write(b, n.Arguments[0], depth + 1); b.Append(']');
                break;
            case NamedType n when n.Definition.Kind == TypeKind.Map && n.Arguments.Length == 2:
                b.Append('{'); Write(b, n.Arguments[0], depth + 1); b.Append(": "); Write(b, n.Arguments[1], depth + 1); b.Append('}');
                break;
            case NamedType n:
                b.Append(n.Definition.Name);
                if (n.Arguments.Length > 0) { b.Append('<'); List(b, n.Arguments, depth); b.Append('>'); }
                break;
            case TupleType t:
                b.Append('('); List(b, t.Elements, depth); b.Append(')');
                break;
            case RecordType r:
                b.Append("{ ");
                for (int i = 0; i < r.Fields.Length; i++)
                {
                    if (i > 0) b.Append(", ");
                    b.Append(r.Fields[i].Name).Append(": ");
                    Write(b, r.Fields[i].Type, depth + 1);
                }
                b.Append(r.Fields.Length == 0 ? "}" : " }");
                break;
            case FunctionType f:
                var prefix = f.Kind switch { FunctionKind.Borrowed => "&(", FunctionKind.Iso => "iso (", FunctionKind.Ref => "ref (", _ => "" };
                b.Append(prefix);
                if (f.Parameters.Length == 1 && f.Parameters[0].Resolve() is not (FunctionType or TupleType)) Write(b, f.Parameters[0], depth + 1);
                else { b.Append('('); List(b, f.Parameters, depth); b.Append(')'); }
                b.Append(" -> ");
                Write(b, f.Result, depth + 1);
                for (int i = 0; i < f.Uses.Length; i++) { b.Append(i == 0 ? " uses " : ", "); WriteTrait(b, f.Uses[i], depth); }
                if (prefix.Length > 0) b.Append(')');
                break;
            case DynType d:
                b.Append("dyn ");
                for (int i = 0; i < d.Traits.Length; i++) { if (i > 0) b.Append(" + "); WriteTrait(b, d.Traits[i], depth); }
                break;
            case CapabilityType c:
                b.Append(c.Modifier switch { CapabilityModifier.Iso => "iso ", CapabilityModifier.Val => "val ", _ => "ref " });
                Write(b, c.Target, depth + 1);
                break;
            case BorrowType r:
                b.Append(r.IsMutable ? "&mut " : "&");
                Write(b, r.Target, depth + 1);
                break;
            case TypeParameterType p: b.Append(p.Symbol.Name); break;
            case ProjectionType p:
                Write(b, p.Self, depth + 1);
                b.Append('.').Append(p.Associated.Name);
                break;
            case TypeVariable: b.Append('_'); break;
            default: b.Append('?'); break;
        }
    }

    private static void WriteTrait(StringBuilder b, TraitReference t, int depth)
    {
        b.Append(t.Trait.Name);
        if (t.Arguments.Length == 0 && t.Bindings.Length == 0) return;
        b.Append('<');
        List(b, t.Arguments, depth);
        for (int i = 0; i < t.Bindings.Length; i++)
        {
            if (i > 0 || t.Arguments.Length > 0) b.Append(", ");
            b.Append(t.Bindings[i].Associated.Name).Append(" = ");
            Write(b, t.Bindings[i].Type, depth + 1);
        }
        b.Append('>');
    }

    private static void List(StringBuilder b, IReadOnlyList<SigilType> types, int depth)
    {
        for (int i = 0; i < types.Count; i++)
        {
            if (i > 0) b.Append(", ");
            Write(b, types[i], depth + 1);
        }
    }
}
