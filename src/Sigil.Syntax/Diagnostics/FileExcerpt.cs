namespace Sigil.Syntax.Diagnostics;

/// <summary>A place to mark on one line.</summary>
/// <param name="Span">The part of the place that lies on the line.</param>
/// <param name="IsPrimary">Whether it is the place of the diagnostic itself.</param>
/// <param name="Label">What to write at it; empty for none.</param>
internal readonly record struct Mark(TextSpan Span, bool IsPrimary, string Label);

/// <summary>The lines of one file that a diagnostic shows, with the marks on each.</summary>
internal sealed class FileExcerpt
{
    /// <summary>A place of more lines is marked on its first and last line only.</summary>
    private readonly SortedDictionary<int, List<Mark>> _lines = [];

    private FileExcerpt(SourceText source, TextSpan anchor)
    {
        Source = source;
        Anchor = anchor;
    }

    public SourceText Source { get; }

    /// <summary>The place named in the header.</summary>
    public TextSpan Anchor { get; }

    public IEnumerable<(int LineIndex, IReadOnlyList<Mark> Marks)> Lines => _lines.Select(l => (l.Key, (IReadOnlyList<Mark>)l.Value));

    /// <summary>Number, from 1, of the last line shown.</summary>
    public int LastLine => _lines.Keys.Last() + 1;

    /// <summary>The excerpts of a diagnostic, that of the primary place first.</summary>
    public static IReadOnlyList<FileExcerpt> Group(Diagnostic diagnostic)
    {
        var files = new List<FileExcerpt>();
        Add(diagnostic.Source, diagnostic.Span, isPrimary: true, diagnostic.PrimaryLabel ?? "");
        foreach (var label in diagnostic.Labels)
            Add(label.Source, label.Span, isPrimary: false, label.Message);
        return files;

        void Add(SourceText source, TextSpan span, bool isPrimary, string text)
        {
            var file = files.Find(f => f.Source == source);
            if (file is null)
            {
                file = new FileExcerpt(source, span);
                files.Add(file);
            }
            file.AddMark(span, isPrimary, text);
        }
    }

    private void AddMark(TextSpan span, bool isPrimary, string label)
    {
        span = TextSpan.FromBounds(Math.Clamp(span.Start, 0, Source.Length), Math.Clamp(span.End, 0, Source.Length));
        var first = Source.GetLineIndex(span.Start);
        var last = span.IsEmpty ? first : Source.GetLineIndex(span.End - 1);
        if (first == last)
        {
            OnLine(first).Add(new Mark(span, isPrimary, label));
            return;
        }
        var firstLine = Source.GetLineSpan(first);
        var lastLine = Source.GetLineSpan(last);
        OnLine(first).Add(new Mark(TextSpan.FromBounds(span.Start, Math.Max(span.Start, firstLine.End)), isPrimary, ""));
        var indent = Source.Slice(lastLine).IndexOfAnyExcept(' ', '\t');
        var start = Math.Min(lastLine.Start + Math.Max(indent, 0), span.End);
        OnLine(last).Add(new Mark(TextSpan.FromBounds(start, Math.Min(span.End, lastLine.End)), isPrimary, label));
    }

    private List<Mark> OnLine(int lineIndex)
    {
        if (!_lines.TryGetValue(lineIndex, out var marks))
            _lines[lineIndex] = marks = [];
        return marks;
    }
}
