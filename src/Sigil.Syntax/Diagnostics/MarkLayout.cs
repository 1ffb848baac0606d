using System.Text;

namespace Sigil.Syntax.Diagnostics;

/// <summary>One row below a source line: characters, each belonging to a primary or a secondary mark.</summary>
internal sealed class MarkRow
{
    private readonly List<(char Character, bool IsPrimary)> _cells = [];

    /// <summary>Text that follows the last cell.</summary>
    public string Tail { get; set; } = "";

    /// <summary>Whether the tail belongs to the primary mark.</summary>
    public bool TailIsPrimary { get; set; }

    public void Put(int column, char character, bool isPrimary, bool overwrite = true)
    {
        while (_cells.Count <= column)
            _cells.Add((' ', false));
        if (overwrite || _cells[column].Character == ' ')
            _cells[column] = (character, isPrimary);
    }

    /// <summary>Appends the row, with its leading blank, in colours.</summary>
    public void PaintTo(AnsiPainter painter, string severityColor)
    {
        var run = new StringBuilder(" ");
        var runIsPrimary = false;
        foreach (var (character, isPrimary) in _cells)
        {
            if (isPrimary != runIsPrimary && character != ' ')
            {
                Flush();
                runIsPrimary = isPrimary;
            }
            run.Append(character);
        }
        Flush();
        if (Tail.Length > 0)
            painter.Write(TailIsPrimary ? severityColor : AnsiPainter.Blue, Tail);

        void Flush()
        {
            if (string.IsNullOrWhiteSpace(run.ToString()))
                painter.Write("", run.ToString());
            else
                painter.Write(runIsPrimary ? severityColor : AnsiPainter.Blue, run.ToString());
            run.Clear();
        }
    }
}

/// <summary>
/// Places the marks of one line and their labels. The label of the rightmost mark stands behind the underlines; the
/// others hang below, from right to left, each on a row of its own, connected by bars.
/// </summary>
internal static class MarkLayout
{
    public static void Draw(LineCells line, IReadOnlyList<Mark> marks, Action<MarkRow> emit)
    {
        var underline = new MarkRow();
        // Primary carets go over secondary dashes.
        foreach (var mark in marks.OrderBy(m => m.IsPrimary))
        {
            var (start, end) = ColumnsOf(line, mark);
            for (var column = start; column < end; column++)
                underline.Put(column, mark.IsPrimary ? '^' : '-', mark.IsPrimary);
        }

        var labelled = marks.Where(m => m.Label.Length > 0).OrderBy(m => m.Span.Start).ThenBy(m => m.IsPrimary ? 0 : 1).ToList();
        var rightEnd = marks.Max(m => ColumnsOf(line, m).End);
        if (labelled is [.., var rightmost] && ColumnsOf(line, rightmost).End == rightEnd && !rightmost.Label.Contains('\n'))
        {
            underline.Tail = " " + rightmost.Label;
            underline.TailIsPrimary = rightmost.IsPrimary;
            labelled.RemoveAt(labelled.Count - 1);
        }
        emit(underline);
        if (labelled.Count == 0)
            return;

        emit(Bars(line, labelled));
        while (labelled.Count > 0)
        {
            var mark = labelled[^1];
            labelled.RemoveAt(labelled.Count - 1);
            var lines = mark.Label.Split('\n');
            foreach (var text in lines)
            {
                var row = Bars(line, labelled.Where(m => StartOf(line, m) < StartOf(line, mark)));
                for (var i = 0; i < text.Length; i++)
                    row.Put(StartOf(line, mark) + i, text[i], mark.IsPrimary);
                emit(row);
            }
        }
    }

    private static MarkRow Bars(LineCells line, IEnumerable<Mark> marks)
    {
        var row = new MarkRow();
        foreach (var mark in marks)
            row.Put(StartOf(line, mark), '|', mark.IsPrimary, overwrite: false);
        return row;
    }

    private static int StartOf(LineCells line, Mark mark) => ColumnsOf(line, mark).Start;

    private static (int Start, int End) ColumnsOf(LineCells line, Mark mark)
    {
        var start = line.ColumnOf(mark.Span.Start);
        return (start, Math.Max(line.ColumnOf(mark.Span.End), start + 1));
    }
}
