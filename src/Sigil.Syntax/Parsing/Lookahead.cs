using System.Collections.Immutable;
using Sigil.Syntax.Ast;

namespace Sigil.Syntax.Parsing;

/// <summary>
/// Answers "could a type (type arguments, a pattern) stand here, and where would it end?" without building anything.
/// Answers about types are remembered by position, so that all questions together cost time linear in the text.
/// </summary>
internal sealed class Lookahead(ImmutableArray<SyntaxToken> tokens)
{
    /// <summary>The answer "no".</summary>
    public const int No = -1;

    private const int MaxDepth = 1_000;

    private readonly Dictionary<int, int> _types = [];
    private readonly Dictionary<int, int> _typeArguments = [];
    private int _depth;

    /// <summary>The index behind the type that starts at an index, or <see cref="No"/>.</summary>
    public int Type(int index)
    {
        if (_types.TryGetValue(index, out var end))
            return end;
        end = No;
        if (_depth < MaxDepth)
        {
            _depth++;
            end = FunctionType(index);
            _depth--;
        }
        _types[index] = end;
        return end;
    }

    /// <summary>The index behind the type arguments that start at a <c>&lt;</c>, or <see cref="No"/>.</summary>
    public int TypeArguments(int index)
    {
        if (Kind(index) != TokenKind.Less)
            return No;
        if (_typeArguments.TryGetValue(index, out var end))
            return end;
        end = ScanTypeArguments(index + 1);
        _typeArguments[index] = end;
        return end;
    }

    /// <summary>The index behind the pattern that starts at an index, or <see cref="No"/>.</summary>
    public int Pattern(int index)
    {
        if (_depth >= MaxDepth)
            return No;
        _depth++;
        var end = SinglePattern(index);
        while (end != No && Kind(end) == TokenKind.Bar)
            end = SinglePattern(end + 1);
        _depth--;
        return end;
    }

    private TokenKind Kind(int index) => index < tokens.Length ? tokens[index].Kind : TokenKind.EndOfFile;

    private int FunctionType(int index)
    {
        var end = SimpleType(index);
        if (end == No || Kind(end) != TokenKind.Arrow)
            return end;
        end = Type(end + 1);
        return end != No && Kind(end) == TokenKind.UsesKeyword ? Path(end + 1) : end;
    }

    private int SimpleType(int index)
    {
        switch (Kind(index))
        {
            case TokenKind.Identifier when TokenSets.IsCapabilityWord(tokens[index]) && TokenSets.StartsType(Kind(index + 1)):
                return Nested(index + 1, SimpleType);
            case TokenKind.Identifier or TokenKind.SelfTypeKeyword:
                var path = Path(index);
                return path != No && Kind(path) == TokenKind.Less ? TypeArguments(path) : path;
            case TokenKind.VoidKeyword:
                return index + 1;
            case TokenKind.DynKeyword:
                return Bounds(index + 1);
            case TokenKind.Ampersand:
                return Nested(Kind(index + 1) == TokenKind.MutKeyword ? index + 2 : index + 1, SimpleType);
            case TokenKind.OpenBracket:
                return Closed(Type(index + 1), TokenKind.CloseBracket);
            case TokenKind.OpenParen:
                return ListOf(index + 1, TokenKind.CloseParen, Type);
            case TokenKind.OpenBrace:
                return ListOf(index + 1, TokenKind.CloseBrace, BraceEntry);
            default:
                return No;
        }
    }

    private int BraceEntry(int index)
    {
        var key = Type(index);
        return key != No && Kind(key) == TokenKind.Colon ? Type(key + 1) : No;
    }

    private int ScanTypeArguments(int index)
    {
        while (true)
        {
            if (Kind(index) == TokenKind.Identifier && Kind(index + 1) == TokenKind.Equals)
                index += 2;
            index = Type(index);
            if (index == No)
                return No;
            if (Kind(index) == TokenKind.Comma)
                index++;
            else if (Kind(index) != TokenKind.Greater)
                return No;
            if (Kind(index) == TokenKind.Greater)
                return index + 1;
        }
    }

    private int Bounds(int index)
    {
        while (true)
        {
            if (Kind(index) == TokenKind.Tilde)
                index++;
            index = Path(index);
            if (index != No && Kind(index) == TokenKind.Less)
                index = TypeArguments(index);
            if (index == No || Kind(index) != TokenKind.Plus)
                return index;
            index++;
        }
    }

    private int Path(int index)
    {
        if (Kind(index) is not (TokenKind.Identifier or TokenKind.SelfTypeKeyword))
            return No;
        index++;
        while (Kind(index) == TokenKind.Dot && TokenSets.IsWord(Kind(index + 1)))
            index += 2;
        return index;
    }

    private int Closed(int index, TokenKind closer) => index != No && Kind(index) == closer ? index + 1 : No;

    private int ListOf(int index, TokenKind closer, Func<int, int> element)
    {
        while (Kind(index) != closer)
        {
            index = element(index);
            if (index == No)
                return No;
            if (Kind(index) == TokenKind.Comma)
                index++;
            else if (Kind(index) != closer)
                return No;
        }
        // Further capabilities after a `uses` read like further elements, so they need no care here.
        return index + 1;
    }

    private int SinglePattern(int index)
    {
        switch (Kind(index))
        {
            case TokenKind.Identifier when Kind(index + 1) == TokenKind.At:
                return Nested(index + 2, SinglePattern);
            case TokenKind.Identifier:
                index++;
                while (Kind(index) == TokenKind.Dot && Kind(index + 1) == TokenKind.Identifier)
                    index += 2;
                return Kind(index) switch
                {
                    TokenKind.OpenParen => PatternList(index + 1, TokenKind.CloseParen),
                    TokenKind.OpenBrace => PatternList(index + 1, TokenKind.CloseBrace),
                    _ => index,
                };
            case TokenKind.OpenParen:
                return PatternList(index + 1, TokenKind.CloseParen);
            case TokenKind.OpenBracket:
                return PatternList(index + 1, TokenKind.CloseBracket);
            case TokenKind.OpenBrace:
                return PatternList(index + 1, TokenKind.CloseBrace);
            case TokenKind.DotDot or TokenKind.DotDotEquals:
                return Literal(index + 1);
            default:
                var end = Literal(index);
                if (end == No || Kind(end) is not (TokenKind.DotDot or TokenKind.DotDotEquals))
                    return end;
                var second = Literal(end + 1);
                return second != No ? second : Kind(end) == TokenKind.DotDot ? end + 1 : No;
        }
    }

    private int Nested(int index, Func<int, int> scan)
    {
        if (_depth >= MaxDepth)
            return No;
        _depth++;
        var end = scan(index);
        _depth--;
        return end;
    }

    private int PatternList(int index, TokenKind closer)
    {
        while (Kind(index) != closer)
        {
            if (Kind(index) == TokenKind.DotDot && (Kind(index + 1) is TokenKind.Comma or TokenKind.Identifier || Kind(index + 1) == closer))
            {
                index += Kind(index + 1) == TokenKind.Identifier ? 2 : 1;
            }
            else
            {
                if (Kind(index) == TokenKind.Identifier && Kind(index + 1) == TokenKind.Colon)
                    index += 2;
                index = Pattern(index);
            }
            if (index == No)
                return No;
            if (Kind(index) == TokenKind.Comma)
                index++;
            else if (Kind(index) != closer)
                return No;
        }
        return index + 1;
    }

    private int Literal(int index)
    {
        if (Kind(index) == TokenKind.Minus)
            return Kind(index + 1) is TokenKind.IntLiteral or TokenKind.FloatLiteral ? index + 2 : No;
        return TokenSets.IsLiteral(Kind(index)) ? index + 1 : No;
    }
}
