using System.Text;

namespace Sigil.Format.Documents;

/// <summary>Lays a document out.</summary>
internal sealed class DocPrinter
{
    /// <summary>The longest line, where it can be helped.</summary>
    public const int Width = 100;

    /// <summary>What a step to the right is.</summary>
    public const int Step = 4;

    private readonly StringBuilder _output;
    private readonly Stack<(Doc Doc, int Indent, bool IsFlat)> _pending = new();
    private int _column;
    private int _indent;
    private bool _atLineStart = true;
    private bool _lineIsOver;
    private bool _blankIsDue;
    private string? _endComment;
    private bool _differs;

    private DocPrinter(int capacity) => _output = new StringBuilder(capacity);

    /// <summary>The text of a document, each line ended.</summary>
    /// <param name="document">What is laid out.</param>
    /// <param name="expectedLength">About how long the text will be.</param>
    /// <param name="differs">Whether the text has other optional tokens than the source.</param>
    public static string Print(Doc document, int expectedLength, out bool differs)
    {
        var printer = new DocPrinter(expectedLength);
        printer.Run(document);
        differs = printer._differs;
        return printer._output.ToString();
    }

    private void Run(Doc document)
    {
        _pending.Push((document, 0, false));
        while (_pending.TryPop(out var next))
        {
            var (doc, indent, isFlat) = next;
            switch (doc)
            {
                case Text text: Write(text.Value, indent); break;
                case Concat concat:
                    for (var i = concat.Parts.Length - 1; i >= 0; i--) _pending.Push((concat.Parts[i], indent, isFlat));
                    break;
                case Line line when isFlat && !line.MustBreak:
                    if (!_lineIsOver) Write(line.Flat, indent);
                    break;
                case Line line: Break(indent, line.Blank); break;
                case Indent step: _pending.Push((step.Content, indent + Step, isFlat)); break;
                case Group group: _pending.Push((group.Content, indent, isFlat || (group.MayBeFlat && Fits(group.FlatWidth)))); break;
                case Pinned pin: _pending.Push((pin.Content, indent, isFlat || (!pin.MustBreak && (pin.AnyWidth || Fits(pin.FlatWidth))))); break;
                case Flat flat: _pending.Push((flat.Content, indent, true)); break;
                case Choice choice: Choose(choice, indent, isFlat); break;
                case IfBroken optional:
                    if (!isFlat) Write(optional.Broken, indent);
                    _differs |= isFlat == optional.WasThere;
                    break;
                case EndComment comment: End(comment.Text, indent); break;
                case LineComment comment: Comment(comment, indent); break;
                default: throw new InvalidOperationException($"no layout for {doc.GetType().Name}");
            }
        }
        FlushEndComment();
        if (_output.Length > 0 && !_atLineStart) _output.Append('\n');
    }

    private void Choose(Choice choice, int indent, bool isFlat)
    {
        if (isFlat || (choice.MayBeFlat && Fits(choice.FlatWidth)))
        {
            _pending.Push((choice.Hugged, indent, true));
            return;
        }
        var stacks = !choice.MayHug
            || (choice.PrefersStacked && choice.MayBeFlat && indent + Step + choice.FlatWidth + RestWidth() <= Width)
            || !FitsHead(choice.Hugged);
        _pending.Push((stacks ? choice.Stacked : choice.Hugged, indent, false));
    }

    private bool Fits(int width) => _column + width <= Width && _column + width + RestWidth() <= Width;

    private bool FitsHead(Doc doc) => _column + doc.HeadWidth + (doc.HeadBreaks ? 0 : RestWidth()) <= Width;

    /// <summary>The columns of what follows, up to where a line can end.</summary>
    private int RestWidth()
    {
        var width = 0;
        foreach (var (doc, _, isFlat) in _pending)
        {
            width += isFlat ? doc.FlatWidth : doc.HeadWidth;
            if (width > Width || (doc.HeadBreaks && !isFlat)) break;
        }
        return width;
    }

    private void Write(string text, int indent)
    {
        if (text.Length == 0) return;
        if (_lineIsOver) Break(indent, _blankIsDue);
        if (_atLineStart)
        {
            if (text == " ") return;
            _output.Append(' ', _indent);
            _column = _indent;
            _atLineStart = false;
        }
        _output.Append(text);
        var newline = text.LastIndexOf('\n');
        if (newline < 0) _column += Text.ColumnsOf(text);
        else _column = Text.ColumnsOf(text.AsSpan(newline + 1));
    }

    private void Break(int indent, bool blank)
    {
        FlushEndComment();
        TrimBlanks();
        blank |= _blankIsDue;
        if (!_atLineStart) _output.Append('\n');
        if (blank && _output.Length > 0 && !EndsInBlankLine()) _output.Append('\n');
        _atLineStart = true;
        _lineIsOver = false;
        _blankIsDue = false;
        _column = _indent = indent;
    }

    private bool EndsInBlankLine() => _output.Length >= 2 && _output[^1] == '\n' && _output[^2] == '\n';

    private void TrimBlanks()
    {
        while (!_atLineStart && _output.Length > 0 && _output[^1] == ' ') _output.Length--;
    }

    private void End(string text, int indent)
    {
        // A line has room for one comment; the second gets a line of its own.
        if (_endComment is not null || _atLineStart || _lineIsOver) Comment(new LineComment(text, false, false), indent);
        else _endComment = text;
    }

    private void FlushEndComment()
    {
        if (_endComment is not { } comment) return;
        TrimBlanks();
        _output.Append("  ").Append(comment);
        _endComment = null;
    }

    private void Comment(LineComment comment, int indent)
    {
        if (_lineIsOver || !_atLineStart || _endComment is not null) Break(indent, comment.BlankBefore);
        else if (comment.BlankBefore) Break(indent, true);
        Write(comment.Text, indent);
        _lineIsOver = true;
        _column = indent;
        _blankIsDue = comment.BlankAfter;
    }
}
