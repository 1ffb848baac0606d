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
        BreakExpression b => b.Value is null ? Token(b.BreakKeyword) : Cat(Token(b.BreakKeyword), space, Value(b.Value)),
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
        var head = Cat(Token(let.LetKeyword), space, Word(let.MutKeyword), PatternOf(let.Pattern));
        if (let.Type is not null) head = Cat(head, Token(let.Colon), space, TypeOf(let.Type));
        return Cat(head, space, Token(let.EqualsToken), Following(let.Value));
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
            width += docs[i].FlatWidth + 2;
            hasLet |= statements[i] is LetStatement;
        }
        var next = 0;
        var apart = docs.Length > 1 && (hasLet || width > BlockWidth);
        return Bracketed(open, statements, close, _ => docs[next++], prefersBreak: apart);
    }

    private Doc If(IfExpression first)
    {
        // A chain of `else if` is one construct: all its branches stand alike.
        var docs = new List<Doc>();
        var current = first;
        while (true)
        {
            docs.Add(Head(current.IfKeyword, current.Condition, current.ThenKeyword));
            docs.Add(Following(current.Then, Place.Branch));
            if (current.Else is null) break;
            docs.Add(Line.OrSpace);
            docs.Add(Token(current.ElseKeyword));
            if (current.Else is IfExpression next && !HasCommentBefore(next))
            {
                docs.Add(space);
                current = next;
                continue;
            }
            docs.Add(Following(current.Else, Place.Branch));
            break;
        }
        return new Group(new Concat([.. docs]), prefersBreak: docs.Count > 8);
    }

    /// <summary>A keyword, a condition and the keyword after it, which starts a line of its own where the condition takes several.</summary>
    private Doc Head(SyntaxToken keyword, Expression condition, SyntaxToken? then)
    {
        var value = Value(condition);
        if (ShapeOf(condition) == Shape.Block) return Cat(Token(keyword), space, value, space, Token(then));
        return new Group(Cat(Token(keyword), space, value, Line.OrSpace, Token(then)));
    }

    private Doc For(ForExpression f)
    {
        var docs = new List<Doc> { Token(f.ForKeyword), space };
        foreach (var element in f.Bindings.Elements)
        {
            if (element is ForBinding binding)
            {
                docs.Add(Cat(PatternOf(binding.Pattern), space, Token(binding.InKeyword), space, Value(binding.Iterable)));
                continue;
            }
            docs.Add(Comma((SyntaxToken)element));
            docs.Add(new Indent(Line.OrSpace));
        }
        if (f.Guard is not null) docs.Add(new Indent(Cat(Line.OrSpace, Token(f.IfKeyword), space, Value(f.Guard))));
        if (docs.Count > 3)
        {
            docs.Add(Line.OrSpace);
            docs.Add(Token(f.BodyKeyword));
            return Cat(new Group(new Concat([.. docs])), Following(f.Body, Place.Branch));
        }
        docs.Add(space);
        docs.Add(Token(f.BodyKeyword));
        return Cat(new Concat([.. docs]), Following(f.Body, Place.Branch));
    }

    private Doc With(WithCapabilityExpression w)
    {
        var head = Cat(Token(w.WithKeyword), space, TypePathOf(w.Capability), space, Token(w.EqualsToken), space, Value(w.Value), space, Token(w.InKeyword));
        return w.Body is WithCapabilityExpression inner
            ? new Group(Cat(head, Line.OrSpace, With(inner)))
            : Cat(head, Following(w.Body, Place.Branch));
    }

    private Doc Lambda(LambdaExpression l)
    {
        Doc LambdaParameterOf(LambdaParameter p) => p.Type is null ? PatternOf(p.Pattern) : Cat(PatternOf(p.Pattern), Token(p.Colon), space, TypeOf(p.Type));
        var head = l.OpenParen is null
            ? LambdaParameterOf(l.Parameters[0])
            : Bracketed(l.OpenParen, l.Parameters, l.CloseParen, LambdaParameterOf, obeysComma: false);
        head = Cat(head, space, Token(l.Arrow));
        if (l.ReturnType is not null)
            head = Cat(head, space, TypeOf(l.ReturnType), l.Uses is null ? Doc.Empty : Cat(space, UsesText(l.Uses)), space, Token(l.EqualsToken));
        return Cat(head, Following(l.Body, Place.Lambda));
    }

    private Doc Match(MatchExpression m)
    {
        var arms = new Doc[m.Arms.Count];
        var scrutinee = Value(m.Scrutinee);
        var width = scrutinee.FlatWidth;
        for (var i = 0; i < arms.Length; i++)
        {
            Detach(m.Arms[i]);
            arms[i] = Cat(Guarded(m.Arms[i].Pattern), space, Token(m.Arms[i].Arrow), Following(m.Arms[i].Body, Place.Branch));
            width += arms[i].FlatWidth + 2;
        }
        var closing = ClosingComments(m.CloseParen);
        var next = 0;
        var endsInComma = false;
        var inner = arms.Length == 0 && closing is null
            ? Doc.Empty
            : new Indent(Parts(m.Arms, _ => arms[next++], Line.OrSpace, closing, out endsInComma));
        var content = Cat(
            Token(m.OpenParen), scrutinee, m.Comma is null ? Doc.Empty : Comma(m.Comma), inner, Line.OrNothing, CloserText(m.CloseParen));
        var apart = endsInComma || arms.Length > 2 || width > BlockWidth;
        return Cat(Token(m.MatchKeyword), WithCommentAfter(new Group(content, apart), m.CloseParen));
    }

    private Doc SearchPropertyOf(SearchProperty p) => p.Pattern is not null
        ? Cat(Label(p.Dot, p.Label, p.Colon), space, Guarded(p.Pattern))
        : Cat(Label(p.Dot, p.Label, p.Colon), p.Value is null ? Doc.Empty : Following(p.Value));

    private Doc ValidateProperty(SyntaxNode property) => property switch
    {
        ValidateRules r => Cat(
            Label(r.Dot, r.Label, r.Colon), space,
            Bracketed(r.OpenBracket, r.Rules, r.CloseBracket, x => new Group(Cat(
                Value(x.Condition), new Indent(Cat(Line.OrSpace, Token(x.Bar), space, Value(x.Message))))), prefersBreak: r.Rules.Count > 1)),
        Argument a => Argument(a),
        _ => Verbatim(property),
    };

    private Doc SelectEntryOf(SelectEntry entry) => entry switch
    {
        SelectArm a => SelectArmOf(a),
        SelectArmList l => Cat(
            Label(l.Dot, l.Label, l.Colon), space, Bracketed(l.OpenBracket, l.Arms, l.CloseBracket, SelectArmOf, prefersBreak: l.Arms.Count > 1)),
        SelectTimeout t => Cat(Label(t.Dot, t.Label, t.Colon), space, Value(t.Duration), space, Token(t.Arrow), Following(t.Body)),
        SelectOption o => Cat(Label(o.Dot, o.Label, o.Colon), Following(o.Body)),
        _ => Verbatim(entry),
    };

    private Doc SelectArmOf(SelectArm a)
    {
        var head = Cat(Value(a.SourceOperation), space, Token(a.Arrow));
        if (a.Binder is not null) head = Cat(head, space, Guarded(a.Binder), space, Token(a.BinderArrow));
        return Cat(head, Following(a.Body, Place.Branch));
    }
}
