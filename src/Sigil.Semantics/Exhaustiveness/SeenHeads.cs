namespace Sigil.Semantics.Exhaustiveness;

/// <summary>
/// What the first tests of earlier rows cover, for matches of one column. A row whose test meets none of them surely adds something; a long
/// table of constants is checked in time linear to its length.
/// </summary>
internal sealed class SeenHeads
{
    private readonly HashSet<Constructor> single = [];
    // Covered numbers as disjoint intervals, ascending.
    private readonly List<(long Low, long High)> intervals = [];
    private bool isUnclear;

    /// <summary>Takes note of a row.</summary>
    public void Add(Shape shape)
    {
        if (shape.IsAlternative)
        {
            foreach (var part in shape.Parts) Add(part);
            return;
        }
        switch (shape.Constructor)
        {
            case IntervalConstructor interval: Cover(interval.Low, interval.High); break;
            case ValueConstructor or VariantConstructor: single.Add(shape.Constructor); break;
            default: isUnclear = true; break;
        }
    }

    /// <summary>Whether the shape matches something that no noted row's test lets through; false says nothing.</summary>
    public bool SurelyAdds(Shape shape)
    {
        if (isUnclear) return false;
        if (shape.IsAlternative) return shape.Parts.Any(SurelyAdds);
        return shape.Constructor switch
        {
            IntervalConstructor interval => interval.Low <= interval.High && !Meets(interval.Low, interval.High),
            ValueConstructor or VariantConstructor => !single.Contains(shape.Constructor),
            _ => false,
        };
    }

    /// <summary>The first covered interval that ends at or after a number.</summary>
    private int FirstFrom(long low)
    {
        int from = 0, to = intervals.Count;
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (intervals[middle].High < low) from = middle + 1;
            else to = middle;
        }
        return from;
    }

    private bool Meets(long low, long high) => FirstFrom(low) is var at && at < intervals.Count && intervals[at].Low <= high;

    private void Cover(long low, long high)
    {
        if (low > high) return;
        var at = FirstFrom(low == long.MinValue ? low : low - 1);
        var end = at;
        // Neighbours melt together, so that a table of successive constants stays one interval.
        for (; end < intervals.Count && (high == long.MaxValue || intervals[end].Low <= high + 1); end++)
        {
            low = Math.Min(low, intervals[end].Low);
            high = Math.Max(high, intervals[end].High);
        }
        intervals.RemoveRange(at, end - at);
        intervals.Insert(at, (low, high));
    }
}
