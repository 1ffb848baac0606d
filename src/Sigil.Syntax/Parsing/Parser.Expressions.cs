using System.Collections.Immutable;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <content>Expressions: assignment, operands, names and brackets.</content>
internal sealed partial class Parser
{
    private Expression ParseExpression() => ParseExpression(allowOpenRange: false);

    private Expression ParseExpression(bool allowOpenRange)
    {
        if (!Enter())
            return MissingExpressionHere();
        // Testing the stack is cheap, but not free; nesting this shallow fits any.
        var expression = _depth % 16 == 0 ? ParseAssignmentWithEnoughStack(allowOpenRange) : ParseAssignment(allowOpenRange);
        Leave();
        MayGrow(expression);
        return expression;
    }

    private Expression ParseAssignmentWithEnoughStack(bool allowOpenRange) => WithEnoughStack(() => ParseAssignment(allowOpenRange));

    private Expression ParseExpressionWithoutLambda()
    {
        var outer = _context;
        _context.NoLambda = true;
        var expression = ParseExpression();
        _context = outer;
        return expression;
    }

    private Expression ParseAssignment(bool allowOpenRange)
    {
        var target = ParseBinary(OperatorTable.LoosestLevel, allowOpenRange);
        if (At(TokenKind.Equals))
        {
            if (!IsPlace(target) && target is not MissingExpression)
                Report(SyntaxErrors.NotAPlace(_source, target.Span));
            return new AssignExpression(target, Consume(), ParseExpression());
        }
        return Kind is TokenKind.CompoundAssignment ? ParseCompoundAssignment(target) : target;
    }

    private AssignExpression ParseCompoundAssignment(Expression target)
    {
        var op = Consume();
        var written = op.Text;
        var plain = written[..^1];
        var value = ParseExpression();
        var operand = value is BinaryExpression or LambdaExpression or IfExpression or RangeExpression ? $"({value})" : value.ToString();
        var canFix = value is not MissingExpression && IsPlace(target);
        var isShort = canFix && value.Span.Length < 60;
        var error = SyntaxErrors.ForeignOperator(_source, op.Span, written, $"write `{target} = {target} {plain} {(isShort ? operand : "…")}`");
        if (canFix)
            error = error.WithFix("write it out", target.Span.Union(value.Span), $"{target} = {target} {plain} {operand}");
        Report(error);
        return new AssignExpression(target, op, value);
    }

    private static bool IsPlace(Expression expression) => expression switch
    {
        NameExpression { At: null, TypeArguments: null } name => name.Name.Kind == TokenKind.Identifier,
        SelfExpression or ConfigExpression => true,
        MemberExpression { TypeArguments: null } member => IsPlace(member.Receiver),
        TupleIndexExpression part => IsPlace(part.Receiver),
        IndexExpression element => IsPlace(element.Receiver),
        _ => false,
    };

    private Expression ParseOperand()
    {
        switch (Kind)
        {
            case TokenKind.IfKeyword: return ParseIf();
            case TokenKind.ForKeyword when !StartsForSearch(): return ParseFor();
            case TokenKind.WhileKeyword: return ParseWhile();
            case TokenKind.WithKeyword when Next.Kind != TokenKind.OpenParen: return ParseWithCapability();
            case TokenKind.BreakKeyword: return ParseBreak();
            case TokenKind.ContinueKeyword: return new ContinueExpression(Consume());
            case TokenKind.Identifier when Next.Kind is TokenKind.Arrow or TokenKind.FatArrow && !_context.NoLambda:
                return ParseShortLambda();
            case TokenKind.OpenParen when StartsLambda(): return ParseLambda();
            default: return ParsePostfix(ParsePrimary());
        }
    }

    private Expression ParsePrimary()
    {
        // The expression before was left unfinished, and the next declaration begins.
        if (Current.IsFirstOnLine && StartsNextDeclaration())
            return ParseNoExpression();
        switch (Kind)
        {
            case TokenKind.Identifier: return ParseNameOrForm();
            case TokenKind.At: return ParseFunctionReference();
            case TokenKind.SelfTypeKeyword: return new NameExpression(null, Consume(), null);
            case TokenKind.SelfKeyword: return new SelfExpression(Consume());
            case TokenKind.VoidKeyword: return new UnitExpression(Consume(), null);
            case TokenKind.Dollar: return new ConfigExpression(Consume(), ExpectName("the name of a config"));
            case TokenKind.Hash: return ParseHash();
            case TokenKind.TemplateStart: return ParseTemplate();
            case TokenKind.OpenParen: return ParseParentheses();
            case TokenKind.OpenBracket:
                var bracket = Open();
                return new ListExpression(bracket.Token, ParseList(bracket, ParseExpression), Close(bracket));
            case TokenKind.OpenBrace: return ParseBraceLiteral();
            case TokenKind.LoopKeyword: return ParseLoop();
            case TokenKind.MatchKeyword: return ParseMatch();
            case TokenKind.ForKeyword: return ParseForSearch();
            case TokenKind.WithKeyword: return new NameExpression(null, Consume(), null);
            default:
                return TokenSets.IsLiteral(Kind) ? ParseLiteral() : ParseNoExpression();
        }
    }

    private bool StartsNextDeclaration() =>
        (At(TokenKind.At) && StartsDeclaration())
        || (At(TokenKind.Dollar) && Next.Kind == TokenKind.Identifier && Ahead(2).Kind == TokenKind.Equals
            && _source.GetLinePosition(Current.Start).Column == 1);

    private Expression ParseLiteral() =>
        HasValue(Current, isNegated: _sign is not null && Previous == _sign) ? new LiteralExpression(Consume()) : new MissingExpression([Consume()]);

    /// <summary>Whether a literal means something. 2^63 is an int only below a minus, which stands directly before it.</summary>
    private bool HasValue(SyntaxToken token, bool isNegated)
    {
        if ((token.Flags & TokenFlags.NoValue) != 0)
            return false;
        if ((token.Flags & TokenFlags.MinimumMagnitude) == 0 || isNegated)
            return true;
        Report(LexicalErrors.IntegerTooLarge(_source, token.Span));
        return false;
    }

    private Expression ParseNoExpression()
    {
        switch (Kind)
        {
            case TokenKind.LetKeyword:
                Report(SyntaxErrors.MisplacedLet(_source, Current.Span));
                return new MissingExpression([ParseLet()]);
            case TokenKind.ReturnKeyword or TokenKind.AsyncKeyword:
                return ParseForeignWord();
        }
        if (IsOperator(Kind))
            return ParseStrayOperator();
        if (TokenFacts.IsKeyword(Kind) && Next.Kind is TokenKind.Comma or TokenKind.CloseParen && Kind is TokenKind.TypeKeyword or TokenKind.UseKeyword or TokenKind.MutKeyword)
        {
            ReportHere(SyntaxErrors.ReservedWord(_source, Current.Span, Current.Text));
            return new MissingExpression([Consume()]);
        }
        if (TokenSets.IsCloser(Kind) && _brackets.Partner(_position) < 0)
            ReportHere(SyntaxErrors.UnexpectedToken(_source, Current.Span, Found));
        else
            ReportHere(SyntaxErrors.ExpectedExpression(_source, GapSpan, Found));
        return MissingExpressionHere();
    }

    private MissingExpression ParseForeignWord()
    {
        var word = Current;
        var error = SyntaxErrors.ForeignWord(_source, word.Span, word.Text);
        if (!Next.IsFirstOnLine && TokenSets.StartsExpression(Next.Kind))
            error = error.WithFix($"remove `{word.Text}`", TextSpan.FromBounds(word.Span.Start, Next.Span.Start), "");
        ReportHere(error);
        Consume();
        return !Current.IsFirstOnLine && TokenSets.StartsExpression(Kind)
            ? new MissingExpression([word, ParseExpression()])
            : new MissingExpression([word]);
    }

    private static bool IsOperator(TokenKind kind) =>
        OperatorTable.FromKind(kind) is not null || kind is TokenKind.PlusPlus or TokenKind.PipeGreater or TokenKind.Equals or TokenKind.CompoundAssignment;

    /// <summary>An infix operator where an operand should be.</summary>
    private Expression ParseStrayOperator()
    {
        var (second, _) = PeekJoined();
        var next = second ? Ahead(2) : Next;
        var standsAlone = next.IsFirstOnLine || next.Kind is TokenKind.Comma or TokenKind.EndOfFile || TokenSets.IsCloser(next.Kind);
        if (standsAlone && TokenSets.IsOperatorValue(Kind) && _position != _lastErrorPosition)
        {
            var span = second ? Current.Span.Union(Next.Span) : Current.Span;
            ReportHere(SyntaxErrors.OperatorAsValue(_source, span, _source.ToString(span)));
            return new OperatorExpression(Consume(), second ? Consume() : null);
        }
        if (At(TokenKind.Ampersand) && TokenSets.StartsExpression(next.Kind))
        {
            ReportHere(SyntaxErrors.UnexpectedToken(_source, Current.Span, "`&`", "values are lent only as arguments: f(&x)"));
            Skip();
            return ParseOperand();
        }
        ReportHere(SyntaxErrors.ExpectedExpression(_source, GapSpan, Found));
        return MissingExpressionHere();
    }

    private Expression ParseNameOrForm()
    {
        var token = Current;
        if (Next is { Kind: TokenKind.OpenParen } next && !(_context.LinesEnd && next.IsFirstOnLine))
        {
            switch (token.Text)
            {
                case "run": return ParseRun();
                case "try": return ParseTry();
                case "select": return ParseSelect();
                case "validate" when StartsValidate(): return ParseValidate();
            }
        }
        if (token.Text == "await" && Next is { IsFirstOnLine: false, Kind: TokenKind.Identifier or TokenKind.SelfKeyword or TokenKind.At })
            return ParseForeignWord();
        if (token.Text == "_")
            Report(SyntaxErrors.HoleAsValue(_source, token.Span));
        Consume();
        return new NameExpression(null, token, ParseExpressionTypeArguments());
    }

    private NameExpression ParseFunctionReference()
    {
        var at = Consume();
        var name = ExpectName("the name of a function");
        return new NameExpression(at, name, ParseExpressionTypeArguments());
    }

    /// <summary>
    /// Directly after a name, <c>&lt;</c> opens type arguments when they can be read and <c>(</c>, <c>.</c> or
    /// <c>{</c> follows; otherwise it compares.
    /// </summary>
    private TypeArgumentList? ParseExpressionTypeArguments()
    {
        if (!At(TokenKind.Less) || Current.HasTriviaBefore)
            return null;
        var end = _lookahead.TypeArguments(_position);
        return end != Lookahead.No && _tokens[end].Kind is TokenKind.OpenParen or TokenKind.Dot or TokenKind.OpenBrace
            ? ParseTypeArguments()
            : null;
    }

    private HashExpression ParseHash()
    {
        if (!_context.HashAllowed)
            Report(SyntaxErrors.MisplacedHash(_source, Current.Span));
        return new HashExpression(Consume());
    }

    private Expression ParseParentheses()
    {
        var opener = Open();
        var elements = ParseList(opener, ParseExpression);
        switch (elements.Count)
        {
            case 0:
                if (elements.Elements.IsEmpty && Close(opener) is { } unitClose)
                    return new UnitExpression(opener.Token, unitClose);
                return new MissingExpression([opener.Token, .. elements.Elements, .. Optional(opener.CloserIndex >= 0 && elements.Elements.Length > 0 ? Close(opener) : null)]);
            case 1:
                return new ParenthesizedExpression(opener.Token, elements[0], elements.Separators.FirstOrDefault(), Close(opener));
            default:
                return new TupleExpression(opener.Token, elements, Close(opener));
        }
    }

    private TemplateExpression ParseTemplate()
    {
        var opener = Open();
        var parts = ImmutableArray.CreateBuilder<SyntaxNode>();
        while (!AtEndOf(opener))
        {
            if (At(TokenKind.TemplateText))
            {
                parts.Add(new TemplateText(Consume()));
            }
            else if (At(TokenKind.HoleOpen))
            {
                var hole = Open();
                var expression = ParseExpression();
                parts.Add(new TemplateHole(hole.Token, expression, Close(hole)));
            }
            else
            {
                Skip();
            }
        }
        return new TemplateExpression(opener.Token, parts.ToImmutable(), Close(opener));
    }
}
