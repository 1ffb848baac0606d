using Sigil.Semantics.Symbols;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Modules;

/// <summary>Fills the scopes of modules from their imports. Modules that are imported come first, so that re-exports are known.</summary>
internal sealed class ImportBinder(IReadOnlyList<LoadedModule> modules, ModuleExports exports, DiagnosticBag diagnostics)
{
    private readonly HashSet<LoadedModule> done = [];

    public void Bind()
    {
        foreach (var m in modules) Visit(m);
    }

    private void Visit(LoadedModule module)
    {
        if (!done.Add(module)) return;
        foreach (var i in module.Imports) if (i.Target is { } t) Visit(t);
        foreach (var i in module.Imports)
        {
            if (i.Target is not { } target)
            {
                BindNothing(module, i);
                continue;
            }
            if (i.Syntax is ImportDeclaration { OpenBrace: null } whole) BindModule(module, whole, target);
            else if (i.Syntax is ImportDeclaration items)
                foreach (var item in items.Items) BindItem(module, items, item, target);
        }
        if (!module.IsLibrary) WarnAboutHiding(module);
    }

    private static void BindNothing(LoadedModule module, ResolvedImport import)
    {
        if (import.Syntax is not ImportDeclaration syntax) return;
        if (syntax.OpenBrace is null) module.Scope.FailedImports.Add(ShortName(syntax));
        else foreach (var item in syntax.Items) module.Scope.FailedImports.Add(item.IsConfig ? "$" + item.BoundName.Text : item.BoundName.Text);
    }

    private static string ShortName(ImportDeclaration import)
    {
        if (import.Alias is { IsMissing: false } alias) return alias.Text;
        if (!import.Path.IsRelative) return import.Path.Words.Last().Text;
        return import.Path.RelativePath!.Split('/').LastOrDefault(p => p is not ("." or ".."), "");
    }

    private void BindModule(LoadedModule module, ImportDeclaration import, LoadedModule target)
    {
        var span = import.Alias?.Span ?? import.Path.Span;
        var shortName = ShortName(import) is { Length: > 0 } name ? name : target.Symbol.Name;
        bool isNew = module.Scope.AddModule(new ImportedName(shortName, target.Symbol, target.Symbol, span) { IsReExported = import.PubKeyword is not null });
        if (!isNew) diagnostics.Add(NameErrors.DuplicateImport(module.At(span), shortName, module.At(module.Scope.Imports.First(i => i.Name == shortName && i.Symbol is ModuleSymbol).Span)));
        if (import.Alias is null && !import.Path.IsRelative)
        {
            var full = string.Join('.', import.Path.Words.Select(w => w.Text));
            if (full != shortName) module.Scope.AddModulePath(full, shortName);
        }
    }

    private void BindItem(LoadedModule module, ImportDeclaration import, ImportItem item, LoadedModule target)
    {
        if (item.Name.IsMissing) return;
        var name = item.Name.Text;
        var bound = item.BoundName.Text;
        var at = module.At(item.Name);
        bool samePackage = module.Symbol.Package == target.Symbol.Package;
        bool mayBePrivate = samePackage && (item.PrivateMarker is not null || module.MaySeePrivateItemsOf(target));
        bool isPub = import.PubKeyword is not null;

        if (item.IsConfig)
        {
            if (exports.FindConfig(target.Symbol, name) is not { } config)
            {
                diagnostics.Add(NameErrors.ItemNotFound(at, "$" + name, target.Symbol.Name, Spelling.Closest(name, target.Symbol.Configs.Keys)));
                module.Scope.FailedImports.Add("$" + bound);
                return;
            }
            if (!Accept(module, at, name, target, config.Config, config.IsPublic, mayBePrivate, samePackage, isPub)) return;
            var imported = new ImportedName(bound, config.Config, target.Symbol, item.Span) { IsReExported = isPub, IsConfig = true };
            if (IsNew(module, imported, isConfig: true)) module.Scope.AddConfig(imported);
            return;
        }

        var types = exports.FindAny(target.Symbol, name, wantType: true);
        var values = exports.FindAny(target.Symbol, name, wantType: false);
        if (types.IsEmpty && values.IsEmpty)
        {
            var help = target.Symbol.Configs.ContainsKey(name) ? "$" + name : Spelling.Closest(name, exports.Names(target.Symbol));
            diagnostics.Add(NameErrors.ItemNotFound(at, name, target.Symbol.Name, help));
            module.Scope.FailedImports.Add(bound);
            return;
        }
        var found = types.Concat(values).ToList();
        if (!Accept(module, at, name, target, found[0].Symbol, found.Any(f => f.IsPublic), mayBePrivate, samePackage, isPub)) return;
        // What the library exports under such a name is the pattern itself, or stands beside it.
        if (BuiltInPatternNames.Contains(bound) && !module.IsLibrary && !values.IsEmpty && (bound != name || values.All(v => v.Symbol is FunctionSymbol { Module.IsStandardLibrary: false })))
            diagnostics.Add(NameErrors.HidesPattern(module.At(item.BoundName), bound));

        ImportedName? carrier = null;
        foreach (var (symbol, _) in types)
        {
            var imported = new ImportedName(bound, symbol, target.Symbol, item.Span) { IsReExported = isPub };
            if (!IsNew(module, imported, isConfig: false)) return;
            carrier = imported;
            module.Scope.AddType(imported);
            if (symbol is not TypeSymbol type) continue;
            // Importing a type brings its variants, under their own names.
            foreach (var v in type.Variants)
                module.Scope.AddValue(new ImportedName(v.Name, v, target.Symbol, item.Span) { IsReExported = isPub, IsImplicit = true, Carrier = imported });
        }
        foreach (var (symbol, _) in values)
        {
            bool constructor = symbol is TypeSymbol;
            var imported = new ImportedName(bound, symbol, target.Symbol, item.Span) { IsReExported = isPub, IsConstructor = constructor, IsImplicit = carrier is not null, Carrier = carrier };
            if (carrier is null && symbol == values[0].Symbol && !IsNew(module, imported, isConfig: false)) return;
            module.Scope.AddValue(imported);
        }
    }

    private bool Accept(LoadedModule module, SourceLocation at, string name, LoadedModule target, Symbol symbol, bool isPublic, bool mayBePrivate, bool samePackage, bool isReExport)
    {
        if (isPublic) return true;
        SourceLocation? declared = symbol.Source is { } s ? new SourceLocation(s, symbol.Span) : null;
        if (isReExport) diagnostics.Add(NameErrors.PrivateReExport(at, name, declared));
        else if (!mayBePrivate) diagnostics.Add(NameErrors.PrivateImport(at, name, target.Symbol.Name, declared, samePackage));
        // The name is bound all the same: one error per cause.
        return samePackage || !module.IsLibrary;
    }

    private bool IsNew(LoadedModule module, ImportedName name, bool isConfig)
    {
        var first = module.Scope.Imports.FirstOrDefault(i =>
            i.Name == name.Name && !i.IsImplicit && i.Origin == name.Origin && i.IsConfig == isConfig && i.Symbol is not ModuleSymbol);
        if (first is null) return true;
        diagnostics.Add(NameErrors.DuplicateImport(module.At(name.Span), name.Name, module.At(first.Span)));
        return false;
    }

    private void WarnAboutHiding(LoadedModule module)
    {
        foreach (var (name, symbol) in module.Symbol.TypeNames)
            if (module.Scope.ImportOf(name, types: true) is { } i) diagnostics.Add(NameErrors.HidesImport(module.At(symbol.Span), name, module.At(i.Span)));
        foreach (var (name, symbols) in module.Symbol.ValueNames)
        {
            if (symbols[0] is VariantSymbol or TypeSymbol) continue;
            if (module.Scope.ImportOf(name, types: false) is { } i) diagnostics.Add(NameErrors.HidesImport(module.At(symbols[0].Span), name, module.At(i.Span)));
            if (BuiltInPatternNames.Contains(name)) diagnostics.Add(NameErrors.HidesPattern(module.At(symbols[0].Span), name));
        }
    }
}
