using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Exhaustiveness;

/// <summary>The values of a type, cut up so that each of the constructors in a column takes a cut wholly or not at all.</summary>
/// <param name="Constructor">The cut.</param>
/// <param name="IsMentioned">Whether a constructor of the column covers it; cuts that none covers all behave alike.</param>
internal readonly record struct Cut(Constructor Constructor, bool IsMentioned);

/// <summary>Knows the constructors of types.</summary>
internal sealed class Domain(ITypeSystem types)
{
    private const long LastBeforeSurrogates = 0xD7FF, FirstAfterSurrogates = 0xE000, LastScalar = 0x10FFFF;

    /// <summary>The types of the parts of a value built by a constructor.</summary>
    public ImmutableArray<SigilType> PartTypes(SigilType type, Constructor constructor)
    {
        var matched = Matched.TypeOf(type);
        return constructor switch
        {
            VariantConstructor variant => types.PayloadTypes(matched, variant.Variant),
            ProductConstructor => types.FieldTypes(matched),
            ListConstructor list => [.. Enumerable.Repeat(matched is NamedType { Arguments: [var element, ..] } ? element : ErrorType.Instance, list.Length)],
            _ => [],
        };
    }

    /// <summary>Cuts the values of a type (those of <paramref name="within"/> only, if given) along the heads of a column.</summary>
    /// <returns>Null when the values cannot be listed: then nothing but a wildcard covers them all.</returns>
    public List<Cut>? Split(SigilType type, IReadOnlyCollection<Constructor> heads, Constructor? within)
    {
        switch (heads.First())
        {
            case VariantConstructor first:
                var variants = within is VariantConstructor one ? [one.Variant] : first.Variant.Owner.Variants;
                return [.. variants.Select(v => new VariantConstructor(v)).Select(c => new Cut(c, heads.Contains(c)))];
            case ProductConstructor:
                return [new Cut(new ProductConstructor(), true)];
            case IntervalConstructor:
                return SplitIntervals(Matched.TypeOf(type), heads, within as IntervalConstructor);
            case ListConstructor:
                return SplitLists(heads, within as ListConstructor);
            default:
                return null;
        }
    }

    private static Cut Mentioned(Constructor constructor, IReadOnlyCollection<Constructor> heads) =>
        new(constructor, heads.Any(h => h.Covers(constructor)));

    private static List<Cut> SplitIntervals(SigilType type, IReadOnlyCollection<Constructor> heads, IntervalConstructor? within)
    {
        // Every head begins and ends a cut; so the heads that cover a cut can be found by counting, not by searching.
        var cuts = new List<Cut>();
        foreach (var (low, high) in within is null ? RangesOf(type) : [(within.Low, within.High)])
        {
            var changes = new SortedDictionary<Int128, int> { [low] = 0 };
            foreach (var head in heads.Cast<IntervalConstructor>())
            {
                Int128 from = Math.Max(head.Low, low), to = (Int128)Math.Min(head.High, high) + 1;
                if (from >= to) continue;
                changes[from] = changes.GetValueOrDefault(from) + 1;
                changes[to] = changes.GetValueOrDefault(to) - 1;
            }
            var depth = 0;
            var starts = changes.ToArray();
            for (var i = 0; i < starts.Length; i++)
            {
                if (starts[i].Key > high) break;
                depth += starts[i].Value;
                var end = i + 1 < starts.Length ? starts[i + 1].Key - 1 : high;
                cuts.Add(new Cut(new IntervalConstructor((long)starts[i].Key, (long)end), depth > 0));
            }
        }
        return cuts;
    }

    /// <summary>The ranges of all values of a type with intervals.</summary>
    public static (long Low, long High)[] RangesOf(SigilType type) => type is NamedType named ? named.Definition.Kind switch
    {
        TypeKind.Bool => [(0, 1)],
        TypeKind.Byte => [(0, 255)],
        TypeKind.Char => [(0, LastBeforeSurrogates), (FirstAfterSurrogates, LastScalar)],
        _ => [(long.MinValue, long.MaxValue)],
    } : [(long.MinValue, long.MaxValue)];

    private static List<Cut> SplitLists(IReadOnlyCollection<Constructor> heads, ListConstructor? within)
    {
        // Lists longer than every fixed length and every pair of prefix and suffix all meet the same patterns.
        int prefix = within?.Prefix ?? 0, suffix = within?.Suffix ?? 0, closed = 0;
        foreach (var head in heads.Cast<ListConstructor>())
        {
            if (head.IsOpen)
            {
                prefix = Math.Max(prefix, head.Prefix);
                suffix = Math.Max(suffix, head.Suffix);
            }
            else closed = Math.Max(closed, head.Length + 1);
        }
        prefix = Math.Max(prefix, closed - suffix);
        var cuts = new List<Cut>();
        if (within is { IsOpen: false }) return [Mentioned(within, heads)];
        for (var length = within?.Length ?? 0; length < prefix + suffix; length++)
            cuts.Add(Mentioned(new ListConstructor(length, 0, false), heads));
        cuts.Add(Mentioned(new ListConstructor(prefix, suffix, true), heads));
        return cuts;
    }
}
