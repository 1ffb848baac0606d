using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Text;

namespace Sigil.Runtime.Values;

/// <summary>The conversion functions <c>int float byte char</c>; what does not convert panics with E9006.</summary>
public static class Conversions
{
    private const double TwoTo63 = 9223372036854775808.0;

    /// <summary><c>int(float)</c>: truncates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [Intrinsic("int_of_float")]
    public static long IntOfFloat(double value, string site)
    {
        // Written so that NaN fails too.
        if (!(value >= -TwoTo63 && value < TwoTo63))
            Panic.Conversion(Literals.Float(value), "int", site);
        return (long)value;
    }

    /// <summary><c>int(str)</c>.</summary>
    [Intrinsic("int_of_str")]
    public static long IntOfStr(string text, string site)
    {
        if (!TryParseInt(text, out var value))
            Panic.Conversion(Literals.Quote(text), "int", site);
        return value;
    }

    /// <summary><c>int(bool)</c>.</summary>
    public static long IntOfBool(bool value) => value ? 1 : 0;

    /// <summary><c>int(byte)</c>.</summary>
    [Intrinsic("int_of_byte"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long IntOfByte(byte value) => value;

    /// <summary><c>int(char)</c>: the code point.</summary>
    [Intrinsic("int_of_char"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long IntOfChar(int value) => value;

    /// <summary><c>char(byte)</c>.</summary>
    [Intrinsic("char_of_byte"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CharOfByte(byte value) => value;

    /// <summary><c>float(int)</c>: nearest.</summary>
    [Intrinsic("float_of_int")]
    public static double FloatOfInt(long value) => value;

    /// <summary><c>float(str)</c>.</summary>
    [Intrinsic("float_of_str")]
    public static double FloatOfStr(string text, string site)
    {
        if (!TryParseFloat(text, out var value))
            Panic.Conversion(Literals.Quote(text), "float", site);
        return value;
    }

    /// <summary><c>byte(int)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [Intrinsic("byte_of_int")]
    public static byte ByteOfInt(long value, string site)
    {
        if ((ulong)value > 255)
            Panic.Conversion(value.ToString(CultureInfo.InvariantCulture), "byte", site);
        return (byte)value;
    }

    /// <summary><c>byte(char)</c>: up to U+00FF.</summary>
    [Intrinsic("byte_of_char")]
    public static byte ByteOfChar(int value, string site)
    {
        if ((uint)value > 255)
            Panic.Conversion(Literals.QuoteChar(value), "byte", site);
        return (byte)value;
    }

    /// <summary><c>byte(str)</c>: the first byte of its UTF-8 form.</summary>
    [Intrinsic("byte_of_str")]
    public static byte ByteOfStr(string text, string site)
    {
        if (text.Length == 0)
            Panic.Conversion("\"\"", "byte", site);
        Span<byte> bytes = stackalloc byte[4];
        Rune.GetRuneAt(text, 0).EncodeToUtf8(bytes);
        return bytes[0];
    }

    /// <summary><c>char(int)</c>.</summary>
    [Intrinsic("char_of_int")]
    public static int CharOfInt(long value, string site)
    {
        if (value is < 0 or > 0x10FFFF or (>= 0xD800 and <= 0xDFFF))
            Panic.Conversion(value.ToString(CultureInfo.InvariantCulture), "char", site);
        return (int)value;
    }

    /// <summary>Decimal digits with an optional sign and nothing else.</summary>
    public static bool TryParseInt(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && !HasForeign(text);

    /// <summary><c>parse_int</c>: None when the text is no int.</summary>
    [Intrinsic("try_parse_int")]
    public static Option<long> ParseInt(string text) =>
        TryParseInt(text, out var value) ? Option<long>.Some(value) : Option<long>.None;

    /// <summary>Digits with an optional sign, fraction and exponent; or <c>inf</c>, <c>nan</c> with an optional sign.</summary>
    public static bool TryParseFloat(string text, out double value)
    {
        value = 0;
        var span = text.AsSpan();
        var negative = span.Length > 0 && span[0] == '-';
        var body = negative || (span.Length > 0 && span[0] == '+') ? span[1..] : span;
        if (body.SequenceEqual("inf"))
        {
            value = negative ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        if (body.SequenceEqual("nan"))
        {
            value = double.NaN;
            return true;
        }
        return IsDecimal(body) && double.TryParse(span, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary><c>parse_float</c>: None when the text is no float.</summary>
    [Intrinsic("try_parse_float")]
    public static Option<double> ParseFloat(string text) =>
        TryParseFloat(text, out var value) ? Option<double>.Some(value) : Option<double>.None;

    // .NET accepts trailing NULs.
    private static bool HasForeign(string text) => text[^1] is < '0' or > '9';

    private static bool IsDecimal(ReadOnlySpan<char> body)
    {
        var at = Digits(body, 0);
        if (at <= 0)
            return false;
        if (at < body.Length && body[at] == '.')
        {
            var after = Digits(body, at + 1);
            if (after == at + 1)
                return false;
            at = after;
        }
        if (at < body.Length && body[at] is 'e' or 'E')
        {
            at++;
            if (at < body.Length && body[at] is '+' or '-')
                at++;
            var after = Digits(body, at);
            if (after == at)
                return false;
            at = after;
        }
        return at == body.Length;
    }

    private static int Digits(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return at;
    }
}
