using System.Reflection;
using Sigil.Semantics.Modules;
using Sigil.Syntax;

namespace Sigil.Compiler;

/// <summary>The standard library's sources, embedded in this assembly under their module names (<c>std.math</c> is <c>std/math.si</c>).</summary>
public sealed class EmbeddedLibrary : ILibrarySource
{
    private const string Prefix = "std/";
    private static readonly Assembly Home = typeof(EmbeddedLibrary).Assembly;
    private readonly Dictionary<string, SourceText?> cache = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> resources = [];

    public EmbeddedLibrary()
    {
        foreach (var name in Home.GetManifestResourceNames())
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            resources[ModuleOf(name.Replace('\\', '/'))] = name;
        }
    }

    // As for every package, `mod.si` is the module of its folder.
    private static string ModuleOf(string path) =>
        (path.EndsWith("/mod.si", StringComparison.Ordinal) ? path[..^"/mod.si".Length] : path[..^".si".Length]).Replace('/', '.');

    public IEnumerable<string> ModuleNames => resources.Keys.Order(StringComparer.Ordinal);

    public SourceText? Find(string moduleName)
    {
        if (cache.TryGetValue(moduleName, out var known)) return known;
        SourceText? text = null;
        if (resources.TryGetValue(moduleName, out var resource))
        {
            using var stream = Home.GetManifestResourceStream(resource)!;
            using var reader = new StreamReader(stream);
            text = SourceText.FromString(resource, reader.ReadToEnd());
        }
        return cache[moduleName] = text;
    }
}
