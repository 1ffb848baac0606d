using System.Text.RegularExpressions;

namespace Sigil.Syntax.Tests;

/// <summary>Every lexical and syntax error has a page, whose wrong example is wrong in that way and whose right one is right.</summary>
public sealed partial class ErrorPageTests
{
    /// <summary>What cannot be shown in a text, or only in a long one.</summary>
    private static readonly HashSet<string> _withoutExample = ["E0001", "E0002", "E0003", "E0014", "E1035"];

    public static TheoryData<string> Codes => [.. DiagnosticCatalogue.All.Select(d => d.Code).Where(c => c.StartsWith("E0", StringComparison.Ordinal) || c.StartsWith("E1", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Page(string code)
    {
        var page = File.ReadAllText(Path.Combine(TestCorpus.SourceDirectory(), "..", "..", "docs", "errors", code + ".md")).ReplaceLineEndings("\n");
        Assert.StartsWith($"# {code}: ", page);
        var examples = Example().Matches(page);
        if (_withoutExample.Contains(code))
        {
            Assert.Empty(examples);
            return;
        }
        Assert.Equal(["wrong", "right"], examples.Select(e => e.Groups[1].Value));
        Assert.Equal([code], Parse(examples[0].Groups[2].Value));
        Assert.Empty(Parse(examples[1].Groups[2].Value));
    }

    private static IEnumerable<string> Parse(string text) =>
        SyntaxTree.Parse(SourceText.FromString("example.si", text)).Diagnostics.Select(d => d.Code);

    [GeneratedRegex("```sigil (wrong|right)\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
