using System.Collections.Immutable;

namespace Sigil.Syntax.Ast;

/// <summary>A pattern. By case: a lone lower-case name binds, a lone upper-case one is a variant.</summary>
public abstract class Pattern(ReadOnlySpan<SyntaxElement?> children) : SyntaxNode(children);

/// <summary><c>_</c>.</summary>
public sealed class WildcardPattern(SyntaxToken underscore) : Pattern([underscore])
{
    public SyntaxToken Underscore { get; } = underscore;
}

/// <summary><c>name</c>.</summary>
public sealed class BindingPattern(SyntaxToken name) : Pattern([name])
{
    public SyntaxToken Name { get; } = name;
}

/// <summary><c>name @ pattern</c>.</summary>
public sealed class AsPattern(SyntaxToken name, SyntaxToken at, Pattern pattern) : Pattern([name, at, pattern])
{
    public SyntaxToken Name { get; } = name;

    public SyntaxToken At { get; } = at;

    public Pattern Pattern { get; } = pattern;
}

/// <summary><c>V</c>, <c>T.V</c>, <c>V(p, f: q, ..)</c>; also the newtype pattern <c>N(p)</c>.</summary>
public sealed class VariantPattern(
    TypePath path, SyntaxToken? openParen, SeparatedList<PatternArgument> arguments, SyntaxToken? closeParen)
    : Pattern([path, openParen, .. arguments.Elements, closeParen])
{
    public TypePath Path { get; } = path;

    public SyntaxToken? OpenParen { get; } = openParen;

    public SeparatedList<PatternArgument> Arguments { get; } = arguments;

    public SyntaxToken? CloseParen { get; } = closeParen;

    /// <summary>Whether a payload is written, even an empty one.</summary>
    public bool HasPayload => OpenParen is not null;
}

/// <summary><c>p</c>, <c>field: p</c>, or <c>..</c> (a <c>RestPattern</c>).</summary>
public sealed class PatternArgument(
    SyntaxToken? name, SyntaxToken? colon, Pattern pattern)
    : SyntaxNode([name, colon, pattern])
{
    public SyntaxToken? Name { get; } = name;

    public SyntaxToken? Colon { get; } = colon;

    public Pattern Pattern { get; } = pattern;
}

/// <summary><c>{ f, g: p, .. }</c>, <c>T { f, .. }</c>.</summary>
public sealed class RecordPattern(
    TypePath? path, SyntaxToken openBrace, SeparatedList<SyntaxNode> fields, SyntaxToken? closeBrace)
    : Pattern([path, openBrace, .. fields.Elements, closeBrace])
{
    public TypePath? Path { get; } = path;

    public SyntaxToken OpenBrace { get; } = openBrace;

    /// <summary><c>FieldPattern</c>s, and a <c>RestPattern</c> for <c>..</c>.</summary>
    public SeparatedList<SyntaxNode> Fields { get; } = fields;

    public SyntaxToken? CloseBrace { get; } = closeBrace;

    /// <summary>The fields that are listed.</summary>
    public IEnumerable<FieldPattern> ListedFields => Fields.OfType<FieldPattern>();

    /// <summary>Whether <c>..</c> admits other fields.</summary>
    public bool HasRest => Fields.Any(f => f is RestPattern);
}

/// <summary><c>f</c> (binds f) or <c>f: p</c>.</summary>
public sealed class FieldPattern(
    SyntaxToken name, SyntaxToken? colon, Pattern? pattern)
    : SyntaxNode([name, colon, pattern])
{
    public SyntaxToken Name { get; } = name;

    public SyntaxToken? Colon { get; } = colon;

    public Pattern? Pattern { get; } = pattern;
}

/// <summary><c>()</c> or <c>(p, q)</c>.</summary>
public sealed class TuplePattern(
    SyntaxToken openParen, SeparatedList<Pattern> elements, SyntaxToken? closeParen)
    : Pattern([openParen, .. elements.Elements, closeParen])
{
    public SyntaxToken OpenParen { get; } = openParen;

    public SeparatedList<Pattern> Elements { get; } = elements;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary><c>(p)</c>.</summary>
public sealed class ParenthesizedPattern(
    SyntaxToken openParen, Pattern pattern, SyntaxToken? comma, SyntaxToken? closeParen)
    : Pattern([openParen, pattern, comma, closeParen])
{
    public SyntaxToken OpenParen { get; } = openParen;

    public Pattern Pattern { get; } = pattern;

    public SyntaxToken? Comma { get; } = comma;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary><c>[p, ..rest, q]</c>.</summary>
public sealed class ListPattern(
    SyntaxToken openBracket, SeparatedList<Pattern> elements, SyntaxToken? closeBracket)
    : Pattern([openBracket, .. elements.Elements, closeBracket])
{
    public SyntaxToken OpenBracket { get; } = openBracket;

    /// <summary>Patterns, and <c>RestPattern</c>s.</summary>
    public SeparatedList<Pattern> Elements { get; } = elements;

    public SyntaxToken? CloseBracket { get; } = closeBracket;
}

/// <summary><c>..</c> or <c>..name</c>; only inside lists, payloads and records.</summary>
public sealed class RestPattern(SyntaxToken dotDot, SyntaxToken? name) : Pattern([dotDot, name])
{
    public SyntaxToken DotDot { get; } = dotDot;

    public SyntaxToken? Name { get; } = name;
}

/// <summary>A literal, possibly negative.</summary>
public sealed class LiteralPattern(SyntaxToken? minus, SyntaxToken token) : Pattern([minus, token])
{
    public SyntaxToken? Minus { get; } = minus;

    public SyntaxToken Token { get; } = token;

    /// <summary>Which kind of literal.</summary>
    public LiteralKind LiteralKind => LiteralExpression.KindOf(Token.Kind);

    /// <summary>
    /// The value with its sign: long (int), double, string, <see cref="System.Text.Rune"/> (char), bool,
    /// long (nanoseconds of a Duration, bytes of a Size).
    /// </summary>
    public object Value => Minus is null ? Token.Value! : Token.Value switch
    {
        long n => unchecked(-n),
        double d => -d,
        var other => other!,
    };
}

/// <summary><c>a..b</c>, <c>a..=b</c>, <c>a..</c>, <c>..b</c>, <c>..=b</c>.</summary>
public sealed class RangePattern(
    LiteralPattern? start, SyntaxToken @operator, LiteralPattern? end)
    : Pattern([start, @operator, end])
{
    public LiteralPattern? Start { get; } = start;

    public SyntaxToken Operator { get; } = @operator;

    public LiteralPattern? End { get; } = end;

    /// <summary>Whether the end belongs to the interval.</summary>
    public bool IsInclusive => Operator.Kind == TokenKind.DotDotEquals;
}

/// <summary><c>p | q</c>.</summary>
public sealed class OrPattern(SeparatedList<Pattern> alternatives) : Pattern([.. alternatives.Elements])
{
    /// <summary>Two or more.</summary>
    public SeparatedList<Pattern> Alternatives { get; } = alternatives;
}

/// <summary>A pattern that is not there, or something that is none; the error is reported.</summary>
public sealed class MissingPattern(ImmutableArray<SyntaxElement> parts) : Pattern([.. parts])
{
    public ImmutableArray<SyntaxElement> Parts { get; } = parts;
}

/// <summary><c>p</c>, <c>p.match(cond)</c> or <c>p if cond</c>.</summary>
public sealed class GuardedPattern(
    Pattern pattern, SyntaxToken? dot, SyntaxToken? guardKeyword, SyntaxToken? openParen, Expression? guard,
    SyntaxToken? closeParen)
    : SyntaxNode([pattern, dot, guardKeyword, openParen, guard, closeParen])
{
    public Pattern Pattern { get; } = pattern;

    public SyntaxToken? Dot { get; } = dot;

    /// <summary><c>match</c> or <c>if</c>.</summary>
    public SyntaxToken? GuardKeyword { get; } = guardKeyword;

    public SyntaxToken? OpenParen { get; } = openParen;

    public Expression? Guard { get; } = guard;

    public SyntaxToken? CloseParen { get; } = closeParen;
}
