namespace Sigil.Syntax.Ast;

/// <summary>What a piece of trivia is.</summary>
public enum TriviaKind
{
    /// <summary>Blanks and tabs; also characters that were reported as no part of the language.</summary>
    Whitespace,

    /// <summary>LF, CR LF or CR.</summary>
    EndOfLine,

    /// <summary>An ordinary comment.</summary>
    Comment,

    /// <summary>A comment that documents what follows.</summary>
    DocComment,

    /// <summary><c>// #compile-fail</c> or <c>// #error: text</c>.</summary>
    Directive,
}

/// <summary>White space, a line end or a comment.</summary>
public readonly record struct SyntaxTrivia(TriviaKind Kind, TextSpan Span)
{
    /// <summary>Cuts the text between two tokens into trivia.</summary>
    internal static IEnumerable<SyntaxTrivia> Split(SourceText source, TextSpan span)
    {
        var text = source.Text;
        var position = span.Start;
        while (position < span.End)
        {
            var start = position;
            var c = text[position];
            if (c is '\n' or '\r')
            {
                position += c == '\r' && position + 1 < span.End && text[position + 1] == '\n' ? 2 : 1;
                yield return new SyntaxTrivia(TriviaKind.EndOfLine, TextSpan.FromBounds(start, position));
            }
            else if (IsCommentStart(text, position, span.End))
            {
                while (position < span.End && text[position] is not ('\n' or '\r'))
                    position++;
                var comment = TextSpan.FromBounds(start, position);
                yield return new SyntaxTrivia(DocComment.Classify(source.Slice(comment)), comment);
            }
            else
            {
                while (position < span.End && text[position] is not ('\n' or '\r') && !IsCommentStart(text, position, span.End))
                    position++;
                yield return new SyntaxTrivia(TriviaKind.Whitespace, TextSpan.FromBounds(start, position));
            }
        }
    }

    private static bool IsCommentStart(string text, int position, int end) =>
        text[position] == '/' && position + 1 < end && text[position + 1] == '/';
}
