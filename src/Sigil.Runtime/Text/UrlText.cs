using System.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Text;

/// <summary>std.encoding.url: percent encoding (RFC 3986).</summary>
public static class UrlText
{
    private const string Unreserved = "-._~", Reserved = ":/?#[]@!$&'()*+,;=";

    /// <summary>Encodes all but unreserved characters: for one part of a URL.</summary>
    [Intrinsic("encoding.url.encode_component")]
    public static string EncodeComponent(string text) => Encode(text, Unreserved);

    /// <summary>Encodes all but unreserved and reserved characters: for a whole URL.</summary>
    [Intrinsic("encoding.url.encode")]
    public static string EncodeWhole(string text) => Encode(text, Unreserved + Reserved);

    /// <summary>Replaces percent sequences; code 1 with the index of a bad one, 2 when the bytes are not UTF-8.</summary>
    [Intrinsic("encoding.url.decode_raw")]
    public static (long Code, string Value, long Position) Decode(string text)
    {
        if (!text.Contains('%'))
            return (0, text, 0);
        var source = Encoding.UTF8.GetBytes(text);
        var target = new byte[source.Length];
        var length = 0;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != '%')
            {
                target[length++] = source[i];
                continue;
            }
            if (i + 2 >= source.Length || !char.IsAsciiHexDigit((char)source[i + 1]) || !char.IsAsciiHexDigit((char)source[i + 2]))
                return (1, "", Encoding.UTF8.GetCharCount(source, 0, i) is var units ? TextIndex.IndexAt(text, units) : 0);
            target[length++] = Convert.FromHexString([(char)source[i + 1], (char)source[i + 2]])[0];
            i += 2;
        }
        var (code, value, _) = StringOps.FromUtf8(target.AsSpan(0, length));
        return code == 0 ? (0, value, 0) : (2, "", 0);
    }

    private static string Encode(string text, string kept)
    {
        var encoded = new StringBuilder(text.Length + 16);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || kept.Contains((char)rune.Value)))
            {
                encoded.Append((char)rune.Value);
                continue;
            }
            foreach (var unit in bytes[..rune.EncodeToUtf8(bytes)])
                encoded.Append('%').Append(Convert.ToHexString([unit]));
        }
        return encoded.ToString();
    }
}
