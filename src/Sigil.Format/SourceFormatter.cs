using Sigil.Format.Documents;
using Sigil.Format.Layout;
using Sigil.Syntax;
using Sigil.Syntax.Ast;

namespace Sigil.Format;

/// <summary>
/// The canonical layout of a module: one layout, without options. The text keeps its tokens and comments; what changes is
/// white space, commas before closers, and the few spellings that language has two of (<c>name: v</c> and <c>.name: v</c>,
/// <c>@f(x)</c> and <c>f(x)</c>, the values <c>void</c> and <c>()</c>).
/// </summary>
public static class SourceFormatter
{
    // Bodies may be missing and any attribute may stand: what a program may say is not the formatter's business.
    private static readonly ParseOptions options = ParseOptions.StandardLibrary;

    /// <summary>Reads a text for <see cref="Format"/>.</summary>
    public static SyntaxTree Read(SourceText source) => SyntaxTree.Parse(source, options);

    /// <summary>The text of a tree in canonical form; null when the text has errors.</summary>
    public static string? Format(SyntaxTree tree)
    {
        if (tree.HasErrors || tree.Source.HasInvalidBytes) return null;
        if (PointsIntoItsLines(tree)) return tree.Source.Text;
        // Commas before closers ask for a part a line, and new ones ask around them; a comment in the middle of an expression
        // moves to where a line ends, and there it may belong to another token. The text settles when it is laid out again.
        var docs = arena ??= new DocArena();
        for (var round = 0; ; round++)
        {
            docs.Open(tree.Source.Text);
            var printer = new DocPrinter(docs, tree.Source.Length + (tree.Source.Length >> 3));
            var layout = new TreeLayout(tree, docs);
            layout.Print(printer);
            var text = printer.Finish();
            if (text.SequenceEqual(tree.Source.Text)) return tree.Source.Text;
            if (!(printer.Differs || layout.HasInnerComments) || round == MostRounds) return text.ToString();
            tree = Read(SourceText.FromString(tree.Source.Path, text.ToString()));
        }
    }

    // The documents of one text are in the memory of those of the text before.
    [ThreadStatic]
    private static DocArena? arena;

    private const int MostRounds = 8;

    /// <summary>
    /// Whether comments point with carets at columns of the lines above, as in compile-fail tests: such a text means its
    /// white space, and is left alone.
    /// </summary>
    public static bool PointsIntoItsLines(SyntaxTree tree)
    {
        var text = tree.Source.Text.AsSpan();
        if (!text.Contains('^') && !text.Contains("// #", StringComparison.Ordinal)) return false;
        foreach (var token in tree.Tokens)
        {
            if (token.LeadingTriviaSpan.Length < 3) continue;
            foreach (var trivia in token.LeadingTrivia)
            {
                if (trivia.Kind == TriviaKind.Directive) return true;
                if (trivia.Kind != TriviaKind.Comment) continue;
                var body = tree.Source.Slice(trivia.Span)[2..].TrimStart();
                if (body.StartsWith("^") || body.StartsWith("!^")) return true;
            }
        }
        return false;
    }
}
