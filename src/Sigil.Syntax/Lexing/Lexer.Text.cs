using System.Globalization;
using System.Text;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Lexing;

/// <content>Strings, characters, quoted paths and templates.</content>
internal sealed partial class Lexer
{
    private bool AtLineEnd => _position >= _text.Length || _text[_position] is '\n' or '\r';

    private void LexString()
    {
        var start = _position++;
        _value.Clear();
        while (!AtLineEnd && Current != '"')
            LexTextCharacter();
        if (AtLineEnd)
            Error(LexicalErrors.UnclosedString(_source, From(start)));
        else
            _position++;
        Add(TokenKind.StringLiteral, start, _value.ToString());
    }

    private void LexQuoted()
    {
        var isPath = _previousKind == TokenKind.UseKeyword || _previousIsExtension;
        var start = _position++;
        _value.Clear();
        var count = 0;
        while (!AtLineEnd && Current != '\'')
        {
            if (isPath)
                _value.Append(_text[_position++]);
            else
                LexTextCharacter();
            count++;
        }
        var closed = !AtLineEnd;
        if (closed)
            _position++;
        else
            Error(LexicalErrors.UnclosedQuote(_source, From(start), isPath));
        if (isPath)
        {
            // A path without end names no module that could be missing.
            Add(TokenKind.PathLiteral, start, closed ? _value.ToString() : "");
            return;
        }
        if (closed && count != 1)
            Error(LexicalErrors.CharacterCount(_source, From(start), count));
        var value = _value.Length > 0 && Rune.TryGetRuneAt(_value.ToString(), 0, out var rune) ? rune : new Rune('\0');
        Add(TokenKind.CharLiteral, start, value);
    }

    private void LexTemplateStart()
    {
        var start = _position++;
        Add(TokenKind.TemplateStart, start, null);
        LexTemplateText(start);
    }

    private void LexHoleClose()
    {
        var (templateStart, _) = _holes.Pop();
        var start = _position++;
        Add(TokenKind.HoleClose, start, null);
        LexTemplateText(templateStart);
    }

    /// <summary>Lexes text up to the next hole, the end of the template or the end of the file.</summary>
    private void LexTemplateText(int templateStart)
    {
        var start = _position;
        _value.Clear();
        while (_position < _text.Length)
        {
            var c = Current;
            if (c == '`')
            {
                FlushTemplateText(start);
                _position++;
                Add(TokenKind.TemplateEnd, _position - 1, null);
                return;
            }
            if (c == '{' && Peek() != '{')
            {
                FlushTemplateText(start);
                _position++;
                Add(TokenKind.HoleOpen, _position - 1, null);
                _holes.Push((templateStart, 0));
                return;
            }
            if (c is '{' or '}')
            {
                if (Peek() == c)
                    _position++;
                else
                    Error(LexicalErrors.LoneBraceInTemplate(_source, new TextSpan(_position, 1)));
                _value.Append(c);
                _position++;
            }
            else if (c == '\r')
            {
                // Line ends count as LF, however the file writes them.
                _value.Append('\n');
                _position += Peek() == '\n' ? 2 : 1;
            }
            else
            {
                LexTextCharacter();
            }
        }
        FlushTemplateText(start);
        _holes.Clear();
        Error(LexicalErrors.UnclosedTemplate(_source, new TextSpan(templateStart, 1)));
    }

    private void FlushTemplateText(int start)
    {
        if (_position > start)
            Add(TokenKind.TemplateText, start, _value.ToString());
    }

    /// <summary>Appends one character or escape to the value.</summary>
    private void LexTextCharacter()
    {
        if (Current != '\\')
        {
            var length = ScalarLength();
            _value.Append(_text, _position, length);
            _position += length;
            return;
        }
        var start = _position++;
        if (AtLineEnd)
        {
            Error(LexicalErrors.UnknownEscape(_source, From(start), "\\"));
            return;
        }
        var escape = Current;
        if (escape == 'u' && Peek() == '{')
        {
            LexScalarEscape(start);
            return;
        }
        _position += ScalarLength();
        var decoded = escape switch
        {
            '\\' or '"' or '\'' or '`' => escape,
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '0' => '\0',
            _ => '\uFFFF',
        };
        if (decoded == '\uFFFF')
        {
            Error(LexicalErrors.UnknownEscape(_source, From(start), Printable(_source.Slice(From(start)))));
            decoded = escape;
        }
        _value.Append(decoded);
    }

    private void LexScalarEscape(int start)
    {
        _position += 2;
        var digitsStart = _position;
        while (char.IsAsciiHexDigit(Current))
            _position++;
        var digits = _text.AsSpan(digitsStart, _position - digitsStart);
        var closed = Current == '}';
        if (closed)
            _position++;
        if (closed && digits.Length is >= 1 and <= 6
            && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var scalar)
            && Rune.IsValid(scalar))
        {
            _value.Append(new Rune(scalar));
            return;
        }
        Error(LexicalErrors.NotAScalar(_source, From(start), Printable(_source.Slice(From(start)))));
        _value.Append('\uFFFD');
    }
}
