using System.Globalization;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Lexing;

/// <content>Numbers, durations and sizes.</content>
internal sealed partial class Lexer
{
    private const ulong MinimumMagnitude = 1UL << 63;

    /// <summary>The values of small numbers, which are the most frequent ones.</summary>
    private static readonly object?[] smallNumbers = new object?[256];

    private static readonly HashSet<string> _plausibleUnits =
        ["sec", "secs", "min", "mins", "hour", "hours", "day", "days", "week", "msec", "kib", "mib", "gib", "byte", "bytes", "ns", "us"];

    private void LexNumber()
    {
        var start = _position;
        if (_previousKind == TokenKind.Dot && _fullStart == start)
        {
            LexTupleIndex();
            return;
        }
        if (Current == '0' && Peek() == 'x')
            LexRadix(start, 16);
        else if (Current == '0' && Peek() == 'b' && char.IsAsciiDigit(Peek(2)))
            LexRadix(start, 2);
        else
            LexDecimal(start);
    }

    /// <summary>After a dot only digits: <c>p.0.1</c> is two accesses.</summary>
    private void LexTupleIndex()
    {
        var start = _position;
        while (char.IsAsciiDigit(Current))
            _position++;
        var value = long.TryParse(_text.AsSpan(start, _position - start), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? n
            : long.MaxValue;
        if (IsWordStart(Current))
        {
            SkipWord();
            NoValue(LexicalErrors.MalformedNumber(_source, From(start), Written(start), "after a dot stands a name or the number of a tuple part"));
        }
        Add(TokenKind.IntLiteral, start, value);
    }

    private void LexRadix(int start, int radix)
    {
        _position += 2;
        var digits = 0;
        ulong value = 0;
        var overflow = false;
        while (IsWordPart(Current))
        {
            var c = Current;
            if (c != '_')
            {
                if (!char.IsAsciiHexDigit(c) || HexValue(c) >= radix)
                    break;
                overflow |= value >> (radix == 16 ? 60 : 63) != 0;
                value = unchecked(value * (ulong)radix + (ulong)HexValue(c));
                digits++;
            }
            else if (digits == 0)
            {
                break;
            }
            _position++;
        }
        if (digits == 0 || IsWordPart(Current))
        {
            SkipWord();
            NoValue(LexicalErrors.MalformedNumber(_source, From(start), Written(start),
                radix == 16 ? "0x is followed by the digits 0 to 9 and a to f" : "0b is followed by the digits 0 and 1"));
            value = 0;
        }
        AddInteger(start, value, overflow);
    }

    private void LexDecimal(int start)
    {
        SkipDigits();
        if (Current == '.' && char.IsAsciiDigit(Peek()))
        {
            LexFraction(start);
            return;
        }
        if (!IsWordPart(Current))
        {
            var fits = TryReadDigits(_text.AsSpan(start, _position - start), out var value);
            AddInteger(start, fits ? value : 0, !fits);
            return;
        }
        var digits = Written(start).Replace("_", "");
        var unitStart = _position;
        SkipWord();
        LexUnit(start, digits, _text[unitStart.._position], From(unitStart));
    }

    private void LexUnit(int start, string digits, string unit, TextSpan unitSpan)
    {
        long scale = unit switch
        {
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            "b" => 1,
            "kb" => 1024,
            "mb" => 1024 * 1024,
            "gb" => 1024 * 1024 * 1024,
            _ => 0,
        };
        if (scale == 0)
        {
            if (unit.All(char.IsAsciiLetter) && (unit.Length <= 2 || _plausibleUnits.Contains(unit)) && unit is not ("e" or "E"))
                NoValue(LexicalErrors.UnknownUnit(_source, unitSpan, unit));
            else
                NoValue(LexicalErrors.MalformedNumber(_source, From(start), Written(start), unit[0] is 'e' or 'E'
                    ? "a number with exponent has digits after a point: 1.0e5"
                    : "a name cannot start with a digit, and a number ends before the next word"));
            Add(TokenKind.IntLiteral, start, 0L);
            return;
        }
        var kind = unit.EndsWith('b') ? TokenKind.SizeLiteral : TokenKind.DurationLiteral;
        long value = 0;
        try
        {
            value = checked(long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture) * scale);
        }
        catch (OverflowException)
        {
            NoValue(LexicalErrors.QuantityTooLarge(_source, From(start), kind == TokenKind.SizeLiteral ? "Size" : "Duration"));
        }
        Add(kind, start, value);
    }

    private void LexFraction(int start)
    {
        _position++;
        SkipDigits();
        if (Current is 'e' or 'E'
            && (char.IsAsciiDigit(Peek()) || (Peek() is '+' or '-' && char.IsAsciiDigit(Peek(2)))))
        {
            _position += 2;
            SkipDigits();
        }
        var value = 0.0;
        if (IsWordPart(Current))
        {
            SkipWord();
            var written = Written(start);
            NoValue(LexicalErrors.MalformedNumber(_source, From(start), written, written[^1] is 's' or 'm' or 'h' or 'b'
                ? "durations and sizes are whole numbers: 1500ms instead of 1.5s"
                : "a float looks like 1.5 or 1.5e-3"));
        }
        else
        {
            value = double.Parse(Written(start).Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        Add(TokenKind.FloatLiteral, start, value);
    }

    private void AddInteger(int start, ulong value, bool overflow)
    {
        if (overflow || value > MinimumMagnitude)
        {
            NoValue(LexicalErrors.IntegerTooLarge(_source, From(start)));
            value = 0;
        }
        else if (value == MinimumMagnitude)
        {
            // Whether a minus stands before it is for the parser to see.
            _flags |= TokenFlags.MinimumMagnitude;
        }
        Add(TokenKind.IntLiteral, start, value < (ulong)smallNumbers.Length ? smallNumbers[value] ??= (long)value : unchecked((long)value));
    }

    /// <summary>Reports a number that means nothing: whatever is said about its value or type would be a second error for one cause.</summary>
    private void NoValue(Diagnostic diagnostic)
    {
        Error(diagnostic);
        _flags |= TokenFlags.NoValue;
    }

    private static bool TryReadDigits(ReadOnlySpan<char> written, out ulong value)
    {
        value = 0;
        foreach (var c in written)
        {
            if (c == '_')
                continue;
            var digit = (ulong)(c - '0');
            if (value > (ulong.MaxValue - digit) / 10)
                return false;
            value = value * 10 + digit;
        }
        return true;
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Current) || Current == '_')
            _position++;
    }

    private void SkipWord()
    {
        while (IsWordPart(Current))
            _position++;
    }

    private string Written(int start) => _text[start.._position];

    private static int HexValue(char c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}
