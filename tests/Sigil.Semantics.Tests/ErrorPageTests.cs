using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Tests;

/// <summary>The pages of the errors that are found in a whole program: the wrong example is wrong in that way and no other, the right one is right.</summary>
public sealed partial class ErrorPageTests
{
    /// <summary>What is found after the semantic phase.</summary>
    private static readonly HashSet<string> _inFlowGraph = ["E6001", "E6008", "E6014"];

    public static TheoryData<string> Codes =>
    [
        .. Directory.EnumerateFiles(Pages(), "*.md").Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Where(c => c[1] is >= '2' and <= '6' && !_inFlowGraph.Contains(c)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Page(string code)
    {
        var page = File.ReadAllText(Path.Combine(Pages(), code + ".md")).ReplaceLineEndings("\n");
        Assert.StartsWith($"# {code}: ", page);
        var examples = Example().Matches(page);
        if (examples.Count == 0) return;
        Assert.Equal(["wrong", "right"], examples.Select(e => e.Groups[1].Value));
        Assert.Equal([code], Find(examples[0].Groups[2].Value, code));
        Assert.Empty(Find(examples[1].Groups[2].Value, code));
    }

    private static IEnumerable<string> Find(string text, string code) => DiagnosticsOf(Checked.Analyze(text, input => input with { EnabledWarnings = [code], EntryFile = code == "E2025" ? "main.si" : null }))
        .Where(d => d.Severity == Severity.Error || d.Code == code).Select(d => d.Code).Distinct();

    private static IEnumerable<Diagnostic> DiagnosticsOf(ProgramAnalysis program) => Checked.DiagnosticsOf(program).Concat(program.WholeProgramDiagnostics());

    private static string Pages([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "docs", "errors");

    [GeneratedRegex("```sigil (wrong|right)\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
