using System.Text.RegularExpressions;
using Sigil.Compiler.Tests.EndToEnd;
using Sigil.Semantics.Modules;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Tests.Soundness;

/// <summary>
/// Small programs on both sides of each rule (<c>tests/soundness/*.md</c>, one category a file): with <c>//~ CODE</c> at the end of a line a program
/// must be rejected exactly there, without it must be accepted.
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
        foreach (var (title, text) in Programs(category))
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
        Assert.True(rejected >= 200 && programs.Count - rejected >= 150, $"{rejected} programs must be rejected, {programs.Count - rejected} accepted");
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

    private static IEnumerable<(string Title, string Text)> Programs(string category) =>
        Program().Matches(File.ReadAllText(Path.Combine(_folder, category + ".md")).ReplaceLineEndings("\n")).Select(m => (m.Groups[1].Value, m.Groups[2].Value));

    private static IEnumerable<string> Check(string text)
    {
        var sources = new MemorySources();
        sources.Add("main.si", text);
        var compilation = Compilation.Check(new ProgramInput { Sources = sources, Library = _library, Package = "example", RootFiles = ["main.si"] });
        foreach (var d in compilation.Diagnostics)
            if (d.Severity == Severity.Error) yield return $"{d.Source.GetLineIndex(d.Span.Start) + 1} {d.Code}";
    }

    [GeneratedRegex("^## ([^\n]+)\n```si\n(.*?)\n```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Program();

    [GeneratedRegex("//~ .*$", RegexOptions.Multiline)]
    private static partial Regex Mark();

    [GeneratedRegex(@"[EW]\d{4}")]
    private static partial Regex Code();
}
