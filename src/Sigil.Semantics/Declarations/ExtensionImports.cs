using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary><c>extension path { Trait.method }</c>: puts extension methods into the scopes of modules (E2023, E2024); a module's own extensions are in its scope.</summary>
internal sealed class ExtensionImports(DeclarationContext context)
{
    public void Run()
    {
        foreach (var m in context.Modules)
        {
            foreach (var e in m.Symbol.Extensions)
                foreach (var f in e.Methods) Add(m, f);
            var seen = new Dictionary<string, ExtensionImportItem>();
            foreach (var import in m.Imports)
            {
                if (import.Syntax is not ExtensionImportDeclaration syntax || import.Target is not { } target) continue;
                foreach (var item in syntax.Items) Import(m, target, item, seen);
            }
        }
    }

    private void Import(LoadedModule module, LoadedModule target, ExtensionImportItem item, Dictionary<string, ExtensionImportItem> seen)
    {
        if (item.Trait.IsMissing || item.Method.IsMissing) return;
        var name = $"{item.Trait.Text}.{item.Method.Text}";
        if (!seen.TryAdd(name, item))
        {
            context.Report(NameErrors.ExtensionImportedTwice(item.Location, name, seen[name].Location));
            return;
        }
        // std.iter.extensions names the iterable methods, which everything iterable has anyway.
        if (target.Symbol.Name is "std.iter" or "std.iter.extensions" && item.Trait.Text is "Iterator" or "Iterable"
            && context.Modules.FirstOrDefault(m => m.Symbol.Name == "std.iter") is { } iter && iter.Symbol.ValueNames.ContainsKey(item.Method.Text)) return;
        var methods = target.Symbol.Extensions.Where(e => (e.Trait?.Name ?? e.Syntax?.Trait.Text) == item.Trait.Text).SelectMany(e => e.Methods).ToList();
        var found = methods.FirstOrDefault(m => m.Name == item.Method.Text);
        if (found is not null)
        {
            Add(module, found);
            return;
        }
        var known = target.Symbol.Extensions.SelectMany(e => e.Methods.Select(m => $"{e.Trait?.Name}.{m.Name}"));
        context.Report(NameErrors.UnknownExtension(item.Location, name, target.Symbol.Name, Spelling.Closest(name, known)));
    }

    private static void Add(LoadedModule module, FunctionSymbol method)
    {
        var table = module.Scope.ExtensionMethods;
        if (!table.TryGetValue(method.Name, out var list)) table[method.Name] = list = [];
        if (!list.Contains(method)) list.Add(method);
    }
}
