using System.Globalization;
using System.Text;

namespace Sigil.Syntax.Diagnostics;

/// <summary>
/// A source line as it appears on a terminal: tabs widened to four, control characters made visible, and for every
/// position of the text the terminal column at which it stands, wide characters counting two.
/// </summary>
internal sealed class LineCells
{
    private const int TabWidth = 4;
    private const int MaxWidth = 200;
    private const int Lead = 60;

    private readonly int[] _columns;
    private readonly int _lineStart;

    private LineCells(string text, int[] columns, int lineStart)
    {
        Text = text;
        _columns = columns;
        _lineStart = lineStart;
    }

    /// <summary>The line as drawn.</summary>
    public string Text { get; }

    /// <summary>The cells of a line; of a very long one, those around <paramref name="focus"/>.</summary>
    public static LineCells Of(SourceText source, int lineIndex, int focus)
    {
        var span = source.GetLineSpan(lineIndex);
        var line = source.Slice(span);
        var text = new StringBuilder();
        var columns = new int[span.Length + 1];
        var column = 0;
        var isCut = false;
        var i = 0;
        if (line.Length > MaxWidth && focus - span.Start > MaxWidth / 2)
        {
            i = focus - span.Start - Lead;
            if (char.IsLowSurrogate(line[i])) i++;
            text.Append('…');
            column = 1;
        }
        var limit = Math.Min(line.Length, i + (2 * MaxWidth));
        while (i < limit)
        {
            Rune.DecodeFromUtf16(line[i..], out var rune, out var length);
            columns.AsSpan(i, length).Fill(column);
            if (column < MaxWidth)
                column += Append(text, rune, column);
            else if (!isCut)
            {
                isCut = true;
                text.Append('…');
            }
            i += length;
        }
        columns.AsSpan(i).Fill(column);
        return new LineCells(text.ToString(), columns, span.Start);
    }

    /// <summary>The terminal column, from 0, of a position of the source.</summary>
    public int ColumnOf(int position) => _columns[Math.Clamp(position - _lineStart, 0, _columns.Length - 1)];

    private static int Append(StringBuilder text, Rune rune, int column)
    {
        if (rune.Value == '\t')
        {
            var width = TabWidth - (column % TabWidth);
            text.Append(' ', width);
            return width;
        }
        if (Rune.IsControl(rune) || rune.Value == 0xFEFF)
        {
            text.Append('\uFFFD');
            return 1;
        }
        text.Append(rune);
        return WidthOf(rune);
    }

    private static int WidthOf(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
            return 0;
        return rune.Value switch
        {
            // East Asian wide and full-width blocks, and the emoji planes.
            >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF
                or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6
                or >= 0x1F300 and <= 0x1F64F or >= 0x1F680 and <= 0x1F6FF or >= 0x1F900 and <= 0x1FAFF
                or >= 0x20000 and <= 0x3FFFD => 2,
            _ => 1,
        };
    }
}
