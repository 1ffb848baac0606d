using System.Text;

namespace Sigil.Syntax.Tests;

/// <summary>
/// One check for all errors: a source whose erroneous places are marked <c>⟦CODE|text⟧</c> (an empty text marks a gap)
/// must report exactly these codes at exactly these places, and print back losslessly.
/// </summary>
internal static class SyntaxErrorCheck
{
    public static void Check(string marked, ParseOptions? options = null, string path = "test.si")
    {
        var (text, expected) = Unmark(marked);
        var tree = SyntaxTree.Parse(SourceText.FromString(path, text), options);
        Assert.Equal(text, tree.ToFullString());
        Assert.Equal(marked, Mark(text, tree.Diagnostics.Select(d => (d.Code, d.Span))));
        Assert.Equal(expected.Count, tree.Diagnostics.Length);
    }

    public static SyntaxTree ParseCleanly(string text, ParseOptions? options = null)
    {
        var tree = SyntaxTree.Parse(SourceText.FromString("test.si", text), options);
        Assert.Empty(tree.Diagnostics);
        Assert.Equal(text, tree.ToFullString());
        return tree;
    }

    public static Expression ParseExpression(string text, ParseOptions? options = null)
    {
        var statement = Assert.IsType<ExpressionStatement>(Assert.Single(ParseCleanly(text, options ?? ParseOptions.Snippet).Root.Members));
        return statement.Expression;
    }

    private static (string Text, List<(string Code, TextSpan Span)> Expected) Unmark(string marked)
    {
        var text = new StringBuilder();
        var expected = new List<(string, TextSpan)>();
        var open = new Stack<(string Code, int Start)>();
        for (var i = 0; i < marked.Length; i++)
        {
            if (marked[i] == '⟦')
            {
                open.Push((marked.Substring(i + 1, 5), text.Length));
                i += 6;
            }
            else if (marked[i] == '⟧')
            {
                var (code, start) = open.Pop();
                expected.Add((code, TextSpan.FromBounds(start, text.Length)));
            }
            else
            {
                text.Append(marked[i]);
            }
        }
        return (text.ToString(), expected);
    }

    private static string Mark(string text, IEnumerable<(string Code, TextSpan Span)> found)
    {
        var insertions = new List<(int Position, int Rank, int Tie, string Text)>();
        foreach (var (code, span) in found)
        {
            if (span.IsEmpty)
            {
                insertions.Add((span.Start, 1, 0, $"⟦{code}|⟧"));
                continue;
            }
            insertions.Add((span.Start, 2, -span.Length, $"⟦{code}|"));
            insertions.Add((span.End, 0, -span.Start, "⟧"));
        }
        var result = new StringBuilder(text);
        foreach (var insertion in insertions.OrderByDescending(i => (i.Position, i.Rank, i.Tie)))
            result.Insert(insertion.Position, insertion.Text);
        return result.ToString();
    }
}
