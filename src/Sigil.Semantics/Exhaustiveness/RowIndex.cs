namespace Sigil.Semantics.Exhaustiveness;

/// <summary>
/// Finds the earlier rows that may match a value that a new row matches too; the others have no say in whether the new row adds something. A long table
/// whose rows differ somewhere, in whatever part, is so checked in time linear to its length.
/// </summary>
/// <remarks>One index stands for one place in the value; the parts of equal constructors have indices of their own.</remarks>
internal sealed class RowIndex
{
    /// <summary>How many elements of a list from its start are told apart.</summary>
    private const int IndexedElements = 8;

    private readonly Dictionary<Constructor, Bucket> buckets = [];
    private readonly List<int> ranges = [];
    private readonly List<int> points = [];
    private readonly IntervalSet inRanges = new(), inPoints = new();
    // Rows that say nothing, or nothing that is told apart here.
    private readonly List<int> others = [];
    private readonly Bucket lists = new();

    /// <summary>The rows that begin with one constructor.</summary>
    private sealed class Bucket
    {
        public List<int> Rows { get; } = [];
        public List<RowIndex> Parts { get; } = [];

        public RowIndex Part(int index)
        {
            while (Parts.Count <= index)
            {
                // Earlier rows have nothing to say about a part that is new.
                var part = new RowIndex();
                part.others.AddRange(Rows);
                Parts.Add(part);
            }
            return Parts[index];
        }
    }

    /// <summary>Takes note of a row by its number; numbers ascend.</summary>
    public void Add(Shape shape, int row)
    {
        if (shape.IsAlternative && shape.Parts.All(p => !p.IsAlternative && p.Constructor is not null and not ListConstructor))
        {
            foreach (var part in shape.Parts) Add(part, row);
            return;
        }
        switch (shape.Constructor)
        {
            case IntervalConstructor i when i.Low < i.High:
                ranges.Add(row);
                inRanges.Add(i.Low, i.High);
                break;
            case IntervalConstructor i:
                points.Add(row);
                inPoints.Add(i.Low, i.High);
                Into(BucketOf(i), shape, row, 0);
                break;
            case ListConstructor list:
                var prefix = Math.Min(list.IsOpen ? list.Prefix : list.Length, IndexedElements);
                for (var k = 0; k < prefix; k++) lists.Part(k);
                Into(lists, shape, row, prefix);
                break;
            case { } head: Into(BucketOf(head), shape, row, shape.Parts.Length); break;
            default: others.Add(row); break;
        }
    }

    private Bucket BucketOf(Constructor head)
    {
        if (!buckets.TryGetValue(head, out var bucket)) buckets[head] = bucket = new Bucket();
        return bucket;
    }

    private static void Into(Bucket bucket, Shape shape, int row, int parts)
    {
        for (var k = 0; k < parts; k++) bucket.Part(k).Add(shape.Parts[k], row);
        for (var k = parts; k < bucket.Parts.Count; k++) bucket.Parts[k].others.Add(row);
        bucket.Rows.Add(row);
    }

    /// <summary>The numbers of the rows that may meet the shape, ascending.</summary>
    public List<int> Meeting(Shape shape)
    {
        var rows = new SortedSet<int>();
        Collect(shape, rows);
        return [.. rows];
    }

    private int Size(Shape shape)
    {
        if (shape.IsAlternative) return shape.Parts.Sum(Size);
        var size = others.Count;
        switch (shape.Constructor)
        {
            case IntervalConstructor i:
                if (inRanges.Meets(i.Low, i.High)) size += ranges.Count;
                if (i.Low < i.High) return size + (inPoints.Meets(i.Low, i.High) ? points.Count : 0);
                return size + (buckets.TryGetValue(i, out var equal) ? equal.Rows.Count : 0);
            case ListConstructor: return size + Size(lists, shape);
            case { } head: return size + (buckets.TryGetValue(head, out var bucket) ? Size(bucket, shape) : 0);
            default: return int.MaxValue;
        }
    }

    private static int Size(Bucket bucket, Shape shape) => BestPart(bucket, shape) is ( >= 0, var size) ? size : bucket.Rows.Count;

    // The part by which the fewest rows are left; -1: none is better than the whole.
    private static (int Part, int Size) BestPart(Bucket bucket, Shape shape)
    {
        var known = shape.Constructor is ListConstructor list ? list.IsOpen ? list.Prefix : list.Length : shape.Parts.Length;
        (int Part, int Size) best = (-1, bucket.Rows.Count);
        for (var k = 0; k < bucket.Parts.Count && k < known && best.Size > 0; k++)
        {
            if (shape.Parts[k].IsWildcard) continue;
            var size = bucket.Parts[k].Size(shape.Parts[k]);
            if (size < best.Size) best = (k, size);
        }
        return best;
    }

    private void Collect(Shape shape, SortedSet<int> into)
    {
        if (shape.IsAlternative)
        {
            foreach (var part in shape.Parts) Collect(part, into);
            return;
        }
        into.UnionWith(others);
        switch (shape.Constructor)
        {
            case IntervalConstructor i:
                if (inRanges.Meets(i.Low, i.High)) into.UnionWith(ranges);
                if (i.Low == i.High) into.UnionWith(buckets.TryGetValue(i, out var equal) ? equal.Rows : []);
                else if (inPoints.Meets(i.Low, i.High)) into.UnionWith(points);
                break;
            case ListConstructor: Collect(lists, shape, into); break;
            case { } head when buckets.TryGetValue(head, out var bucket): Collect(bucket, shape, into); break;
            case { }: break;
            default:
                into.UnionWith(ranges);
                into.UnionWith(lists.Rows);
                foreach (var bucket in buckets.Values) into.UnionWith(bucket.Rows);
                break;
        }
    }

    private static void Collect(Bucket bucket, Shape shape, SortedSet<int> into)
    {
        if (BestPart(bucket, shape) is ( >= 0 and var part, _)) bucket.Parts[part].Collect(shape.Parts[part], into);
        else into.UnionWith(bucket.Rows);
    }
}
