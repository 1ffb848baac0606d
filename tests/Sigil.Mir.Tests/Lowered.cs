using System.Runtime.CompilerServices;
using Sigil.Mir.Building;
using Sigil.Mir.Printing;
using Sigil.Semantics;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Mir.Tests;

/// <summary>Sigil sources as flow graphs, with the repository's library.</summary>
internal sealed class Lowered
{
    private Lowered(string text, bool raw)
    {
        var sources = new MemorySources();
        sources.Add("main.si", text);
        Program = ProgramAnalysis.Analyze(new ProgramInput { Sources = sources, Library = LibrarySources.Instance, RootFiles = ["main.si"], SourceRoots = [""], Package = "app", ReportUntested = false });
        var errors = Program.DeclarationDiagnostics.Where(d => d.Severity == Severity.Error && d.Code != "E2025").ToList();
        Assert.Empty(errors);
        Mir = new MirProgramBuilder(Program, raw ? [] : null, verify: true);
    }

    public ProgramAnalysis Program { get; }
    public MirProgramBuilder Mir { get; }

    /// <summary>Built, checked and elaborated as for emission.</summary>
    public static Lowered Of(string text) => new(text, raw: false);

    /// <summary>As the builder leaves it.</summary>
    public static Lowered Raw(string text) => new(text, raw: true);

    public FunctionSymbol Function(string name) => Program.Modules.SelectMany(m => m.Functions.Concat(m.Tests).Concat(m.Impls.SelectMany(i => i.Methods))).First(f => f.Name == name);

    public MirFunction Graph(string name)
    {
        var function = Function(name);
        Assert.Empty(Program.BodyOf(function).Diagnostics.Where(d => d.Severity == Severity.Error));
        return Mir.GraphOf(function);
    }

    /// <summary>The text of a graph's blocks, without header and locals.</summary>
    public string Blocks(string name) => Blocks(Graph(name));

    public static string Blocks(MirFunction graph)
    {
        var lines = MirPrinter.Print(graph).Split('\n').TakeWhile((l, i) => i == 0 || l.Length > 0).Skip(1).Where(l => !l.StartsWith("  let ", StringComparison.Ordinal));
        return string.Join('\n', lines.Select(l => l.Length > 2 ? l[2..] : l)).TrimEnd();
    }

    public static void Same(string expected, string actual) => Assert.Equal(expected.ReplaceLineEndings("\n").Trim(), actual.Trim());
}

/// <summary>The library's sources as they stand in the repository.</summary>
internal sealed class LibrarySources : ILibrarySource
{
    private readonly string root;

    private LibrarySources([CallerFilePath] string here = "") => root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../src/Sigil.Library/std"));

    public static LibrarySources Instance { get; } = new();

    public IEnumerable<string> ModuleNames => Directory.EnumerateFiles(root, "*.si", SearchOption.AllDirectories)
        .Select(f => "std." + Path.GetRelativePath(root, f)[..^3].Replace(Path.DirectorySeparatorChar, '.')).Select(m => m == "std.mod" ? "std" : m);

    public SourceText? Find(string moduleName)
    {
        if (moduleName != "std" && !moduleName.StartsWith("std.", StringComparison.Ordinal)) return null;
        var path = Path.Combine(root, (moduleName == "std" ? "mod" : moduleName["std.".Length..].Replace('.', '/')) + ".si");
        return File.Exists(path) ? SourceText.FromString(path, File.ReadAllText(path)) : null;
    }
}
