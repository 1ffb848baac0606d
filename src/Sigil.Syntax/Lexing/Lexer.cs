using System.Collections.Immutable;
using System.Text;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Lexing;

/// <summary>
/// Cuts a text into tokens in one pass, longest match first. Every character ends up in a token or in the trivia
/// before one. The only state beyond the position are the open templates: a brace inside a hole closes the hole only
/// when all braces opened in it are closed.
/// </summary>
internal sealed partial class Lexer
{
    private readonly SourceText _source;
    private readonly string _text;
    private readonly DiagnosticBag _diagnostics;
    private readonly ImmutableArray<SyntaxToken>.Builder _tokens;

    /// <summary>The templates around the position: where each starts and how many braces are open in its hole.</summary>
    private readonly Stack<(int Start, int OpenBraces)> _holes = new();

    private readonly HashSet<string> _names = [];
    private readonly StringBuilder _value = new();
    private int _position;
    private int _fullStart;
    private TokenFlags _flags;
    private TokenKind _previousKind = TokenKind.EndOfFile;
    private bool _previousIsExtension;

    private Lexer(SourceText source, DiagnosticBag diagnostics)
    {
        _source = source;
        _text = source.Text;
        _diagnostics = diagnostics;
        // Dense code has two tokens for five characters.
        _tokens = ImmutableArray.CreateBuilder<SyntaxToken>(_text.Length * 2 / 5 + 16);
    }

    /// <summary>All tokens; the last one is the end of the file.</summary>
    public static ImmutableArray<SyntaxToken> Lex(SourceText source, DiagnosticBag diagnostics)
    {
        var lexer = new Lexer(source, diagnostics);
        lexer.CheckWholeText();
        lexer.Run();
        return lexer._tokens.DrainToImmutable();
    }

    private char Current => _position < _text.Length ? _text[_position] : '\0';

    private char Peek(int offset = 1) => _position + offset < _text.Length ? _text[_position + offset] : '\0';

    private void CheckWholeText()
    {
        if (_text.StartsWith('\uFEFF'))
            _diagnostics.Add(LexicalErrors.ByteOrderMark(_source, new TextSpan(0, 1)));
        var nul = _text.IndexOf('\0');
        if (nul >= 0)
            _diagnostics.Add(LexicalErrors.NulCharacter(_source, new TextSpan(nul, 1)));
    }

    private void Run()
    {
        while (true)
        {
            _fullStart = _position;
            SkipTrivia();
            if (_position >= _text.Length)
                break;
            LexToken();
        }
        if (_holes.Count > 0)
        {
            _flags |= TokenFlags.Damaged;
            Error(LexicalErrors.UnclosedTemplate(_source, new TextSpan(_holes.Last().Start, 1)));
        }
        Add(TokenKind.EndOfFile, _position, null);
    }

    private void SkipTrivia()
    {
        while (_position < _text.Length)
        {
            switch (_text[_position])
            {
                case ' ' or '\t' or '\0':
                case '\uFEFF' when _position == 0:
                    _position++;
                    break;
                case '\n' or '\r':
                    _flags |= TokenFlags.AfterNewline;
                    _position++;
                    break;
                case '/' when Peek() == '/':
                    var end = _text.AsSpan(_position).IndexOfAny('\n', '\r');
                    _position = end < 0 ? _text.Length : _position + end;
                    break;
                default:
                    if (IsTokenStart(_text[_position]) || IsForeignLetter())
                        return;
                    SkipStrayCharacters();
                    break;
            }
        }
    }

    private void LexToken()
    {
        var start = _position;
        var c = _text[start];
        if (IsWordStart(c) || IsForeignLetter())
            LexWord();
        else if (char.IsAsciiDigit(c))
            LexNumber();
        else if (c == '"')
            LexString();
        else if (c == '\'')
            LexQuoted();
        else if (c == '`')
            LexTemplateStart();
        else if (c == '}' && _holes.Count > 0 && _holes.Peek().OpenBraces == 0)
            LexHoleClose();
        else
            LexOperator();
    }

    private void LexWord()
    {
        var start = _position;
        var isForeign = false;
        while (true)
        {
            if (IsWordPart(Current))
            {
                _position++;
            }
            else if (IsForeignLetter())
            {
                // A foreign word is one mistake, not one a letter.
                isForeign = true;
                _position += ScalarLength();
            }
            else
            {
                break;
            }
        }
        var word = _text.AsSpan(start, _position - start);
        if (isForeign)
            Error(LexicalErrors.StrayCharacter(_source, From(start), word.ToString(), "names are made of the letters a to z and A to Z, digits and _"));
        var kind = TokenFacts.KeywordOrIdentifier(word);
        var text = kind == TokenKind.Identifier ? NameOf(word) : null;
        Add(kind, start, null, text);
        _previousIsExtension = text == "extension";
    }

    /// <summary>The same string for every occurrence of a name.</summary>
    private string NameOf(ReadOnlySpan<char> word)
    {
        var lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(word, out var name))
            return name;
        name = word.ToString();
        _names.Add(name);
        return name;
    }

    private void LexOperator()
    {
        var start = _position;
        var (kind, length) = MatchOperator();
        _position += length;
        if (_holes.Count > 0 && kind is TokenKind.OpenBrace or TokenKind.CloseBrace && _holes.TryPop(out var hole))
            _holes.Push((hole.Start, hole.OpenBraces + (kind == TokenKind.OpenBrace ? 1 : -1)));
        Add(kind, start, null);
    }

    private (TokenKind Kind, int Length) MatchOperator()
    {
        var next = Peek();
        return Current switch
        {
            '+' => next switch { '+' => (TokenKind.PlusPlus, 2), '=' => (TokenKind.CompoundAssignment, 2), _ => (TokenKind.Plus, 1) },
            '-' => next switch { '>' => (TokenKind.Arrow, 2), '=' => (TokenKind.CompoundAssignment, 2), _ => (TokenKind.Minus, 1) },
            '*' => next == '=' ? (TokenKind.CompoundAssignment, 2) : (TokenKind.Star, 1),
            '/' => next == '=' ? (TokenKind.CompoundAssignment, 2) : (TokenKind.Slash, 1),
            '%' => next == '=' ? (TokenKind.CompoundAssignment, 2) : (TokenKind.Percent, 1),
            '=' => next switch { '=' => (TokenKind.EqualsEquals, 2), '>' => (TokenKind.FatArrow, 2), _ => (TokenKind.Equals, 1) },
            '!' => next == '=' ? (TokenKind.BangEquals, 2) : (TokenKind.Bang, 1),
            '<' => next switch
            {
                '<' => Peek(2) == '=' ? (TokenKind.CompoundAssignment, 3) : (TokenKind.LessLess, 2),
                '=' => (TokenKind.LessEquals, 2),
                _ => (TokenKind.Less, 1),
            },
            '>' => (TokenKind.Greater, 1),
            '&' => next switch
            {
                '&' => Peek(2) == '=' ? (TokenKind.CompoundAssignment, 3) : (TokenKind.AmpersandAmpersand, 2),
                '=' when Peek(2) != '=' => (TokenKind.CompoundAssignment, 2),
                _ => (TokenKind.Ampersand, 1),
            },
            '|' => next switch
            {
                '|' => Peek(2) == '=' ? (TokenKind.CompoundAssignment, 3) : (TokenKind.BarBar, 2),
                '>' => (TokenKind.PipeGreater, 2),
                '=' when Peek(2) != '=' => (TokenKind.CompoundAssignment, 2),
                _ => (TokenKind.Bar, 1),
            },
            '^' => next == '=' && Peek(2) != '=' ? (TokenKind.CompoundAssignment, 2) : (TokenKind.Caret, 1),
            '~' => (TokenKind.Tilde, 1),
            '.' => next != '.' ? (TokenKind.Dot, 1) : Peek(2) switch
            {
                '.' => (TokenKind.Ellipsis, 3),
                '=' => (TokenKind.DotDotEquals, 3),
                _ => (TokenKind.DotDot, 2),
            },
            '?' => next == '?'
                ? Peek(2) == '=' ? (TokenKind.CompoundAssignment, 3) : (TokenKind.QuestionQuestion, 2)
                : (TokenKind.Question, 1),
            ',' => (TokenKind.Comma, 1),
            ':' => next == ':' ? (TokenKind.ColonColon, 2) : (TokenKind.Colon, 1),
            ';' => (TokenKind.Semicolon, 1),
            '@' => (TokenKind.At, 1),
            '$' => (TokenKind.Dollar, 1),
            '#' => (TokenKind.Hash, 1),
            '(' => (TokenKind.OpenParen, 1),
            ')' => (TokenKind.CloseParen, 1),
            '[' => (TokenKind.OpenBracket, 1),
            ']' => (TokenKind.CloseBracket, 1),
            '{' => (TokenKind.OpenBrace, 1),
            _ => (TokenKind.CloseBrace, 1),
        };
    }

    private void SkipStrayCharacters()
    {
        var start = _position;
        _position += ScalarLength();
        while (_position < _text.Length && _text[_position] == _text[start])
            _position += ScalarLength();
        var span = TextSpan.FromBounds(start, _position);
        _flags |= TokenFlags.Damaged;
        if (_source.HasInvalidBytes && _text[start] == '\uFFFD')
            return;
        Error(LexicalErrors.StrayCharacter(_source, span, Printable(_source.Slice(span)), HintFor(_text[start])));
    }

    private static string Printable(ReadOnlySpan<char> text)
    {
        var builder = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || (Rune.IsWhiteSpace(rune) && rune.Value != ' ') || rune.Value == 0xFFFD)
                builder.Append($"\\u{{{rune.Value:X}}}");
            else
                builder.Append(rune);
            if (builder.Length > 40)
                return builder.Append('…').ToString();
        }
        return builder.ToString();
    }

    private static string? HintFor(char c) => c switch
    {
        '“' or '”' or '„' or '«' or '»' => "strings are written with \"",
        '‘' or '’' => "characters are written with '",
        '\u00A0' or '\u2003' or '\u2002' or '\u2009' or '\u3000' => "this is a special blank; write an ordinary one",
        '\\' => "a backslash has a meaning only inside strings",
        '×' => "multiplication is written *",
        '÷' => "division is written /",
        '≤' => "less or equal is written <=",
        '≥' => "greater or equal is written >=",
        '≠' => "not equal is written !=",
        '→' => "the arrow is written ->",
        '−' or '–' => "minus is written -",
        _ => null,
    };

    private bool IsForeignLetter() =>
        Current > 127 && Rune.TryGetRuneAt(_text, _position, out var rune) && Rune.IsLetter(rune);

    private int ScalarLength() =>
        char.IsHighSurrogate(_text[_position]) && _position + 1 < _text.Length && char.IsLowSurrogate(_text[_position + 1]) ? 2 : 1;

    private void Add(TokenKind kind, int start, object? value, string? text = null)
    {
        _tokens.Add(new SyntaxToken(_source, kind, _fullStart, TextSpan.FromBounds(start, _position), value, _flags, text));
        _previousKind = kind;
        _previousIsExtension = false;
        _fullStart = _position;
        _flags = TokenFlags.None;
    }

    private void Error(Diagnostic diagnostic)
    {
        _diagnostics.Add(diagnostic);
        _flags |= TokenFlags.Damaged;
    }

    private TextSpan From(int start) => TextSpan.FromBounds(start, _position);

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsWordPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static readonly System.Buffers.SearchValues<char> _marks = System.Buffers.SearchValues.Create("\"'`+-*/%=!<>&|^~?.,:;@$#()[]{}");

    private static bool IsTokenStart(char c) => IsWordPart(c) || _marks.Contains(c);
}
