using System.Text.RegularExpressions;
using Sigil.Compiler.Tests.EndToEnd;
using Sigil.Semantics.Modules;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Tests.Documentation;

/// <summary>
/// Every code has a page, and what the pages show is true. A block <c>sigil wrong</c> gives the page's code and no other error,
/// <c>sigil right</c> none, <c>sigil panics</c> is a program that ends with that panic. Blocks marked <c>later</c> need forms
/// that the compiler does not know yet. Several files of one block stand each after a line <c>//// path.si</c>.
/// </summary>
public sealed partial class ErrorPageTests
{
    private static readonly string _pages = Path.Combine(Repository.Root, "docs", "errors");
    private static readonly EmbeddedLibrary _library = new();

    /// <summary>Lexical and syntax errors are tested with the parser alone; their examples need not make sense otherwise.</summary>
    public static TheoryData<string> Codes => [.. DiagnosticCatalogue.All.Select(d => d.Code).Where(c => !c.StartsWith("E0", StringComparison.Ordinal) && !c.StartsWith("E1", StringComparison.Ordinal))];

    /// <summary>Without E9009: filling the stack and unwinding it takes many seconds.</summary>
    public static TheoryData<string> PanicCodes => [.. DiagnosticCatalogue.All.Select(d => d.Code).Where(c => c != "E9009" && Blocks(c).Any(b => b.Kind == "panics"))];

    [Fact]
    public void Every_code_has_a_page_and_every_page_a_code() =>
        Assert.Equal(DiagnosticCatalogue.All.Select(d => d.Code).Order(StringComparer.Ordinal), Directory.EnumerateFiles(_pages, "*.md").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Codes))]
    public void Examples_are_what_the_page_says(string code)
    {
        Assert.StartsWith($"# {code}: ", Text(code));
        foreach (var (kind, text) in Blocks(code))
        {
            var expected = kind == "wrong" ? (string[])[code] : [];
            if (kind is "wrong" or "right" or "panics") Assert.Equal(expected, Check(code, text));
            else Assert.EndsWith(" later", kind);
        }
    }

    [Theory]
    [MemberData(nameof(PanicCodes))]
    public void Program_ends_with_the_panic_of_the_page(string code)
    {
        var directory = Directory.CreateTempSubdirectory("sigil-pages");
        try
        {
            var file = Path.Combine(directory.FullName, "example.si");
            File.WriteAllText(file, Blocks(code).Single(b => b.Kind == "panics").Text + "\n");
            var run = WarmCommand.Run(directory.FullName, file);
            Assert.Contains($"panic[{code}]", run.Error);
            Assert.Equal(101, run.ExitCode);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>The codes of all errors, and the page's own code if it is a warning.</summary>
    private static IEnumerable<string> Check(string code, string text)
    {
        var sources = new MemorySources();
        var files = Split(text);
        foreach (var (path, content) in files) sources.Add(path, content);
        var compilation = Compilation.Check(new ProgramInput
        {
            Sources = sources,
            Library = _library,
            Package = "example",
            RootFiles = [.. files.Select(f => f.Path)],
            EntryFile = code == "E2025" ? files[0].Path : null,
            RequireTests = code == "E7001",
            ReportUntested = code is "E7001" or "W7001",
            EnabledWarnings = [code],
        });
        return compilation.Diagnostics.Where(d => d.Severity == Severity.Error || d.Code == code).Select(d => d.Code).Distinct();
    }

    private static List<(string Path, string Text)> Split(string text)
    {
        var headers = FileHeader().Matches(text);
        if (headers.Count == 0) return [("main.si", text)];
        return [.. headers.Select((h, i) => (h.Groups[1].Value, text[(h.Index + h.Length)..(i + 1 < headers.Count ? headers[i + 1].Index : text.Length)]))];
    }

    private static string Text(string code) => File.ReadAllText(Path.Combine(_pages, code + ".md")).ReplaceLineEndings("\n");

    private static IEnumerable<(string Kind, string Text)> Blocks(string code) => Block().Matches(Text(code)).Select(m => (m.Groups[1].Value, m.Groups[2].Value));

    [GeneratedRegex("```sigil ([a-z ]+)\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^//// (\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex FileHeader();
}
