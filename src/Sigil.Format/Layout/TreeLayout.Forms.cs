using Sigil.Format.Documents;
using Sigil.Syntax.Ast;

namespace Sigil.Format.Layout;

// Conditionals, loops, blocks, matches, lambdas and the forms with an argument syntax of their own.
internal sealed partial class TreeLayout
{
    /// <summary>Blocks and matches that take more columns than this stand on several lines.</summary>
    private const int BlockWidth = 60;

    private Doc Form(Expression e) => e switch
    {
        IfExpression i => If(i),
        ForExpression f => For(f),
        WhileExpression w => Cat(Head(w.WhileKeyword, w.Condition, w.DoKeyword), Following(w.Body, Place.Branch)),
        BreakExpression b => b.Value is null ? Token(b.BreakKeyword) : Cat(Token(b.BreakKeyword), Doc.Space, Value(b.Value)),
        ContinueExpression c => Token(c.ContinueKeyword),
        WithCapabilityExpression w => With(w),
        LambdaExpression l => Lambda(l),
        RunExpression r => Cat(Token(r.RunWord), Block(r.OpenParen, r.Statements, r.CloseParen)),
        TryExpression t => Cat(Token(t.TryWord), Block(t.OpenParen, t.Statements, t.CloseParen)),
        LoopExpression l => Cat(Token(l.LoopKeyword), Block(l.OpenParen, l.Statements, l.CloseParen)),
        MatchExpression m => Match(m),
        ForSearchExpression f => Cat(Token(f.ForKeyword), Bracketed(f.OpenParen, f.Properties, f.CloseParen, SearchPropertyOf, prefersBreak: true)),
        ValidateExpression v => Cat(Token(v.ValidateWord), Bracketed(v.OpenParen, v.Properties, v.CloseParen, ValidateProperty, prefersBreak: true)),
        SelectExpression s => Cat(Token(s.SelectWord), Bracketed(s.OpenParen, s.Entries, s.CloseParen, SelectEntryOf, prefersBreak: s.Entries.Count > 1)),
        _ => Verbatim(e),
    };

    private Doc StatementOf(Statement statement)
    {
        if (statement is ExpressionStatement e) return Value(e.Expression);
        var let = (LetStatement)statement;
        var head = Cat(Token(let.LetKeyword), Doc.Space, Word(let.MutKeyword), PatternOf(let.Pattern));
        if (let.Type is not null) head = Cat(head, Token(let.Colon), Doc.Space, TypeOf(let.Type));
        return Cat(head, Doc.Space, Token(let.EqualsToken), Following(let.Value));
    }

    private Doc Block(SyntaxToken? open, SeparatedList<Statement> statements, SyntaxToken? close)
    {
        var width = 0;
        var hasLet = false;
        var docs = new Doc[statements.Count];
        for (var i = 0; i < docs.Length; i++)
        {
            Detach(statements[i]);
            docs[i] = StatementOf(statements[i]);
            width += _docs[docs[i]].FlatWidth + 2;
            hasLet |= statements[i] is LetStatement;
        }
        var next = 0;
        var apart = docs.Length > 1 && (hasLet || width > BlockWidth);
        return Bracketed(open, statements, close, _ => docs[next++], prefersBreak: apart);
    }

    private Doc If(IfExpression first)
    {
        // A chain of `else if` is one construct: all its branches stand alike.
        var docs = NewList();
        var current = first;
        while (true)
        {
            docs.Add(Head(current.IfKeyword, current.Condition, current.ThenKeyword));
            docs.Add(Following(current.Then, Place.Branch));
            if (current.Else is null) break;
            docs.Add(Doc.LineOrSpace);
            docs.Add(Token(current.ElseKeyword));
            if (current.Else is IfExpression next && !HasCommentBefore(next))
            {
                docs.Add(Doc.Space);
                current = next;
                continue;
            }
            docs.Add(Following(current.Else, Place.Branch));
            break;
        }
        var isLong = docs.Count > 8;
        return _docs.Group(Joined(docs), prefersBreak: isLong);
    }

    /// <summary>A keyword, a condition and the keyword after it, which starts a line of its own where the condition takes several.</summary>
    private Doc Head(SyntaxToken keyword, Expression condition, SyntaxToken? then)
    {
        var value = Value(condition);
        if (ShapeOf(condition) == Shape.Block) return Cat(Token(keyword), Doc.Space, value, Doc.Space, Token(then));
        return _docs.Group(Cat(Token(keyword), Doc.Space, value, Doc.LineOrSpace, Token(then)));
    }

    private Doc For(ForExpression f)
    {
        var docs = NewList(Token(f.ForKeyword), Doc.Space);
        foreach (var element in f.Bindings.Elements)
        {
            if (element is ForBinding binding)
            {
                docs.Add(Cat(PatternOf(binding.Pattern), Doc.Space, Token(binding.InKeyword), Doc.Space, Value(binding.Iterable)));
                continue;
            }
            docs.Add(Comma((SyntaxToken)element));
            docs.Add(_docs.Indent(Doc.LineOrSpace));
        }
        if (f.Guard is not null) docs.Add(_docs.Indent(Cat(Doc.LineOrSpace, Token(f.IfKeyword), Doc.Space, Value(f.Guard))));
        if (docs.Count > 3)
        {
            docs.Add(Doc.LineOrSpace);
            docs.Add(Token(f.BodyKeyword));
            return Cat(_docs.Group(Joined(docs)), Following(f.Body, Place.Branch));
        }
        docs.Add(Doc.Space);
        docs.Add(Token(f.BodyKeyword));
        return Cat(Joined(docs), Following(f.Body, Place.Branch));
    }

    private Doc With(WithCapabilityExpression w)
    {
        var head = Cat(Token(w.WithKeyword), Doc.Space, TypePathOf(w.Capability), Doc.Space, Token(w.EqualsToken), Doc.Space, Value(w.Value), Doc.Space, Token(w.InKeyword));
        return w.Body is WithCapabilityExpression inner
            ? _docs.Group(Cat(head, Doc.LineOrSpace, With(inner)))
            : Cat(head, Following(w.Body, Place.Branch));
    }

    private Doc Lambda(LambdaExpression l)
    {
        Doc LambdaParameterOf(LambdaParameter p) => p.Type is null ? PatternOf(p.Pattern) : Cat(PatternOf(p.Pattern), Token(p.Colon), Doc.Space, TypeOf(p.Type));
        var head = l.OpenParen is null
            ? LambdaParameterOf(l.Parameters[0])
            : Bracketed(l.OpenParen, l.Parameters, l.CloseParen, LambdaParameterOf, obeysComma: false);
        head = Cat(head, Doc.Space, Token(l.Arrow));
        if (l.ReturnType is not null)
            head = Cat(head, Doc.Space, TypeOf(l.ReturnType), l.Uses is null ? Doc.Empty : Cat(Doc.Space, UsesText(l.Uses)), Doc.Space, Token(l.EqualsToken));
        return Cat(head, Following(l.Body, Place.Lambda));
    }

    private Doc Match(MatchExpression m)
    {
        var arms = new Doc[m.Arms.Count];
        var scrutinee = Value(m.Scrutinee);
        var width = _docs[scrutinee].FlatWidth;
        for (var i = 0; i < arms.Length; i++)
        {
            Detach(m.Arms[i]);
            arms[i] = Cat(Guarded(m.Arms[i].Pattern), Doc.Space, Token(m.Arms[i].Arrow), Following(m.Arms[i].Body, Place.Branch));
            width += _docs[arms[i]].FlatWidth + 2;
        }
        var closing = ClosingComments(m.CloseParen);
        var next = 0;
        var endsInComma = false;
        var inner = arms.Length == 0 && closing is null
            ? Doc.Empty
            : _docs.Indent(Parts(m.Arms, _ => arms[next++], Doc.LineOrSpace, closing, out endsInComma));
        var content = Cat(
            Token(m.OpenParen), scrutinee, m.Comma is null ? Doc.Empty : Comma(m.Comma), inner, Doc.LineOrNothing, CloserText(m.CloseParen));
        var apart = endsInComma || arms.Length > 2 || width > BlockWidth;
        return Cat(Token(m.MatchKeyword), WithCommentAfter(_docs.Group(content, apart), m.CloseParen));
    }

    private Doc SearchPropertyOf(SearchProperty p) => p.Pattern is not null
        ? Cat(Label(p.Dot, p.Label, p.Colon), Doc.Space, Guarded(p.Pattern))
        : Cat(Label(p.Dot, p.Label, p.Colon), p.Value is null ? Doc.Empty : Following(p.Value));

    private Doc ValidateProperty(SyntaxNode property) => property switch
    {
        ValidateRules r => Cat(
            Label(r.Dot, r.Label, r.Colon), Doc.Space,
            Bracketed(r.OpenBracket, r.Rules, r.CloseBracket, x => _docs.Group(Cat(
                Value(x.Condition), _docs.Indent(Cat(Doc.LineOrSpace, Token(x.Bar), Doc.Space, Value(x.Message))))), prefersBreak: r.Rules.Count > 1)),
        Argument a => Argument(a),
        _ => Verbatim(property),
    };

    private Doc SelectEntryOf(SelectEntry entry) => entry switch
    {
        SelectArm a => SelectArmOf(a),
        SelectArmList l => Cat(
            Label(l.Dot, l.Label, l.Colon), Doc.Space, Bracketed(l.OpenBracket, l.Arms, l.CloseBracket, SelectArmOf, prefersBreak: l.Arms.Count > 1)),
        SelectTimeout t => Cat(Label(t.Dot, t.Label, t.Colon), Doc.Space, Value(t.Duration), Doc.Space, Token(t.Arrow), Following(t.Body)),
        SelectOption o => Cat(Label(o.Dot, o.Label, o.Colon), Following(o.Body)),
        _ => Verbatim(entry),
    };

    private Doc SelectArmOf(SelectArm a)
    {
        var head = Cat(Value(a.SourceOperation), Doc.Space, Token(a.Arrow));
        if (a.Binder is not null) head = Cat(head, Doc.Space, Guarded(a.Binder), Doc.Space, Token(a.BinderArrow));
        return Cat(head, Following(a.Body, Place.Branch));
    }
}
