namespace Sigil.Syntax.Ast;

// Prefix, infix and postfix operators, calls.

/// <summary><c>!e</c>, <c>-e</c>, <c>~e</c>.</summary>
public sealed class UnaryExpression(
    SyntaxToken operatorToken, Expression operand)
    : Expression([operatorToken, operand])
{
    public SyntaxToken OperatorToken { get; } = operatorToken;

    public Expression Operand { get; } = operand;

    /// <summary>The operator.</summary>
    public UnaryOperator Operator => OperatorTable.Unary(OperatorToken.Kind);
}

/// <summary><c>iso e</c>, <c>val e</c>, <c>ref e</c>: a new object of that capability.</summary>
public sealed class CapabilityPrefixExpression(SyntaxToken word, Expression operand) : Expression([word, operand])
{
    public SyntaxToken Word { get; } = word;

    public Expression Operand { get; } = operand;

    /// <summary>The capability that the word names.</summary>
    public ReferenceCapability Capability => Word.Capability;
}

/// <summary><c>a + b</c> and the like; all but ranges and assignment.</summary>
public sealed class BinaryExpression(
    Expression left, SyntaxToken operatorToken, SyntaxToken? secondToken, Expression right)
    : Expression([left, operatorToken, secondToken, right])
{
    public Expression Left { get; } = left;

    public SyntaxToken OperatorToken { get; } = operatorToken;

    /// <summary>The second <c>&gt;</c> of <c>&gt;&gt;</c>, or the <c>=</c> of <c>&gt;=</c>.</summary>
    public SyntaxToken? SecondToken { get; } = secondToken;

    public Expression Right { get; } = right;

    /// <summary>The operator.</summary>
    public BinaryOperator Operator => OperatorTable.FromTokens(OperatorToken, SecondToken)!.Value;

    /// <summary>The span of the operator, whether one token or two.</summary>
    public TextSpan OperatorSpan => SecondToken is null ? OperatorToken.Span : OperatorToken.Span.Union(SecondToken.Span);
}

/// <summary><c>a..b</c>, <c>a..=b</c>; inside an index one side or both may be open.</summary>
public sealed class RangeExpression(
    Expression? start, SyntaxToken @operator, Expression? end)
    : Expression([start, @operator, end])
{
    public Expression? Start { get; } = start;

    public SyntaxToken Operator { get; } = @operator;

    public Expression? End { get; } = end;

    /// <summary>Whether the end belongs to the range.</summary>
    public bool IsInclusive => Operator.Kind == TokenKind.DotDotEquals;
}

/// <summary><c>place = value</c>, of type void.</summary>
public sealed class AssignExpression(
    Expression target, SyntaxToken equalsToken, Expression value)
    : Expression([target, equalsToken, value])
{
    /// <summary>A name, field, tuple part or index of a place; anything else was reported (E1026).</summary>
    public Expression Target { get; } = target;

    public SyntaxToken EqualsToken { get; } = equalsToken;

    public Expression Value { get; } = value;
}

/// <summary><c>&amp;place</c> or <c>&amp;mut place</c> as an argument.</summary>
public sealed class LendExpression(
    SyntaxToken ampersand, SyntaxToken? mutKeyword, Expression operand)
    : Expression([ampersand, mutKeyword, operand])
{
    public SyntaxToken Ampersand { get; } = ampersand;

    public SyntaxToken? MutKeyword { get; } = mutKeyword;

    public Expression Operand { get; } = operand;

    /// <summary>Whether the callee may write.</summary>
    public bool IsMut => MutKeyword is not null;
}

/// <summary><c>f(a, .b: c)</c>; a method call has a <c>MemberExpression</c> as callee, the resource form the name <c>with</c>.</summary>
public sealed class CallExpression(Expression callee, ArgumentList arguments) : Expression([callee, arguments])
{
    public Expression Callee { get; } = callee;

    public ArgumentList Arguments { get; } = arguments;
}

/// <summary><c>(a, .b: c)</c>.</summary>
public sealed class ArgumentList(
    SyntaxToken openParen, SeparatedList<Argument> arguments, SyntaxToken? closeParen)
    : SyntaxNode([openParen, .. arguments.Elements, closeParen])
{
    public SyntaxToken OpenParen { get; } = openParen;

    public SeparatedList<Argument> Arguments { get; } = arguments;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary><c>e</c>, <c>.name: e</c>, <c>name: e</c>; <c>e</c> may be an <c>OperatorExpression</c> or a <c>LendExpression</c>.</summary>
public sealed class Argument(
    SyntaxToken? dot, SyntaxToken? label, SyntaxToken? colon, Expression value)
    : SyntaxNode([dot, label, colon, value])
{
    public SyntaxToken? Dot { get; } = dot;

    public SyntaxToken? Label { get; } = label;

    public SyntaxToken? Colon { get; } = colon;

    public Expression Value { get; } = value;
}

/// <summary><c>e.name</c>, <c>e.name&lt;int&gt;</c>.</summary>
public sealed class MemberExpression(
    Expression receiver, SyntaxToken dot, SyntaxToken name, TypeArgumentList? typeArguments)
    : Expression([receiver, dot, name, typeArguments])
{
    public Expression Receiver { get; } = receiver;

    public SyntaxToken Dot { get; } = dot;

    public SyntaxToken Name { get; } = name;

    public TypeArgumentList? TypeArguments { get; } = typeArguments;
}

/// <summary><c>e.0</c>.</summary>
public sealed class TupleIndexExpression(
    Expression receiver, SyntaxToken dot, SyntaxToken index)
    : Expression([receiver, dot, index])
{
    public Expression Receiver { get; } = receiver;

    public SyntaxToken Dot { get; } = dot;

    public SyntaxToken Index { get; } = index;

    /// <summary>The index; int.MaxValue when it is too large to mean anything.</summary>
    public int Position => Index.Value is long n and < int.MaxValue ? (int)n : int.MaxValue;
}

/// <summary><c>e[i]</c>, <c>e[a..b]</c>, <c>e[..]</c>.</summary>
public sealed class IndexExpression(
    Expression receiver, SyntaxToken openBracket, Expression index, SyntaxToken? closeBracket)
    : Expression([receiver, openBracket, index, closeBracket])
{
    public Expression Receiver { get; } = receiver;

    public SyntaxToken OpenBracket { get; } = openBracket;

    public Expression Index { get; } = index;

    public SyntaxToken? CloseBracket { get; } = closeBracket;
}

/// <summary><c>e?</c>.</summary>
public sealed class QuestionExpression(Expression operand, SyntaxToken question) : Expression([operand, question])
{
    public Expression Operand { get; } = operand;

    public SyntaxToken Question { get; } = question;
}
