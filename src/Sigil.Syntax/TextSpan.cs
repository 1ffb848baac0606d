namespace Sigil.Syntax;

/// <summary>A range of a source text, in UTF-16 units.</summary>
public readonly record struct TextSpan(int Start, int Length)
{
    /// <summary>The position just behind the last unit.</summary>
    public int End => Start + Length;

    /// <summary>Whether the span covers nothing.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>The span from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    public static TextSpan FromBounds(int start, int end) => new(start, end - start);

    /// <summary>The smallest span that covers both.</summary>
    public TextSpan Union(TextSpan other) => FromBounds(Math.Min(Start, other.Start), Math.Max(End, other.End));

    /// <summary>Whether <paramref name="position"/> lies inside.</summary>
    public bool Contains(int position) => position >= Start && position < End;

    /// <summary>Whether <paramref name="other"/> lies wholly inside.</summary>
    public bool Contains(TextSpan other) => other.Start >= Start && other.End <= End;

    /// <inheritdoc/>
    public override string ToString() => $"{Start}..{End}";
}

/// <summary>A span together with the text that it is a span of.</summary>
public readonly record struct SourceLocation(SourceText Source, TextSpan Span)
{
    /// <summary>Line and column of the first unit.</summary>
    public LinePosition Start => Source.GetLinePosition(Span.Start);

    /// <inheritdoc/>
    public override string ToString() => $"{Source.Path}:{Start.Line}:{Start.Column}";
}

/// <summary>A place in a text as people count it: both from 1, columns counting Unicode scalars.</summary>
public readonly record struct LinePosition(int Line, int Column);
