using System.Collections.Immutable;
using System.Text;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax;

/// <summary>
/// The text of one file with its line map. Line ends are LF, CR LF and lone CR. The text is kept exactly as
/// decoded, so that a tree over it can print it back; a byte order mark stays in it as its first character.
/// </summary>
public sealed class SourceText
{
    private static readonly UTF8Encoding _lenientUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: false);

    private ImmutableArray<int> _lineStarts;

    private SourceText(string path, string text, bool hasInvalidBytes)
    {
        Path = path;
        Text = text;
        HasInvalidBytes = hasInvalidBytes;
    }

    /// <summary>The path as given by the user; it appears in diagnostics.</summary>
    public string Path { get; }

    /// <summary>The decoded text.</summary>
    public string Text { get; }

    /// <summary>Whether the bytes were not UTF-8; each offending sequence reads as U+FFFD.</summary>
    public bool HasInvalidBytes { get; }

    /// <summary>Length in UTF-16 units.</summary>
    public int Length => Text.Length;

    /// <summary>The start position of every line; the first is 0.</summary>
    public ImmutableArray<int> LineStarts
    {
        get
        {
            if (_lineStarts.IsDefault)
                ImmutableInterlocked.InterlockedInitialize(ref _lineStarts, FindLineStarts(Text));
            return _lineStarts;
        }
    }

    /// <summary>A source from text already decoded.</summary>
    public static SourceText FromString(string path, string text) => new(path, text, hasInvalidBytes: false);

    /// <summary>A source from the bytes of a file; reports E0001 when they are not UTF-8.</summary>
    public static SourceText From(string path, ReadOnlySpan<byte> bytes, DiagnosticBag diagnostics)
    {
        var invalidOffset = FirstInvalidByte(bytes);
        var source = new SourceText(path, _lenientUtf8.GetString(bytes), invalidOffset >= 0);
        if (invalidOffset >= 0)
        {
            var position = _lenientUtf8.GetCharCount(bytes[..invalidOffset]);
            diagnostics.Add(LexicalErrors.InvalidUtf8(source, new TextSpan(position, Math.Min(1, source.Length - position)), invalidOffset));
        }
        return source;
    }

    /// <summary>The text of a span.</summary>
    public ReadOnlySpan<char> Slice(TextSpan span) => Text.AsSpan(span.Start, span.Length);

    /// <summary>The text of a span as a string.</summary>
    public string ToString(TextSpan span) => Text.Substring(span.Start, span.Length);

    /// <summary>Index (from 0) of the line that holds a position.</summary>
    public int GetLineIndex(int position)
    {
        var index = LineStarts.BinarySearch(position);
        return index >= 0 ? index : ~index - 1;
    }

    /// <summary>Line and column of a position, both from 1, columns counting Unicode scalars.</summary>
    public LinePosition GetLinePosition(int position)
    {
        position = Math.Clamp(position, 0, Length);
        var line = GetLineIndex(position);
        var column = 1;
        for (var i = LineStarts[line]; i < position; i++)
        {
            if (!char.IsLowSurrogate(Text[i]) || i == 0 || !char.IsHighSurrogate(Text[i - 1]))
                column++;
        }
        return new LinePosition(line + 1, column);
    }

    /// <summary>The span of a line (index from 0) without its line end.</summary>
    public TextSpan GetLineSpan(int lineIndex)
    {
        var start = LineStarts[lineIndex];
        var end = lineIndex + 1 < LineStarts.Length ? LineStarts[lineIndex + 1] : Length;
        while (end > start && Text[end - 1] is '\n' or '\r')
            end--;
        return TextSpan.FromBounds(start, end);
    }

    /// <inheritdoc/>
    public override string ToString() => Path;

    private static ImmutableArray<int> FindLineStarts(string text)
    {
        var starts = ImmutableArray.CreateBuilder<int>();
        starts.Add(0);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n' || (c == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
                starts.Add(i + 1);
        }
        return starts.ToImmutable();
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> bytes)
    {
        var offset = 0;
        while (offset < bytes.Length)
        {
            var rest = bytes[offset..];
            var ascii = rest.IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
            if (ascii < 0)
                return -1;
            offset += ascii;
            if (Rune.DecodeFromUtf8(bytes[offset..], out _, out var consumed) != System.Buffers.OperationStatus.Done)
                return offset;
            offset += consumed;
        }
        return -1;
    }
}
