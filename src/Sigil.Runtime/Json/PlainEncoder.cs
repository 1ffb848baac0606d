using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Sigil.Runtime.Json;

/// <summary>Escapes in JSON strings what has to be escaped and nothing else: quotes, backslashes, control characters.</summary>
internal sealed unsafe class PlainEncoder : JavaScriptEncoder
{
    private const string Special = "\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f";
    private static readonly SearchValues<char> chars = SearchValues.Create(Special);
    private static readonly SearchValues<byte> bytes = SearchValues.Create(Encoding.ASCII.GetBytes(Special));

    /// <summary>It has no state.</summary>
    public static PlainEncoder Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => 6;

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncode(char* text, int textLength) => new ReadOnlySpan<char>(text, textLength).IndexOfAny(chars);

    /// <inheritdoc/>
    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => utf8Text.IndexOfAny(bytes);

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => unicodeScalar < 128 && chars.Contains((char)unicodeScalar);

    /// <inheritdoc/>
    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var target = new Span<char>(buffer, bufferLength);
        var escape = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\b' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\f' => "\\f",
            '\r' => "\\r",
            _ => null,
        };
        if (escape is null)
        {
            numberOfCharactersWritten = 6;
            return target.TryWrite($"\\u{unicodeScalar:x4}", out _);
        }
        numberOfCharactersWritten = escape.Length;
        return escape.TryCopyTo(target);
    }
}
