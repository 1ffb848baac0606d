using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Syntax.Ast;

namespace Sigil.Semantics.Declarations;

/// <summary>What the attributes say by which the library describes types and functions of the runtime; elsewhere they are unknown (E1015).</summary>
internal sealed class LibraryAttributes(CoreSymbols core)
{
    public static readonly HashSet<string> Names = ["runtime", "unique", "copy", "end", "intrinsic", "once", "sends", "waits", "stays", "internal"];

    public void Read(ModuleSymbol module)
    {
        foreach (var t in module.Types) Type(t);
        Functions(module);
    }

    private void Type(TypeSymbol type)
    {
        if (type.Syntax is null) return;
        foreach (var a in type.Syntax.Attributes)
        {
            switch (a.Name.Text)
            {
                case "unique": type.IsUnique = true; break;
                case "end":
                    type.End = new ChannelEnd(Says(a, "producer"), Says(a, "shared"), Says(a, "processes"));
                    core.RegisterEnd(type);
                    break;
                case "copy": type.IsCopyKind = true; break;
                case "runtime" when a.Arguments is [{ Value: LiteralExpression { Value: string name } }]: type.RuntimeType = name; break;
            }
        }
    }

    private static bool Says(AttributeSyntax attribute, string word) => attribute.Arguments.Any(a => a.Value is LiteralExpression { Value: string value } && value == word);

    private static void Functions(ModuleSymbol module)
    {
        var plainName = Prelude.NameOf(module.Name) is var home && home.StartsWith("std.", StringComparison.Ordinal) ? home["std.".Length..] : home;
        foreach (var f in module.Functions) Key(f, plainName == "prelude" ? f.Name : $"{plainName}.{f.Name}");
        foreach (var i in module.Impls)
        {
            i.CallsOnce = i.Syntax is { } syntax && syntax.Attributes.Any(a => a.Name.Text == "once");
            foreach (var m in i.Methods) Key(m, $"{KeyName(i.SelfType)}.{m.Name}");
        }

        foreach (var t in module.Traits)
            foreach (var m in t.Methods) Waiting(m);
        foreach (var t in module.Types)
            foreach (var m in t.OpaqueMethods) Key(m, $"{t.Name}.{m.Name}");
    }

    // Lists, maps, sets and ranges are written with brackets or by a lower-case word.
    private static string KeyName(Types.SigilType type) => type is not Types.NamedType n ? type.ToString() : n.Definition.Kind switch
    {
        TypeKind.List => "list",
        TypeKind.Map => "map",
        TypeKind.Set => "set",
        TypeKind.Range => "range",
        _ => n.Definition.Name,
    };

    private static void Waiting(FunctionSymbol f)
    {
        f.WaitsLikeCaller = Has(f, "waits");
        // What its provider does is the library's own: the function goes no further than the tasks of the call.
        if (!Has(f, "stays")) return;
        foreach (var p in f.Parameters) p.StaysInCall = p.Type is Types.FunctionType;
    }

    private static bool Has(FunctionSymbol f, string attribute) => f.Syntax is FunctionDeclaration d && d.Attributes.Any(a => a.Name.Text == attribute);

    private static void Key(FunctionSymbol f, string usual)
    {
        Waiting(f);
        f.Sends = Has(f, "sends");

        if (!f.IsIntrinsic && f.Container is not TypeSymbol) return;
        f.Intrinsic = f.Syntax is FunctionDeclaration { Attributes: var attributes }
            && attributes.FirstOrDefault(a => a.Name.Text == "intrinsic") is { Arguments: [{ Value: LiteralExpression { Value: string key } }] } ? key : usual;
    }
}
