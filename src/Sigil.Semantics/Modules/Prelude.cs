using Sigil.Semantics.Symbols;

namespace Sigil.Semantics.Modules;

/// <summary>The names that are in scope everywhere: the public ones of <c>std.prelude</c> and its parts, and behind them the iterable functions.</summary>
public sealed class Prelude
{
    private const string Root = "std.prelude";
    private const string Iterables = "std.iter";
    private readonly Dictionary<string, Symbol> types = [];
    private readonly Dictionary<string, List<Symbol>> values = [];
    private readonly Dictionary<string, Symbol> configs = [];
    private readonly ModuleSymbol? iterables;

    /// <param name="modules">All modules of the program, with their names collected.</param>
    public Prelude(IEnumerable<ModuleSymbol> modules)
    {
        foreach (var module in modules)
        {
            if (module.Name == Iterables) iterables = module;
            if (!IsPart(module.Name)) continue;
            foreach (var (name, symbol) in module.TypeNames)
                if (ModuleExports.IsPublic(symbol)) types.TryAdd(name, symbol);
            foreach (var (name, symbol) in module.Configs) configs.TryAdd(name, symbol);
            foreach (var (name, symbols) in module.ValueNames)
            {
                if (!symbols.Any(ModuleExports.IsPublic)) continue;
                if (!values.TryGetValue(name, out var known)) values[name] = known = [];
                known.AddRange(symbols);
            }
        }
    }

    /// <summary>Whether a module of the library is the prelude or one of the files that it is divided into, such as <c>std.prelude.channels</c>.</summary>
    public static bool IsPart(string module) => module.StartsWith(Root, StringComparison.Ordinal) && (module.Length == Root.Length || module[Root.Length] == '.');

    /// <summary>The name under which the functions of a module are known: the parts of the prelude are one.</summary>
    public static string NameOf(string module) => IsPart(module) ? Root : module;

    public Symbol? Type(string name) => types.GetValueOrDefault(name);
    public Symbol? Config(string name) => configs.GetValueOrDefault(name);

    /// <summary>The values of a name that some part declares publicly, without those of <paramref name="asking"/>, which knows its own.</summary>
    public IReadOnlyList<Symbol> Values(string name, ModuleSymbol asking)
    {
        if (!values.TryGetValue(name, out var known)) return [];
        return IsPart(asking.Name) ? [.. known.Where(s => !asking.ValueNames.TryGetValue(name, out var own) || !own.Contains(s))] : known;
    }

    /// <summary>The iterable functions of a name.</summary>
    public IReadOnlyList<Symbol> IterableFunctions(string name, ModuleSymbol asking) =>
        iterables is not null && iterables != asking && iterables.ValueNames.TryGetValue(name, out var functions) ? [.. functions.Where(f => f is FunctionSymbol { IsPublic: true })] : [];

    public IEnumerable<string> TypeNames => types.Keys;
    public IEnumerable<string> ValueNames => iterables is null ? values.Keys : values.Keys.Concat(iterables.ValueNames.Keys);
}
