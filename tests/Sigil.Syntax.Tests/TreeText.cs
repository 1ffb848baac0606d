using System.Text;

namespace Sigil.Syntax.Tests;

/// <summary>A tree on one line: kinds without their suffix, tokens as they are, punctuation left out.</summary>
internal static class TreeText
{
    private static readonly HashSet<string> _suffixes = ["Expression", "Declaration", "Pattern", "Statement", "Type", "Literal"];

    public static string Of(SyntaxNode node)
    {
        var output = new StringBuilder();
        Append(node, output);
        return output.ToString();
    }

    private static void Append(SyntaxNode node, StringBuilder output)
    {
        output.Append('(').Append(NameOf(node));
        foreach (var child in node.Children())
        {
            switch (child)
            {
                case SyntaxToken token when token.IsMissing:
                    output.Append(" ?");
                    break;
                case SyntaxToken { Text: "(" or ")" or "[" or "]" or "{" or "}" or "," or ":" or "`" or "." or "" }:
                    break;
                case SyntaxToken token:
                    output.Append(' ').Append(token.Text);
                    break;
                case TypePath path:
                    output.Append(' ').Append(path.Text);
                    break;
                default:
                    output.Append(' ');
                    Append((SyntaxNode)child, output);
                    break;
            }
        }
        output.Append(')');
    }

    private static string NameOf(SyntaxNode node)
    {
        var name = node.GetType().Name;
        var suffix = _suffixes.FirstOrDefault(s => name.Length > s.Length && name.EndsWith(s, StringComparison.Ordinal));
        return suffix is null || name is "FunctionType" or "TupleType" or "LiteralPattern" or "TuplePattern" ? name : name[..^suffix.Length];
    }
}
