// The tree. What to know before reading on:
//
// * A tree is made of nodes and tokens (`SyntaxElement`). Both are immutable once parsed. There is one sealed class
//   per construct; consumers switch over the type. Node classes say in their summary what they stand for.
// * Nothing is lost: every token is owned by exactly one node, white space and comments belong to the token that
//   follows them (the end-of-file token takes the rest), and tokens that fit nowhere are kept in a `SkippedTokens`
//   node directly before the next token. Printing all tokens of the root in order gives the text back.
// * Parsing never fails. A required part that is not there is a `MissingExpression`, a `MissingPattern` or an
//   `InvalidType`; a required name is a token with `IsMissing` and an empty text; an absent optional part, or an
//   absent punctuation token, is null. Whatever is missing has been reported already: later phases keep quiet.
// * `Span` excludes the trivia before the first token, `FullSpan` includes it.
// * Height is limited (see Parsing/NestingGuard.cs): recursion over a tree is safe on a stack of 16 MB.
//
// Files: SyntaxElement, SyntaxToken, TokenKind, SeparatedList, Trivia, DocComment (the machinery); ModuleSyntax
// (root, imports, attributes), Items, Declarations (parts of items), Types, Statements, Patterns, Expressions/*.
namespace Sigil.Syntax.Ast;

/// <summary>A node or a token.</summary>
public abstract class SyntaxElement
{
    private protected SyntaxElement()
    {
    }

    /// <summary>The text that the element comes from.</summary>
    public abstract SourceText Source { get; }

    /// <summary>From the first to the last token, without the trivia before.</summary>
    public abstract TextSpan Span { get; }

    /// <summary>The same with the trivia (and, for a node, the skipped tokens) before the first token.</summary>
    public abstract TextSpan FullSpan { get; }

    /// <summary>The node that owns this element; null for the root.</summary>
    public SyntaxNode? Parent { get; internal set; }

    /// <summary>The first token below, skipped and missing ones included.</summary>
    public abstract SyntaxToken FirstElement { get; }

    /// <summary>The last token below, skipped and missing ones included.</summary>
    public abstract SyntaxToken LastElement { get; }

    /// <summary>The span with its source.</summary>
    public SourceLocation Location => new(Source, Span);

    /// <summary>Longest way down to a token; 0 for tokens.</summary>
    internal abstract int Height { get; }

    /// <summary>The text as written, without the trivia before.</summary>
    public override string ToString() => Source.ToString(Span);

    /// <summary>The text as written, with the trivia before.</summary>
    public string ToFullString() => Source.ToString(FullSpan);
}
