using System.Buffers;
using System.Text;
using System.Text.Json;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Json;

/// <summary>A JSON text that is being read.</summary>
public sealed class JsonSource
{
    // Deep enough for anything that somebody means, and far from the end of the smallest stack.
    private const int MaxDepth = 1000;
    private static readonly JsonReaderOptions readerOptions = new() { MaxDepth = MaxDepth };

    private JsonSource(byte[] bytes) => Bytes = bytes;

    internal byte[] Bytes { get; }

    /// <summary>The value that a text holds; without one, what is wrong, and the line and column of it.</summary>
    [Intrinsic("json_document")]
    public static (Option<JsonNode> Value, string Problem, long Line, long Column) Read(string text)
    {
        var source = new JsonSource(Encoding.UTF8.GetBytes(text));
        try
        {
            var document = JsonDocument.Parse(source.Bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (text.Contains("\\u", StringComparison.Ordinal) && source.FindLoneSurrogate() is { } at)
                return source.Fail("an escape that stands for half a character", at);
            return (Option<JsonNode>.Some(new JsonNode(source, document.RootElement)), "", 0, 0);
        }
        catch (JsonException problem)
        {
            return source.Explain(problem);
        }
    }

    /// <summary>Line and column of a byte, from 1; columns count scalars.</summary>
    internal (long Line, long Column) PositionOf(int offset)
    {
        var before = Bytes.AsSpan(0, offset);
        var start = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, Scalars(before[start..]) + 1);
    }

    private static int Scalars(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var b in utf8)
            if ((b & 0xC0) != 0x80) count++;
        return count;
    }

    private (Option<JsonNode>, string, long, long) Fail(string problem, int offset)
    {
        var (line, column) = PositionOf(offset);
        return (Option<JsonNode>.None, problem, line, column);
    }

    private (Option<JsonNode>, string, long, long) Explain(JsonException problem)
    {
        var offset = 0;
        for (var line = 0L; line < problem.LineNumber; line++) offset += Bytes.AsSpan(offset).IndexOf((byte)'\n') + 1;
        offset = (int)Math.Min(offset + (problem.BytePositionInLine ?? 0), Bytes.Length);
        if (TooDeep()) return Fail($"nested more than {MaxDepth} levels deep", offset);
        if (offset >= Bytes.Length || Rune.DecodeFromUtf8(Bytes.AsSpan(offset), out var found, out _) != OperationStatus.Done) return Fail("unexpected end of the text", Bytes.Length);
        return Fail($"unexpected {Literals.QuoteChar(found.Value)}", offset);
    }

    // The exception does not say which rule it is that was broken.
    private bool TooDeep()
    {
        var reader = new Utf8JsonReader(Bytes, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
                if (reader.CurrentDepth >= MaxDepth && reader.TokenType is (JsonTokenType.StartArray or JsonTokenType.StartObject)) return true;
        }
        catch (JsonException)
        {
            return false;
        }
        return false;
    }

    // The document checks escapes only when a string is asked for.
    private int? FindLoneSurrogate()
    {
        var reader = new Utf8JsonReader(Bytes, readerOptions);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped) continue;
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                return (int)reader.TokenStartIndex;
            }
        }
        return null;
    }
}
