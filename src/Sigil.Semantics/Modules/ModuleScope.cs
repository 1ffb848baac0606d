using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Syntax;

namespace Sigil.Semantics.Modules;

/// <summary>What a name means at one level of lookup.</summary>
/// <param name="Candidates">The symbols of the nearest level that has any (module items, imports, prelude). Several are overloads of std, variants of several types, or an ambiguity.</param>
/// <param name="FartherVariants">Variants of the same name at levels further out; they matter only when the expected type asks for one.</param>
/// <param name="AmbiguousModules">Not empty when the name was imported from several modules with different meanings (E2012).</param>
public readonly record struct NameResult(ImmutableArray<Symbol> Candidates, ImmutableArray<VariantSymbol> FartherVariants, ImmutableArray<string> AmbiguousModules)
{
    public static NameResult None { get; } = new([], [], []);
    public bool IsFound => Candidates.Length > 0;
    public bool IsAmbiguous => !AmbiguousModules.IsEmpty;
    /// <summary>The only candidate, or null.</summary>
    public Symbol? Single => Candidates is [var s] ? s : null;
}

/// <summary>An imported name and where it comes from.</summary>
public sealed class ImportedName(string name, Symbol symbol, ModuleSymbol origin, TextSpan span)
{
    public string Name { get; } = name;
    public Symbol Symbol { get; } = symbol;
    /// <summary>The module named in the import.</summary>
    public ModuleSymbol Origin { get; } = origin;
    /// <summary>The import item; variants that come with their type have its span.</summary>
    public TextSpan Span { get; } = span;
    public bool IsReExported { get; init; }
    /// <summary>The constructor function of a newtype, as a value.</summary>
    public bool IsConstructor { get; init; }
    /// <summary>Written with a <c>$</c>; constants of the library are configs that are named without it.</summary>
    public bool IsConfig { get; init; }
    /// <summary>Brought along with its type.</summary>
    public bool IsImplicit { get; init; }
    /// <summary>Set by lookup, for W2002.</summary>
    public bool IsUsed { get; set; }
    /// <summary>The import of the type that brought this variant.</summary>
    public ImportedName? Carrier { get; init; }
}

/// <summary>The names in scope in a module: its own items, its imports, the prelude, in this order.</summary>
/// <param name="module">The module.</param>
/// <param name="prelude">In scope everywhere.</param>
/// <param name="capabilities">The standard capabilities by name.</param>
public sealed class ModuleScope(ModuleSymbol module, Prelude prelude, IReadOnlyDictionary<string, Symbol>? capabilities = null)
{
    private readonly Dictionary<string, List<ImportedName>> typeImports = [];
    private readonly Dictionary<string, List<ImportedName>> valueImports = [];
    private readonly Dictionary<string, List<ImportedName>> configImports = [];
    private readonly Dictionary<string, ImportedName> moduleImports = [];

    public ModuleSymbol Module { get; } = module;
    /// <summary>The extension methods imported here, by name.</summary>
    public Dictionary<string, List<FunctionSymbol>> ExtensionMethods { get; } = [];
    /// <summary>All imports in source order.</summary>
    public List<ImportedName> Imports { get; } = [];

    /// <summary>Names whose import failed, configs with their <c>$</c>: the error stands at the import, their uses are silent.</summary>
    internal HashSet<string> FailedImports { get; } = [];

    /// <summary>A type or trait.</summary>
    public NameResult LookupType(string name)
    {
        if (Module.TypeNames.TryGetValue(name, out var own)) return One(own);
        if (Imported(typeImports, name) is { } imported) return imported;
        if (prelude.Type(name) is { } known) return One(known);
        if (capabilities is not null && capabilities.TryGetValue(name, out var capability)) return One(capability);
        return NameResult.None;
    }

    /// <summary>A function, variant, newtype constructor (the <see cref="TypeSymbol"/>): everything that is a value without being a local.</summary>
    public NameResult LookupValue(string name)
    {
        var result = NameResult.None;
        if (Module.ValueNames.TryGetValue(name, out var own)) result = new([.. own], [], []);
        var imported = Imported(valueImports, name);
        if (!result.IsFound) result = imported ?? NameResult.None;
        else if (imported is { } i) result = WithFarther(result, i.Candidates);
        if (prelude.Values(name, Module) is { Count: > 0 } known)
            result = result.IsFound ? WithFarther(result, known) : new([.. known.Where(ModuleExports.IsPublic)], [], []);
        if (!result.IsFound && prelude.IterableFunctions(name, Module) is { Count: > 0 } functions) result = new([.. functions], [], []);
        return result;
    }

    /// <summary>A module bound by <c>use p</c> or <c>use p as m</c>: by its short name or its full dotted path.</summary>
    public ModuleSymbol? LookupModule(string name)
    {
        if (!moduleImports.TryGetValue(name, out var m)) return null;
        m.IsUsed = true;
        return (ModuleSymbol)m.Symbol;
    }

    /// <summary>A config by its name without <c>$</c>.</summary>
    public NameResult LookupConfig(string name)
    {
        if (Module.Configs.TryGetValue(name, out var own)) return One(own);
        if (Imported(configImports, name) is { } imported) return imported;
        if (prelude.Config(name) is { } known) return One(known);
        return NameResult.None;
    }

    /// <summary>The module that a dotted path starts with, and how many of its words name it.</summary>
    public (ModuleSymbol Module, int Words)? LookupModulePath(IReadOnlyList<string> words)
    {
        for (int n = words.Count; n >= 1; n--)
            if (LookupModule(string.Join('.', words.Take(n))) is { } m) return (m, n);
        return null;
    }

    /// <summary>A name in scope that resembles <paramref name="name"/>, for "did you mean".</summary>
    public string? Suggest(string name, bool types, IEnumerable<string>? more = null)
    {
        var known = types ? Module.TypeNames.Keys.Concat(typeImports.Keys) : Module.ValueNames.Keys.Concat(valueImports.Keys);
        known = known.Concat(types ? prelude.TypeNames : prelude.ValueNames);
        return Spelling.Closest(name, more is null ? known : more.Concat(known));
    }

    /// <summary>The names of configs in scope.</summary>
    public IEnumerable<string> ConfigNames => Module.Configs.Keys.Concat(configImports.Keys);

    internal void AddType(ImportedName name) => Add(typeImports, name);
    internal void AddValue(ImportedName name) => Add(valueImports, name);
    internal void AddConfig(ImportedName name) => Add(configImports, name);
    internal bool AddModule(ImportedName name)
    {
        if (!moduleImports.TryAdd(name.Name, name)) return false;
        Imports.Add(name);
        return true;
    }

    /// <summary>The full dotted path of a module bound under its short name.</summary>
    internal void AddModulePath(string path, string shortName)
    {
        if (moduleImports.TryGetValue(shortName, out var m)) moduleImports.TryAdd(path, m);
    }

    internal ImportedName? ImportOf(string name, bool types) =>
        (types ? typeImports : valueImports).GetValueOrDefault(name)?.FirstOrDefault(i => !i.IsImplicit);

    private void Add(Dictionary<string, List<ImportedName>> table, ImportedName name)
    {
        if (!table.TryGetValue(name.Name, out var list)) table[name.Name] = list = [];
        list.Add(name);
        Imports.Add(name);
    }

    private static NameResult One(Symbol s) => new([s], [], []);

    private static NameResult? Imported(Dictionary<string, List<ImportedName>> table, string name)
    {
        if (!table.TryGetValue(name, out var list)) return null;
        foreach (var i in list)
        {
            i.IsUsed = true;
            if (i.Carrier is { } c) c.IsUsed = true;
        }
        var symbols = list.Select(i => i.Symbol).Distinct().ToImmutableArray();
        var origins = list.Select(i => i.Origin.Name).Distinct().ToImmutableArray();
        // Variants of different types are told apart by the expected type; overloads of one std module are one name.
        bool ambiguous = symbols.Length > 1 && origins.Length > 1 && !symbols.All(s => s is VariantSymbol);
        return new(symbols, [], ambiguous ? origins : []);
    }

    private static NameResult WithFarther(NameResult near, IEnumerable<Symbol> far)
    {
        if (!near.Candidates.All(c => c is VariantSymbol)) return near;
        return near with { FartherVariants = [.. near.FartherVariants, .. far.OfType<VariantSymbol>().Where(v => !near.Candidates.Contains(v))] };
    }
}
