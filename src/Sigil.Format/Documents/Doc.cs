namespace Sigil.Format.Documents;

// The document algebra. A document stands for all layouts of a text; `DocPrinter` picks one. It goes back to Wadler
// ("A prettier printer"), with two additions that comments and trailing blocks need: text that waits for the end of its
// line, and a choice between two layouts of one text.
//
// Documents are immutable and know, from their construction on, all that the printer asks: so each decision takes
// constant time, and printing is linear in the size of the text. They are numbers: what they stand for is in a
// `DocArena`, which is emptied and filled again for each item of a module, so that a text of any length is laid out in
// the memory of its longest item.

/// <summary>A text with its possible layouts: a place in a <see cref="DocArena"/>.</summary>
/// <param name="Index">The place; 0 is nothing.</param>
internal readonly record struct Doc(int Index)
{
    /// <summary>Nothing.</summary>
    public static Doc Empty => default;

    /// <summary>A blank.</summary>
    public static Doc Space => new(1);

    /// <summary>A comma.</summary>
    public static Doc Comma => new(2);

    /// <summary>A comma that is there only when the surrounding group is broken, and that the source has not.</summary>
    public static Doc AddedComma => new(3);

    /// <summary>A comma that is there only when the surrounding group is broken, and that the source has.</summary>
    public static Doc KeptComma => new(4);

    /// <summary>The value <c>()</c>.</summary>
    public static Doc Unit => new(5);

    /// <summary>The dot before a label.</summary>
    public static Doc Dot => new(6);

    /// <summary>A bar and a blank that are there only when the surrounding group is broken, and that the source has not.</summary>
    public static Doc AddedBar => new(7);

    /// <summary>A line break or a blank.</summary>
    public static Doc LineOrSpace => new(8);

    /// <summary>A line break or nothing.</summary>
    public static Doc LineOrNothing => new(9);

    /// <summary>A line break in any case.</summary>
    public static Doc LineAlways => new(10);

    /// <summary>A line break and an empty line, or a blank.</summary>
    public static Doc BlankOrSpace => new(11);

    /// <summary>A line break and an empty line, or nothing.</summary>
    public static Doc BlankOrNothing => new(12);

    /// <summary>A line break and an empty line in any case.</summary>
    public static Doc BlankAlways => new(13);
}

/// <summary>What a document is.</summary>
internal enum DocKind : byte
{
    /// <summary>Characters of the source: of one line, or of several that are kept exactly as they are.</summary>
    Source,

    /// <summary>Characters that the source need not have.</summary>
    Fixed,

    /// <summary>A text that is there only when the surrounding group is broken.</summary>
    IfBroken,

    /// <summary>A line break, or on one line a blank or nothing.</summary>
    Line,

    /// <summary>One document after the other.</summary>
    Concat,

    /// <summary>Its lines start one step further right.</summary>
    Indent,

    /// <summary>Laid out on one line if that fits, else with all its own line breaks.</summary>
    Group,

    /// <summary>Stays on one line if it fits there, whatever its parts prefer: a comment at the end of the line speaks of all of it.</summary>
    Pinned,

    /// <summary>On one line, whatever surrounds it.</summary>
    Flat,

    /// <summary>Two layouts of one text: the first lets its last part break while the rest stays on the line, the second breaks before it. On one line both are the same.</summary>
    Choice,

    /// <summary>A comment at the end of the line on which it comes to stand.</summary>
    EndComment,

    /// <summary>A comment on a line of its own.</summary>
    LineComment,
}

/// <summary>What is to be known of a document.</summary>
[Flags]
internal enum DocTraits : ushort
{
    None = 0,

    /// <summary>It has a line break when laid out on several lines.</summary>
    HeadBreaks = 1,

    /// <summary>It cannot stand on one line: a comment ends a line inside it.</summary>
    MustBreak = 2,

    /// <summary>It could stand on one line, but should not.</summary>
    PrefersBreak = 4,

    /// <summary>Its last line ends in a comment: nothing may follow on that line.</summary>
    EndsInComment = 8,

    /// <summary>Of a line or a comment: an empty line stands with its line break, or before it.</summary>
    Blank = 16,

    /// <summary>Of a comment: an empty line stands after it.</summary>
    BlankAfter = 32,

    /// <summary>Of a pinned document: even a line that is too long is better than two.</summary>
    AnyWidth = 64,

    /// <summary>Of an optional text: the source has it.</summary>
    WasThere = 128,

    /// <summary>Of a choice: its first layout is possible.</summary>
    MayHug = 256,

    /// <summary>Of a choice: the second layout goes first where, after its line break, it fits on a line.</summary>
    PrefersStacked = 512,
}

/// <summary>A document in its arena.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Traits">What is to be known of it.</param>
/// <param name="FlatWidth">The columns that it takes when laid out on one line.</param>
/// <param name="HeadWidth">The columns up to its first line break, when it is laid out on several lines.</param>
/// <param name="First">Where its text starts, where its parts start, or its content.</param>
/// <param name="Second">The length of its text, the number of its parts, or its second layout.</param>
internal readonly record struct DocNode(DocKind Kind, DocTraits Traits, int FlatWidth, int HeadWidth, int First, int Second)
{
    /// <summary>Whether it may be laid out on one line.</summary>
    public bool MayBeFlat => (Traits & (DocTraits.MustBreak | DocTraits.PrefersBreak)) == 0;

    /// <summary>Whether it has a trait.</summary>
    public bool Is(DocTraits trait) => (Traits & trait) != 0;
}
