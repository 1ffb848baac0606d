using System.Text;

namespace Sigil.Syntax.Diagnostics;

/// <summary>
/// The human-readable form: the message, the source lines with the primary place underlined by carets and the
/// secondary ones by dashes, and help.
/// <code>
/// error[E1014]: a positional argument cannot follow a named one
///  --> fare.si:3:12
///   |
/// 3 | fare(.km: 3, 1)
///   |      ------  ^
///   |      |
///   |      the first named argument
///   = help: move it before the named arguments, or name it
/// </code>
/// </summary>
public sealed class DiagnosticRenderer(bool useColor)
{
    /// <summary>Lines between two shown ones up to this number are shown too, more are left out.</summary>
    private const int MaxGap = 1;

    /// <summary>Draws without colours.</summary>
    public static DiagnosticRenderer Plain { get; } = new(useColor: false);

    /// <summary>Draws with ANSI colours.</summary>
    public static DiagnosticRenderer Colored { get; } = new(useColor: true);

    /// <summary>A diagnostic as text, ending in a line end.</summary>
    public string Render(Diagnostic diagnostic)
    {
        var output = new StringBuilder();
        Render(diagnostic, output);
        return output.ToString();
    }

    /// <summary>Appends a diagnostic.</summary>
    public void Render(Diagnostic diagnostic, StringBuilder output)
    {
        var painter = new AnsiPainter(output, useColor);
        var severity = painter.ColorOf(diagnostic.Severity);
        painter.Write(severity, $"{DiagnosticJson.NameOf(diagnostic.Severity)}[{diagnostic.Code}]");
        painter.Write(AnsiPainter.Bold, $": {diagnostic.Message}");
        painter.Line();

        var files = FileExcerpt.Group(diagnostic);
        var gutter = files.Max(f => f.LastLine).ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
        var isFirst = true;
        foreach (var file in files)
        {
            RenderFile(file, painter, gutter, severity, isFirst);
            isFirst = false;
        }
        RenderNotes(diagnostic, painter, gutter);
    }

    private static void RenderFile(FileExcerpt file, AnsiPainter painter, int gutter, string severity, bool isFirst)
    {
        var at = file.Source.GetLinePosition(file.Anchor.Start);
        painter.Write(AnsiPainter.Blue, new string(' ', gutter) + (isFirst ? "--> " : "::: "));
        painter.Write("", $"{file.Source.Path}:{at.Line}:{at.Column}");
        painter.Line();
        // A file that could not be read has nothing to show.
        if (file.Source.Length == 0) return;
        Gutter(painter, gutter, "");
        painter.Line();

        var previous = -1;
        foreach (var (lineIndex, marks) in file.Lines)
        {
            if (previous >= 0 && lineIndex - previous > MaxGap + 1)
            {
                painter.Write(AnsiPainter.Blue, "...");
                painter.Line();
            }
            else if (previous >= 0 && lineIndex - previous == MaxGap + 1)
            {
                SourceLine(LineCells.Of(file.Source, previous + 1, 0), previous + 1, painter, gutter);
            }
            var cells = LineCells.Of(file.Source, lineIndex, marks.Min(m => m.Span.Start));
            SourceLine(cells, lineIndex, painter, gutter);
            MarkLayout.Draw(cells, marks, row =>
            {
                Gutter(painter, gutter, "");
                row.PaintTo(painter, severity);
                painter.Line();
            });
            previous = lineIndex;
        }
    }

    private static void SourceLine(LineCells cells, int lineIndex, AnsiPainter painter, int gutter)
    {
        var text = cells.Text;
        Gutter(painter, gutter, (lineIndex + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (text.Length > 0)
            painter.Write("", " " + text);
        painter.Line();
    }

    private static void RenderNotes(Diagnostic diagnostic, AnsiPainter painter, int gutter)
    {
        if (diagnostic.Help is { } help)
            Note(painter, gutter, "help", help);
        if (diagnostic.Fix is { } fix && diagnostic.Help is null)
            Note(painter, gutter, "help", fix.Message);
    }

    private static void Note(AnsiPainter painter, int gutter, string kind, string text)
    {
        var indent = new string(' ', gutter + 1);
        var continuation = "\n" + indent + new string(' ', kind.Length + 4);
        painter.Write(AnsiPainter.Blue, indent + "= ");
        painter.Write(AnsiPainter.Bold, kind + ":");
        painter.Write("", " " + text.Replace("\n", continuation));
        painter.Line();
    }

    private static void Gutter(AnsiPainter painter, int width, string number) =>
        painter.Write(AnsiPainter.Blue, number.PadLeft(width) + " |");
}
