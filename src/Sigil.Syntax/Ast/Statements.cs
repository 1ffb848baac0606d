namespace Sigil.Syntax.Ast;

/// <summary>An entry of <c>run</c>, <c>try</c>, <c>loop</c> or of a snippet.</summary>
public abstract class Statement(ReadOnlySpan<SyntaxElement?> children) : SyntaxNode(children);

/// <summary><c>let mut pattern: T = value</c>.</summary>
public sealed class LetStatement(
    SyntaxToken letKeyword, SyntaxToken? mutKeyword, Pattern pattern, SyntaxToken? colon, TypeSyntax? type,
    SyntaxToken? equalsToken, Expression value)
    : Statement([letKeyword, mutKeyword, pattern, colon, type, equalsToken, value])
{
    public SyntaxToken LetKeyword { get; } = letKeyword;

    public SyntaxToken? MutKeyword { get; } = mutKeyword;

    public Pattern Pattern { get; } = pattern;

    public SyntaxToken? Colon { get; } = colon;

    public TypeSyntax? Type { get; } = type;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    public Expression Value { get; } = value;

    /// <summary>Whether the binding may be updated in place.</summary>
    public bool IsMut => MutKeyword is not null;
}

/// <summary>An expression for its effect, or as the value of the list.</summary>
public sealed class ExpressionStatement(Expression expression) : Statement([expression])
{
    public Expression Expression { get; } = expression;
}
