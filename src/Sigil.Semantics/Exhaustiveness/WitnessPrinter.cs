using System.Text;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Exhaustiveness;

/// <summary>Writes an uncovered value as the pattern that would cover it.</summary>
internal sealed class WitnessPrinter(ITypeSystem types)
{
    public string Print(Shape shape, SigilType type)
    {
        var text = new StringBuilder();
        Write(text, shape, Matched.TypeOf(type));
        return text.ToString();
    }

    private void Write(StringBuilder text, Shape shape, SigilType type)
    {
        switch (shape.Constructor)
        {
            case VariantConstructor variant:
                text.Append(variant.Variant.Name);
                WritePayload(text, shape, type, variant.Variant);
                break;
            case ProductConstructor:
                WriteProduct(text, shape, type);
                break;
            case IntervalConstructor interval:
                WriteInterval(text, interval, type);
                break;
            case ListConstructor list:
                WriteList(text, shape, list, type);
                break;
            case ValueConstructor { Value: string s }:
                text.Append('"').Append(s).Append('"');
                break;
            default:
                text.Append('_');
                break;
        }
    }

    private void WritePayload(StringBuilder text, Shape shape, SigilType type, VariantSymbol variant)
    {
        if (shape.Parts.Length == 0) return;
        if (shape.Parts.All(p => p.IsWildcard) && shape.Parts.Length > 1)
        {
            text.Append("(..)");
            return;
        }
        var partTypes = types.PayloadTypes(type, variant);
        text.Append('(');
        for (var i = 0; i < shape.Parts.Length; i++)
        {
            if (i > 0) text.Append(", ");
            if (variant.Fields[i].Name is { } name) text.Append(name).Append(": ");
            Write(text, shape.Parts[i], Matched.TypeOf(partTypes[i]));
        }
        text.Append(')');
    }

    private void WriteProduct(StringBuilder text, Shape shape, SigilType type)
    {
        var partTypes = types.FieldTypes(type);
        string[]? names = null;
        switch (type)
        {
            case RecordType record:
                names = [.. record.Fields.Select(f => f.Name)];
                break;
            case NamedType { Definition.Kind: TypeKind.Struct } named:
                text.Append(named.Definition.Name).Append(' ');
                names = [.. named.Definition.Fields.Select(f => f.Name)];
                break;
            case NamedType { Definition.Kind: TypeKind.Newtype } named:
                text.Append(named.Definition.Name);
                break;
        }
        if (names is null)
        {
            text.Append('(');
            for (var i = 0; i < shape.Parts.Length; i++)
            {
                if (i > 0) text.Append(", ");
                Write(text, shape.Parts[i], Matched.TypeOf(partTypes[i]));
            }
            text.Append(')');
            return;
        }
        text.Append("{ ");
        var isFirst = true;
        for (var i = 0; i < shape.Parts.Length; i++)
        {
            if (shape.Parts[i].IsWildcard) continue;
            if (!isFirst) text.Append(", ");
            isFirst = false;
            text.Append(names[i]).Append(": ");
            Write(text, shape.Parts[i], Matched.TypeOf(partTypes[i]));
        }
        if (shape.Parts.Any(p => p.IsWildcard)) text.Append(isFirst ? ".." : ", ..");
        text.Append(" }");
    }

    private static void WriteInterval(StringBuilder text, IntervalConstructor interval, SigilType type)
    {
        var kind = (type as NamedType)?.Definition.Kind ?? TypeKind.Int;
        var ranges = Domain.RangesOf(type);
        if (interval.Low == interval.High) text.Append(Value(interval.Low, kind));
        else if (kind == TypeKind.Bool) text.Append('_');
        else if (interval.Low == ranges[0].Low && interval.High == ranges[^1].High) text.Append('_');
        else if (interval.Low == ranges[0].Low) text.Append("..=").Append(Value(interval.High, kind));
        else if (interval.High == ranges[^1].High) text.Append(Value(interval.Low, kind)).Append("..");
        else text.Append(Value(interval.Low, kind)).Append("..=").Append(Value(interval.High, kind));
    }

    private static string Value(long value, TypeKind kind) => kind switch
    {
        TypeKind.Bool => value == 0 ? "false" : "true",
        TypeKind.Char when value is >= 0x20 and < 0x7F && value != '\'' && value != '\\' => $"'{(char)value}'",
        TypeKind.Char => $"'\\u{{{value:X}}}'",
        _ => value.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private void WriteList(StringBuilder text, Shape shape, ListConstructor list, SigilType type)
    {
        var element = type is NamedType { Arguments: [var e, ..] } ? Matched.TypeOf(e) : ErrorType.Instance;
        text.Append('[');
        for (var i = 0; i <= shape.Parts.Length; i++)
        {
            if (i == list.Prefix && list.IsOpen) text.Append(i > 0 ? ", .." : "..");
            if (i == shape.Parts.Length) break;
            if (i > 0 || (list.IsOpen && list.Prefix == 0)) text.Append(", ");
            Write(text, shape.Parts[i], element);
        }
        text.Append(']');
    }
}
