using System.Text;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Xunit;

namespace Sigil.Format.Tests;

/// <summary>What formatting must not change: the constructs, the tokens but for the canonical rewrites, and the comments.</summary>
internal static class SameProgram
{
    /// <summary>Formats a text, checks what must hold of every formatted text, and returns it.</summary>
    public static string Formatted(string path, string text)
    {
        var before = Parse(path, text);
        var formatted = SourceFormatter.Format(before) ?? throw new ArgumentException($"{path} has errors");
        var after = Parse(path, formatted);
        Assert.True(!after.HasErrors, $"{path}: the formatted text has errors: {string.Join("; ", after.Diagnostics)}\n{formatted}");
        Same(path, "constructs", Constructs(before), Constructs(after), formatted);
        Same(path, "tokens", Tokens(before), Tokens(after), formatted);
        Same(path, "comments", Comments(before).Order(StringComparer.Ordinal), Comments(after).Order(StringComparer.Ordinal), formatted);
        var again = SourceFormatter.Format(after)!;
        if (again != formatted) Assert.Fail($"{path}: formatted twice it differs:\n{UnifiedDiff.Of(path, formatted, again)}");
        foreach (var line in formatted.Split('\n')) Assert.True(line.Length == line.TrimEnd().Length || formatted.Contains('`'), $"{path}: a line ends in blanks: '{line}'");
        return formatted;
    }

    private static SyntaxTree Parse(string path, string text) => SourceFormatter.Read(SourceText.FromString(path, text));

    private static void Same(string path, string what, IEnumerable<string> before, IEnumerable<string> after, string formatted)
    {
        var (a, b) = (before.ToList(), after.ToList());
        for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
        {
            var (x, y) = (a.ElementAtOrDefault(i) ?? "nothing", b.ElementAtOrDefault(i) ?? "nothing");
            if (x != y) Assert.Fail($"{path}: other {what}: {x} became {y}\n{formatted}");
        }
    }

    private static IEnumerable<string> Constructs(SyntaxTree tree) => tree.Root.DescendantNodesAndSelf().Select(n => n.GetType().Name);

    /// <summary>The tokens without those that canonical text adds or leaves out.</summary>
    private static IEnumerable<string> Tokens(SyntaxTree tree)
    {
        foreach (var token in tree.Root.DescendantTokens())
        {
            var left = token.Kind == TokenKind.Comma
                || (token.Kind == TokenKind.Dot && token.Parent is Argument or SearchProperty or ValidateRules or SelectEntry)
                || (token.Kind == TokenKind.At && token.Parent is NameExpression { Parent: CallExpression })
                || (token.Kind == TokenKind.Bar && token.Parent is SumDefinition { Variants.Count: > 1 } sum && sum.LeadingBar == token);
            if (left) continue;
            if (token.Parent is UnitExpression unit)
            {
                if (unit.First == token) yield return "()";
                continue;
            }
            yield return token.Text;
        }
    }

    private static IEnumerable<string> Comments(SyntaxTree tree)
    {
        foreach (var token in tree.Tokens)
            foreach (var trivia in token.LeadingTrivia)
                if (trivia.Kind is not (TriviaKind.Whitespace or TriviaKind.EndOfLine)) yield return tree.Source.ToString(trivia.Span).TrimEnd();
    }

    /// <summary>Whether white space between two tokens that touch means nothing.</summary>
    private static bool MayBeApart(SyntaxToken previous, SyntaxToken token) =>
        previous.Kind is TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.OpenBrace or TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.Comma or TokenKind.Colon
            ? token.Kind is not (TokenKind.TemplateStart or TokenKind.TemplateText or TokenKind.TemplateEnd or TokenKind.HoleOpen or TokenKind.HoleClose or TokenKind.OpenParen or TokenKind.OpenBracket)
            : token.Kind is TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.Comma && previous.Kind is TokenKind.Identifier or TokenKind.IntLiteral or TokenKind.StringLiteral;

    /// <summary>The same tokens with other white space between them, and with more comments.</summary>
    public static string Scrambled(SyntaxTree tree, Random random, bool comments)
    {
        var text = new StringBuilder();
        var number = 0;
        SyntaxToken? previous = null;
        foreach (var token in tree.Tokens)
        {
            var trivia = tree.Source.ToString(token.LeadingTriviaSpan);
            // Where there is no space there may be a reason; a value of `break` stays on its line, and so do the marks of tests.
            if (previous is null || (trivia.Length == 0 && !MayBeApart(previous, token)) || previous.Kind == TokenKind.BreakKeyword || trivia.Contains("//", StringComparison.Ordinal)) text.Append(trivia);
            else
            {
                var choice = random.Next(12);
                if (choice < 6) text.Append(' ');
                else if (choice < 9) text.Append('\n', random.Next(1, 4)).Append(' ', random.Next(0, 5));
                else if (!comments || token.Kind == TokenKind.EndOfFile) text.Append("   ");
                else if (choice == 9) text.Append($" // after {number++}\n");
                else if (choice == 10) text.Append($"\n// before {number++}\n");
                else text.Append($" // after {number++}\n\n  // before {number++}\n// and {number++}\n\n");
            }
            text.Append(tree.Source.Slice(token.Span));
            previous = token;
        }
        return text.ToString();
    }
}
