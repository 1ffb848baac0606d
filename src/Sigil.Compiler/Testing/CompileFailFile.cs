using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Sigil.Compiler.Projects;
using Sigil.Semantics.Modules;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Testing;

/// <summary>A file that must fail to compile, or compile with warnings, with its expectations: carets under the place, or <c>// #error: text</c>.</summary>
public static partial class CompileFailFile
{
    private sealed record Expectation(int Line, int From, int To, string Code, bool Absent);

    public static CompileFailResult Run(string path, ISourceProvider sources, ILibrarySource library, bool mustCompile)
    {
        // As the compiler names it: `./a.si` is `a.si`.
        path = SourcePath.Normal(path);
        var bag = new DiagnosticBag();
        if (sources.Read(path, bag) is not { } source) return new CompileFailResult(path, false, 0, 0, ["the file cannot be read"], []);
        var compilation = Compilation.Check(new ProgramInput { Sources = sources, Library = library, RootFiles = [path], SourceRoots = [DirectoryOf(path)], ReportUntested = false, IsSnippet = true });
        var found = bag.Concat(compilation.Diagnostics).Where(d => d.Source.Path == path).ToList();
        var used = new HashSet<Diagnostic>();
        var missing = ImmutableArray.CreateBuilder<string>();
        var unexpected = ImmutableArray.CreateBuilder<string>();
        int expected = 0, matched = 0;
        var lines = source.Text.Split('\n');
        int code = -1;
        for (int i = 0; i < lines.Length; i++)
        {
            var caret = Caret().Match(lines[i]);
            if (!caret.Success)
            {
                if (Directive().Match(lines[i]) is { Success: true } d)
                {
                    expected++;
                    var text = d.Groups[1].Value.Trim();
                    var hits = found.Where(x => x.Code == text || x.Message.Contains(text, StringComparison.Ordinal)).ToList();
                    if (hits.Count > 0) matched++;
                    else missing.Add($"some error with `{text}`");
                    used.UnionWith(hits);
                }
                else if (!lines[i].TrimStart().StartsWith("//", StringComparison.Ordinal)) code = i;
                continue;
            }
            var e = new Expectation(code + 1, caret.Groups["carets"].Index + 1, caret.Groups["carets"].Index + caret.Groups["carets"].Length, caret.Groups["code"].Value, caret.Groups["not"].Success || caret.Groups["code"].Value == "ok");
            var here = found.Where(x => Covers(x, e) && (e.Code == "ok" || x.Code == e.Code)).ToList();
            if (e.Absent)
            {
                foreach (var x in here) unexpected.Add(Describe(x));
                continue;
            }
            expected++;
            if (here.Count > 0) matched++;
            else missing.Add($"line {e.Line}: {e.Code}");
            used.UnionWith(here);
        }
        foreach (var x in found)
            if (x.Severity == Severity.Error && (mustCompile || !used.Contains(x))) unexpected.Add(Describe(x));
        // An error that was expected and is missing says that already.
        if (!mustCompile && missing.Count == 0 && found.All(d => d.Severity != Severity.Error)) missing.Add("an error: the file compiles");
        return new CompileFailResult(path, missing.Count == 0 && unexpected.Count == 0, expected, matched, missing.ToImmutable(), unexpected.Distinct().ToImmutableArray());
    }

    private static bool Covers(Diagnostic d, Expectation e)
    {
        var start = d.Source.GetLinePosition(d.Span.Start);
        var end = d.Source.GetLinePosition(Math.Max(d.Span.Start, d.Span.End - 1));
        if (start.Line > e.Line || end.Line < e.Line) return false;
        int from = start.Line == e.Line ? start.Column : 1;
        int to = end.Line == e.Line ? end.Column : int.MaxValue;
        return from <= e.To && e.From <= to;
    }

    private static string Describe(Diagnostic d)
    {
        var at = d.Source.GetLinePosition(d.Span.Start);
        return $"line {at.Line}: {d.Code} {d.Message}";
    }

    private static string DirectoryOf(string path) => path.LastIndexOf('/') is >= 0 and var slash ? path[..slash] : "";

    [GeneratedRegex(@"^\s*//\s*(?<not>!)?(?<carets>\^+)\s*(?<code>ok|[EW]\d{4})")]
    private static partial Regex Caret();

    [GeneratedRegex(@"^\s*//\s*#error:\s*(.+)$")]
    private static partial Regex Directive();
}
