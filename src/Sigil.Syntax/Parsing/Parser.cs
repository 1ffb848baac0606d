using System.Collections.Immutable;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <summary>
/// Recursive descent over the token list. It never fails: what is missing becomes a missing node, what fits nowhere
/// is kept as skipped tokens, and each mistake is reported once. It never goes back, and looks ahead only through
/// <see cref="BracketMap"/> and <see cref="Lookahead"/>; so its time is linear. Invariants:
/// a closing bracket is consumed only by the construct that consumed its partner; every loop either consumes a token
/// or ends; every recursion passes <see cref="Enter"/>.
/// </summary>
/// <remarks>
/// This file: tokens, errors and recovery. Items, Declarations, Attributes, Types, Statements, Expressions, Operators,
/// Literals, Control, Forms and Patterns follow the sections of the grammar.
/// </remarks>
internal sealed partial class Parser
{
    private readonly SourceText _source;
    private readonly ImmutableArray<SyntaxToken> _tokens;
    private readonly ParseOptions _options;
    private readonly DiagnosticBag _diagnostics;
    private readonly BracketMap _brackets;
    private readonly Lookahead _lookahead;
    private readonly List<SyntaxToken> _skipped = [];

    /// <summary>Lists that have gone into the tree, for the next ones.</summary>
    private readonly Stack<List<SyntaxElement>> _lists = new();

    /// <summary>The indices of the tokens next to a lexical error, in order.</summary>
    private readonly List<int> _damaged = [];

    private int _position;
    private int _lastErrorPosition = -1;
    private Context _context;

    public Parser(SourceText source, ImmutableArray<SyntaxToken> tokens, ParseOptions options, DiagnosticBag diagnostics)
    {
        _source = source;
        _tokens = tokens;
        _options = options;
        _diagnostics = diagnostics;
        _brackets = new BracketMap(tokens);
        _lookahead = new Lookahead(tokens);
        for (var i = 0; i < tokens.Length; i++)
        {
            if ((tokens[i].Flags & TokenFlags.Damaged) != 0)
                _damaged.Add(i);
        }
    }

    /// <summary>What the surrounding constructs change for an expression; brackets reset most of it.</summary>
    private struct Context
    {
        /// <summary>An arrow belongs to the arm, not to a lambda.</summary>
        public bool NoLambda;

        /// <summary>A bar separates condition and message.</summary>
        public bool NoBar;

        /// <summary>A bracket at the start of a line does not continue the expression.</summary>
        public bool LinesEnd;

        /// <summary><c>#</c> has something to measure.</summary>
        public bool HashAllowed;
    }

    /// <summary>An opening bracket that has been consumed.</summary>
    private readonly record struct Opener(SyntaxToken Token, int Index, int CloserIndex, Context Outer);

    private SyntaxToken Current => _tokens[_position];

    private TokenKind Kind => _tokens[_position].Kind;

    private SyntaxToken Next => Ahead(1);

    private SyntaxToken Ahead(int count) => _tokens[Math.Min(_position + count, _tokens.Length - 1)];

    private SyntaxToken? Previous => _position > 0 ? _tokens[_position - 1] : null;

    private bool At(TokenKind kind) => Kind == kind;

    private bool AtWord(string text) => Kind == TokenKind.Identifier && Current.Text == text;

    /// <summary>Whether the current token stands on a new line where that ends a statement.</summary>
    private bool LineEnded => _context.LinesEnd && Current.IsFirstOnLine;

    private bool AtEnd => Kind == TokenKind.EndOfFile;

    // ---- consuming ----

    private SyntaxToken Consume()
    {
        var token = Current;
        if (_skipped.Count > 0)
        {
            token.SkippedBefore = new SkippedTokens([.. _skipped]);
            _skipped.Clear();
        }
        if (token.Kind != TokenKind.EndOfFile)
            _position++;
        return token;
    }

    private SyntaxToken? TryConsume(TokenKind kind) => At(kind) ? Consume() : null;

    private SyntaxToken? Expect(TokenKind kind)
    {
        if (At(kind))
            return Consume();
        ReportExpected(TokenFacts.Describe(kind));
        return null;
    }

    /// <summary>Puts the current token aside; it goes into the tree before the next one that is consumed.</summary>
    private void Skip()
    {
        if (AtEnd)
            return;
        _skipped.Add(Current);
        _position++;
    }

    /// <summary>Skips the current token, and if it opens a pair, all of the pair.</summary>
    private void SkipWhole()
    {
        var partner = _brackets.Partner(_position);
        var last = partner > _position ? partner : _position;
        while (_position <= last && !AtEnd)
            Skip();
    }

    /// <summary>A name, or a missing token after reporting that there is none.</summary>
    private SyntaxToken ExpectName(string what = "a name")
    {
        if (At(TokenKind.Identifier))
            return Consume();
        if (TokenFacts.IsKeyword(Kind) && !Current.IsFirstOnLine)
        {
            Report(SyntaxErrors.ReservedWord(_source, Current.Span, Current.Text));
            return Consume();
        }
        ReportExpected(what);
        return MissingToken(TokenKind.Identifier);
    }

    /// <summary>Any word, reserved ones included.</summary>
    private SyntaxToken ExpectWord(string what = "a name")
    {
        if (TokenSets.IsWord(Kind))
            return Consume();
        ReportExpected(what);
        return MissingToken(TokenKind.Identifier);
    }

    /// <summary>A missing token directly behind the last one that went into the tree.</summary>
    private SyntaxToken MissingToken(TokenKind kind) =>
        SyntaxToken.Missing(_source, kind, _skipped.Count > 0 ? _skipped[0].FullSpan.Start : GapPosition);

    private MissingExpression MissingExpressionHere() => new([MissingToken(TokenKind.Identifier)]);

    private InvalidType MissingTypeHere() => new([MissingToken(TokenKind.Identifier)]);

    private MissingPattern MissingPatternHere() => new([MissingToken(TokenKind.Identifier)]);

    /// <summary>Behind the token before, or behind the tokens skipped since.</summary>
    private int GapPosition => Previous?.Span.End ?? 0;

    // ---- errors ----

    /// <summary>Where something missing is to be shown: at the token found instead, or behind the line before it.</summary>
    private TextSpan GapSpan => (Current.IsFirstOnLine || AtEnd) && Previous is not null ? new TextSpan(GapPosition, 0) : Current.Span;

    private string Found => Kind switch
    {
        TokenKind.Identifier or TokenKind.IntLiteral or TokenKind.FloatLiteral or TokenKind.DurationLiteral or TokenKind.SizeLiteral
            or TokenKind.CompoundAssignment => $"`{Current.Text}`",
        var kind => TokenFacts.Describe(kind),
    };

    private void ReportExpected(string what) => ReportHere(SyntaxErrors.ExpectedToken(_source, GapSpan, what, Found, ExpectedHelp(what)));

    /// <summary>How Sigil writes what the token found instead would mean elsewhere.</summary>
    private string? ExpectedHelp(string what) => (what, Kind) switch
    {
        ("`then`", TokenKind.OpenBrace) => "write `if condition then … else …`; several steps stand in `run(…, …)`",
        ("`do`" or "`do` or `yield`", TokenKind.OpenBrace or TokenKind.Colon) => "write `do` before the body; several steps stand in `run(…, …)`",
        ("`then`" or "`do`", TokenKind.InKeyword) => "whether something is contained is asked with a method: `xs.contains(x)`",
        ("`in`", TokenKind.Comma) when TokenSets.IsWord(Next.Kind) && Ahead(2).Kind == TokenKind.Equals => "each provider has a `with` of its own: `with A = a in with B = b in …`",
        ("`:`", TokenKind.CloseBrace) => "braces hold a record or a map; several steps stand in `run(…, …)`",
        ("`:`", TokenKind.Equals) => "a field is written `name: value`",
        ("`(`", _) when Previous?.Kind == TokenKind.MatchKeyword => "write `match(value, pattern -> result, …)`",
        ("`=`", TokenKind.Question) => "what may be missing has the type `Option<T>`",
        ("a module path", TokenKind.StringLiteral) => "the path of a file stands in single quotes: `use './file' { name }`",
        (_, TokenKind.Identifier) when Current.Text is "and" or "or" or "not" => $"write `{(Current.Text == "and" ? "&&" : Current.Text == "or" ? "||" : "!")}`",
        ("`,`", _) when Current.IsFirstOnLine || Previous is { Kind: TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace } => "is a comma missing before it?",
        _ => null,
    };

    /// <summary>Reports about the current token, unless an error there, or a lexical one next to it, is the cause.</summary>
    private void ReportHere(Diagnostic diagnostic)
    {
        if (_position == _lastErrorPosition)
            return;
        _lastErrorPosition = _position;
        if ((Current.Flags & TokenFlags.Damaged) == 0 && (Previous is null || (Previous.Flags & TokenFlags.Damaged) == 0))
            Report(diagnostic);
    }

    private void Report(Diagnostic diagnostic)
    {
        if (!_aborted)
            _diagnostics.Add(diagnostic);
    }

    // ---- brackets and lists ----

    private Opener Open()
    {
        var index = _position;
        var opener = new Opener(Consume(), index, _brackets.Partner(index), _context);
        _context = new Context { HashAllowed = _context.HashAllowed };
        return opener;
    }

    /// <summary>Whether nothing more can belong to the brackets.</summary>
    private bool AtEndOf(in Opener opener)
    {
        if (opener.CloserIndex >= 0)
            return _position >= opener.CloserIndex;
        if (AtEnd || _brackets.IsBoundary(_position))
            return true;
        // The closer of brackets further out.
        return TokenSets.IsCloser(Kind) && _brackets.Partner(_position) >= 0;
    }

    /// <summary>Consumes the closing bracket, skipping what stands before it; null when there is none.</summary>
    private SyntaxToken? Close(in Opener opener)
    {
        _context = opener.Outer;
        if (opener.CloserIndex < 0)
        {
            ReportUnclosed(opener);
            return null;
        }
        if (_position < opener.CloserIndex)
            ReportExpected(TokenFacts.Describe(CloserOf(opener.Token.Kind)));
        while (_position < opener.CloserIndex)
            Skip();
        return _position == opener.CloserIndex ? Consume() : null;
    }

    private void ReportUnclosed(in Opener opener)
    {
        // A string or template that is not closed hides the closer: that is the mistake.
        var damaged = _damaged.BinarySearch(opener.Index);
        if (damaged < 0)
            damaged = ~damaged;
        if (damaged < _damaged.Count && _damaged[damaged] <= _position)
            return;
        Report(SyntaxErrors.UnclosedDelimiter(_source, opener.Token.Span, opener.Token.Text, TokenFacts.FixedText(CloserOf(opener.Token.Kind))!));
        _lastErrorPosition = _position;
    }

    private static TokenKind CloserOf(TokenKind opener) => opener switch
    {
        TokenKind.OpenParen => TokenKind.CloseParen,
        TokenKind.OpenBracket => TokenKind.CloseBracket,
        TokenKind.HoleOpen => TokenKind.HoleClose,
        TokenKind.TemplateStart => TokenKind.TemplateEnd,
        _ => TokenKind.CloseBrace,
    };

    /// <summary>Elements separated by commas up to the closing bracket, which is left.</summary>
    private SeparatedList<T> ParseList<T>(in Opener opener, Func<T> parseElement, bool commasOptional = false)
        where T : SyntaxNode
    {
        var elements = NewList();
        while (!AtEndOf(opener))
        {
            var start = _position;
            elements.Add(parseElement());
            if (AtEndOf(opener))
                break;
            if (TryConsumeSeparator(elements))
                continue;
            var progressed = _position > start;
            if (commasOptional && progressed && !At(TokenKind.EndOfFile))
                continue;
            ReportMissingComma(opener);
            if (progressed && Current.IsFirstOnLine && !TokenSets.IsCloser(Kind))
                continue;
            while (!AtEndOf(opener) && Kind is not (TokenKind.Comma or TokenKind.Semicolon))
                SkipWhole();
            if (!AtEndOf(opener))
                TryConsumeSeparator(elements);
        }
        return Separated<T>(elements);
    }

    private void ReportMissingComma(in Opener opener)
    {
        var closer = TokenFacts.Describe(CloserOf(opener.Token.Kind));
        var diagnostic = SyntaxErrors.ExpectedToken(_source, GapSpan, $"`,` or {closer}", Found, ExpectedHelp("`,`"));
        if (Current.IsFirstOnLine)
            diagnostic = diagnostic.WithFix("insert `,`", new TextSpan(GapPosition, 0), ",");
        ReportHere(diagnostic);
    }

    /// <summary>A list to be filled, and then given to <see cref="Separated{T}"/>.</summary>
    private List<SyntaxElement> NewList() => _lists.TryPop(out var used) ? used : [];

    /// <summary>What has been collected in a list, which can be used again.</summary>
    private SeparatedList<T> Separated<T>(List<SyntaxElement> elements)
        where T : SyntaxNode
    {
        var list = new SeparatedList<T>([.. elements]);
        elements.Clear();
        _lists.Push(elements);
        return list;
    }

    private bool TryConsumeSeparator(List<SyntaxElement> elements)
    {
        if (At(TokenKind.Semicolon))
            Report(SyntaxErrors.Semicolon(_source, Current.Span, ","));
        else if (!At(TokenKind.Comma))
            return false;
        elements.Add(Consume());
        return true;
    }

    /// <summary>One or more elements with a separator that is no comma, such as <c>+</c> or <c>|</c>.</summary>
    private SeparatedList<T> ParseChain<T>(TokenKind separator, T first, Func<T> parseElement)
        where T : SyntaxNode
    {
        var elements = NewList();
        elements.Add(first);
        while (At(separator))
        {
            elements.Add(Consume());
            elements.Add(parseElement());
        }
        return Separated<T>(elements);
    }
}
