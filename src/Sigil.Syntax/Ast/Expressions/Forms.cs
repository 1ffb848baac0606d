namespace Sigil.Syntax.Ast;

// Forms with an argument syntax of their own: for(…), validate(…), select(…).

/// <summary><c>for(.over: xs, .map: f, .match: p, .default: d)</c>.</summary>
public sealed class ForSearchExpression(
    SyntaxToken forKeyword, SyntaxToken openParen, SeparatedList<SearchProperty> properties,
    SyntaxToken? closeParen)
    : Expression([forKeyword, openParen, .. properties.Elements, closeParen])
{
    public SyntaxToken ForKeyword { get; } = forKeyword;

    public SyntaxToken OpenParen { get; } = openParen;

    public SeparatedList<SearchProperty> Properties { get; } = properties;

    public SyntaxToken? CloseParen { get; } = closeParen;

    /// <summary>The first property with a name, or null.</summary>
    public SearchProperty? Find(string name) => Properties.FirstOrDefault(p => p.Label.Text == name);
}

/// <summary><c>.word: value</c>, or <c>.match: pattern</c>.</summary>
public sealed class SearchProperty(
    SyntaxToken? dot, SyntaxToken label, SyntaxToken? colon, GuardedPattern? pattern, Expression? value)
    : SyntaxNode([dot, label, colon, pattern, value])
{
    public SyntaxToken? Dot { get; } = dot;

    public SyntaxToken Label { get; } = label;

    public SyntaxToken? Colon { get; } = colon;

    /// <summary>Only for <c>match</c>.</summary>
    public GuardedPattern? Pattern { get; } = pattern;

    /// <summary>Null for <c>match</c>.</summary>
    public Expression? Value { get; } = value;
}

/// <summary><c>validate(.rules: [cond | message, …], .then: e)</c>.</summary>
public sealed class ValidateExpression(
    SyntaxToken validateWord, SyntaxToken openParen, SeparatedList<SyntaxNode> properties, SyntaxToken? closeParen)
    : Expression([validateWord, openParen, .. properties.Elements, closeParen])
{
    public SyntaxToken ValidateWord { get; } = validateWord;

    public SyntaxToken OpenParen { get; } = openParen;

    /// <summary><c>ValidateRules</c> and <c>Argument</c>s.</summary>
    public SeparatedList<SyntaxNode> Properties { get; } = properties;

    public SyntaxToken? CloseParen { get; } = closeParen;

    /// <summary>The rules, or null when they are missing (reported).</summary>
    public ValidateRules? Rules => Properties.OfType<ValidateRules>().FirstOrDefault();

    /// <summary>The value of <c>.then</c>, or null when it is missing (reported).</summary>
    public Expression? Then => Properties.OfType<Argument>().FirstOrDefault(a => a.Label?.Text == "then")?.Value;
}

/// <summary><c>.rules: [cond | message, …]</c>.</summary>
public sealed class ValidateRules(
    SyntaxToken? dot, SyntaxToken label, SyntaxToken? colon, SyntaxToken? openBracket,
    SeparatedList<ValidateRule> rules, SyntaxToken? closeBracket)
    : SyntaxNode([dot, label, colon, openBracket, .. rules.Elements, closeBracket])
{
    public SyntaxToken? Dot { get; } = dot;

    public SyntaxToken Label { get; } = label;

    public SyntaxToken? Colon { get; } = colon;

    public SyntaxToken? OpenBracket { get; } = openBracket;

    public SeparatedList<ValidateRule> Rules { get; } = rules;

    public SyntaxToken? CloseBracket { get; } = closeBracket;
}

/// <summary><c>condition | message</c>.</summary>
public sealed class ValidateRule(
    Expression condition, SyntaxToken? bar, Expression message)
    : SyntaxNode([condition, bar, message])
{
    public Expression Condition { get; } = condition;

    public SyntaxToken? Bar { get; } = bar;

    public Expression Message { get; } = message;
}

/// <summary><c>select(.priority: [arms], .timeout: d -&gt; e, .closed: e, .default: e)</c>; arms may also stand directly in it.</summary>
public sealed class SelectExpression(
    SyntaxToken selectWord, SyntaxToken openParen, SeparatedList<SelectEntry> entries, SyntaxToken? closeParen)
    : Expression([selectWord, openParen, .. entries.Elements, closeParen])
{
    public SyntaxToken SelectWord { get; } = selectWord;

    public SyntaxToken OpenParen { get; } = openParen;

    public SeparatedList<SelectEntry> Entries { get; } = entries;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary>An entry of a select.</summary>
public abstract class SelectEntry(ReadOnlySpan<SyntaxElement?> children) : SyntaxNode(children);

/// <summary><c>source -&gt; pattern -&gt; body</c>, or <c>source -&gt; body</c>.</summary>
public sealed class SelectArm(
    Expression sourceOperation, SyntaxToken? arrow, GuardedPattern? binder, SyntaxToken? binderArrow,
    Expression body)
    : SelectEntry([sourceOperation, arrow, binder, binderArrow, body])
{
    public Expression SourceOperation { get; } = sourceOperation;

    public SyntaxToken? Arrow { get; } = arrow;

    public GuardedPattern? Binder { get; } = binder;

    public SyntaxToken? BinderArrow { get; } = binderArrow;

    public Expression Body { get; } = body;
}

/// <summary><c>.priority: [arms]</c> or <c>.fair: [arms]</c>.</summary>
public sealed class SelectArmList(
    SyntaxToken? dot, SyntaxToken label, SyntaxToken? colon, SyntaxToken? openBracket,
    SeparatedList<SelectArm> arms, SyntaxToken? closeBracket)
    : SelectEntry([dot, label, colon, openBracket, .. arms.Elements, closeBracket])
{
    public SyntaxToken? Dot { get; } = dot;

    public SyntaxToken Label { get; } = label;

    public SyntaxToken? Colon { get; } = colon;

    public SyntaxToken? OpenBracket { get; } = openBracket;

    public SeparatedList<SelectArm> Arms { get; } = arms;

    public SyntaxToken? CloseBracket { get; } = closeBracket;

    /// <summary>Whether the first ready arm in order wins.</summary>
    public bool IsPriority => Label.Text == "priority";
}

/// <summary><c>.timeout: duration -&gt; body</c>.</summary>
public sealed class SelectTimeout(
    SyntaxToken? dot, SyntaxToken label, SyntaxToken? colon, Expression duration, SyntaxToken? arrow,
    Expression body)
    : SelectEntry([dot, label, colon, duration, arrow, body])
{
    public SyntaxToken? Dot { get; } = dot;

    public SyntaxToken Label { get; } = label;

    public SyntaxToken? Colon { get; } = colon;

    public Expression Duration { get; } = duration;

    public SyntaxToken? Arrow { get; } = arrow;

    public Expression Body { get; } = body;
}

/// <summary><c>.closed: body</c>, <c>.default: body</c>.</summary>
public sealed class SelectOption(
    SyntaxToken? dot, SyntaxToken label, SyntaxToken? colon, Expression body)
    : SelectEntry([dot, label, colon, body])
{
    public SyntaxToken? Dot { get; } = dot;

    public SyntaxToken Label { get; } = label;

    public SyntaxToken? Colon { get; } = colon;

    public Expression Body { get; } = body;
}
