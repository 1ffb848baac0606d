using System.Text.RegularExpressions;
using Sigil.Compiler.Tests.EndToEnd;
using Sigil.Semantics.Modules;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Tests.Documentation;

/// <summary>
/// What the tour and the pages for newcomers show is true. A block <c>si</c> is a whole program: with <c>//~ CODE</c> at the end of a line it is rejected
/// exactly there, without it is accepted, without a warning (but that a function has no test). A block <c>text</c> below it is what it prints, what the compiler says, or what <c>sigil test</c>
/// prints; a program that prints something has one. Its tests pass. Several files of one block stand each after a line <c>//// path.si</c>, the one with
/// <c>@main</c> first.
/// </summary>
public sealed partial class TourTests
{
    private static readonly EmbeddedLibrary _library = new();

    public static TheoryData<string> Pages => [.. new[] { "tour", "coming-from" }
        .Select(f => Path.Combine(Repository.Root, "docs", f))
        .SelectMany(f => Directory.EnumerateFiles(f, "*.md"))
        .Append(Path.Combine(Repository.Root, "docs", "forms.md"))
        .Select(f => Path.GetRelativePath(Repository.Root, f))
        .Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Pages))]
    public void Programs_do_what_the_page_says(string page)
    {
        var wrong = new List<string>();
        foreach (var (text, output) in Programs(page))
            if (Difference(text, output) is { } difference) wrong.Add($"{page}:\n{text}\n{difference}");
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    [Theory, MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        Assert.All(Link().Matches(CodeBlock().Replace(Text(page), "")).Select(m => m.Groups[1].Value).Where(l => !l.Contains("://", StringComparison.Ordinal)),
            link => Assert.True(Path.Exists(Path.Combine(folder, link)), link));
    }

    /// <summary>Reference capabilities come late in the tour.</summary>
    [Fact]
    public void No_reference_capability_before_chapter_ten() =>
        Assert.All(Pages.Select(p => p.Data).Where(p => EarlyChapter().IsMatch(p)).SelectMany(Programs), p => Assert.DoesNotMatch(Capability(), p.Text));

    private static string? Difference(string text, string? output)
    {
        var files = Split(text);
        var expected = files.SelectMany(f => f.Text.Split('\n').SelectMany((line, i) => Mark().Match(line) is { Success: true } m ? Code().Matches(m.Value).Select(c => $"{f.Path}:{i + 1} {c.Value}") : []))
            .Order(StringComparer.Ordinal).ToList();
        var diagnostics = Diagnostics(files);
        var errors = diagnostics.Where(d => d.Severity == Severity.Error).ToList();
        if (diagnostics.FirstOrDefault(d => d.Severity == Severity.Warning && d.Code != "W7001") is { } warning) return $"warning[{warning.Code}]: {warning.Message}";
        var found = errors.Select(d => $"{d.Source.Path}:{d.Source.GetLineIndex(d.Span.Start) + 1} {d.Code}").Distinct().Order(StringComparer.Ordinal);
        if (!expected.SequenceEqual(found)) return $"expected [{string.Join(", ", expected)}], found [{string.Join(", ", errors.Select(d => $"{d.Source.Path}:{d.Source.GetLineIndex(d.Span.Start) + 1} {d.Code} {d.Message}"))}]";
        if (expected.Count > 0)
            return output is null ? null : Compare(output, string.Join('\n', errors.Select(d => $"error[{d.Code}]: {d.Message}")));

        using var folder = new Folder();
        foreach (var (path, content) in files) folder.With(path, content + "\n");
        if (text.Contains(" tests @", StringComparison.Ordinal))
        {
            var tests = WarmCommand.Test(folder.Path, files.Count == 1 ? folder.At(files[0].Path) : folder.Path);
            if (tests.ExitCode != 0) return tests.Output + tests.Error;
            if (output is not null && !text.Contains("@main", StringComparison.Ordinal)) return Compare(Seconds().Replace(output, ""), Seconds().Replace(tests.Output.TrimEnd(), ""));
        }
        if (!text.Contains("@main", StringComparison.Ordinal)) return null;
        if (output is null) return "what it prints is missing";
        var run = WarmCommand.Run(folder.Path, folder.At(files[0].Path));
        return run.ExitCode == 0 ? Compare(output, run.Output.TrimEnd()) : $"exit code {run.ExitCode}\n{run.Error}";
    }

    private static string? Compare(string expected, string found) => expected == found ? null : $"--- expected\n{expected}\n--- found\n{found}";

    private static List<Diagnostic> Diagnostics(List<(string Path, string Text)> files)
    {
        var sources = new MemorySources();
        foreach (var (path, content) in files) sources.Add(path, content);
        var compilation = Compilation.Check(new ProgramInput { Sources = sources, Library = _library, Package = "example", RootFiles = [.. files.Select(f => f.Path)] });
        return [.. compilation.Diagnostics];
    }

    private static List<(string Path, string Text)> Split(string text)
    {
        var headers = FileHeader().Matches(text);
        if (headers.Count == 0) return [("main.si", text)];
        return [.. headers.Select((h, i) => (h.Groups[1].Value, text[(h.Index + h.Length)..(i + 1 < headers.Count ? headers[i + 1].Index : text.Length)]))];
    }

    private static string Text(string page) => File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n");

    private static IEnumerable<(string Text, string? Output)> Programs(string page) =>
        Block().Matches(Text(page)).Select(m => (m.Groups[1].Value, m.Groups[2].Success ? m.Groups[2].Value : null));

    [GeneratedRegex("```si\n(.*?)\n```(?:\n\n```text\n(.*?)\n```)?", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^//// (\S+)[ \t]*\n", RegexOptions.Multiline)]
    private static partial Regex FileHeader();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)#\s]+)[^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"tour.0\d-")]
    private static partial Regex EarlyChapter();

    [GeneratedRegex(@"\b(iso|val|ref) [A-Za-z\[{(]")]
    private static partial Regex Capability();

    [GeneratedRegex("//~ .*$", RegexOptions.Multiline)]
    private static partial Regex Mark();

    [GeneratedRegex(@"\(\d+\.\d\ds\)")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"[EW]\d{4}")]
    private static partial Regex Code();
}
