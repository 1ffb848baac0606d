using System.Collections.Immutable;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <content>Patterns.</content>
internal sealed partial class Parser
{
    private GuardedPattern ParseGuardedPattern()
    {
        var pattern = ParsePattern();
        if (At(TokenKind.Dot) && Next.Kind == TokenKind.MatchKeyword)
        {
            var dot = Consume();
            var keyword = Consume();
            if (!At(TokenKind.OpenParen))
            {
                ReportExpected("`(`");
                return new GuardedPattern(pattern, dot, keyword, null, null, null);
            }
            var opener = Open();
            var condition = ParseExpression();
            return new GuardedPattern(pattern, dot, keyword, opener.Token, condition, Close(opener));
        }
        if (At(TokenKind.IfKeyword))
        {
            var keyword = Consume();
            return new GuardedPattern(pattern, null, keyword, null, ParseExpressionWithoutLambda(), null);
        }
        return new GuardedPattern(pattern, null, null, null, null, null);
    }

    private Pattern ParsePattern()
    {
        if (!Enter())
            return MissingPatternHere();
        var first = ParseSinglePattern();
        if (At(TokenKind.Bar))
            first = new OrPattern(ParseChain(TokenKind.Bar, first, ParseSinglePattern));
        Leave();
        return first;
    }

    private Pattern ParseSinglePattern()
    {
        switch (Kind)
        {
            case TokenKind.Identifier when Next.Kind == TokenKind.At:
                return ParseAsPattern();
            case TokenKind.Identifier when Current.Text == "_":
                return new WildcardPattern(Consume());
            case TokenKind.Identifier:
                return ParseNamePattern();
            case TokenKind.OpenParen:
                return ParseTuplePattern();
            case TokenKind.OpenBracket:
                var bracket = Open();
                return new ListPattern(bracket.Token, ParseList(bracket, ParseListPatternElement), Close(bracket));
            case TokenKind.OpenBrace:
                return ParseRecordPattern(null);
            case TokenKind.DotDot or TokenKind.DotDotEquals:
                return ParseRangeToPattern();
            case TokenKind.Minus:
                return ParseLiteralPattern();
            default:
                return TokenSets.IsLiteral(Kind) ? ParseLiteralPattern() : ParseNoPattern();
        }
    }

    private Pattern ParseNoPattern()
    {
        // A reserved word followed by what follows a name was meant as one.
        if (TokenFacts.IsKeyword(Kind)
            && Next.Kind is TokenKind.Colon or TokenKind.Comma or TokenKind.Equals or TokenKind.CloseParen or TokenKind.CloseBrace
                or TokenKind.CloseBracket or TokenKind.Arrow or TokenKind.InKeyword)
        {
            Report(SyntaxErrors.ReservedWord(_source, Current.Span, Current.Text));
            return new BindingPattern(Consume());
        }
        ReportHere(SyntaxErrors.ExpectedPattern(_source, GapSpan, Found, At(TokenKind.Ellipsis) ? "the rest of a list is written `..`, with a name `..rest`" : null));
        // What stands there instead is no pattern; it ends before whatever follows one.
        while (!AtEnd && !Current.IsFirstOnLine && !TokenSets.IsCloser(Kind)
            && Kind is not (TokenKind.Arrow or TokenKind.Comma or TokenKind.Colon or TokenKind.Equals or TokenKind.Bar or TokenKind.InKeyword or TokenKind.IfKeyword))
            SkipWhole();
        return MissingPatternHere();
    }

    private Pattern ParseAsPattern()
    {
        var name = Consume();
        var at = Consume();
        if (!Enter())
            return new AsPattern(name, at, MissingPatternHere());
        var pattern = ParseSinglePattern();
        Leave();
        return new AsPattern(name, at, pattern);
    }

    private Pattern ParseNamePattern()
    {
        var first = Consume();
        var tokens = ImmutableArray.Create(first);
        while (At(TokenKind.Dot) && Next.Kind == TokenKind.Identifier)
            tokens = tokens.Add(Consume()).Add(Consume());
        if (At(TokenKind.OpenParen) && !LineEnded)
        {
            var opener = Open();
            var arguments = ParseList(opener, ParsePatternArgument);
            return new VariantPattern(new TypePath(tokens), opener.Token, arguments, Close(opener));
        }
        if (At(TokenKind.OpenBrace) && !LineEnded)
            return ParseRecordPattern(new TypePath(tokens));
        if (tokens.Length == 1 && !char.IsAsciiLetterUpper(first.Text[0]))
            return new BindingPattern(first);
        return new VariantPattern(new TypePath(tokens), null, SeparatedList<PatternArgument>.Empty, null);
    }

    private PatternArgument ParsePatternArgument()
    {
        if (At(TokenKind.DotDot) && !TokenSets.IsLiteral(Next.Kind) && Next.Kind != TokenKind.Minus)
            return new PatternArgument(null, null, new RestPattern(Consume(), null));
        if (TokenSets.IsWord(Kind) && Next.Kind == TokenKind.Colon)
            return new PatternArgument(ExpectName(), Consume(), ParsePattern());
        return new PatternArgument(null, null, ParsePattern());
    }

    private RecordPattern ParseRecordPattern(TypePath? path)
    {
        var opener = Open();
        var fields = ParseList<SyntaxNode>(opener, () =>
        {
            if (At(TokenKind.DotDot))
                return new RestPattern(Consume(), null);
            var name = ExpectName("a field");
            var colon = TryConsume(TokenKind.Colon);
            return new FieldPattern(name, colon, colon is null ? null : ParsePattern());
        });
        return new RecordPattern(path, opener.Token, fields, Close(opener));
    }

    private Pattern ParseTuplePattern()
    {
        var opener = Open();
        var elements = ParseList(opener, ParsePattern);
        if (elements.Count != 1)
            return new TuplePattern(opener.Token, elements, Close(opener));
        return new ParenthesizedPattern(opener.Token, elements[0], elements.Separators.FirstOrDefault(), Close(opener));
    }

    private Pattern ParseListPatternElement()
    {
        if (!At(TokenKind.DotDot) || TokenSets.IsLiteral(Next.Kind) || Next.Kind == TokenKind.Minus)
            return ParsePattern();
        return new RestPattern(Consume(), TryConsume(TokenKind.Identifier));
    }

    private Pattern ParseRangeToPattern()
    {
        var op = Consume();
        return RangeOf(null, op, ParsePatternBound());
    }

    private Pattern ParseLiteralPattern()
    {
        if (ParsePatternBound() is not { } literal)
            return MissingPatternHere();
        if (Kind is not (TokenKind.DotDot or TokenKind.DotDotEquals))
            return literal;
        var op = Consume();
        var mayBeOpen = op.Kind == TokenKind.DotDot && !TokenSets.IsLiteral(Kind) && !At(TokenKind.Minus);
        return RangeOf(literal, op, mayBeOpen ? null : ParsePatternBound());
    }

    /// <summary>An interval; without meaning when one of its ends has none.</summary>
    private static Pattern RangeOf(Pattern? start, SyntaxToken op, Pattern? end) =>
        start is null or LiteralPattern && end is null or LiteralPattern
            ? new RangePattern((LiteralPattern?)start, op, (LiteralPattern?)end)
            : new MissingPattern([.. new SyntaxElement?[] { start, op, end }.OfType<SyntaxElement>()]);

    private Pattern? ParsePatternBound()
    {
        var minus = At(TokenKind.Minus) && Next.Kind is TokenKind.IntLiteral or TokenKind.FloatLiteral ? Consume() : null;
        if (!TokenSets.IsLiteral(Kind))
        {
            ReportHere(SyntaxErrors.ExpectedPattern(_source, GapSpan, Found));
            return null;
        }
        return HasValue(Current, minus is not null) ? new LiteralPattern(minus, Consume()) : new MissingPattern(minus is null ? [Consume()] : [minus, Consume()]);
    }
}
