namespace Sigil.Syntax.Ast;

/// <summary>A token with the trivia before it.</summary>
public sealed class SyntaxToken : SyntaxElement
{
    private static readonly object boxedTrue = true;
    private static readonly object boxedFalse = false;

    private readonly int _fullStart;
    private readonly int _length;

    // Trees are mostly tokens, so these are small: the text of a name and the value of a literal share a field.
    private object? _nameOrValue;

    internal SyntaxToken(SourceText source, TokenKind kind, int fullStart, TextSpan span, object? value, TokenFlags flags, string? text = null)
    {
        Source = source;
        Kind = kind;
        _fullStart = fullStart;
        Start = span.Start;
        _length = span.Length;
        Flags = flags;
        _nameOrValue = text ?? value;
    }

    /// <summary>What the token is; contextual words are identifiers.</summary>
    public TokenKind Kind { get; }

    /// <summary>
    /// The meaning of a literal: long for INT, Duration (nanoseconds), Size (bytes) and tuple indices, double,
    /// string, <see cref="System.Text.Rune"/> for CHAR, bool, and string for template text and quoted paths.
    /// </summary>
    public object? Value => Kind switch
    {
        TokenKind.Identifier => null,
        TokenKind.TrueKeyword => boxedTrue,
        TokenKind.FalseKeyword => boxedFalse,
        _ => NameOrValue,
    };

    /// <inheritdoc/>
    public override SourceText Source { get; }

    /// <inheritdoc/>
    public override TextSpan Span => new(Start, _length);

    /// <inheritdoc/>
    public override TextSpan FullSpan => TextSpan.FromBounds(_fullStart, Start + _length);

    /// <summary>The trivia before the token: white space, line ends, comments.</summary>
    public IEnumerable<SyntaxTrivia> LeadingTrivia => SyntaxTrivia.Split(Source, LeadingTriviaSpan);

    /// <summary>The span of the trivia before the token.</summary>
    public TextSpan LeadingTriviaSpan => TextSpan.FromBounds(_fullStart, Start);

    /// <summary>The text of the token; empty when it is missing.</summary>
    public string Text => IsMissing ? "" : Kind == TokenKind.Identifier ? (string)NameOrValue! : TokenFacts.FixedText(Kind) ?? Source.ToString(Span);

    /// <summary>Whether the parser made the token up because a required one was not there.</summary>
    public bool IsMissing => (Flags & TokenFlags.Missing) != 0;

    /// <summary>Whether a line ends between the token before and this one.</summary>
    public bool IsFirstOnLine => (Flags & TokenFlags.AfterNewline) != 0;

    /// <summary>Whether white space or a comment separates it from the token before.</summary>
    public bool HasTriviaBefore => Start > _fullStart;

    /// <summary>The tokens that the parser skipped just before this one; a sibling of it in the tree.</summary>
    public SkippedTokens? SkippedBefore
    {
        get => (_nameOrValue as AfterSkipped)?.Skipped;
        internal set => _nameOrValue = value is null ? null : new AfterSkipped(value, NameOrValue);
    }

    /// <inheritdoc/>
    public override SyntaxToken FirstElement => this;

    /// <inheritdoc/>
    public override SyntaxToken LastElement => this;

    internal int Start { get; }

    internal TokenFlags Flags { get; }

    internal override int Height => 0;

    /// <summary>The capability that an <c>iso</c>, <c>val</c> or <c>ref</c> names.</summary>
    internal ReferenceCapability Capability => Text switch
    {
        "iso" => ReferenceCapability.Iso,
        "val" => ReferenceCapability.Val,
        _ => ReferenceCapability.Ref,
    };

    private object? NameOrValue => _nameOrValue is AfterSkipped after ? after.NameOrValue : _nameOrValue;

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>A token that is not there, at a position.</summary>
    internal static SyntaxToken Missing(SourceText source, TokenKind kind, int position) =>
        new(source, kind, position, new TextSpan(position, 0), null, TokenFlags.Missing);

    /// <summary>What an ordinary token has in its field, and the tokens skipped before it.</summary>
    private sealed record AfterSkipped(SkippedTokens Skipped, object? NameOrValue);
}

/// <summary>What the lexer notes about a token.</summary>
[Flags]
internal enum TokenFlags : byte
{
    None = 0,
    Missing = 1,
    AfterNewline = 2,

    /// <summary>A lexical error was reported in the token or in the trivia before it.</summary>
    Damaged = 4,

    /// <summary>An INT of exactly 2^63, legal only as the operand of a minus.</summary>
    MinimumMagnitude = 8,

    /// <summary>A number that was reported as malformed or too large: it has neither value nor type.</summary>
    NoValue = 16,
}
