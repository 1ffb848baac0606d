using Sigil.Format.Documents;
using Sigil.Syntax.Ast;

namespace Sigil.Format.Layout;

// Names, literals, operators, calls and chains of them.
internal sealed partial class TreeLayout
{
    /// <summary>Labelled arguments that take more columns than this stand one a line.</summary>
    private const int LabelledWidth = 60;

    /// <summary>What follows a <c>=</c>, an arrow or a label can break inside itself, or not.</summary>
    private enum Shape
    {
        /// <summary>It goes to the next line when it is too long.</summary>
        Plain,

        /// <summary>A call: to the next line if it fits there, else broken between its parentheses.</summary>
        Call,

        /// <summary>It ends in a block of lines, which starts on the line where it stands.</summary>
        Block,
    }

    private static Shape ShapeOf(Expression e) => e switch
    {
        RunExpression or TryExpression or LoopExpression or MatchExpression or SelectExpression or ValidateExpression
            or ForSearchExpression or ListExpression or StructLiteral or RecordLiteral or MapLiteral => Shape.Block,
        TemplateExpression t => t.ToString().Contains('\n') ? Shape.Block : Shape.Plain,
        LambdaExpression l => ShapeOf(l.Body),
        WithCapabilityExpression w => ShapeOf(w.Body),
        ForExpression f => ShapeOf(f.Body) == Shape.Block ? Shape.Block : Shape.Plain,
        WhileExpression w => ShapeOf(w.Body) == Shape.Block ? Shape.Block : Shape.Plain,
        IfExpression { Else: null } i => ShapeOf(i.Then) == Shape.Block ? Shape.Block : Shape.Plain,
        ParenthesizedExpression p => ShapeOf(p.Expression) == Shape.Block ? Shape.Block : Shape.Plain,
        CapabilityPrefixExpression c => ShapeOf(c.Operand),
        UnaryExpression u => ShapeOf(u.Operand),
        LendExpression l => ShapeOf(l.Operand),
        AssignExpression a => ShapeOf(a.Value) == Shape.Block ? Shape.Block : Shape.Plain,
        BinaryExpression b => b.Right is not BinaryExpression && ShapeOf(b.Right) == Shape.Block ? Shape.Block : Shape.Plain,
        QuestionExpression q => ShapeOf(q.Operand),
        BreakExpression { Value: not null } => Shape.Block,
        CallExpression c => CallShape(c),
        TupleExpression => Shape.Call,
        MemberExpression m => m.Receiver is NameExpression or SelfExpression ? Shape.Plain : ShapeOf(m.Receiver) == Shape.Plain ? Shape.Plain : Shape.Call,
        TupleIndexExpression t => ShapeOf(t.Receiver) == Shape.Plain ? Shape.Plain : Shape.Call,
        IndexExpression i => ShapeOf(i.Receiver) == Shape.Plain ? Shape.Plain : Shape.Call,
        _ => Shape.Plain,
    };

    private static Shape CallShape(CallExpression call)
    {
        var arguments = call.Arguments.Arguments;
        return arguments.Count > 0 && EndsInBlock(arguments[^1].Value) ? Shape.Block : Shape.Call;
    }

    /// <summary>Whether the last argument of a call keeps the call on its line by breaking inside itself.</summary>
    private static bool EndsInBlock(Expression argument) => argument is not BreakExpression && ShapeOf(argument) == Shape.Block;

    private Doc Value(Expression e, bool alignsOperands = false) => e switch
    {
        NameExpression n => Cat(Token(n.At), Token(n.Name), n.TypeArguments is null ? Doc.Empty : TypeArguments(n.TypeArguments)),
        LiteralExpression l => Token(l.Token),
        SelfExpression s => Token(s.SelfKeyword),
        ConfigExpression c => Cat(Token(c.Dollar), Token(c.Name)),
        HashExpression h => Token(h.Hash),
        UnitExpression u => u.CloseParen is null ? Token(u.First, Doc.Unit) : Cat(Token(u.First), Token(u.CloseParen)),
        OperatorExpression o => Cat(Token(o.OperatorToken), Token(o.SecondToken)),
        TemplateExpression t => Template(t),
        ParenthesizedExpression p => Parenthesized(p),
        TupleExpression t => Bracketed(t.OpenParen, t.Elements, t.CloseParen, Element),
        ListExpression l => List(l),
        StructLiteral s => Cat(TypeOf(s.Type), Doc.Space, Bracketed(s.OpenBrace, s.Fields, s.CloseBrace, Initializer, Brackets.Spaced)),
        RecordLiteral r => Bracketed(r.OpenBrace, r.Fields, r.CloseBrace, Initializer, Brackets.Spaced),
        MapLiteral m => Bracketed(m.OpenBrace, m.Entries, m.CloseBrace, x => Cat(Value(x.Key), Token(x.Colon), Following(x.Value))),
        UnaryExpression u => Cat(Token(u.OperatorToken), Value(u.Operand)),
        CapabilityPrefixExpression c => Cat(Token(c.Word), Doc.Space, Value(c.Operand)),
        LendExpression l => Cat(Token(l.Ampersand), Word(l.MutKeyword), Value(l.Operand)),
        BinaryExpression b => Binary(b, alignsOperands),
        RangeExpression r => Cat(r.Start is null ? Doc.Empty : Value(r.Start), Token(r.Operator), r.End is null ? Doc.Empty : Value(r.End)),
        AssignExpression a => Cat(Value(a.Target), Doc.Space, Token(a.EqualsToken), Following(a.Value)),
        CallExpression or MemberExpression or TupleIndexExpression or IndexExpression or QuestionExpression => Chain(e),
        _ => Form(e),
    };

    private Doc Element(Expression e) => Value(e);

    private Doc List(ListExpression l)
    {
        if (l.Elements.Elements.Length != 1 || ShapeOf(l.Elements[0]) == Shape.Plain || HasCommentBefore(l.Elements[0]) || ClosingComments(l.CloseBracket) is not null
            || EndCommentStart(l.OpenBracket) >= 0)
            return Bracketed(l.OpenBracket, l.Elements, l.CloseBracket, Element);
        // A single element breaks inside itself.
        var only = Value(l.Elements[0]);
        if (_docs[only].Is(DocTraits.EndsInComment)) return Bracketed(l.OpenBracket, l.Elements, l.CloseBracket, _ => only);
        var stacked = Bracketed(l.OpenBracket, l.Elements, l.CloseBracket, _ => only);
        var hugged = Cat(Token(l.OpenBracket), only, CloserText(l.CloseBracket));
        return WithCommentAfter(_docs.Choice(hugged, Bare(stacked, l.CloseBracket), mayHug: true), l.CloseBracket);
    }

    private Doc Initializer(FieldInitializer initializer) => initializer switch
    {
        SpreadFieldInitializer s => Cat(Token(s.Ellipsis), Value(s.Value)),
        NamedFieldInitializer { Value: null } n => Token(n.Name),
        NamedFieldInitializer n => Cat(Token(n.Name), Token(n.Colon), Following(n.Value)),
        _ => Verbatim(initializer),
    };

    private Doc Parenthesized(ParenthesizedExpression p)
    {
        var inner = Value(p.Expression);
        var closing = ClosingComments(p.CloseParen) ?? Doc.Empty;
        var comments = CommentsOf(p.Comma);
        var hugged = Cat(Token(p.OpenParen), inner, comments, closing, CloserText(p.CloseParen));
        var stacked = Cat(Token(p.OpenParen), _docs.Indent(Cat(Doc.LineOrNothing, inner, comments, closing)), Doc.LineOrNothing, CloserText(p.CloseParen));
        return WithCommentAfter(_docs.Choice(hugged, stacked, EndsInBlock(p.Expression) && closing == Doc.Empty), p.CloseParen);
    }

    /// <summary>Text is kept as it stands; holes are laid out on one line.</summary>
    private Doc Template(TemplateExpression t)
    {
        var docs = NewList(Token(t.Open));
        foreach (var part in t.Parts)
        {
            if (part is not TemplateHole hole)
            {
                docs.Add(Verbatim(part));
                continue;
            }
            var content = Value(hole.Expression);
            // A comment inside a hole needs its line end.
            if (_docs[content].Is(DocTraits.MustBreak) || _docs[content].Is(DocTraits.EndsInComment) || (hole.CloseBrace is { } close && CommentsBefore(close) is not null)
                || EndCommentStart(hole.OpenBrace) >= 0 || _docs[content].Is(DocTraits.HeadBreaks) && hole.ToString().Contains('`') && hole.ToString().Contains('\n'))
                return Cat(CommentsBefore(t.Open) ?? Doc.Empty, Verbatim(t), t.Close is { } end ? CommentAfter(end) ?? Doc.Empty : Doc.Empty);
            // "{{" would be the character.
            var gap = hole.Expression.FirstElement.Text.StartsWith('{') ? Doc.Space : Doc.Empty;
            docs.Add(Cat(Token(hole.OpenBrace), gap, _docs.Flat(content), gap, CloserText(hole.CloseBrace)));
        }
        docs.Add(Token(t.Close));
        return Joined(docs);
    }

    /// <summary>Operands of one level in a row, broken before the operators.</summary>
    private Doc Binary(BinaryExpression binary, bool alignsOperands)
    {
        var level = OperatorTable.Level(binary.Operator);
        if (binary.Left is not BinaryExpression inner || OperatorTable.Level(inner.Operator) != level) return Pair(binary, alignsOperands);
        var rights = new Stack<BinaryExpression>();
        Expression left = binary;
        while (left is BinaryExpression b && OperatorTable.Level(b.Operator) == level)
        {
            rights.Push(b);
            left = b.Left;
        }
        var first = Value(left);
        var rest = NewList();
        var hugged = NewList(_docs.Flat(first));
        // A block at the end stays on the line, as in `"total: " + match(…`.
        var mayHug = ShapeOf(binary) == Shape.Block && StaysFlat(first);
        var count = 0;
        foreach (var b in rights)
        {
            var symbol = Cat(Token(b.OperatorToken), Token(b.SecondToken), Doc.Space);
            var right = Value(b.Right);
            rest.Add(Doc.LineOrSpace);
            rest.Add(symbol);
            rest.Add(right);
            var isLast = ++count == rights.Count;
            mayHug &= StaysFlat(symbol) && (isLast || StaysFlat(right));
            hugged.Add(Doc.Space);
            hugged.Add(symbol);
            hugged.Add(isLast ? right : _docs.Flat(right));
        }
        var operators = Joined(rest);
        var stacked = Cat(first, alignsOperands ? operators : _docs.Indent(operators));
        return mayHug ? _docs.Choice(Joined(hugged), stacked, mayHug: true) : _docs.Group(stacked);
    }

    /// <summary>The same for a single operator.</summary>
    private Doc Pair(BinaryExpression binary, bool alignsOperands)
    {
        var first = Value(binary.Left);
        var symbol = Cat(Token(binary.OperatorToken), Token(binary.SecondToken), Doc.Space);
        var right = Value(binary.Right);
        var operation = Cat(Doc.LineOrSpace, symbol, right);
        var stacked = Cat(first, alignsOperands ? operation : _docs.Indent(operation));
        var mayHug = ShapeOf(binary) == Shape.Block && StaysFlat(first) && StaysFlat(symbol);
        return mayHug ? _docs.Choice(Cat(_docs.Flat(first), Doc.Space, symbol, right), stacked, mayHug: true) : _docs.Group(stacked);
    }

    /// <summary>Whether a part can stand on one line with what follows it.</summary>
    private bool StaysFlat(Doc doc) => !_docs[doc].Is(DocTraits.MustBreak | DocTraits.PrefersBreak | DocTraits.EndsInComment);

    // ---- calls ----

    /// <summary>A primary with all that is applied to it: on one line, or with its last call broken, or a call a line.</summary>
    private Doc Chain(Expression outermost)
    {
        if (Applied(outermost) is NameExpression or SelfExpression) return SingleLink(outermost);
        var links = new List<Expression>();
        var primary = outermost;
        while (Applied(primary) is { } inner)
        {
            links.Add(primary);
            primary = inner;
        }
        links.Reverse();
        var head = NewList(links[0] is CallExpression && primary is NameExpression name ? Callee(name) : Value(primary));
        var segments = new List<List<Doc>>();
        var current = head;
        for (var i = 0; i < links.Count; i++)
        {
            // A link of the chain starts at the name of a method; fields go with what stands before them.
            if (links[i] is MemberExpression && i + 1 < links.Count && links[i + 1] is CallExpression)
            {
                current = NewList();
                segments.Add(current);
            }
            // Two question marks side by side would be one token.
            if (links[i] is QuestionExpression && i > 0 && links[i - 1] is QuestionExpression) current.Add(Doc.Space);
            current.Add(Link(links[i]));
        }
        // A short name keeps its first call beside it.
        if (segments.Count > 0 && head.Count == 1 && IsShort(primary))
        {
            head.AddRange(segments[0]);
            segments.RemoveAt(0);
        }
        var first = Joined(head);
        if (segments.Count == 0) return first;
        if (segments.Count == 1) return Cat(first, Joined(segments[0]));

        var inLine = NewList(first);
        var apart = NewList();
        var mayHug = segments.Count == 2;
        for (var i = 0; i < segments.Count; i++)
        {
            var doc = Joined(segments[i]);
            var isLast = i == segments.Count - 1;
            mayHug &= isLast || _docs[doc].MayBeFlat;
            inLine.Add(isLast ? doc : _docs.Flat(doc));
            apart.Add(Doc.LineOrNothing);
            apart.Add(doc);
        }
        return _docs.Choice(Joined(inLine), Cat(first, _docs.Indent(Joined(apart))), mayHug);
    }

    /// <summary>A name and one link: there is nothing to choose.</summary>
    private Doc SingleLink(Expression link)
    {
        var primary = Applied(link)!;
        var head = link is CallExpression && primary is NameExpression name ? Callee(name) : Value(primary);
        return Cat(head, Link(link));
    }

    /// <summary>What a postfix operator is applied to; null for anything else.</summary>
    private static Expression? Applied(Expression e) => e switch
    {
        CallExpression c => c.Callee,
        MemberExpression m => m.Receiver,
        TupleIndexExpression t => t.Receiver,
        IndexExpression i => i.Receiver,
        QuestionExpression q => q.Operand,
        _ => null,
    };

    private static bool IsShort(Expression primary) => primary is SelfExpression
        || (primary is NameExpression { TypeArguments: null } n && (n.Name.Text.Length <= DocPrinter.Step || char.IsUpper(n.Name.Text[0])));

    private Doc Link(Expression link) => link switch
    {
        CallExpression c => Arguments(c.Arguments),
        MemberExpression m => Cat(Token(m.Dot), Token(m.Name), m.TypeArguments is null ? Doc.Empty : TypeArguments(m.TypeArguments)),
        TupleIndexExpression t => Cat(Token(t.Dot), Token(t.Index)),
        IndexExpression i => Cat(Token(i.OpenBracket), Value(i.Index), Token(i.CloseBracket)),
        QuestionExpression q => Token(q.Question),
        _ => Verbatim(link),
    };

    /// <summary>What is called: <c>@f(x)</c> is written <c>f(x)</c> where no local name and no form could be meant by it.</summary>
    private Doc Callee(NameExpression name)
    {
        if (name.At is null || tree.Root.Statements.Any() || BoundNames.Contains(name.Name.Text)
            || name.Name.Text is "run" or "try" or "select" or "validate" or "iso" or "val" or "ref" or "div" or "tests")
            return Value(name);
        return Cat(CommentsOf(name.At), Token(name.Name), name.TypeArguments is null ? Doc.Empty : TypeArguments(name.TypeArguments));
    }

    private Doc Arguments(ArgumentList list)
    {
        var arguments = list.Arguments;
        var docs = new Doc[arguments.Count];
        var labels = 0;
        var width = 0;
        for (var i = 0; i < docs.Length; i++)
        {
            Detach(arguments[i]);
            docs[i] = Argument(arguments[i]);
            width += _docs[docs[i]].FlatWidth + 2;
            if (arguments[i].Label is not null) labels++;
        }
        var next = 0;
        var stacked = Bracketed(list.OpenParen, arguments, list.CloseParen, _ => docs[next++], prefersBreak: labels > 1 && width > LabelledWidth);
        if (docs.Length == 0 || labels > 1 || !MayHug(list, docs)) return stacked;
        // The last argument breaks inside itself; the others stay on the line.
        var hugged = NewList(Token(list.OpenParen));
        foreach (var doc in docs.AsSpan(0, docs.Length - 1))
        {
            hugged.Add(_docs.Flat(doc));
            hugged.Add(Doc.Comma);
            hugged.Add(Doc.Space);
        }
        hugged.Add(docs[^1]);
        hugged.Add(CloserText(list.CloseParen));
        return WithCommentAfter(_docs.Choice(Joined(hugged), Bare(stacked, list.CloseParen), mayHug: true), list.CloseParen);
    }

    /// <summary>A bracketed list without the comment after it, which is added to the whole choice.</summary>
    private Doc Bare(Doc bracketed, SyntaxToken? close) => close is not null && EndCommentStart(close) >= 0 ? _docs.PartsOf(_docs[bracketed])[0] : bracketed;

    private bool MayHug(ArgumentList list, Doc[] docs)
    {
        var arguments = list.Arguments;
        var last = arguments[^1];
        if (!EndsInBlock(last.Value) && (docs.Length > 1 || ShapeOf(last.Value) != Shape.Call)) return false;
        if (docs.Length == 1 && last.Label is not null && !EndsInBlock(last.Value)) return false;
        if (_docs[docs[^1]].Is(DocTraits.EndsInComment) || ClosingComments(list.CloseParen) is not null || EndCommentStart(list.OpenParen) >= 0) return false;
        for (var i = 0; i < docs.Length; i++)
            if (HasCommentBefore(arguments[i]) || (i < docs.Length - 1 && !StaysFlat(docs[i]))) return false;
        var separators = 0;
        foreach (var separator in arguments.Separators)
        {
            separators++;
            if (CommentAfter(separator) is not null || CommentsBefore(separator) is not null) return false;
        }
        // A comma after the last argument asks for one a line.
        return separators < docs.Length;
    }

    private Doc Argument(Argument argument) => argument.Label is null
        ? Value(argument.Value)
        : Cat(argument.Dot is null ? Labelled(argument.Label) : Cat(Token(argument.Dot), Token(argument.Label)), Token(argument.Colon), Following(argument.Value));

    /// <summary>A label that was written without its dot.</summary>
    private Doc Labelled(SyntaxToken label) => Token(label, Cat(Doc.Dot, Text(label)));

    private Doc Label(SyntaxToken? dot, SyntaxToken label, SyntaxToken? colon) =>
        Cat(dot is null ? Labelled(label) : Cat(Token(dot), Token(label)), Token(colon));
}
