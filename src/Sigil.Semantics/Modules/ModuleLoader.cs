using Sigil.Semantics.Symbols;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Modules;

/// <summary>Finds and parses the files of a program, starting at its root files and following imports; the library is loaded the same way, by module name.</summary>
internal sealed class ModuleLoader(ProgramInput input, DiagnosticBag diagnostics)
{
    /// <summary>Always loaded besides the prelude: in scope everywhere, or used by forms of the language.</summary>
    private static readonly string[] alwaysLoaded = ["std.iter", "std.text"];

    private readonly Dictionary<string, LoadedModule> byPath = new(StringComparer.Ordinal);
    private readonly List<LoadedModule> order = [];

    /// <summary>All modules, the library's first, in the order in which they were found.</summary>
    public IReadOnlyList<LoadedModule> Load()
    {
        foreach (var name in input.Library.ModuleNames.Where(Prelude.IsPart).Concat(alwaysLoaded)) LoadLibrary(name);
        var roots = new List<LoadedModule>();
        foreach (var file in input.RootFiles)
            if (LoadFile(ModulePaths.Combine("", file), input.Package, input.SourceRoots) is { } m) roots.Add(m);
        // The list grows while it is walked: imports load more modules.
        for (int i = 0; i < order.Count; i++)
        {
            ResolveImports(order[i]);
            if (!order[i].IsLibrary) LoadCapabilities(order[i].Source);
        }
        ReportCycles();
        return [.. order.Where(m => m.IsLibrary), .. order.Where(m => !m.IsLibrary)];
    }

    // The standard capabilities are in scope without an import; their modules are loaded where a text mentions them.
    private void LoadCapabilities(SourceText source)
    {
        foreach (var (capability, module) in StandardCapabilities.Modules)
            if (source.Text.Contains(capability, StringComparison.Ordinal)) LoadLibrary(module);
    }

    private LoadedModule? LoadFile(string path, string package, IEnumerable<string> roots)
    {
        if (byPath.TryGetValue(path, out var known)) return known;
        if (input.Sources.Read(path, diagnostics) is not { } source) return null;
        var syntax = SyntaxReader.Parse(source, input.IsSnippet && package == input.Package ? ParseOptions.Snippet : ParseOptions.Module, diagnostics);
        var symbol = new ModuleSymbol(ModulePaths.ModuleName(path, roots)) { Package = package, Syntax = syntax, Source = source, Span = new TextSpan(0, 0) };
        return Add(path, new LoadedModule(symbol, syntax, source, path));
    }

    private LoadedModule? LoadLibrary(string name)
    {
        var path = "std:/" + name.Replace('.', '/') + ".si";
        if (byPath.TryGetValue(path, out var known)) return known;
        if (input.Library.Find(name) is not { } source) return null;
        var syntax = SyntaxReader.Parse(source, ParseOptions.StandardLibrary, diagnostics);
        var symbol = new ModuleSymbol(name) { Package = "std", Syntax = syntax, Source = source, Span = new TextSpan(0, 0) };
        return Add(path, new LoadedModule(symbol, syntax, source, path));
    }

    private LoadedModule Add(string path, LoadedModule module)
    {
        byPath[path] = module;
        order.Add(module);
        return module;
    }

    private void ResolveImports(LoadedModule module)
    {
        foreach (var member in module.Syntax.Members)
        {
            var path = member switch { ImportDeclaration i => i.Path, ExtensionImportDeclaration e => e.Path, _ => null };
            if (path is null) continue;
            var target = path.IsRelative ? Relative(module, path) : Dotted(module, path);
            if (target == module)
            {
                diagnostics.Add(NameErrors.SelfImport(module.At(path)));
                target = null;
            }
            module.Imports.Add(new ResolvedImport(member, path, target));
        }
    }

    private LoadedModule? Relative(LoadedModule module, ModulePath path)
    {
        var written = path.RelativePath;
        if (string.IsNullOrEmpty(written)) return null;
        if (module.IsLibrary)
        {
            var name = ModulePaths.Combine(ModulePaths.DirectoryOf(module.Path), written)["std:/".Length..].Replace('/', '.');
            return LoadLibrary(name) ?? NotFound(module, path, written, null, null);
        }
        var target = ModulePaths.Combine(ModulePaths.DirectoryOf(module.Path), written);
        return FindFile(module, path, written, target, module.Symbol.Package, RootsOf(module.Symbol.Package));
    }

    private LoadedModule? FindFile(LoadedModule module, ModulePath path, string written, string target, string package, IEnumerable<string> roots)
    {
        string file = target + ".si", directory = target + "/mod.si";
        bool isFile = input.Sources.Exists(file), isDirectory = input.Sources.Exists(directory);
        if (isFile && isDirectory) diagnostics.Add(NameErrors.ModuleFoundTwice(module.At(path), file, directory));
        if (isFile || isDirectory) return LoadFile(isFile ? file : directory, package, roots);
        string? help = null;
        if (target.EndsWith(".si", StringComparison.Ordinal) && input.Sources.Exists(target)) help = $"leave out the extension: `'{written[..^3]}'`";
        else if (Spelling.Closest(target, input.Sources.List(ModulePaths.DirectoryOf(target)).Select(f => f[..^3])) is { } near)
            help = $"did you mean `'{written[..(written.LastIndexOf('/') + 1)]}{near[(near.LastIndexOf('/') + 1)..]}'`?";
        return NotFound(module, path, written, file, help);
    }

    private LoadedModule? Dotted(LoadedModule module, ModulePath path)
    {
        var words = path.Words.Select(w => w.Text).ToList();
        if (words.Count == 0 || words.Any(w => w.Length == 0)) return null;
        var name = string.Join('.', words);
        if (words[0] == "std")
            return LoadLibrary(name) ?? NotFound(module, path, name, null, Spelling.Closest(name, input.Library.ModuleNames) is { } s ? $"did you mean `{s}`?" : "the library has no such module");
        var package = words[0] == module.Symbol.Package || input.Dependencies.ContainsKey(words[0]) ? words[0] : null;
        if (package is not null)
        {
            var roots = RootsOf(package).ToList();
            var rest = string.Join('/', words.Skip(1));
            foreach (var root in roots)
            {
                var target = rest.Length == 0 ? ModulePaths.Combine(root, "mod") : ModulePaths.Combine(root, rest);
                if (input.Sources.Exists(target + ".si") || input.Sources.Exists(target + "/mod.si")) return FindFile(module, path, name, target, package, roots);
            }
            return NotFound(module, path, name, null, null);
        }
        var sibling = ModulePaths.Combine(ModulePaths.DirectoryOf(module.Path), string.Join('/', words));
        return NotFound(module, path, name, null, input.Sources.Exists(sibling + ".si")
            ? $"modules of the same package are imported by relative path: `use './{string.Join('/', words)}'`"
            : "a dotted path starts with `std`, the package's own name or a dependency");
    }

    private IEnumerable<string> RootsOf(string package) =>
        package != input.Package && input.Dependencies.TryGetValue(package, out var d) ? d.SourceRoots : input.SourceRoots;

    private LoadedModule? NotFound(LoadedModule module, ModulePath path, string written, string? looked, string? help)
    {
        diagnostics.Add(NameErrors.ModuleNotFound(module.At(path), written, looked, help));
        return null;
    }

    // One report per strongly connected component, at the first import of the module that was found first. The library may be cyclic.
    private void ReportCycles()
    {
        foreach (var component in Components())
        {
            if (component.Count < 2) continue;
            var members = component.ToHashSet();
            var first = order.First(members.Contains);
            var chain = new List<LoadedModule> { first };
            var edges = new List<(LoadedModule From, ResolvedImport Import)>();
            var current = first;
            do
            {
                var import = current.Imports.First(i => i.Target is { } t && members.Contains(t) && (t == first || !chain.Contains(t) || current.Imports.All(o => o.Target is null || !members.Contains(o.Target) || chain.Contains(o.Target))));
                edges.Add((current, import));
                current = import.Target!;
                if (chain.Contains(current)) break;
                chain.Add(current);
            } while (true);
            var text = string.Join(" → ", chain.Select(m => $"`{m.Symbol.Name}`").Append($"`{current.Symbol.Name}`"));
            diagnostics.Add(NameErrors.ImportCycle(first.At(edges[0].Import.Path), text, edges.Skip(1).Select(e => e.From.At(e.Import.Path))));
        }
    }

    // Tarjan's algorithm.
    private List<List<LoadedModule>> Components()
    {
        var result = new List<List<LoadedModule>>();
        var index = new Dictionary<LoadedModule, int>();
        var low = new Dictionary<LoadedModule, int>();
        var stack = new Stack<LoadedModule>();
        void Visit(LoadedModule m)
        {
            index[m] = low[m] = index.Count;
            stack.Push(m);
            foreach (var t in m.Imports.Select(i => i.Target))
            {
                if (t is null || t.IsLibrary) continue;
                if (!index.TryGetValue(t, out int seen)) { Visit(t); low[m] = Math.Min(low[m], low[t]); }
                else if (stack.Contains(t)) low[m] = Math.Min(low[m], seen);
            }
            if (low[m] != index[m]) return;
            var component = new List<LoadedModule>();
            LoadedModule top;
            do component.Add(top = stack.Pop()); while (top != m);
            result.Add(component);
        }
        foreach (var m in order) if (!m.IsLibrary && !index.ContainsKey(m)) Visit(m);
        return result;
    }
}
