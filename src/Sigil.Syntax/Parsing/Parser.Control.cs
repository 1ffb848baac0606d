using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <content>Conditionals, loops, statement lists, match and lambdas.</content>
internal sealed partial class Parser
{
    private IfExpression ParseIf()
    {
        var keyword = Consume();
        var condition = ParseExpression();
        var then = Expect(TokenKind.ThenKeyword);
        var thenBranch = then is null && !TokenSets.StartsExpression(Kind) ? MissingExpressionHere() : ParseExpression();
        if (!At(TokenKind.ElseKeyword))
            return new IfExpression(keyword, condition, then, thenBranch, null, null);
        return new IfExpression(keyword, condition, then, thenBranch, Consume(), ParseExpression());
    }

    private ForExpression ParseFor()
    {
        var keyword = Consume();
        if (FirstSemicolonWithin() is { } semicolon)
            return ParseCountingFor(keyword, semicolon);
        var bindings = NewList();
        bindings.Add(ParseForBinding());
        while (At(TokenKind.Comma))
        {
            bindings.Add(Consume());
            bindings.Add(ParseForBinding());
        }
        SyntaxToken? ifKeyword = null;
        Expression? guard = null;
        if (At(TokenKind.IfKeyword))
        {
            ifKeyword = Consume();
            guard = ParseExpression();
        }
        var bodyKeyword = TryConsume(TokenKind.DoKeyword) ?? TryConsume(TokenKind.YieldKeyword);
        if (bodyKeyword is null)
            ReportExpected("`do` or `yield`");
        var body = bodyKeyword is null && !TokenSets.StartsExpression(Kind) ? MissingExpressionHere() : ParseExpression();
        return new ForExpression(keyword, Separated<ForBinding>(bindings), ifKeyword, guard, bodyKeyword, body);
    }

    /// <summary>Where the parentheses at this place have their first semicolon, as the header of a loop has it in other languages.</summary>
    private int? FirstSemicolonWithin()
    {
        if (!At(TokenKind.OpenParen))
            return null;
        var closer = _brackets.Partner(_position);
        for (var i = _position + 1; i < closer; i = Math.Max(i, _brackets.Partner(i)) + 1)
            if (_tokens[i].Kind == TokenKind.Semicolon)
                return i;
        return null;
    }

    /// <summary><c>for (let i = 0; i &lt; n; i++)</c>: one error; the header is set aside but for the name, which the body may mention.</summary>
    private ForExpression ParseCountingFor(SyntaxToken keyword, int semicolon)
    {
        var closer = _brackets.Partner(_position);
        Report(SyntaxErrors.CountingFor(_source, _tokens[semicolon].Span));
        while (_position < semicolon && !(At(TokenKind.Identifier) && Next.Kind is TokenKind.Equals or TokenKind.Semicolon or TokenKind.Colon))
            Skip();
        Pattern pattern = _position < semicolon ? ParsePattern() : MissingPatternHere();
        while (_position <= closer)
            Skip();
        var bindings = NewList();
        bindings.Add(new ForBinding(pattern, null, MissingExpressionHere()));
        var bodyKeyword = TryConsume(TokenKind.DoKeyword) ?? TryConsume(TokenKind.YieldKeyword);
        Expression body;
        if (bodyKeyword is null && At(TokenKind.OpenBrace))
        {
            body = MissingExpressionHere();
            SkipWhole();
        }
        else
            body = TokenSets.StartsExpression(Kind) ? ParseExpression() : MissingExpressionHere();
        return new ForExpression(keyword, Separated<ForBinding>(bindings), null, null, bodyKeyword, body);
    }

    private ForBinding ParseForBinding()
    {
        var pattern = ParsePattern();
        var inKeyword = Expect(TokenKind.InKeyword);
        return new ForBinding(pattern, inKeyword, inKeyword is null && !TokenSets.StartsExpression(Kind) ? MissingExpressionHere() : ParseExpression());
    }

    private WhileExpression ParseWhile()
    {
        var keyword = Consume();
        var condition = ParseExpression();
        var doKeyword = Expect(TokenKind.DoKeyword);
        return new WhileExpression(
            keyword, condition, doKeyword, doKeyword is null && !TokenSets.StartsExpression(Kind) ? MissingExpressionHere() : ParseExpression());
    }

    private WithCapabilityExpression ParseWithCapability()
    {
        var keyword = Consume();
        var capability = ParseTypePath("a capability");
        var equals = Expect(TokenKind.Equals);
        var value = ParseExpression();
        var inKeyword = Expect(TokenKind.InKeyword);
        return new WithCapabilityExpression(
            keyword, capability, equals, value, inKeyword,
            inKeyword is null && !TokenSets.StartsExpression(Kind) ? MissingExpressionHere() : ParseExpression());
    }

    private BreakExpression ParseBreak()
    {
        var keyword = Consume();
        // The value begins on the same line. An infix minus or bracket cannot follow `break`, so these begin one too.
        var hasValue = !Current.IsFirstOnLine && TokenSets.StartsExpression(Kind);
        return new BreakExpression(keyword, hasValue ? ParseExpression() : null);
    }

    private RunExpression ParseRun()
    {
        var word = Consume();
        var (open, statements, close) = ParseStatements(word);
        return new RunExpression(word, open!, statements, close);
    }

    private TryExpression ParseTry()
    {
        var word = Consume();
        var (open, statements, close) = ParseStatements(word);
        return new TryExpression(word, open!, statements, close);
    }

    private LoopExpression ParseLoop()
    {
        var keyword = Consume();
        var (open, statements, close) = ParseStatements(keyword);
        return new LoopExpression(keyword, open, statements, close);
    }

    private (SyntaxToken? Open, SeparatedList<Statement> Statements, SyntaxToken? Close) ParseStatements(SyntaxToken word)
    {
        if (!At(TokenKind.OpenParen))
        {
            ReportExpected("`(`");
            return (null, SeparatedList<Statement>.Empty, null);
        }
        var opener = Open();
        var statements = ParseList(opener, ParseStatement);
        var close = Close(opener);
        if (statements.IsEmpty && close is not null)
            Report(SyntaxErrors.EmptyForm(_source, word.Span.Union(close.Span), word.Text));
        return (opener.Token, statements, close);
    }

    private MatchExpression ParseMatch()
    {
        var keyword = Consume();
        if (!At(TokenKind.OpenParen))
        {
            ReportExpected("`(`");
            return new MatchExpression(keyword, null, MissingExpressionHere(), null, SeparatedList<MatchArm>.Empty, null);
        }
        var opener = Open();
        if (AtEndOf(opener))
        {
            var early = Close(opener);
            Report(SyntaxErrors.EmptyForm(_source, keyword.Span.Union((early ?? opener.Token).Span), "match"));
            return new MatchExpression(keyword, opener.Token, MissingExpressionHere(), null, SeparatedList<MatchArm>.Empty, early);
        }
        var scrutinee = ParseExpression();
        var comma = TryConsume(TokenKind.Comma);
        if (comma is null && !AtEndOf(opener))
            ReportExpected("`,`");
        var arms = ParseList(opener, ParseMatchArm);
        var close = Close(opener);
        if (arms.IsEmpty && close is not null)
            Report(SyntaxErrors.EmptyForm(_source, keyword.Span.Union(close.Span), "match"));
        return new MatchExpression(keyword, opener.Token, scrutinee, comma, arms, close);
    }

    private MatchArm ParseMatchArm()
    {
        var pattern = ParseGuardedPattern();
        var arrow = ExpectArrow();
        return new MatchArm(pattern, arrow, arrow is null && !TokenSets.StartsExpression(Kind) ? MissingExpressionHere() : ParseExpression());
    }

    /// <summary>An arrow; one written <c>=></c> is reported and accepted.</summary>
    private SyntaxToken? ExpectArrow()
    {
        if (!At(TokenKind.FatArrow))
            return Expect(TokenKind.Arrow);
        Report(SyntaxErrors.ForeignOperator(_source, Current.Span, "=>", "the arrow is written `->`").WithFix("write `->`", Current.Span, "->"));
        return Consume();
    }

    // ---- lambdas ----

    private bool StartsLambda()
    {
        if (_context.NoLambda)
            return false;
        var closer = _brackets.Partner(_position);
        return closer >= 0 && _tokens[closer + 1].Kind is TokenKind.Arrow or TokenKind.FatArrow;
    }

    private LambdaExpression ParseShortLambda()
    {
        var name = Consume();
        Pattern pattern = name.Text == "_" ? new WildcardPattern(name) : new BindingPattern(name);
        var parameters = new SeparatedList<LambdaParameter>([new LambdaParameter(pattern, null, null)]);
        var arrow = ExpectArrow();
        return new LambdaExpression(null, parameters, null, arrow, null, null, null, ParseExpression());
    }

    private LambdaExpression ParseLambda()
    {
        var opener = Open();
        var parameters = ParseList(opener, ParseLambdaParameter);
        var close = Close(opener);
        var arrow = ExpectArrow();
        if (!parameters.Nodes.All(p => p.Type is not null) || !ReturnTypeFollows())
            return new LambdaExpression(opener.Token, parameters, close, arrow, null, null, null, ParseExpression());
        var type = ParseType(UsesRule.None);
        var uses = ParseUses(single: false);
        return new LambdaExpression(opener.Token, parameters, close, arrow, type, uses, Expect(TokenKind.Equals), ParseExpression());
    }

    private LambdaParameter ParseLambdaParameter()
    {
        var pattern = ParsePattern();
        var colon = TryConsume(TokenKind.Colon);
        return new LambdaParameter(pattern, colon, colon is null ? null : ParseType());
    }

    /// <summary>Whether a type and then <c>=</c> can be read here, with a <c>uses</c> between them perhaps.</summary>
    private bool ReturnTypeFollows()
    {
        var end = _lookahead.Type(_position);
        if (end == Lookahead.No)
            return false;
        // The scan has taken one capability after a function type; further ones are names, dots and commas.
        if (_tokens[end].Kind == TokenKind.UsesKeyword)
            end++;
        else if (_tokens[end].Kind != TokenKind.Comma)
            return _tokens[end].Kind == TokenKind.Equals;
        else if (_tokens[end - 1].Kind != TokenKind.Identifier)
            return false;
        else if (!EndsInUses(end))
            return false;
        while (TokenSets.IsWord(_tokens[end].Kind) || _tokens[end].Kind is TokenKind.Dot or TokenKind.Comma)
            end++;
        return _tokens[end].Kind == TokenKind.Equals;
    }

    private bool EndsInUses(int end)
    {
        var index = end - 1;
        while (index > _position && _tokens[index].Kind is TokenKind.Identifier or TokenKind.Dot)
            index--;
        return _tokens[index].Kind == TokenKind.UsesKeyword;
    }
}
