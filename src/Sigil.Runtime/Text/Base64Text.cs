using Sigil.Runtime.Values;

namespace Sigil.Runtime.Text;

/// <summary>std.encoding.base64. Codes of failed decoding: 1 invalid character (with its index), 2 length, 3 padding.</summary>
public static class Base64Text
{
    private const int Invalid = 1, Length = 2, Padding = 3;

    /// <summary>The standard alphabet, padded.</summary>
    [Intrinsic("encoding.base64.encode_bytes"), ReadsOnly]
    public static string Encode(SigilList<byte> data) => Convert.ToBase64String(data.Span);

    /// <summary>The alphabet for URLs (<c>-_</c>), padded.</summary>
    [Intrinsic("encoding.base64.encode_url_bytes"), ReadsOnly]
    public static string EncodeUrl(SigilList<byte> data) => Convert.ToBase64String(data.Span).Replace('+', '-').Replace('/', '_');

    /// <summary>Reads the standard alphabet; padding is wanted.</summary>
    [Intrinsic("encoding.base64.decode_raw")]
    public static (long Code, SigilList<byte> Value, long Position) Decode(string text) => Decode(text, '+', '/', paddingNeeded: true);

    /// <summary>Reads the alphabet for URLs; padding may be missing.</summary>
    [Intrinsic("encoding.base64.decode_url_raw")]
    public static (long Code, SigilList<byte> Value, long Position) DecodeUrl(string text) => Decode(text, '-', '_', paddingNeeded: false);

    private static (long, SigilList<byte>, long) Decode(string text, char plus, char slash, bool paddingNeeded)
    {
        var digits = text.AsSpan().TrimEnd('=');
        var padding = text.Length - digits.Length;
        var bytes = new byte[digits.Length * 3L / 4];
        var at = 0;
        uint bits = 0;
        var count = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var value = ValueOf(digits[i], plus, slash);
            if (value < 0)
                return (Invalid, SigilList<byte>.Empty, TextIndex.IndexAt(text, i));
            bits = bits << 6 | (uint)value;
            count += 6;
            if (count >= 8)
            {
                count -= 8;
                bytes[at++] = (byte)(bits >> count);
            }
        }
        if (digits.Length % 4 == 1)
            return (Length, SigilList<byte>.Empty, 0);
        var missing = (4 - digits.Length % 4) % 4;
        // Bits left over must be zero: otherwise two texts would mean the same bytes.
        if (padding != missing && (paddingNeeded || padding != 0) || (bits & ((1u << count) - 1)) != 0)
            return (paddingNeeded && padding == 0 && missing > 0 ? Length : Padding, SigilList<byte>.Empty, 0);
        return (0, SigilList<byte>.Of(bytes), 0);
    }

    private static int ValueOf(char digit, char plus, char slash) => digit switch
    {
        >= 'A' and <= 'Z' => digit - 'A',
        >= 'a' and <= 'z' => digit - 'a' + 26,
        >= '0' and <= '9' => digit - '0' + 52,
        _ => digit == plus ? 62 : digit == slash ? 63 : -1,
    };
}
