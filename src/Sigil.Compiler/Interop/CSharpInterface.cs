using System.Text;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Compiler.Interop;

/// <summary>The C# interface of a trait: what a class implements to provide it as a capability.</summary>
public static class CSharpInterface
{
    // As many as the runtime has delegates for.
    private const int MaxParameters = 6;

    /// <summary>Why the trait has no such interface; null when it has one.</summary>
    public static string? WhyNot(TraitSymbol trait, ITypeSystem types)
    {
        if (!trait.TypeParameters.IsEmpty || !trait.AssociatedTypes.IsEmpty) return "it has type parameters or associated types";
        foreach (var method in trait.Methods)
        {
            if (!method.TypeParameters.IsEmpty) return $"@{method.Name} has type parameters";
            if (method.SelfKind == SelfKind.Mutable) return $"@{method.Name} changes self";
            if (method.Parameters.Length > MaxParameters) return $"@{method.Name} has more than {MaxParameters} parameters";
            if (method.Uses.FirstOrDefault(u => !u.Trait.IsMarkerCapability) is { } use) return $"@{method.Name} needs {use}, and C# code has no capabilities";
            foreach (var parameter in method.Parameters)
                if (TypeOf(parameter.Type, types) is null) return $"the parameter {parameter.Name} of @{method.Name} is {parameter.Type}, which only Sigil code knows; {Allowed}";
            if (TypeOf(method.ReturnType, types) is null) return $"the value of @{method.Name} is {method.ReturnType}, which only Sigil code knows; {Allowed}";
        }
        return null;
    }

    private const string Allowed = "what crosses is made of built-in types, lists, maps, sets, tuples, Option and Result";

    /// <summary>The text of the interface.</summary>
    public static string Of(TraitSymbol trait, string project, ITypeSystem types)
    {
        var text = new StringBuilder();
        text.Append("// Written by `sigil build` from the trait ").Append(trait.Name).Append(": changes are lost.\n#nullable enable\n");
        text.Append("using System.Threading;\nusing System.Threading.Tasks;\nusing Sigil.Runtime.Values;\n\n");
        text.Append("namespace ").Append(NameOf(project)).Append(";\n\n");
        text.Append("/// <summary>The capability ").Append(trait.Name).Append(" of the Sigil program ").Append(project).Append(".</summary>\n");
        text.Append("public interface I").Append(trait.Name).Append("\n{\n");
        var isFirst = true;
        foreach (var method in trait.Methods)
        {
            if (!isFirst) text.Append('\n');
            isFirst = false;
            var waits = method.Uses.Any(u => u.Trait.IsMarkerCapability);
            var isVoid = types.Normalize(method.ReturnType) is NamedType { Definition.Kind: TypeKind.Void };
            var value = TypeOf(method.ReturnType, types)!;
            text.Append("    /// <summary><c>@").Append(method.Name).Append("</c></summary>\n    ");
            text.Append(waits ? isVoid ? "ValueTask" : $"ValueTask<{value}>" : isVoid ? "void" : value);
            text.Append(' ').Append(NameOf(method.Name)).Append('(');
            text.AppendJoin(", ", method.Parameters.Select(p => $"{TypeOf(p.Type, types)} {ParameterName(p.Name)}").Concat(waits ? ["CancellationToken cancelled"] : []));
            text.Append(");\n");
        }
        return text.Append("}\n").ToString();
    }

    private static string NameOf(string name) => string.Concat(name.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    // The words of C# that Sigil programs may use as names.
    private static readonly HashSet<string> keywords =
    [
        "abstract", "as", "base", "bool", "byte", "case", "catch", "char", "checked", "class", "const", "decimal", "default", "delegate", "double", "enum", "event", "explicit",
        "extern", "finally", "fixed", "float", "foreach", "goto", "implicit", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null", "object", "operator",
        "out", "override", "params", "private", "protected", "public", "readonly", "ref", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string", "struct", "switch",
        "this", "throw", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile",
    ];

    private static string ParameterName(string name)
    {
        var words = NameOf(name);
        var written = words.Length == 0 ? "value" : char.ToLowerInvariant(words[0]) + words[1..];
        return written == "cancelled" ? "cancelledBy" : keywords.Contains(written) ? "@" + written : written;
    }

    /// <summary>A type in C#; null for types that only Sigil code knows.</summary>
    private static string? TypeOf(SigilType type, ITypeSystem types)
    {
        type = types.Normalize(type).Resolve();
        if (type is TupleType tuple)
        {
            var parts = tuple.Elements.Select(e => TypeOf(e, types)).ToList();
            return parts.Count > 7 || parts.Contains(null) ? null : $"({string.Join(", ", parts)})";
        }
        if (type is not NamedType named) return null;
        string? Of(string definition)
        {
            var parts = named.Arguments.Select(a => TypeOf(a, types)).ToList();
            return parts.Contains(null) ? null : $"{definition}<{string.Join(", ", parts)}>";
        }
        return named.Definition.Kind switch
        {
            TypeKind.Int or TypeKind.Duration or TypeKind.Size => "long",
            TypeKind.Float => "double",
            TypeKind.Bool => "bool",
            TypeKind.Byte => "byte",
            TypeKind.Char => "int",
            TypeKind.Str => "string",
            TypeKind.Void => "Unit",
            TypeKind.List => Of("SigilList"),
            TypeKind.Map => Of("SigilMap"),
            TypeKind.Set => Of("SigilSet"),
            _ when named.Definition == types.Core.FindType("Option") => Of("Option"),
            _ when named.Definition == types.Core.FindType("Result") => Of("Result"),
            _ => null,
        };
    }
}
