namespace Sigil.Semantics.Exhaustiveness;

/// <summary>Numbers, kept as disjoint intervals.</summary>
internal sealed class IntervalSet
{
    // Ascending.
    private readonly List<(long Low, long High)> intervals = [];

    /// <summary>Whether one of the numbers is a member.</summary>
    public bool Meets(long low, long high) => FirstFrom(low) is var at && at < intervals.Count && intervals[at].Low <= high;

    /// <summary>Adds the numbers from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public void Add(long low, long high)
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

    /// <summary>The first interval that ends at or after a number.</summary>
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
}
