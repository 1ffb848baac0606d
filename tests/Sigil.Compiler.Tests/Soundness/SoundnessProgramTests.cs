using System.Text;
using System.Text.RegularExpressions;
using Sigil.Compiler.Tests.EndToEnd;
using Sigil.Semantics.Modules;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Tests.Soundness;

/// <summary>
/// Small programs on both sides of each rule (<c>tests/soundness/*.md</c>, one category a file): with <c>//~ CODE</c> at the end of a line a program
/// must be rejected exactly there, without it must be accepted. An accepted one with an <c>out</c> block behind it also runs, and prints that.
/// </summary>
public sealed partial class SoundnessProgramTests
{
    private static readonly string _folder = Path.Combine(Repository.Root, "tests", "soundness");
    private static readonly EmbeddedLibrary _library = new();

    public static TheoryData<string> Categories => [.. Directory.EnumerateFiles(_folder, "*.md").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Categories))]
    public void Programs_are_accepted_and_rejected_as_marked(string category)
    {
        var wrong = new List<string>();
        foreach (var (title, text, _) in Programs(category))
        {
            var expected = text.Split('\n')
                .SelectMany((line, i) => Mark().Match(line) is { Success: true } m ? Code().Matches(m.Value).Select(c => $"{i + 1} {c.Value}") : [])
                .Order(StringComparer.Ordinal);
            var found = Check(text).Distinct().Order(StringComparer.Ordinal);
            if (!expected.SequenceEqual(found)) wrong.Add($"{title}: expected [{string.Join(", ", expected)}], found [{string.Join(", ", found)}]");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Both_sides_are_tested()
    {
        var programs = Categories.SelectMany(c => Programs(c.Data)).ToList();
        var rejected = programs.Count(p => Mark().IsMatch(p.Text));
        Assert.True(rejected >= 200 && programs.Count - rejected >= rejected, $"{rejected} programs must be rejected, {programs.Count - rejected} accepted");
        Assert.True(programs.Count(p => p.Output is not null) >= 100, "accepted programs should also be run");
    }

    /// <summary>All of them in one process: each is a module, and one more calls them in turn.</summary>
    [Fact]
    public void Programs_with_an_output_print_it()
    {
        var programs = Categories.SelectMany(c => Programs(c.Data)).Where(p => p.Output is not null).ToList();
        using var folder = new Folder();
        var imports = new StringBuilder();
        var calls = new StringBuilder();
        var capabilities = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < programs.Count; i++)
        {
            Assert.Matches(Entry(), programs[i].Text);
            capabilities.UnionWith(Entry().Match(programs[i].Text).Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            folder.With($"p{i}.si", Entry().Replace(programs[i].Text, m => "pub @program" + m.Value["@main".Length..]));
            imports.Append($"use './p{i}' {{ program as program{i} }}\n");
            calls.Append($"    print(\"## {programs[i].Title}\"),\n    program{i}(),\n");
        }
        folder.With("main.si", $"{imports}@main () -> void uses {string.Join(", ", capabilities)} = run(\n{calls})\n");
        var run = WarmCommand.Run(folder.Path, folder.At("main.si"));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(string.Concat(programs.Select(p => $"## {p.Title}\n{p.Output}\n")), run.Output);
    }

    /// <summary>The table of docs/soundness.md says what is in the files.</summary>
    [Fact]
    public void The_table_is_right()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "soundness.md")).ReplaceLineEndings("\n").Split('\n');
        var (allRejected, allAccepted) = (0, 0);
        foreach (var category in Categories.Select(c => c.Data))
        {
            var programs = Programs(category).ToList();
            var rejected = programs.Count(p => Mark().IsMatch(p.Text));
            var codes = programs.SelectMany(p => Mark().Matches(p.Text)).SelectMany(m => Code().Matches(m.Value)).Select(c => c.Value).Distinct().Order(StringComparer.Ordinal);
            var title = File.ReadLines(Path.Combine(_folder, category + ".md")).First()[2..];
            Assert.Contains($"| `{category}.md` | {title} | {rejected} | {programs.Count - rejected} | {string.Join(", ", codes)} |", page);
            allRejected += rejected;
            allAccepted += programs.Count - rejected;
        }
        Assert.Contains($"| | together | {allRejected} | {allAccepted} | |", page);
    }

    private static IEnumerable<(string Title, string Text, string? Output)> Programs(string category) =>
        Program().Matches(File.ReadAllText(Path.Combine(_folder, category + ".md")).ReplaceLineEndings("\n"))
            .Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Success ? m.Groups[3].Value : null));

    private static IEnumerable<string> Check(string text)
    {
        var sources = new MemorySources();
        sources.Add("main.si", text);
        var compilation = Compilation.Check(new ProgramInput { Sources = sources, Library = _library, Package = "example", RootFiles = ["main.si"] });
        foreach (var d in compilation.Diagnostics)
            if (d.Severity == Severity.Error) yield return $"{d.Source.GetLineIndex(d.Span.Start) + 1} {d.Code}";
    }

    [GeneratedRegex("^## ([^\n]+)\n```si\n(.*?)\n```(?:\n```out\n(.*?)\n```)?", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Program();

    [GeneratedRegex("^@main \\(\\) -> void(?: uses ([^=]+))?(?= =)", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex("//~ .*$", RegexOptions.Multiline)]
    private static partial Regex Mark();

    [GeneratedRegex(@"[EW]\d{4}")]
    private static partial Regex Code();
}
