using System.Globalization;
using System.Numerics;
using System.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Text;

/// <summary>Values of primitive types as text: what <c>str(x)</c> gives, and the quoted forms used inside other values.</summary>
public static class Literals
{
    /// <summary>An int.</summary>
    [Intrinsic("int.to_string")]
    public static string Int(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A byte.</summary>
    [Intrinsic("byte.to_string")]
    public static string Byte(byte value) => ((uint)value).ToString(CultureInfo.InvariantCulture);

    /// <summary><c>true</c> or <c>false</c>.</summary>
    [Intrinsic("bool.to_string")]
    public static string Bool(bool value) => value ? "true" : "false";

    /// <summary>A char as text of one scalar.</summary>
    [Intrinsic("char.to_string")]
    public static string Char(int value) => value < 0x10000 ? ((char)value).ToString() : char.ConvertFromUtf32(value);

    /// <summary>The shortest text that reads back, always with a point or an exponent (below 1e-4 and from 1e16).</summary>
    [Intrinsic("float.to_string")]
    public static string Float(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        Span<char> buffer = stackalloc char[40];
        // Where .NET by itself changes to exponents differs; between these bounds it never does.
        var magnitude = Math.Abs(value);
        if (magnitude is (>= 1e-4 and < 1e15) or 0)
        {
            value.TryFormat(buffer, out var written, "R", CultureInfo.InvariantCulture);
            var plain = buffer[..written];
            return plain.Contains('.') ? new string(plain) : string.Concat(plain, ".0");
        }

        value.TryFormat(buffer, out var length, "R", CultureInfo.InvariantCulture);
        var digits = buffer[..length];
        var exponentAt = digits.IndexOf('E');
        if (exponentAt < 0)
            return FromPlainDigits(digits);
        var exponent = int.Parse(digits[(exponentAt + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = digits[..exponentAt];
        if (exponent is < -4 or >= 16)
            return string.Concat(mantissa, "e", exponent.ToString(CultureInfo.InvariantCulture));
        return Positional(mantissa, exponent);
    }

    /// <summary>A Duration as a literal in its largest exact unit.</summary>
    [Intrinsic("Duration.to_string")]
    public static string Duration(long nanoseconds) => nanoseconds switch
    {
        0 => "0s",
        _ when nanoseconds % DurationMath.Hour == 0 => Int(nanoseconds / DurationMath.Hour) + "h",
        _ when nanoseconds % DurationMath.Minute == 0 => Int(nanoseconds / DurationMath.Minute) + "m",
        _ when nanoseconds % DurationMath.Second == 0 => Int(nanoseconds / DurationMath.Second) + "s",
        _ when nanoseconds % DurationMath.Millisecond == 0 => Int(nanoseconds / DurationMath.Millisecond) + "ms",
        _ => Int(nanoseconds) + "ns",
    };

    /// <summary>A Size as a literal in its largest exact unit.</summary>
    [Intrinsic("Size.to_string")]
    public static string Size(long bytes) => bytes switch
    {
        0 => "0b",
        _ when (bytes & 0x3FFFFFFF) == 0 => Int(bytes >> 30) + "gb",
        _ when (bytes & 0xFFFFF) == 0 => Int(bytes >> 20) + "mb",
        _ when (bytes & 0x3FF) == 0 => Int(bytes >> 10) + "kb",
        _ => Int(bytes) + "b",
    };

    /// <summary>A str in quotes, with escapes.</summary>
    [Intrinsic("str.debug")]
    public static string Quote(string text)
    {
        if (!NeedsEscapes(text, '"'))
            return string.Concat("\"", text, "\"");
        var quoted = new StringBuilder(text.Length + 8).Append('"');
        foreach (var unit in text)
            AppendEscaped(quoted, unit, '"');
        return quoted.Append('"').ToString();
    }

    /// <summary>A char in quotes, with escapes.</summary>
    [Intrinsic("char.debug")]
    public static string QuoteChar(int value)
    {
        if (value >= 0x10000)
            return string.Concat("'", char.ConvertFromUtf32(value), "'");
        var quoted = new StringBuilder(8).Append('\'');
        AppendEscaped(quoted, (char)value, '\'');
        return quoted.Append('\'').ToString();
    }

    /// <summary><c>n.to_hex()</c>: lower case, without prefix; negative numbers with a minus.</summary>
    [Intrinsic("int.to_hex")]
    public static string Hex(long value) => Based(value, 16);

    /// <summary><c>format_int</c>: base 2 to 36, lower case.</summary>
    [Intrinsic("fmt.int_in_base")]
    public static string Based(long value, long radix)
    {
        Span<char> buffer = stackalloc char[65];
        var at = buffer.Length;
        var rest = value < 0 ? (ulong)-(Int128)value : (ulong)value;
        do
        {
            var digit = (int)(rest % (ulong)radix);
            rest /= (ulong)radix;
            buffer[--at] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
        while (rest != 0);
        if (value < 0)
            buffer[--at] = '-';
        return new string(buffer[at..]);
    }

    /// <summary><c>format_float</c>: exactly this many decimals, half away from zero on the exact value; <c>nan</c>, <c>inf</c> stay.</summary>
    [Intrinsic("fmt.float_fixed")]
    public static string Fixed(double value, long precision)
    {
        if (!double.IsFinite(value)) return Float(value);
        int decimals = (int)Math.Clamp(precision, 0, 1000);
        // .NET rounds what lies exactly in the middle to the even digit. That is the case when one more decimal says all there is, and its last digit is 5.
        if (FractionBits(value) != decimals + 1) return Decimals(value, decimals);
        var digits = Decimals(value, decimals + 1).AsSpan()[..^1].TrimEnd('.').ToArray();
        int at = digits.Length - 1;
        for (; at >= 0 && digits[at] is '9' or '.'; at--)
            if (digits[at] == '9') digits[at] = '0';
        if (at >= 0 && digits[at] != '-')
        {
            digits[at]++;
            return new string(digits);
        }
        return at < 0 ? "1" + new string(digits) : "-1" + new string(digits, 1, digits.Length - 1);
    }

    private static string Decimals(double value, int count) =>
        value.ToString("F" + count.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    // How many binary digits there are behind the point; a finite decimal fraction has as many decimal ones.
    private static int FractionBits(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value), mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        int exponent = (int)((bits >> 52) & 0x7FF);
        if (exponent == 0) exponent = 1;
        else mantissa |= 0x10_0000_0000_0000;
        return mantissa == 0 ? 0 : Math.Max(0, 1075 - exponent - BitOperations.TrailingZeroCount(mantissa));
    }

    // Digits without exponent although the number is large: 1e15 and above are integers, so there is no point in them.
    private static string FromPlainDigits(ReadOnlySpan<char> digits)
    {
        var sign = digits[0] == '-' ? "-" : "";
        var body = digits[sign.Length..];
        if (body.Contains('.') || body.Length <= 16)
            return body.Contains('.') ? new string(digits) : string.Concat(digits, ".0");
        var significant = body.TrimEnd('0');
        var exponent = (body.Length - 1).ToString(CultureInfo.InvariantCulture);
        return significant.Length == 1
            ? string.Concat(sign, significant, "e", exponent)
            : string.Concat(string.Concat(sign, significant[..1], "."), significant[1..], "e", exponent);
    }

    private static string Positional(ReadOnlySpan<char> mantissa, int exponent)
    {
        var text = new StringBuilder(24);
        if (mantissa[0] == '-')
        {
            text.Append('-');
            mantissa = mantissa[1..];
        }
        var digits = string.Concat(mantissa[..1], mantissa.Length > 1 ? mantissa[2..] : default);
        if (exponent < 0)
            return text.Append("0.").Append('0', -exponent - 1).Append(digits).ToString();
        if (digits.Length <= exponent + 1)
            return text.Append(digits).Append('0', exponent + 1 - digits.Length).Append(".0").ToString();
        return text.Append(digits, 0, exponent + 1).Append('.').Append(digits, exponent + 1, digits.Length - exponent - 1).ToString();
    }

    private static bool NeedsEscapes(string text, char quote)
    {
        foreach (var unit in text)
        {
            if (unit < ' ' || unit == quote || unit == '\\' || unit is >= '\u007f' and < '\u00a0')
                return true;
        }
        return false;
    }

    private static void AppendEscaped(StringBuilder into, char unit, char quote)
    {
        switch (unit)
        {
            case '\\': into.Append("\\\\"); break;
            case '\n': into.Append("\\n"); break;
            case '\t': into.Append("\\t"); break;
            case '\r': into.Append("\\r"); break;
            case '\0': into.Append("\\0"); break;
            case '"' or '\'' when unit == quote: into.Append('\\').Append(unit); break;
            case < ' ' or (>= '\u007f' and < '\u00a0'):
                into.Append("\\u{").Append(((int)unit).ToString("x", CultureInfo.InvariantCulture)).Append('}');
                break;
            default: into.Append(unit); break;
        }
    }
}
