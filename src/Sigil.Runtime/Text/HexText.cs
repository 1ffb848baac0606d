using Sigil.Runtime.Values;

namespace Sigil.Runtime.Text;

/// <summary>std.encoding.hex. Codes of failed decoding: 1 invalid character (with its index), 2 odd length.</summary>
public static class HexText
{
    /// <summary>Lower case.</summary>
    [Intrinsic("encoding.hex.encode"), ReadsOnly]
    public static string Encode(SigilList<byte> data) => Convert.ToHexStringLower(data.Span);

    /// <summary>Reads both cases.</summary>
    [Intrinsic("encoding.hex.decode_raw")]
    public static (long Code, SigilList<byte> Value, long Position) Decode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiHexDigit(text[i]))
                return (1, SigilList<byte>.Empty, TextIndex.IndexAt(text, i));
        }
        return text.Length % 2 != 0 ? (2, SigilList<byte>.Empty, 0) : (0, SigilList<byte>.Of(Convert.FromHexString(text)), 0);
    }
}
