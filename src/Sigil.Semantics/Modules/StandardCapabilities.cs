using System.Collections.Frozen;
using Sigil.Semantics.Symbols;

namespace Sigil.Semantics.Modules;

/// <summary>The capabilities that the runtime provides to <c>@main</c>, and the library modules that declare them.</summary>
internal static class StandardCapabilities
{
    public static FrozenDictionary<string, string> Modules { get; } = new Dictionary<string, string>
    {
        ["IO"] = "std.io",
        ["FileSystem"] = "std.fs",
        ["Clock"] = "std.time",
        ["Random"] = "std.random",
        ["Env"] = "std.env",
        ["Http"] = "std.net.http",
        ["Process"] = "std.process",
        ["Logger"] = "std.log",
        ["Cache"] = "std.cache",
        ["Network"] = "std.net",
    }.ToFrozenDictionary();

    /// <summary>The traits of those modules that are loaded, by name: in scope everywhere, after the prelude.</summary>
    public static Dictionary<string, Symbol> InScope(IEnumerable<LoadedModule> modules)
    {
        var found = new Dictionary<string, Symbol>();
        foreach (var m in modules)
            foreach (var (capability, module) in Modules)
                if (m.Symbol.Name == module && m.Symbol.TypeNames.TryGetValue(capability, out var trait)) found[capability] = trait;
        return found;
    }
}
