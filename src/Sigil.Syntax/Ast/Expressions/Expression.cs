using System.Collections.Immutable;

namespace Sigil.Syntax.Ast;

// The base class, names, literals and what is wrapped in brackets.

/// <summary>An expression. Every kind has a class of its own: switch over the type.</summary>
public abstract class Expression(ReadOnlySpan<SyntaxElement?> children) : SyntaxNode(children);

/// <summary>An expression that is not there, or something that is none (<c>Parts</c>); the error is reported.</summary>
public sealed class MissingExpression(ImmutableArray<SyntaxElement> parts) : Expression([.. parts])
{
    public ImmutableArray<SyntaxElement> Parts { get; } = parts;
}

/// <summary><c>name</c>, <c>@name</c>, <c>name&lt;int&gt;</c>, <c>Self</c>; also the <c>with</c> of the resource form.</summary>
public sealed class NameExpression(
    SyntaxToken? at, SyntaxToken name, TypeArgumentList? typeArguments)
    : Expression([at, name, typeArguments])
{
    public SyntaxToken? At { get; } = at;

    public SyntaxToken Name { get; } = name;

    public TypeArgumentList? TypeArguments { get; } = typeArguments;

    /// <summary>Whether this is <c>Self</c>.</summary>
    public bool IsSelfType => Name.Kind == TokenKind.SelfTypeKeyword;
}

/// <summary><c>self</c>.</summary>
public sealed class SelfExpression(SyntaxToken selfKeyword) : Expression([selfKeyword])
{
    public SyntaxToken SelfKeyword { get; } = selfKeyword;
}

/// <summary><c>$name</c>.</summary>
public sealed class ConfigExpression(SyntaxToken dollar, SyntaxToken name) : Expression([dollar, name])
{
    public SyntaxToken Dollar { get; } = dollar;

    public SyntaxToken Name { get; } = name;
}

/// <summary><c>#</c>: the length of the indexed value or of the receiver.</summary>
public sealed class HashExpression(SyntaxToken hash) : Expression([hash])
{
    public SyntaxToken Hash { get; } = hash;
}

/// <summary><c>void</c> or <c>()</c>.</summary>
public sealed class UnitExpression(SyntaxToken first, SyntaxToken? closeParen) : Expression([first, closeParen])
{
    /// <summary><c>void</c> or the opening parenthesis.</summary>
    public SyntaxToken First { get; } = first;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary>An operator as a value: <c>fold(0, +)</c>.</summary>
public sealed class OperatorExpression(
    SyntaxToken operatorToken, SyntaxToken? secondToken)
    : Expression([operatorToken, secondToken])
{
    public SyntaxToken OperatorToken { get; } = operatorToken;

    /// <summary>The second <c>&gt;</c> of <c>&gt;&gt;</c>, or the <c>=</c> of <c>&gt;=</c>.</summary>
    public SyntaxToken? SecondToken { get; } = secondToken;

    /// <summary>The operator; null only after an error.</summary>
    public BinaryOperator? Operator => OperatorTable.FromTokens(OperatorToken, SecondToken);
}

/// <summary>A literal.</summary>
public sealed class LiteralExpression(SyntaxToken token) : Expression([token])
{
    public SyntaxToken Token { get; } = token;

    /// <summary>Which kind of literal.</summary>
    public LiteralKind LiteralKind => KindOf(Token.Kind);

    /// <summary>
    /// The value: long (int), double, string, <see cref="System.Text.Rune"/> (char), bool, long (nanoseconds of
    /// a Duration, bytes of a Size). The int 9223372036854775808, legal only below a minus, reads as long.MinValue.
    /// </summary>
    public object Value => Token.Value!;

    internal static LiteralKind KindOf(TokenKind kind) => kind switch
    {
        TokenKind.IntLiteral => LiteralKind.Int,
        TokenKind.FloatLiteral => LiteralKind.Float,
        TokenKind.StringLiteral => LiteralKind.String,
        TokenKind.CharLiteral => LiteralKind.Char,
        TokenKind.DurationLiteral => LiteralKind.Duration,
        TokenKind.SizeLiteral => LiteralKind.Size,
        _ => LiteralKind.Bool,
    };
}

/// <summary>A template: text and holes between backquotes.</summary>
public sealed class TemplateExpression(
    SyntaxToken open, ImmutableArray<SyntaxNode> parts, SyntaxToken? close)
    : Expression([open, .. parts, close])
{
    public SyntaxToken Open { get; } = open;

    /// <summary><c>TemplateText</c>s and <c>TemplateHole</c>s.</summary>
    public ImmutableArray<SyntaxNode> Parts { get; } = parts;

    public SyntaxToken? Close { get; } = close;
}

/// <summary>Literal text in a template.</summary>
public sealed class TemplateText(SyntaxToken token) : SyntaxNode([token])
{
    public SyntaxToken Token { get; } = token;

    /// <summary>The text with escapes and doubled braces decoded.</summary>
    public string Value => (string)Token.Value!;
}

/// <summary><c>{expression}</c> in a template.</summary>
public sealed class TemplateHole(
    SyntaxToken openBrace, Expression expression, SyntaxToken? closeBrace)
    : SyntaxNode([openBrace, expression, closeBrace])
{
    public SyntaxToken OpenBrace { get; } = openBrace;

    public Expression Expression { get; } = expression;

    public SyntaxToken? CloseBrace { get; } = closeBrace;
}

/// <summary><c>(e)</c>, also <c>(e,)</c>.</summary>
public sealed class ParenthesizedExpression(
    SyntaxToken openParen, Expression expression, SyntaxToken? comma, SyntaxToken? closeParen)
    : Expression([openParen, expression, comma, closeParen])
{
    public SyntaxToken OpenParen { get; } = openParen;

    public Expression Expression { get; } = expression;

    public SyntaxToken? Comma { get; } = comma;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary><c>(a, b, …)</c>.</summary>
public sealed class TupleExpression(
    SyntaxToken openParen, SeparatedList<Expression> elements, SyntaxToken? closeParen)
    : Expression([openParen, .. elements.Elements, closeParen])
{
    public SyntaxToken OpenParen { get; } = openParen;

    public SeparatedList<Expression> Elements { get; } = elements;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary><c>[a, b, …]</c>.</summary>
public sealed class ListExpression(
    SyntaxToken openBracket, SeparatedList<Expression> elements, SyntaxToken? closeBracket)
    : Expression([openBracket, .. elements.Elements, closeBracket])
{
    public SyntaxToken OpenBracket { get; } = openBracket;

    public SeparatedList<Expression> Elements { get; } = elements;

    public SyntaxToken? CloseBracket { get; } = closeBracket;
}
