using System.Collections.Immutable;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Exhaustiveness;

/// <summary>The question was too large to answer within the limit.</summary>
internal sealed class TooComplexException : Exception;

/// <summary>Decides what rows of patterns leave uncovered, after Maranget's "Warnings for pattern matching".</summary>
/// <remarks>Sub-questions that turned out to be covered are remembered; the work for one question is bounded by <see cref="StepLimit"/>.</remarks>
internal sealed class PatternMatrix(ITypeSystem types, ShapeTable shapes)
{
    /// <summary>Rows looked at before giving up. Deciding a match is NP-hard; what people write needs a few thousand.</summary>
    private const int StepLimit = 2_000_000;

    private readonly Domain domain = new(types);
    private readonly HashSet<string> covered = [];
    private readonly HashSet<string> useless = [];
    private int steps;

    /// <summary>Values that no row matches, one shape per column; null when every value is matched.</summary>
    public ImmutableArray<Shape>? FindUncovered(List<ImmutableArray<Shape>> rows, ImmutableArray<SigilType> columns)
    {
        steps = 0;
        return Uncovered(rows, columns);
    }

    /// <summary>Whether <paramref name="row"/> matches a value that none of <paramref name="rows"/> matches.</summary>
    public bool Adds(List<ImmutableArray<Shape>> rows, ImmutableArray<Shape> row, ImmutableArray<SigilType> columns)
    {
        steps = 0;
        return IsUseful(rows, row, columns);
    }

    /// <summary>Whether a value exists that both rows match.</summary>
    public bool Overlap(ImmutableArray<Shape> a, ImmutableArray<Shape> b, ImmutableArray<SigilType> columns)
    {
        Count(1);
        var column = -1;
        for (var i = 0; i < a.Length && column < 0; i++) if (!a[i].IsWildcard && !b[i].IsWildcard) column = i;
        if (column < 0) return true;
        if (a[column].IsAlternative) return a[column].Parts.Any(part => Overlap(a.SetItem(column, part), b, columns));
        if (b[column].IsAlternative) return b[column].Parts.Any(part => Overlap(a, b.SetItem(column, part), columns));
        var (own, other) = (a[column].Constructor!, b[column].Constructor!);
        foreach (var cut in domain.Split(columns[column], [own, other], own) ?? [new Cut(own, true)])
        {
            if (!own.Covers(cut.Constructor) || !other.Covers(cut.Constructor)) continue;
            var partTypes = domain.PartTypes(columns[column], cut.Constructor);
            if (Overlap(Take(a, column, cut.Constructor, partTypes.Length), Take(b, column, cut.Constructor, partTypes.Length), Replace(columns, column, partTypes))) return true;
        }
        return false;
    }

    private ImmutableArray<Shape>? Uncovered(List<ImmutableArray<Shape>> rows, ImmutableArray<SigilType> columns)
    {
        Count(rows.Count);
        if (rows.Count == 0) return [.. columns.Select(_ => shapes.Wildcard)];
        if (columns.Length == 0 || rows[0].All(s => s.IsWildcard)) return null;
        // One path from the root asks one question per part, so depth is bounded by the size of the patterns.
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();

        rows = Trim(rows);
        var key = columns.Length == 1 ? null : Key(rows);
        if (key is not null && covered.Contains(key)) return null;
        var column = ChooseColumn(rows);
        rows = ExpandAlternatives(rows, column);
        var witness = SplitColumn(rows, columns, column);
        if (witness is null && key is not null) covered.Add(key);
        return witness;
    }

    private bool IsUseful(List<ImmutableArray<Shape>> rows, ImmutableArray<Shape> row, ImmutableArray<SigilType> columns)
    {
        Count(rows.Count);
        if (rows.Count == 0) return true;
        if (columns.Length == 0) return false;
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        var column = IndexOf(row, s => !s.IsWildcard);
        if (column < 0) return Uncovered(rows, columns) is not null;

        rows = Trim(rows);
        var key = columns.Length == 1 ? null : Key(rows) + "?" + Key([row]);
        if (key is not null && useless.Contains(key)) return false;
        var head = row[column];
        bool useful;
        if (head.IsAlternative)
            useful = head.Parts.Any(part => IsUseful(rows, row.SetItem(column, part), columns));
        else
            useful = IsUsefulAt(ExpandAlternatives(rows, column), row, columns, column);
        if (!useful && key is not null) useless.Add(key);
        return useful;
    }

    private bool IsUsefulAt(List<ImmutableArray<Shape>> rows, ImmutableArray<Shape> row, ImmutableArray<SigilType> columns, int column)
    {
        var own = row[column].Constructor!;
        var heads = HeadsOf(rows, column);
        heads.Add(own);
        var cuts = domain.Split(columns[column], heads, own) ?? [new Cut(own, true)];
        foreach (var cut in cuts)
        {
            if (!own.Covers(cut.Constructor)) continue;
            var partTypes = domain.PartTypes(columns[column], cut.Constructor);
            var specialised = Specialise(rows, column, cut.Constructor, partTypes.Length);
            if (IsUseful(specialised, Take(row, column, cut.Constructor, partTypes.Length), Replace(columns, column, partTypes))) return true;
        }
        return false;
    }

    private ImmutableArray<Shape>? SplitColumn(List<ImmutableArray<Shape>> rows, ImmutableArray<SigilType> columns, int column)
    {
        var heads = HeadsOf(rows, column);
        var cuts = domain.Split(columns[column], heads, null);
        var byHead = RowsByHead(rows, column, heads);
        foreach (var constructor in cuts is null ? heads : cuts.Where(c => c.IsMentioned).Select(c => c.Constructor))
        {
            var partTypes = domain.PartTypes(columns[column], constructor);
            var specialised = Specialise(byHead is null ? rows : byHead.GetValueOrDefault(constructor) ?? [], column, constructor, partTypes.Length);
            if (Uncovered(specialised, Replace(columns, column, partTypes)) is not { } found) continue;
            var parts = found.Slice(column, partTypes.Length);
            return [.. found[..column], shapes.Make(constructor, parts), .. found[(column + partTypes.Length)..]];
        }
        var missing = cuts?.Where(c => !c.IsMentioned).Select(c => c.Constructor).ToList();
        if (missing is { Count: 0 }) return null;
        var others = rows.Where(r => r[column].IsWildcard).Select(r => r.RemoveAt(column)).ToList();
        if (Uncovered(others, columns.RemoveAt(column)) is not { } rest) return null;
        var shape = missing is null ? shapes.Wildcard : WitnessOf(columns[column], missing);
        return rest.Insert(column, shape);
    }

    /// <summary>The rows that each constructor of a long column leaves, in order; null when a head may cover several constructors, or the column is short.</summary>
    private static Dictionary<Constructor, List<ImmutableArray<Shape>>>? RowsByHead(List<ImmutableArray<Shape>> rows, int column, HashSet<Constructor> heads)
    {
        const int Long = 32, Few = 4;
        if (heads.Count < Long || !(heads.All(IsSingle) || AreDisjoint(heads)) || rows.Count(r => r[column].IsWildcard) > Few) return null;
        var result = new Dictionary<Constructor, List<ImmutableArray<Shape>>>();
        var wild = new List<ImmutableArray<Shape>>();
        foreach (var row in rows)
        {
            if (row[column].Constructor is not { } head)
            {
                wild.Add(row);
                foreach (var started in result.Values) started.Add(row);
                continue;
            }
            if (!result.TryGetValue(head, out var list)) result[head] = list = [.. wild];
            list.Add(row);
        }
        return result;
    }

    // Each of them is a cut of its own then.
    private static bool AreDisjoint(HashSet<Constructor> heads)
    {
        if (!heads.All(h => h is IntervalConstructor)) return false;
        var sorted = heads.Cast<IntervalConstructor>().OrderBy(i => i.Low).ToList();
        for (var i = 1; i < sorted.Count; i++)
            if (sorted[i].Low <= sorted[i - 1].High) return false;
        return true;
    }

    private static bool IsSingle(Constructor head) => head is ValueConstructor or VariantConstructor || head is IntervalConstructor i && i.Low == i.High;

    /// <summary>The most telling of the constructors that no row mentions.</summary>
    private Shape WitnessOf(SigilType type, List<Constructor> missing)
    {
        var constructor = missing[0];
        // A number near the ones that are covered says more than the least int.
        if (constructor is IntervalConstructor { Low: long.MinValue } && missing.Count > 1) constructor = missing[1];
        return shapes.Make(constructor, [.. domain.PartTypes(type, constructor).Select(_ => shapes.Wildcard)]);
    }

    private List<ImmutableArray<Shape>> Specialise(List<ImmutableArray<Shape>> rows, int column, Constructor constructor, int partCount)
    {
        var result = new List<ImmutableArray<Shape>>();
        foreach (var row in rows)
        {
            if (row[column].Constructor is { } own && !own.Covers(constructor)) continue;
            Count(1);
            result.Add(Take(row, column, constructor, partCount));
        }
        return result;
    }

    /// <summary>A row with the parts of a value built by <paramref name="constructor"/> in place of the value.</summary>
    private ImmutableArray<Shape> Take(ImmutableArray<Shape> row, int column, Constructor constructor, int partCount)
    {
        var builder = ImmutableArray.CreateBuilder<Shape>(row.Length - 1 + partCount);
        builder.AddRange(row, column);
        var shape = row[column];
        for (var i = 0; i < partCount; i++)
            builder.Add(shape.IsWildcard ? shapes.Wildcard : PartAt(shape, constructor, i, partCount));
        for (var i = column + 1; i < row.Length; i++) builder.Add(row[i]);
        return builder.MoveToImmutable();
    }

    private Shape PartAt(Shape shape, Constructor target, int index, int count)
    {
        if (shape.Constructor is not ListConstructor own || target is not ListConstructor) return shape.Parts[index];
        if (index < own.Prefix) return shape.Parts[index];
        var fromEnd = count - index;
        return fromEnd <= own.Suffix ? shape.Parts[own.Length - fromEnd] : shapes.Wildcard;
    }

    private static HashSet<Constructor> HeadsOf(List<ImmutableArray<Shape>> rows, int column) =>
        [.. rows.Select(r => r[column].Constructor).OfType<Constructor>()];

    private static List<ImmutableArray<Shape>> ExpandAlternatives(List<ImmutableArray<Shape>> rows, int column)
    {
        if (!rows.Exists(r => r[column].IsAlternative)) return rows;
        var result = new List<ImmutableArray<Shape>>();
        foreach (var row in rows)
        {
            if (row[column].IsAlternative)
                foreach (var part in row[column].Parts) result.Add(row.SetItem(column, part));
            else result.Add(row);
        }
        return result;
    }

    /// <summary>The column of the first row's tests in which most rows test something: it divides the matrix best.</summary>
    private static int ChooseColumn(List<ImmutableArray<Shape>> rows)
    {
        int best = -1, bestCount = -1;
        for (var i = 0; i < rows[0].Length; i++)
        {
            if (rows[0][i].IsWildcard) continue;
            var count = rows.Count(r => !r[i].IsWildcard);
            if (count > bestCount) (best, bestCount) = (i, count);
        }
        return best;
    }

    /// <summary>Without repetitions, and without the rows after one that matches everything.</summary>
    private static List<ImmutableArray<Shape>> Trim(List<ImmutableArray<Shape>> rows)
    {
        // A single column is split once and never met again: a long table of constants is not worth the keys.
        if (rows[0].Length == 1) return rows;
        var seen = new HashSet<string>();
        var result = new List<ImmutableArray<Shape>>(rows.Count);
        foreach (var row in rows)
        {
            if (seen.Add(Key([row]))) result.Add(row);
            if (row.All(s => s.IsWildcard)) break;
        }
        return result;
    }

    private static string Key(List<ImmutableArray<Shape>> rows) =>
        string.Join(';', rows.Select(r => string.Join(' ', r.Select(s => s.Id))));

    private static ImmutableArray<SigilType> Replace(ImmutableArray<SigilType> columns, int column, ImmutableArray<SigilType> parts) =>
        [.. columns[..column], .. parts, .. columns[(column + 1)..]];

    private static int IndexOf(ImmutableArray<Shape> row, Func<Shape, bool> condition)
    {
        for (var i = 0; i < row.Length; i++) if (condition(row[i])) return i;
        return -1;
    }

    private void Count(int rows)
    {
        if ((steps += rows + 1) > StepLimit) throw new TooComplexException();
    }
}
