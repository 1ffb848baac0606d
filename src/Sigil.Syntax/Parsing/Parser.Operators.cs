using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <content>Infix, prefix and postfix operators, and the arguments of calls.</content>
internal sealed partial class Parser
{
    /// <summary>The infix operator at the current token: how many tokens, and its level; level 0 when there is none.</summary>
    private (int Tokens, int Level) PeekInfix()
    {
        switch (Kind)
        {
            case TokenKind.DotDot or TokenKind.DotDotEquals:
                return (1, OperatorTable.RangeLevel);
            case TokenKind.Bar when _context.NoBar:
                return (0, 0);
            case TokenKind.Identifier when Current.Text == "div":
                return (1, OperatorTable.Level(BinaryOperator.FloorDivide));
            case TokenKind.Greater:
                var (joined, op) = PeekJoined();
                return (joined ? 2 : 1, OperatorTable.Level(op));
            case TokenKind.PlusPlus:
                return (1, OperatorTable.Level(BinaryOperator.Add));
            case TokenKind.PipeGreater:
                return (1, OperatorTable.LoosestLevel);
            default:
                return OperatorTable.FromKind(Kind) is { } simple ? (1, OperatorTable.Level(simple)) : (0, 0);
        }
    }

    /// <summary>Whether the <c>&gt;</c> here and the token after it are one operator, and which it is.</summary>
    private (bool IsJoined, BinaryOperator Operator) PeekJoined()
    {
        if (!At(TokenKind.Greater) || Next.HasTriviaBefore)
            return (false, BinaryOperator.Greater);
        return Next.Kind switch
        {
            TokenKind.Greater => (true, BinaryOperator.ShiftRight),
            TokenKind.Equals => (true, BinaryOperator.GreaterOrEqual),
            _ => (false, BinaryOperator.Greater),
        };
    }

    private Expression ParseBinary(int minimumLevel, bool allowOpenRange = false)
    {
        var left = At(TokenKind.DotDot) || At(TokenKind.DotDotEquals) ? ParseRangeWithoutStart(allowOpenRange) : ParseUnary();
        while (true)
        {
            var (count, level) = PeekInfix();
            if (count == 0 || level < minimumLevel || !MayGrow(left))
                return left;
            if (level == OperatorTable.RangeLevel)
            {
                left = ParseRange(left, allowOpenRange);
                continue;
            }
            if (Kind is TokenKind.PlusPlus or TokenKind.PipeGreater)
            {
                left = ParseForeignInfix(left, level);
                continue;
            }
            var op = Consume();
            var second = count == 2 ? Consume() : null;
            if (second is { Kind: TokenKind.Greater } && At(TokenKind.Equals) && !Current.HasTriviaBefore)
            {
                var span = op.Span.Union(Current.Span);
                Report(SyntaxErrors.ForeignOperator(_source, span, ">>=", $"write `{left} = {left} >> …`"));
                Skip();
            }
            left = new BinaryExpression(left, op, second, ParseBinary(level + 1));
        }
    }

    private Expression ParseRangeWithoutStart(bool allowOpenRange)
    {
        var op = Consume();
        if (!allowOpenRange)
            Report(SyntaxErrors.OpenRange(_source, op.Span));
        var end = TokenSets.StartsExpression(Kind) ? ParseBinary(OperatorTable.RangeLevel + 1) : null;
        return new RangeExpression(null, op, end);
    }

    private RangeExpression ParseRange(Expression left, bool allowOpenRange)
    {
        if (left is RangeExpression)
            ReportHere(SyntaxErrors.ChainedRange(_source, Current.Span));
        var op = Consume();
        Expression? end = null;
        if (TokenSets.StartsExpression(Kind) && !LineEnded)
            end = ParseBinary(OperatorTable.RangeLevel + 1);
        else if (!allowOpenRange || op.Kind == TokenKind.DotDotEquals)
            Report(SyntaxErrors.OpenRange(_source, left.Span.Union(op.Span)));
        return new RangeExpression(left, op, end);
    }

    /// <summary><c>a ++ b</c>, <c>n++</c>, <c>x |> f</c>.</summary>
    private MissingExpression ParseForeignInfix(Expression left, int level)
    {
        var isPipe = At(TokenKind.PipeGreater);
        var op = Consume();
        var hasRight = TokenSets.StartsExpression(Kind) && !Current.IsFirstOnLine;
        var error = SyntaxErrors.ForeignOperator(_source, op.Span, op.Text, isPipe
            ? "call the function: f(x), or the method: x.f()"
            : hasRight ? "strings and lists are joined by +" : $"write `{left} = {left} + 1`");
        if (!isPipe)
        {
            error = hasRight
                ? error.WithFix("write `+`", op.Span, "+")
                : error.WithFix("write it out", left.Span.Union(op.Span), $"{left} = {left} + 1");
        }
        Report(error);
        return hasRight ? new MissingExpression([left, op, ParseBinary(level + 1)]) : new MissingExpression([left, op]);
    }

    /// <summary>The last minus that was read as a sign.</summary>
    private SyntaxToken? _sign;

    private Expression ParseUnary()
    {
        var isCapability = TokenSets.IsCapabilityWord(Current) && TokenSets.FollowsCapabilityWord(Next)
            && !(_context.LinesEnd && Next.IsFirstOnLine);
        if (!isCapability && Kind is not (TokenKind.Bang or TokenKind.Minus or TokenKind.Tilde))
            return ParseOperand();
        if (At(TokenKind.Minus) && (Next.Kind is TokenKind.Comma or TokenKind.EndOfFile || TokenSets.IsCloser(Next.Kind)))
            return ParseStrayOperator();
        if (!Enter())
            return MissingExpressionHere();
        var op = Consume();
        if (op.Kind == TokenKind.Minus)
            _sign = op;
        Expression operand = _depth % 16 == 0 ? WithEnoughStack(ParseUnary) : ParseUnary();
        Leave();
        return isCapability ? new CapabilityPrefixExpression(op, operand) : new UnaryExpression(op, operand);
    }

    private Expression ParsePostfix(Expression operand)
    {
        while (true)
        {
            if (!MayGrow(operand))
                return operand;
            switch (Kind)
            {
                case TokenKind.Dot when Next.Kind == TokenKind.IntLiteral:
                    operand = new TupleIndexExpression(operand, Consume(), Consume());
                    break;
                case TokenKind.Dot when Next.Kind == TokenKind.MatchKeyword && _context.NoLambda && operand is not MissingExpression:
                    // The guard of a pattern that was read as an expression.
                    return operand;
                case TokenKind.Dot:
                    var dot = Consume();
                    operand = new MemberExpression(operand, dot, ExpectWord(), ParseExpressionTypeArguments());
                    break;
                case TokenKind.OpenParen when !LineEnded && operand is not (MissingExpression or LiteralExpression):
                    operand = new CallExpression(operand, ParseArguments(isMethod: operand is MemberExpression));
                    break;
                case TokenKind.OpenParen when !LineEnded && operand is LiteralExpression:
                    operand = new CallExpression(operand, ParseArguments(isMethod: false));
                    break;
                case TokenKind.OpenBracket when !LineEnded && operand is not MissingExpression:
                    operand = ParseIndex(operand);
                    break;
                case TokenKind.OpenBrace when !LineEnded && !IsForeignBlock(operand) && TypeOf(operand) is { } type:
                    operand = ParseStructLiteral(type);
                    break;
                case TokenKind.Question:
                    operand = new QuestionExpression(operand, Consume());
                    break;
                default:
                    return operand;
            }
        }
    }

    /// <summary>Whether braces behind a value's name hold steps, as in other languages (<c>if done { stop() }</c>), and no fields.</summary>
    private bool IsForeignBlock(Expression operand) =>
        operand is NameExpression { Name.Text: [>= 'a' and <= 'z', ..] } && !(Ahead(1).Kind == TokenKind.Identifier && Ahead(2).Kind == TokenKind.Colon) && Ahead(1).Kind != TokenKind.Ellipsis;

    private IndexExpression ParseIndex(Expression receiver)
    {
        var opener = Open();
        _context.HashAllowed = true;
        var index = ParseExpression(allowOpenRange: true);
        return new IndexExpression(receiver, opener.Token, index, Close(opener));
    }

    private ArgumentList ParseArguments(bool isMethod)
    {
        var opener = Open();
        _context.HashAllowed |= isMethod;
        var arguments = ParseList(opener, ParseArgument);
        var closer = Close(opener);
        CheckArgumentOrder(arguments);
        return new ArgumentList(opener.Token, arguments, closer);
    }

    private void CheckArgumentOrder(SeparatedList<Argument> arguments)
    {
        Argument? named = null;
        foreach (var argument in arguments)
        {
            if (argument.Label is not null)
                named ??= argument;
            else if (named is not null && argument.Value is not MissingExpression)
                Report(SyntaxErrors.PositionalAfterNamed(_source, argument.Span, named.Location));
        }
    }

    private Argument ParseArgument()
    {
        if (At(TokenKind.Dot))
        {
            var dot = Consume();
            var label = ExpectWord("the name of an argument");
            return new Argument(dot, label, Expect(TokenKind.Colon), ParseArgumentValue());
        }
        if (TokenSets.IsWord(Kind) && Next.Kind == TokenKind.Colon)
            return new Argument(null, ExpectName(), Consume(), ParseArgumentValue());
        return new Argument(null, null, null, ParseArgumentValue());
    }

    private Expression ParseArgumentValue()
    {
        if (TokenSets.IsOperatorValue(Kind))
        {
            var (joined, _) = PeekJoined();
            if ((joined ? Ahead(2) : Next).Kind is TokenKind.Comma or TokenKind.CloseParen)
                return new OperatorExpression(Consume(), joined ? Consume() : null);
        }
        if (!At(TokenKind.Ampersand))
            return ParseExpression();
        var ampersand = Consume();
        var mut = TryConsume(TokenKind.MutKeyword);
        return new LendExpression(ampersand, mut, ParsePostfix(ParsePrimary()));
    }
}
