using Sigil.Format.Documents;
using Sigil.Syntax;
using Sigil.Syntax.Ast;

namespace Sigil.Format.Layout;

// From trees to documents. This file: tokens with their comments, and what stands between brackets.
//
// The rules, in short. A construct stays on one line if it fits in 100 columns. What does not fit is broken at its
// outermost brackets, one part a line, with a comma after the last. Two things override that:
//
// * A comma before a closer asks for one part a line, even where all would fit.
// * A comment at the end of a line speaks of the whole line: what stood on one line with it stays on one line.
//
// Both look at the text only where canonical text says the same again, so that formatting twice changes nothing.

/// <summary>Builds the documents of one tree.</summary>
internal sealed partial class TreeLayout(SyntaxTree tree, DocArena docs)
{
    private readonly string _source = tree.Source.Text;
    private readonly DocArena _docs = docs;

    /// <summary>Whether a comment stands elsewhere than between parts, or at the end of one.</summary>
    public bool HasInnerComments { get; private set; }

    // Whether there are comments in what is being laid out. Most members have none inside.
    private bool _mayHaveComments = true;

    // The tokens whose comments are laid out apart from them.
    private readonly Dictionary<SyntaxToken, Doc> _detached = [];

    // Lists that have become documents, for the next ones.
    private readonly Stack<List<Doc>> _lists = new();

    // ---- pieces ----

    private Doc Cat(params ReadOnlySpan<Doc> parts) => _docs.Concat(parts);

    /// <summary>A list for <see cref="Joined"/>.</summary>
    private List<Doc> NewList(params ReadOnlySpan<Doc> first)
    {
        var list = _lists.TryPop(out var used) ? used : [];
        list.Clear();
        list.AddRange(first);
        return list;
    }

    /// <summary>The parts of a list in a row; the list is used up.</summary>
    private Doc Joined(List<Doc> parts)
    {
        _lists.Push(parts);
        return _docs.Concat(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(parts));
    }

    private Doc AllOf(IEnumerable<SyntaxToken> tokens)
    {
        var docs = NewList();
        foreach (var token in tokens) docs.Add(Token(token));
        return Joined(docs);
    }

    /// <summary>The text of a token.</summary>
    private Doc Text(SyntaxToken token) => _docs.Source(token.Span.Start, token.Span.Length);

    /// <summary>A token with the comments that belong to it.</summary>
    private Doc Token(SyntaxToken? token) => token is null ? Doc.Empty : Token(token, Text(token));

    /// <summary>The same, spelled differently.</summary>
    private Doc Token(SyntaxToken token, Doc text)
    {
        var before = CommentsBefore(token);
        var after = CommentAfter(token);
        if (before is null && after is null) return text;
        HasInnerComments = true;
        return Cat(before ?? Doc.Empty, text, after ?? Doc.Empty);
    }

    /// <summary>Only its comments, for a token that canonical text leaves out.</summary>
    private Doc CommentsOf(SyntaxToken? token)
    {
        if (token is null) return Doc.Empty;
        var before = CommentsBefore(token);
        var after = CommentAfter(token);
        return before is null && after is null ? Doc.Empty : Cat(before ?? Doc.Empty, after ?? Doc.Empty);
    }

    /// <summary>A comma: comments before it come after it, for no line starts with a comma.</summary>
    private Doc Comma(SyntaxToken token)
    {
        var before = CommentsBefore(token);
        var after = CommentAfter(token);
        return before is null && after is null ? Doc.Comma : Cat(Doc.Comma, after ?? Doc.Empty, before ?? Doc.Empty);
    }

    // ---- comments ----

    /// <summary>The comments before a part, apart from the part: they do not break it.</summary>
    private Doc Detach(SyntaxNode part)
    {
        if (!_mayHaveComments) return Doc.Empty;
        var first = part.FirstElement;
        if (_detached.TryGetValue(first, out var known)) return known;
        if (CommentsBefore(first) is not { } comments) return Doc.Empty;
        _detached.Add(first, comments);
        return comments;
    }

    private Doc? CommentAfter(SyntaxToken token)
    {
        var at = EndCommentStart(token);
        return at < 0 ? null : _docs.EndComment(at, CommentLength(at));
    }

    /// <summary>Where the comment at the end of a token's line starts, if nothing else stands before it; -1 if there is none.</summary>
    private int EndCommentStart(SyntaxToken token)
    {
        if (!_mayHaveComments || token.Kind is TokenKind.TemplateStart or TokenKind.TemplateText or TokenKind.HoleClose) return -1;
        var at = token.Span.End;
        while (at < _source.Length && _source[at] is ' ' or '\t') at++;
        return at + 1 < _source.Length && _source[at] == '/' && _source[at + 1] == '/' ? at : -1;
    }

    /// <summary>The length of a comment without the blanks at its end.</summary>
    private int CommentLength(int start)
    {
        var rest = _source.AsSpan(start);
        var end = rest.IndexOfAny('\n', '\r');
        return (end < 0 ? rest : rest[..end]).TrimEnd().Length;
    }

    /// <summary>The comments on lines of their own before a token; null when there are none.</summary>
    private Doc? CommentsBefore(SyntaxToken token)
    {
        if (!_mayHaveComments) return null;
        var span = token.LeadingTriviaSpan;
        if (span.Length < 3 || !_source.AsSpan(span.Start, span.Length).Contains('/')) return null;
        if (_detached.Count > 0 && _detached.ContainsKey(token)) return null;
        var found = NewList();
        var lineEnds = span.Start == 0 ? 1 : 0;
        var (last, lastLength, lastBlank) = (-1, 0, false);
        var at = span.Start;
        while (at < span.End)
        {
            var c = _source[at];
            if (c == '/')
            {
                var length = CommentLength(at);
                // The comment that ends the line of the token before is that token's.
                if (lineEnds > 0)
                {
                    var isFirst = last < 0;
                    if (!isFirst) found.Add(_docs.LineComment(last, lastLength, lastBlank, false));
                    (last, lastLength, lastBlank) = (at, length, !isFirst && lineEnds > 1);
                }
                lineEnds = 0;
                at += length;
                continue;
            }
            if (c == '\n' || (c == '\r' && (at + 1 == _source.Length || _source[at + 1] != '\n'))) lineEnds++;
            at++;
        }
        if (last >= 0) found.Add(_docs.LineComment(last, lastLength, lastBlank, lineEnds > 1 && token.Kind != TokenKind.EndOfFile));
        var isEmpty = found.Count == 0;
        var doc = Joined(found);
        return isEmpty ? null : doc;
    }

    /// <summary>Whether an empty line stands before a node and its comments.</summary>
    private bool HasBlankBefore(SyntaxElement element)
    {
        var token = element.FirstElement;
        var span = token.LeadingTriviaSpan;
        var lineEnds = span.Start == 0 ? 1 : 0;
        var isFirstComment = true;
        for (var at = span.Start; at < span.End; at++)
        {
            var c = _source[at];
            if (c == '/')
            {
                if (lineEnds > 0 || !isFirstComment) return lineEnds > 1;
                isFirstComment = false;
                while (at + 1 < span.End && _source[at + 1] is not ('\n' or '\r')) at++;
                continue;
            }
            if (c == '\n' || (c == '\r' && (at + 1 == _source.Length || _source[at + 1] != '\n'))) lineEnds++;
        }
        return lineEnds > 1;
    }

    private bool HasCommentBefore(SyntaxElement element)
    {
        if (!_mayHaveComments) return false;
        var first = element.FirstElement;
        return _detached.ContainsKey(first) || CommentsBefore(first) is not null;
    }

    /// <summary>Keeps a part on one line when it stood there with a comment at its end.</summary>
    private Doc Pin(Doc doc, SyntaxElement part, SyntaxToken? separator)
    {
        if (!_mayHaveComments || (_docs[doc].MayBeFlat && _docs[doc].FlatWidth < 20)) return doc;
        var at = EndCommentStart(part.LastElement);
        if (at < 0 && separator is not null) at = EndCommentStart(separator);
        if (at < 0) return doc;
        var span = part.Span;
        if (_source.AsSpan(span.Start, span.Length).IndexOfAny('\n', '\r') >= 0) return doc;
        // A mark of a test speaks of its line, however long.
        return _docs.Pinned(doc, anyWidth: _source.AsSpan(at).StartsWith("//~"));
    }

    // ---- brackets ----

    /// <summary>How the parts of a list stand between its brackets.</summary>
    private enum Brackets { Tight, Spaced }

    /// <summary>Parts between brackets: all on one line, or one a line.</summary>
    private Doc Bracketed<T>(SyntaxToken? open, SeparatedList<T> list, SyntaxToken? close, Func<T, Doc> layout,
        Brackets style = Brackets.Tight, bool prefersBreak = false, bool obeysComma = true)
        where T : SyntaxNode
    {
        var closing = ClosingComments(close);
        if (list.Elements.IsEmpty && closing is null) return Cat(Token(open), Token(close));
        var first = style == Brackets.Spaced ? Doc.LineOrSpace : Doc.LineOrNothing;
        var inner = Parts(list, layout, first, closing, out var endsInComma);
        var content = Cat(Token(open), _docs.Indent(inner), first, CloserText(close));
        return WithCommentAfter(_docs.Group(content, prefersBreak || (obeysComma && endsInComma)), close);
    }

    /// <summary>The parts of a list, each on a line of its own when the surrounding group is broken.</summary>
    private Doc Parts<T>(SeparatedList<T> list, Func<T, Doc> layout, Doc first, Doc? closing, out bool endsInComma)
        where T : SyntaxNode
    {
        var elements = list.Elements;
        var docs = NewList(first);
        endsInComma = false;
        var count = 0;
        for (var i = 0; i < elements.Length; i++)
        {
            if (elements[i] is SyntaxToken) continue;
            var node = list[count++];
            var separator = i + 1 < elements.Length ? elements[i + 1] as SyntaxToken : null;
            if (i > 0) docs.Add(HasBlankBefore(node) ? Doc.BlankOrSpace : Doc.LineOrSpace);
            docs.Add(Detach(node));
            docs.Add(Pin(layout(node), node, separator));
            if (separator is not null && i + 2 < elements.Length) docs.Add(Comma(separator));
            else if (separator is not null)
            {
                endsInComma = true;
                docs.Add(Cat(Doc.KeptComma, CommentAfter(separator) ?? Doc.Empty, CommentsBefore(separator) ?? Doc.Empty));
            }
            else docs.Add(Doc.AddedComma);
        }
        if (closing is { } comments) docs.Add(comments);
        return Joined(docs);
    }

    /// <summary>The comments before a closer, which stand with the parts.</summary>
    private Doc? ClosingComments(SyntaxToken? close)
    {
        if (close is null || CommentsBefore(close) is not { } comments) return null;
        return HasBlankBefore(close) ? Cat(Doc.BlankOrNothing, comments) : comments;
    }

    /// <summary>A closer without the comments before it, and without the one after it: that one does not break the group.</summary>
    private Doc CloserText(SyntaxToken? close) => close is null ? Doc.Empty : Text(close);

    private Doc WithCommentAfter(Doc doc, SyntaxToken? last) =>
        last is not null && CommentAfter(last) is { } comment ? Cat(doc, comment) : doc;

    /// <summary>Parts in a row, broken after their commas: nothing follows the last one.</summary>
    private Doc Row<T>(SeparatedList<T> list, Func<T, Doc> layout)
        where T : SyntaxNode
    {
        var elements = list.Elements;
        var docs = NewList();
        var count = 0;
        foreach (var element in elements)
        {
            if (element is SyntaxToken separator)
            {
                docs.Add(Comma(separator));
                continue;
            }
            if (docs.Count > 0) docs.Add(Doc.LineOrSpace);
            docs.Add(layout(list[count++]));
        }
        return Joined(docs);
    }

    /// <summary>Where a value stands.</summary>
    private enum Place
    {
        /// <summary>After <c>=</c>, a label, a colon.</summary>
        Inside,

        /// <summary>After the arrow of a lambda, which itself may be the last argument of a call.</summary>
        Lambda,

        /// <summary>After <c>do</c>, <c>then</c>, <c>else</c>, or the arrow of an arm.</summary>
        Branch,

        /// <summary>The body of a function or test.</summary>
        Body,
    }

    /// <summary>A value with the blank or the line break before it.</summary>
    private Doc Following(Expression value, Place place = Place.Inside)
    {
        var isLoop = place == Place.Body && value is ForExpression or WhileExpression or IfExpression or WithCapabilityExpression;
        var doc = Value(value, alignsOperands: place == Place.Body);
        var stacked = _docs.Indent(Cat(Doc.LineOrSpace, doc));
        var shape = ShapeOf(value);
        var mayHug = shape != Shape.Plain && !isLoop && !HasCommentBefore(value);
        // A short body that has a line of its own keeps it: what it panics with names that line.
        if (place == Place.Body && (shape != Shape.Block || isLoop) && value.FirstElement.IsFirstOnLine) return _docs.Group(stacked, prefersBreak: true);
        var nextLineFirst = place switch
        {
            Place.Lambda => false,
            Place.Inside => shape == Shape.Call,
            _ => true,
        };
        return _docs.Choice(Cat(Doc.Space, doc), stacked, mayHug, nextLineFirst);
    }
}
