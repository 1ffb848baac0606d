namespace Sigil.Mir.Analysis;

/// <summary>The names of a function that are lent from places, and which of them stand for the same values: <c>whole @ { part }</c>, or two patterns over one list.</summary>
public sealed class LentNames
{
    private readonly MirFunction function;
    private readonly Dictionary<int, Name> names = [];
    private readonly ILookup<int, Name> byOrigin;
    private readonly Dictionary<MirPlace, MirPlace[]> shared = [];

    /// <param name="Local">The name.</param>
    /// <param name="Origin">Where it is lent from in the end.</param>
    /// <param name="Row">The block that binds it: names of one pattern are bound together.</param>
    /// <param name="IsExact">It is that place; otherwise some part of it, as an item of a loop is.</param>
    private sealed record Name(int Local, MirPlace Origin, int Row, bool IsExact);

    public LentNames(MirFunction function)
    {
        this.function = function;
        var rows = new Dictionary<int, int>();
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction is AssignInstruction { Target: { IsLocal: true, Local: var target } }) rows.TryAdd(target, block.Index);
        foreach (var local in function.Locals)
        {
            if (local.LentFrom is null || local.Kind != MirLocalKind.User) continue;
            var origin = OriginOf(MirPlace.Of(local.Index));
            var type = origin.Path.IsEmpty ? function.Locals[origin.Local].Type : origin.Path[^1].Type;
            names[local.Index] = new(local.Index, origin, rows.GetValueOrDefault(local.Index, -1), type.Equals(local.Type) && local.LentByIterator < 0);
        }
        byOrigin = names.Values.ToLookup(n => n.Origin.Local);
    }

    /// <summary>All places that a lent name is lent from, out to the outermost.</summary>
    public IEnumerable<MirPlace> ChainOf(int local)
    {
        var place = MirPlace.Of(local);
        while (function.Locals[place.Local].LentFrom is { } from)
        {
            place = new MirPlace(from.Local, from.Path.AddRange(place.Path));
            yield return place;
        }
    }

    /// <summary>Names, or parts of them, that are gone when the place is consumed, besides those that it is lent from.</summary>
    public IReadOnlyList<MirPlace> SharedWith(MirPlace place)
    {
        if (names.Count == 0) return [];
        if (!shared.TryGetValue(place, out var known)) shared[place] = known = [.. Overlapping(place)];
        return known;
    }

    private IEnumerable<MirPlace> Overlapping(MirPlace place)
    {
        var from = OriginOf(place);
        var own = names.GetValueOrDefault(place.Local);
        foreach (var name in byOrigin[from.Local])
        {
            if (name.Local == place.Local) continue;
            // Names of one pattern that stand for some parts stand for different ones.
            if (own is not null && own.Row == name.Row && !(own.IsExact && name.IsExact)) continue;
            var common = Math.Min(name.Origin.Path.Length, from.Path.Length);
            var same = true;
            for (var i = 0; i < common && same; i++) same = MayBeSame(name.Origin.Path[i], from.Path[i], own?.Row == name.Row);
            if (!same) continue;
            yield return name.IsExact && from.Path.Length > common ? new MirPlace(name.Local, from.Path[common..]) : MirPlace.Of(name.Local);
        }
    }

    private MirPlace OriginOf(MirPlace place)
    {
        while (function.Locals[place.Local].LentFrom is { } from) place = new MirPlace(from.Local, from.Path.AddRange(place.Path));
        return place;
    }

    private static bool MayBeSame(MirProjection a, MirProjection b, bool inOneRow) => (a, b) switch
    {
        (FieldProjection x, FieldProjection y) => x.Index == y.Index,
        (VariantProjection x, VariantProjection y) => x.Variant == y.Variant && x.Index == y.Index,
        (DereferenceProjection, DereferenceProjection) => true,
        // Of one pattern, each position is another element; of two, positions from different ends may meet.
        (ConstantElementProjection x, ConstantElementProjection y) => x.Position == y.Position || (!inOneRow && x.Position < 0 != y.Position < 0),
        (RestProjection, ConstantElementProjection) or (ConstantElementProjection, RestProjection) => !inOneRow,
        (ElementProjection or ConstantElementProjection or RestProjection or EntryProjection, ElementProjection or ConstantElementProjection or RestProjection or EntryProjection) => true,
        _ => false,
    };
}
