namespace Sigil.Syntax.Ast;

// Conditionals, loops, statement lists, lambdas.

/// <summary><c>x -&gt; e</c>, <c>(a, b: B) -&gt; e</c>, <c>(a: A) -&gt; R uses C = e</c>.</summary>
public sealed class LambdaExpression(
    SyntaxToken? openParen, SeparatedList<LambdaParameter> parameters, SyntaxToken? closeParen, SyntaxToken? arrow,
    TypeSyntax? returnType, UsesClause? uses, SyntaxToken? equalsToken, Expression body)
    : Expression([openParen, .. parameters.Elements, closeParen, arrow, returnType, uses, equalsToken, body])
{
    public SyntaxToken? OpenParen { get; } = openParen;

    public SeparatedList<LambdaParameter> Parameters { get; } = parameters;

    public SyntaxToken? CloseParen { get; } = closeParen;

    public SyntaxToken? Arrow { get; } = arrow;

    public TypeSyntax? ReturnType { get; } = returnType;

    public UsesClause? Uses { get; } = uses;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    public Expression Body { get; } = body;
}

/// <summary><c>pattern</c> or <c>pattern: T</c>.</summary>
public sealed class LambdaParameter(
    Pattern pattern, SyntaxToken? colon, TypeSyntax? type)
    : SyntaxNode([pattern, colon, type])
{
    public Pattern Pattern { get; } = pattern;

    public SyntaxToken? Colon { get; } = colon;

    public TypeSyntax? Type { get; } = type;
}

/// <summary><c>if c then a else b</c>; without <c>else</c> of type void.</summary>
public sealed class IfExpression(
    SyntaxToken ifKeyword, Expression condition, SyntaxToken? thenKeyword, Expression then,
    SyntaxToken? elseKeyword, Expression? @else)
    : Expression([ifKeyword, condition, thenKeyword, then, elseKeyword, @else])
{
    public SyntaxToken IfKeyword { get; } = ifKeyword;

    public Expression Condition { get; } = condition;

    public SyntaxToken? ThenKeyword { get; } = thenKeyword;

    public Expression Then { get; } = then;

    public SyntaxToken? ElseKeyword { get; } = elseKeyword;

    public Expression? Else { get; } = @else;
}

/// <summary><c>for p in xs, q in ys if guard do body</c>, or <c>… yield body</c>.</summary>
public sealed class ForExpression(
    SyntaxToken forKeyword, SeparatedList<ForBinding> bindings, SyntaxToken? ifKeyword, Expression? guard,
    SyntaxToken? bodyKeyword, Expression body)
    : Expression([forKeyword, .. bindings.Elements, ifKeyword, guard, bodyKeyword, body])
{
    public SyntaxToken ForKeyword { get; } = forKeyword;

    public SeparatedList<ForBinding> Bindings { get; } = bindings;

    public SyntaxToken? IfKeyword { get; } = ifKeyword;

    public Expression? Guard { get; } = guard;

    /// <summary><c>do</c> or <c>yield</c>.</summary>
    public SyntaxToken? BodyKeyword { get; } = bodyKeyword;

    public Expression Body { get; } = body;

    /// <summary>Whether the loop makes a list.</summary>
    public bool IsYield => BodyKeyword?.Kind == TokenKind.YieldKeyword;
}

/// <summary><c>pattern in iterable</c>.</summary>
public sealed class ForBinding(
    Pattern pattern, SyntaxToken? inKeyword, Expression iterable)
    : SyntaxNode([pattern, inKeyword, iterable])
{
    public Pattern Pattern { get; } = pattern;

    public SyntaxToken? InKeyword { get; } = inKeyword;

    public Expression Iterable { get; } = iterable;
}

/// <summary><c>while c do e</c>.</summary>
public sealed class WhileExpression(
    SyntaxToken whileKeyword, Expression condition, SyntaxToken? doKeyword, Expression body)
    : Expression([whileKeyword, condition, doKeyword, body])
{
    public SyntaxToken WhileKeyword { get; } = whileKeyword;

    public Expression Condition { get; } = condition;

    public SyntaxToken? DoKeyword { get; } = doKeyword;

    public Expression Body { get; } = body;
}

/// <summary><c>break</c>, <c>break v</c>.</summary>
public sealed class BreakExpression(SyntaxToken breakKeyword, Expression? value) : Expression([breakKeyword, value])
{
    public SyntaxToken BreakKeyword { get; } = breakKeyword;

    public Expression? Value { get; } = value;
}

/// <summary><c>continue</c>.</summary>
public sealed class ContinueExpression(SyntaxToken continueKeyword) : Expression([continueKeyword])
{
    public SyntaxToken ContinueKeyword { get; } = continueKeyword;
}

/// <summary><c>with C = v in e</c>.</summary>
public sealed class WithCapabilityExpression(
    SyntaxToken withKeyword, TypePath capability, SyntaxToken? equalsToken, Expression value,
    SyntaxToken? inKeyword, Expression body)
    : Expression([withKeyword, capability, equalsToken, value, inKeyword, body])
{
    public SyntaxToken WithKeyword { get; } = withKeyword;

    public TypePath Capability { get; } = capability;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    public Expression Value { get; } = value;

    public SyntaxToken? InKeyword { get; } = inKeyword;

    public Expression Body { get; } = body;
}

/// <summary><c>run(s1, …, sn)</c>.</summary>
public sealed class RunExpression(
    SyntaxToken runWord, SyntaxToken openParen, SeparatedList<Statement> statements, SyntaxToken? closeParen)
    : Expression([runWord, openParen, .. statements.Elements, closeParen])
{
    public SyntaxToken RunWord { get; } = runWord;

    public SyntaxToken OpenParen { get; } = openParen;

    public SeparatedList<Statement> Statements { get; } = statements;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary><c>try(s1, …, sn)</c>.</summary>
public sealed class TryExpression(
    SyntaxToken tryWord, SyntaxToken openParen, SeparatedList<Statement> statements, SyntaxToken? closeParen)
    : Expression([tryWord, openParen, .. statements.Elements, closeParen])
{
    public SyntaxToken TryWord { get; } = tryWord;

    public SyntaxToken OpenParen { get; } = openParen;

    public SeparatedList<Statement> Statements { get; } = statements;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary><c>loop(s1, …, sn)</c>.</summary>
public sealed class LoopExpression(
    SyntaxToken loopKeyword, SyntaxToken? openParen, SeparatedList<Statement> statements, SyntaxToken? closeParen)
    : Expression([loopKeyword, openParen, .. statements.Elements, closeParen])
{
    public SyntaxToken LoopKeyword { get; } = loopKeyword;

    public SyntaxToken? OpenParen { get; } = openParen;

    public SeparatedList<Statement> Statements { get; } = statements;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary><c>match(e, p1 -&gt; e1, …)</c>.</summary>
public sealed class MatchExpression(
    SyntaxToken matchKeyword, SyntaxToken? openParen, Expression scrutinee, SyntaxToken? comma,
    SeparatedList<MatchArm> arms, SyntaxToken? closeParen)
    : Expression([matchKeyword, openParen, scrutinee, comma, .. arms.Elements, closeParen])
{
    public SyntaxToken MatchKeyword { get; } = matchKeyword;

    public SyntaxToken? OpenParen { get; } = openParen;

    public Expression Scrutinee { get; } = scrutinee;

    public SyntaxToken? Comma { get; } = comma;

    public SeparatedList<MatchArm> Arms { get; } = arms;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary><c>pattern -&gt; e</c>, with an optional guard.</summary>
public sealed class MatchArm(
    GuardedPattern pattern, SyntaxToken? arrow, Expression body)
    : SyntaxNode([pattern, arrow, body])
{
    public GuardedPattern Pattern { get; } = pattern;

    public SyntaxToken? Arrow { get; } = arrow;

    public Expression Body { get; } = body;
}
