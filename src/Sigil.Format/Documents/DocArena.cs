namespace Sigil.Format.Documents;

/// <summary>Holds documents and makes them. The texts are parts of one source.</summary>
internal sealed class DocArena
{
    /// <summary>More than any line holds; sums of it must not overflow.</summary>
    private const int Wide = 1 << 20;

    /// <summary>The traits that hold of a document because they hold of its content.</summary>
    private const DocTraits Inherited = DocTraits.HeadBreaks | DocTraits.MustBreak | DocTraits.PrefersBreak | DocTraits.EndsInComment;

    private static readonly string[] fixedTexts = ["", " ", ",", "()", ".", "| "];

    private readonly int _fixedCount;
    private string _source = "";
    private DocNode[] _nodes = new DocNode[1024];
    private Doc[] _parts = new Doc[1024];
    private int _nodeCount;
    private int _partCount;

    /// <summary>An arena with the fixed documents.</summary>
    public DocArena()
    {
        // In the order of the names in `Doc`.
        for (var text = 0; text < 3; text++) Fixed(DocKind.Fixed, text, DocTraits.None);
        Fixed(DocKind.IfBroken, 2, DocTraits.None);
        Fixed(DocKind.IfBroken, 2, DocTraits.WasThere);
        Fixed(DocKind.Fixed, 3, DocTraits.None);
        Fixed(DocKind.Fixed, 4, DocTraits.None);
        Fixed(DocKind.IfBroken, 5, DocTraits.None);
        foreach (var blank in new[] { DocTraits.None, DocTraits.Blank })
        {
            Fixed(DocKind.Line, 1, DocTraits.HeadBreaks | blank);
            Fixed(DocKind.Line, 0, DocTraits.HeadBreaks | blank);
            Fixed(DocKind.Line, 0, DocTraits.HeadBreaks | DocTraits.MustBreak | blank);
        }
        _fixedCount = _nodeCount;
    }

    /// <summary>A document.</summary>
    public ref readonly DocNode this[Doc doc] => ref _nodes[doc.Index];

    /// <summary>Empties the arena for another source.</summary>
    public void Open(string source)
    {
        _source = source;
        Clear();
    }

    /// <summary>Forgets all documents but the fixed ones.</summary>
    public void Clear()
    {
        _nodeCount = _fixedCount;
        _partCount = 0;
    }

    /// <summary>The parts of a concatenation.</summary>
    public ReadOnlySpan<Doc> PartsOf(in DocNode concat) => _parts.AsSpan(concat.First, concat.Second);

    /// <summary>The characters of a text or comment.</summary>
    public ReadOnlySpan<char> TextOf(in DocNode node) =>
        node.Kind is DocKind.Fixed or DocKind.IfBroken or DocKind.Line ? fixedTexts[node.First] : _source.AsSpan(node.First, node.Second);

    /// <summary>Characters of the source, as they stand there.</summary>
    public ReadOnlySpan<char> SourceText(int start, int length) => _source.AsSpan(start, length);

    /// <summary>Characters of the source.</summary>
    public Doc Source(int start, int length)
    {
        if (length == 0) return Doc.Empty;
        var text = _source.AsSpan(start, length);
        var newline = length == 1 ? -1 : text.IndexOfAny('\n', '\r');
        var width = ColumnsOf(newline < 0 ? text : text[..newline]);
        return Add(DocKind.Source, newline < 0 ? DocTraits.None : DocTraits.HeadBreaks, width, width, start, length);
    }

    /// <summary>One document after the other.</summary>
    public Doc Concat(ReadOnlySpan<Doc> parts)
    {
        if (_partCount + parts.Length > _parts.Length) Array.Resize(ref _parts, Math.Max(_parts.Length * 2, _partCount + parts.Length));
        var start = _partCount;
        int flat = 0, head = 0;
        var traits = DocTraits.None;
        var ended = DocTraits.None;
        foreach (var part in parts)
        {
            if (part == Doc.Empty) continue;
            _parts[_partCount++] = part;
            ref readonly var node = ref _nodes[part.Index];
            flat = Math.Min(flat + node.FlatWidth, Wide);
            if ((traits & DocTraits.HeadBreaks) == 0) head = Math.Min(head + node.HeadWidth, Wide);
            // What follows a comment must go to the next line.
            if (ended != DocTraits.None) traits |= DocTraits.MustBreak;
            traits |= node.Traits & (DocTraits.HeadBreaks | DocTraits.MustBreak | DocTraits.PrefersBreak);
            ended = node.Traits & DocTraits.EndsInComment;
        }
        var count = _partCount - start;
        if (count > 1) return Add(DocKind.Concat, traits | ended, flat, head, start, count);
        _partCount = start;
        return count == 0 ? Doc.Empty : _parts[start];
    }

    /// <summary>Lines start one step further right.</summary>
    public Doc Indent(Doc content) => Around(DocKind.Indent, content, DocTraits.None);

    /// <summary>Laid out on one line if that fits, and if that is wanted.</summary>
    public Doc Group(Doc content, bool prefersBreak = false) =>
        Around(DocKind.Group, content, prefersBreak ? DocTraits.PrefersBreak : DocTraits.None);

    /// <summary>Kept on one line, even a too long one if any width will do.</summary>
    public Doc Pinned(Doc content, bool anyWidth)
    {
        var node = _nodes[content.Index];
        var traits = (node.Traits & Inherited & ~DocTraits.PrefersBreak) | (anyWidth ? DocTraits.AnyWidth : DocTraits.None);
        return Add(DocKind.Pinned, traits, node.FlatWidth, node.HeadWidth, content.Index, 0);
    }

    /// <summary>Laid out on one line.</summary>
    public Doc Flat(Doc content)
    {
        var node = _nodes[content.Index];
        return Add(DocKind.Flat, node.Traits & Inherited & ~DocTraits.HeadBreaks, node.FlatWidth, node.FlatWidth, content.Index, 0);
    }

    /// <summary>The first of two layouts where it is possible and fits, else the second.</summary>
    public Doc Choice(Doc hugged, Doc stacked, bool mayHug, bool prefersStacked = false)
    {
        ref readonly var likely = ref _nodes[(mayHug ? hugged : stacked).Index];
        var traits = (likely.Traits & DocTraits.HeadBreaks)
            | (_nodes[stacked.Index].Traits & (DocTraits.MustBreak | DocTraits.PrefersBreak | DocTraits.EndsInComment))
            | (mayHug ? DocTraits.MayHug : DocTraits.None)
            | (prefersStacked ? DocTraits.PrefersStacked : DocTraits.None);
        return Add(DocKind.Choice, traits, _nodes[hugged.Index].FlatWidth, likely.HeadWidth, hugged.Index, stacked.Index);
    }

    /// <summary>A comment at the end of a line.</summary>
    public Doc EndComment(int start, int length) => Add(DocKind.EndComment, DocTraits.EndsInComment, 0, 0, start, length);

    /// <summary>A comment on a line of its own.</summary>
    public Doc LineComment(int start, int length, bool blankBefore, bool blankAfter) => Add(
        DocKind.LineComment,
        DocTraits.MustBreak | DocTraits.HeadBreaks | (blankBefore ? DocTraits.Blank : DocTraits.None) | (blankAfter ? DocTraits.BlankAfter : DocTraits.None),
        0, 0, start, length);

    /// <summary>Columns count Unicode scalars, like the positions of diagnostics.</summary>
    public static int ColumnsOf(ReadOnlySpan<char> text)
    {
        var columns = text.Length;
        if (!System.Text.Ascii.IsValid(text))
            foreach (var c in text)
                if (char.IsLowSurrogate(c)) columns--;
        return columns;
    }

    private Doc Around(DocKind kind, Doc content, DocTraits more)
    {
        ref readonly var node = ref _nodes[content.Index];
        return Add(kind, (node.Traits & Inherited) | more, node.FlatWidth, node.HeadWidth, content.Index, 0);
    }

    private void Fixed(DocKind kind, int text, DocTraits traits)
    {
        var width = fixedTexts[text].Length;
        Add(kind, traits, kind == DocKind.IfBroken ? 0 : width, kind == DocKind.Line ? 0 : width, text, width);
    }

    private Doc Add(DocKind kind, DocTraits traits, int flatWidth, int headWidth, int first, int second)
    {
        if (_nodeCount == _nodes.Length) Array.Resize(ref _nodes, _nodeCount * 2);
        _nodes[_nodeCount] = new DocNode(kind, traits, flatWidth, headWidth, first, second);
        return new Doc(_nodeCount++);
    }
}
