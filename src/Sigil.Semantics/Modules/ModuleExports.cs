using System.Collections.Immutable;
using Sigil.Semantics.Symbols;

namespace Sigil.Semantics.Modules;

/// <summary>What a module offers to others: its public items and what it re-exports.</summary>
public sealed class ModuleExports
{
    private readonly Dictionary<ModuleSymbol, ModuleScope> scopes = [];

    internal void Register(ModuleScope scope) => scopes[scope.Module] = scope;

    /// <summary>The public item of a name, in the type or the value namespace.</summary>
    public NameResult Find(ModuleSymbol module, string name, bool wantType)
    {
        var found = FindAny(module, name, wantType);
        return new([.. found.Where(f => f.IsPublic).Select(f => f.Symbol)], [], []);
    }

    /// <summary>Items of a name with their visibility, own items before re-exports.</summary>
    public ImmutableArray<(Symbol Symbol, bool IsPublic)> FindAny(ModuleSymbol module, string name, bool wantType)
    {
        if (wantType && module.TypeNames.TryGetValue(name, out var type)) return [(type, IsPublic(type))];
        if (!wantType && module.ValueNames.TryGetValue(name, out var values)) return [.. values.Select(v => (v, IsPublic(v)))];
        if (!scopes.TryGetValue(module, out var scope)) return [];
        return [.. scope.Imports.Where(i => i.IsReExported && i.Name == name && (i.Symbol is TypeSymbol or TraitSymbol && IsTypeEntry(i)) == wantType && i.Symbol is not ConfigSymbol)
            .Select(i => (i.Symbol, true)).Distinct()];
    }

    /// <summary>The config of a name with its visibility.</summary>
    public (ConfigSymbol Config, bool IsPublic)? FindConfig(ModuleSymbol module, string name)
    {
        if (module.Configs.TryGetValue(name, out var c)) return (c, c.IsPublic);
        if (scopes.TryGetValue(module, out var scope) && scope.Imports.FirstOrDefault(i => i.IsReExported && i.Name == name && i.Symbol is ConfigSymbol) is { } i)
            return ((ConfigSymbol)i.Symbol, true);
        return null;
    }

    /// <summary>All names that the module offers, for "did you mean".</summary>
    public IEnumerable<string> Names(ModuleSymbol module)
    {
        foreach (var (n, s) in module.TypeNames) if (IsPublic(s)) yield return n;
        foreach (var (n, l) in module.ValueNames) if (l.Any(IsPublic)) yield return n;
        if (scopes.TryGetValue(module, out var scope))
            foreach (var i in scope.Imports) if (i.IsReExported) yield return i.Name;
    }

    internal static bool IsPublic(Symbol s) => s switch
    {
        TypeSymbol t => t.IsPublic,
        TraitSymbol t => t.IsPublic,
        FunctionSymbol f => f.IsPublic,
        VariantSymbol v => v.Owner.IsPublic,
        ConfigSymbol c => c.IsPublic,
        _ => true,
    };

    // A newtype is imported as a type and, under the same name, as its constructor.
    private static bool IsTypeEntry(ImportedName i) => !i.IsConstructor;
}
