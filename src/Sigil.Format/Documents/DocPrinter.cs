namespace Sigil.Format.Documents;

/// <summary>Lays documents out, one after the other.</summary>
internal sealed class DocPrinter(DocArena docs, int expectedLength)
{
    /// <summary>The longest line, where it can be helped.</summary>
    public const int Width = 100;

    /// <summary>What a step to the right is.</summary>
    public const int Step = 4;

    /// <summary>How far recursion goes; what is nested more deeply is laid out without.</summary>
    private const int MostFlatDepth = 200;

    private char[] _output = new char[expectedLength + 16];
    private int _length;
    private Pending[] _pending = new Pending[256];
    private int _pendingCount;
    private int _column;
    private int _indent;
    private bool _atLineStart = true;
    private bool _lineIsOver;
    private bool _blankIsDue;
    private (int Start, int Length) _endComment;
    private bool _hasEndComment;

    /// <summary>A document that is still to be laid out.</summary>
    private readonly record struct Pending(Doc Doc, int Indent, bool IsFlat);

    /// <summary>Whether the text has other optional tokens than the source.</summary>
    public bool Differs { get; private set; }

    /// <summary>All that has been laid out, each line ended.</summary>
    public ReadOnlySpan<char> Finish()
    {
        FlushEndComment();
        if (_length > 0 && !_atLineStart) Append('\n');
        _atLineStart = true;
        return _output.AsSpan(0, _length);
    }

    /// <summary>Lays a document out behind those before it.</summary>
    public void Print(Doc document)
    {
        Push(document, 0, false);
        Run(0, recurses: true);
    }

    /// <summary>Lays out what is pending, down to a number of documents that stay so.</summary>
    private void Run(int rest, bool recurses)
    {
        while (_pendingCount > rest)
        {
            var (doc, indent, isFlat) = _pending[--_pendingCount];
            if (isFlat && recurses)
            {
                PrintFlat(doc, indent, 0);
                continue;
            }
            ref readonly var node = ref docs[doc];
            switch (node.Kind)
            {
                case DocKind.Source or DocKind.Fixed:
                    Write(node, indent);
                    break;
                case DocKind.Concat:
                    var parts = docs.PartsOf(node);
                    for (var i = parts.Length - 1; i >= 0; i--) Push(parts[i], indent, isFlat);
                    break;
                case DocKind.Line when isFlat && !node.Is(DocTraits.MustBreak):
                    if (!_lineIsOver) Write(node, indent);
                    break;
                case DocKind.Line:
                    Break(indent, node.Is(DocTraits.Blank));
                    break;
                case DocKind.Indent:
                    Push(new Doc(node.First), indent + Step, isFlat);
                    break;
                case DocKind.Group:
                    Push(new Doc(node.First), indent, isFlat || (node.MayBeFlat && Fits(node.FlatWidth)));
                    break;
                case DocKind.Pinned:
                    Push(new Doc(node.First), indent, isFlat || (!node.Is(DocTraits.MustBreak) && (node.Is(DocTraits.AnyWidth) || Fits(node.FlatWidth))));
                    break;
                case DocKind.Flat:
                    Push(new Doc(node.First), indent, true);
                    break;
                case DocKind.Choice:
                    Choose(node, indent, isFlat);
                    break;
                case DocKind.IfBroken:
                    if (!isFlat) Write(node, indent);
                    Differs |= isFlat == node.Is(DocTraits.WasThere);
                    break;
                case DocKind.EndComment:
                    End(node, indent);
                    break;
                case DocKind.LineComment:
                    Comment(node.First, node.Second, node.Is(DocTraits.Blank), node.Is(DocTraits.BlankAfter), indent);
                    break;
                default:
                    throw new InvalidOperationException($"no layout for {node.Kind}");
            }
        }
    }

    /// <summary>Lays out on one line, where there is nothing to decide.</summary>
    private void PrintFlat(Doc doc, int indent, int depth)
    {
        ref readonly var node = ref docs[doc];
        switch (node.Kind)
        {
            case DocKind.Source or DocKind.Fixed:
                Write(node, indent);
                break;
            case DocKind.Concat when depth < MostFlatDepth:
                foreach (var part in docs.PartsOf(node)) PrintFlat(part, indent, depth + 1);
                break;
            case DocKind.Group or DocKind.Pinned or DocKind.Flat or DocKind.Choice when depth < MostFlatDepth:
                PrintFlat(new Doc(node.First), indent, depth + 1);
                break;
            case DocKind.Indent when depth < MostFlatDepth:
                PrintFlat(new Doc(node.First), indent + Step, depth + 1);
                break;
            case DocKind.Line when !node.Is(DocTraits.MustBreak):
                if (!_lineIsOver) Write(node, indent);
                break;
            case DocKind.IfBroken:
                Differs |= node.Is(DocTraits.WasThere);
                break;
            default:
                Push(doc, indent, true);
                Run(_pendingCount - 1, recurses: false);
                break;
        }
    }

    private void Push(Doc doc, int indent, bool isFlat)
    {
        if (_pendingCount == _pending.Length) Array.Resize(ref _pending, _pendingCount * 2);
        _pending[_pendingCount++] = new Pending(doc, indent, isFlat);
    }

    private void Choose(in DocNode choice, int indent, bool isFlat)
    {
        var (hugged, stacked) = (new Doc(choice.First), new Doc(choice.Second));
        if (isFlat || (choice.MayBeFlat && Fits(choice.FlatWidth)))
        {
            Push(hugged, indent, true);
            return;
        }
        var stacks = !choice.Is(DocTraits.MayHug)
            || (choice.Is(DocTraits.PrefersStacked) && choice.MayBeFlat && indent + Step + choice.FlatWidth + RestWidth() <= Width)
            || !FitsHead(docs[hugged]);
        Push(stacks ? stacked : hugged, indent, false);
    }

    private bool Fits(int width) => _column + width <= Width && _column + width + RestWidth() <= Width;

    private bool FitsHead(in DocNode doc) => _column + doc.HeadWidth + (doc.Is(DocTraits.HeadBreaks) ? 0 : RestWidth()) <= Width;

    /// <summary>The columns of what follows, up to where a line can end.</summary>
    private int RestWidth()
    {
        var width = 0;
        for (var i = _pendingCount - 1; i >= 0; i--)
        {
            ref readonly var next = ref _pending[i];
            ref readonly var node = ref docs[next.Doc];
            width += next.IsFlat ? node.FlatWidth : node.HeadWidth;
            if (width > Width || (!next.IsFlat && node.Is(DocTraits.HeadBreaks))) break;
        }
        return width;
    }

    private void Write(in DocNode node, int indent)
    {
        if (node.Second == 0) return;
        var text = docs.TextOf(node);
        if (_lineIsOver) Break(indent, _blankIsDue);
        if (_atLineStart)
        {
            if (text is " ") return;
            StartLine();
        }
        if (node.Kind == DocKind.Source && node.Is(DocTraits.HeadBreaks))
        {
            AppendLines(text);
            return;
        }
        Append(text);
        _column += node.Kind == DocKind.Source ? node.FlatWidth : text.Length;
    }

    /// <summary>Text of several lines, as it stands; however its lines end, they mean a line feed, and so they are written.</summary>
    private void AppendLines(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAny('\n', '\r') is >= 0 and var end)
        {
            Append(text[..end]);
            Append('\n');
            text = text[(text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1)..];
        }
        Append(text);
        _column = DocArena.ColumnsOf(text);
    }

    private void StartLine()
    {
        Room(_indent);
        _output.AsSpan(_length, _indent).Fill(' ');
        _length += _indent;
        _column = _indent;
        _atLineStart = false;
    }

    private void Break(int indent, bool blank)
    {
        FlushEndComment();
        TrimBlanks();
        blank |= _blankIsDue;
        if (!_atLineStart) Append('\n');
        if (blank && _length > 0 && !EndsInBlankLine()) Append('\n');
        _atLineStart = true;
        _lineIsOver = false;
        _blankIsDue = false;
        _column = _indent = indent;
    }

    private bool EndsInBlankLine() => _length >= 2 && _output[_length - 1] == '\n' && _output[_length - 2] == '\n';

    private void TrimBlanks()
    {
        while (!_atLineStart && _length > 0 && _output[_length - 1] == ' ') _length--;
    }

    private void End(in DocNode comment, int indent)
    {
        // A line has room for one comment; the second gets a line of its own.
        if (_hasEndComment || _atLineStart || _lineIsOver)
        {
            Comment(comment.First, comment.Second, false, false, indent);
            return;
        }
        _endComment = (comment.First, comment.Second);
        _hasEndComment = true;
    }

    private void FlushEndComment()
    {
        if (!_hasEndComment) return;
        TrimBlanks();
        Append("  ");
        Append(docs.SourceText(_endComment.Start, _endComment.Length));
        _hasEndComment = false;
    }

    private void Comment(int start, int length, bool blankBefore, bool blankAfter, int indent)
    {
        if (_lineIsOver || !_atLineStart || _hasEndComment) Break(indent, blankBefore);
        else if (blankBefore) Break(indent, true);
        StartLine();
        Append(docs.SourceText(start, length));
        _lineIsOver = true;
        _column = indent;
        _blankIsDue = blankAfter;
    }

    private void Append(ReadOnlySpan<char> text)
    {
        Room(text.Length);
        text.CopyTo(_output.AsSpan(_length));
        _length += text.Length;
    }

    private void Append(char c)
    {
        Room(1);
        _output[_length++] = c;
    }

    private void Room(int count)
    {
        if (_length + count > _output.Length) Array.Resize(ref _output, Math.Max(_output.Length * 2, _length + count));
    }
}
