using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Tests;

/// <summary>
/// Checks Sigil sources against the marks in them: <c>//~ E3001</c> at the end of a line expects that code there, and nothing else.
/// Several files stand in one text, each after a line <c>//// path.si</c>; the first is the entry. Warnings count only where some
/// line of the text expects a warning of the same code.
/// </summary>
internal static partial class Checked
{
    [GeneratedRegex(@"//~((?:\s+[EW]\d{4})+)")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^//// (\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex FileHeader();

    /// <summary>Imports, declarations and signatures only; bodies are not looked at.</summary>
    public static ProgramAnalysis Declarations(string text, Func<ProgramInput, ProgramInput>? with = null)
    {
        var program = Analyze(text, with, out var files);
        Compare(files, program.DeclarationDiagnostics);
        return program;
    }

    /// <summary>The whole program: declarations and all bodies.</summary>
    public static ProgramAnalysis Program(string text, Func<ProgramInput, ProgramInput>? with = null)
    {
        var program = Analyze(text, with, out var files);
        Compare(files, DiagnosticsOf(program));
        return program;
    }

    /// <summary>A program without marks.</summary>
    public static ProgramAnalysis Analyzed(string text) => Analyze(text, null, out _);

    /// <summary>All diagnostics of a program, bodies included.</summary>
    public static ImmutableArray<Diagnostic> DiagnosticsOf(ProgramAnalysis program)
    {
        var bag = new DiagnosticBag();
        bag.AddRange(program.DeclarationDiagnostics);
        foreach (var function in FunctionsWithBodies(program)) bag.AddRange(program.BodyOf(function).Diagnostics);
        return bag.ToImmutable();
    }

    /// <summary>Every function, method and test of the program (not of the library) that has a body.</summary>
    public static IEnumerable<FunctionSymbol> FunctionsWithBodies(ProgramAnalysis program) =>
        program.Modules.SelectMany(m => m.Functions
            .Concat(m.Impls.SelectMany(i => i.Methods)).Concat(m.Traits.SelectMany(t => t.Methods)).Concat(m.Extensions.SelectMany(e => e.Methods)))
            .Where(f => f.Body is not null);

    public static ProgramAnalysis Analyze(string text, Func<ProgramInput, ProgramInput>? with = null) => Analyze(text, with, out _);

    private static ProgramAnalysis Analyze(string text, Func<ProgramInput, ProgramInput>? with, out Dictionary<string, string> files)
    {
        files = Split(text);
        var sources = new MemorySources();
        foreach (var (path, content) in files) sources.Add(path, content);
        var input = new ProgramInput { Sources = sources, Library = RepositoryLibrary.Instance, RootFiles = [.. files.Keys], SourceRoots = [""], Package = "app" };
        return ProgramAnalysis.Analyze(with is null ? input : with(input));
    }

    private static Dictionary<string, string> Split(string text)
    {
        var files = new Dictionary<string, string>();
        var headers = FileHeader().Matches(text);
        if (headers.Count == 0) return new() { ["main.si"] = text };
        for (int i = 0; i < headers.Count; i++)
        {
            int start = headers[i].Index + headers[i].Length, end = i + 1 < headers.Count ? headers[i + 1].Index : text.Length;
            files[headers[i].Groups[1].Value] = text[start..end];
        }
        return files;
    }

    private static void Compare(Dictionary<string, string> files, ImmutableArray<Diagnostic> found)
    {
        var expected = new SortedSet<string>();
        foreach (var (path, content) in files)
        {
            var lines = content.Split('\n');
            for (int n = 0; n < lines.Length; n++)
                foreach (Match m in Mark().Matches(lines[n]))
                    foreach (var code in m.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)) expected.Add($"{path}:{n + 1} {code}");
        }
        var warnings = expected.Select(e => e[(e.LastIndexOf(' ') + 1)..]).Where(c => c[0] == 'W').ToHashSet();
        var actual = new SortedSet<string>(found.Where(d => d.Severity == Severity.Error || warnings.Contains(d.Code)).Select(d => $"{d.Source.Path}:{d.Location.Start.Line} {d.Code}"));
        if (expected.SetEquals(actual)) return;
        Assert.Fail("missing: " + string.Join(", ", expected.Except(actual)) + "\nsurplus: " + string.Join(", ", actual.Except(expected)) + "\n"
            + string.Join('\n', found.Where(d => d.Severity == Severity.Error || warnings.Contains(d.Code))));
    }
}

/// <summary>The library's sources as they stand in the repository.</summary>
internal sealed class RepositoryLibrary : ILibrarySource
{
    private readonly string root;
    private readonly Dictionary<string, SourceText?> known = [];

    private RepositoryLibrary([CallerFilePath] string here = "") =>
        root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../src/Sigil.Library/std"));

    public static RepositoryLibrary Instance { get; } = new();

    public IEnumerable<string> ModuleNames => Directory.EnumerateFiles(root, "*.si", SearchOption.AllDirectories)
        .Select(f => "std." + Path.GetRelativePath(root, f)[..^3].Replace(Path.DirectorySeparatorChar, '.')).Select(m => m == "std.mod" ? "std" : m);

    public SourceText? Find(string moduleName)
    {
        lock (known)
        {
            if (known.TryGetValue(moduleName, out var text)) return text;
            var relative = moduleName.StartsWith("std.", StringComparison.Ordinal) ? moduleName["std.".Length..].Replace('.', '/') : "mod";
            var path = Path.Combine(root, relative + ".si");
            text = File.Exists(path) ? SourceText.FromString($"std/{relative}.si", File.ReadAllText(path)) : null;
            return known[moduleName] = text;
        }
    }
}
