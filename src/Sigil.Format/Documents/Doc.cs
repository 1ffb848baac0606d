namespace Sigil.Format.Documents;

// The document algebra. A document stands for all layouts of a text; `DocPrinter` picks one. It goes back to Wadler
// ("A prettier printer"), with two additions that comments and trailing blocks need: text that waits for the end of its
// line, and a choice between two layouts of one text.
//
// Documents are immutable and know, from their construction on, all that the printer asks: so each decision takes
// constant time, and printing is linear in the size of the text.

/// <summary>A text with its possible layouts.</summary>
internal abstract class Doc
{
    /// <summary>More than any line holds; sums of it must not overflow.</summary>
    protected const int Wide = 1 << 20;

    /// <summary>Nothing.</summary>
    public static Doc Empty { get; } = new Text("");

    /// <summary>The columns that it takes when laid out on one line.</summary>
    public int FlatWidth { get; private protected init; }

    /// <summary>The columns up to its first line break, when it is laid out on several lines.</summary>
    public int HeadWidth { get; private protected init; }

    /// <summary>Whether it has a line break when laid out on several lines.</summary>
    public bool HeadBreaks { get; private protected init; }

    /// <summary>It cannot stand on one line: a comment ends a line inside it.</summary>
    public bool MustBreak { get; private protected init; }

    /// <summary>It could stand on one line, but should not.</summary>
    public bool PrefersBreak { get; private protected init; }

    /// <summary>Its last line ends in a comment: nothing may follow on that line.</summary>
    public bool EndsInComment { get; private protected init; }

    /// <summary>Whether it may be laid out on one line.</summary>
    public bool MayBeFlat => !MustBreak && !PrefersBreak;

    protected static int Add(int a, int b) => Math.Min(a + b, Wide);
}

/// <summary>Characters of one line, or of several lines that are kept exactly as they are.</summary>
internal sealed class Text : Doc
{
    public Text(string value)
    {
        Value = value;
        var newline = value.AsSpan().IndexOfAny('\n', '\r');
        FlatWidth = ColumnsOf(newline < 0 ? value : value.AsSpan(0, newline));
        HeadWidth = FlatWidth;
        HeadBreaks = newline >= 0;
    }

    public string Value { get; }

    /// <summary>Columns count Unicode scalars, like the positions of diagnostics.</summary>
    public static int ColumnsOf(ReadOnlySpan<char> text)
    {
        var columns = text.Length;
        if (!System.Text.Ascii.IsValid(text))
            foreach (var c in text)
                if (char.IsLowSurrogate(c)) columns--;
        return columns;
    }
}

/// <summary>One document after the other.</summary>
internal sealed class Concat : Doc
{
    public Concat(Doc[] parts)
    {
        Parts = parts;
        var ended = false;
        foreach (var part in parts)
        {
            if (part == Empty) continue;
            FlatWidth = Add(FlatWidth, part.FlatWidth);
            if (!HeadBreaks)
            {
                HeadWidth = Add(HeadWidth, part.HeadWidth);
                HeadBreaks = part.HeadBreaks;
            }
            MustBreak |= part.MustBreak || ended;
            PrefersBreak |= part.PrefersBreak;
            ended = part.EndsInComment;
        }
        EndsInComment = ended;
    }

    public Doc[] Parts { get; }
}

/// <summary>A line break, or on one line a blank or nothing.</summary>
internal sealed class Line : Doc
{
    /// <summary>A line break or a blank.</summary>
    public static readonly Line OrSpace = new(" ", false, false);

    /// <summary>A line break or nothing.</summary>
    public static readonly Line OrNothing = new("", false, false);

    /// <summary>A line break in any case.</summary>
    public static readonly Line Always = new("", true, false);

    /// <summary>A line break and an empty line, or a blank.</summary>
    public static readonly Line BlankOrSpace = new(" ", false, true);

    /// <summary>A line break and an empty line, or nothing.</summary>
    public static readonly Line BlankOrNothing = new("", false, true);

    /// <summary>A line break and an empty line in any case.</summary>
    public static readonly Line BlankAlways = new("", true, true);

    private Line(string flat, bool must, bool blank)
    {
        Flat = flat;
        Blank = blank;
        FlatWidth = flat.Length;
        HeadBreaks = true;
        MustBreak = must;
    }

    public string Flat { get; }

    /// <summary>Whether an empty line follows the line break.</summary>
    public bool Blank { get; }
}

/// <summary>One document laid out under a further condition; it measures as its content does.</summary>
internal abstract class Wrapper : Doc
{
    private protected Wrapper(Doc content)
    {
        Content = content;
        FlatWidth = content.FlatWidth;
        HeadWidth = content.HeadWidth;
        HeadBreaks = content.HeadBreaks;
        MustBreak = content.MustBreak;
        PrefersBreak = content.PrefersBreak;
        EndsInComment = content.EndsInComment;
    }

    public Doc Content { get; }
}

/// <summary>Its lines start one step further right.</summary>
internal sealed class Indent(Doc content) : Wrapper(content);

/// <summary>Laid out on one line if that fits, else with all its own line breaks.</summary>
internal sealed class Group : Wrapper
{
    /// <param name="content">What is laid out.</param>
    /// <param name="prefersBreak">Whether one line is not wanted even where it fits.</param>
    public Group(Doc content, bool prefersBreak = false)
        : base(content) => PrefersBreak |= prefersBreak;
}

/// <summary>Stays on one line if it fits there, whatever its parts prefer: a comment at the end of the line speaks of all of it.</summary>
internal sealed class Pinned : Wrapper
{
    /// <param name="content">What is laid out.</param>
    /// <param name="anyWidth">Whether even a line that is too long is better than two.</param>
    public Pinned(Doc content, bool anyWidth)
        : base(content)
    {
        AnyWidth = anyWidth;
        PrefersBreak = false;
    }

    public bool AnyWidth { get; }
}

/// <summary>A text that is there only when the surrounding group is broken.</summary>
internal sealed class IfBroken : Doc
{
    /// <param name="broken">The text.</param>
    /// <param name="wasThere">Whether the source has it.</param>
    public IfBroken(string broken, bool wasThere)
    {
        Broken = broken;
        WasThere = wasThere;
        HeadWidth = broken.Length;
    }

    public string Broken { get; }

    public bool WasThere { get; }
}

/// <summary>A comment at the end of the line on which it comes to stand.</summary>
internal sealed class EndComment : Doc
{
    public EndComment(string text)
    {
        Text = text;
        EndsInComment = true;
    }

    public string Text { get; }
}

/// <summary>A comment on a line of its own.</summary>
internal sealed class LineComment : Doc
{
    public LineComment(string text, bool blankBefore, bool blankAfter)
    {
        Text = text;
        BlankBefore = blankBefore;
        BlankAfter = blankAfter;
        MustBreak = true;
        HeadBreaks = true;
    }

    public string Text { get; }

    public bool BlankBefore { get; }

    public bool BlankAfter { get; }
}

/// <summary>On one line, whatever surrounds it.</summary>
internal sealed class Flat : Wrapper
{
    public Flat(Doc content)
        : base(content)
    {
        HeadWidth = content.FlatWidth;
        HeadBreaks = false;
    }
}

/// <summary>
/// Two layouts of one text: <see cref="Hugged"/> lets its last part break while the rest stays on the line, <see cref="Stacked"/>
/// breaks before it. On one line both are the same.
/// </summary>
internal sealed class Choice : Doc
{
    /// <param name="hugged">The first layout.</param>
    /// <param name="stacked">The second one.</param>
    /// <param name="mayHug">Whether the first is possible at all.</param>
    /// <param name="prefersStacked">Whether the second goes first where, after its line break, it fits on a line.</param>
    public Choice(Doc hugged, Doc stacked, bool mayHug, bool prefersStacked = false)
    {
        Hugged = hugged;
        Stacked = stacked;
        MayHug = mayHug;
        PrefersStacked = prefersStacked;
        var likely = mayHug ? hugged : stacked;
        FlatWidth = hugged.FlatWidth;
        HeadWidth = likely.HeadWidth;
        HeadBreaks = likely.HeadBreaks;
        MustBreak = stacked.MustBreak;
        PrefersBreak = stacked.PrefersBreak;
        EndsInComment = stacked.EndsInComment;
    }

    public Doc Hugged { get; }

    public Doc Stacked { get; }

    public bool MayHug { get; }

    public bool PrefersStacked { get; }
}
