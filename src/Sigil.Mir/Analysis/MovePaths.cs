namespace Sigil.Mir.Analysis;

/// <summary>A place whose parts move on their own: a local or a chain of fields and payload parts below one.</summary>
public sealed class MovePath(int id, MirPlace place, MovePath? parent)
{
    public int Id { get; } = id;
    public MirPlace Place { get; } = place;
    public MovePath? Parent { get; } = parent;
    public List<MovePath> Children { get; } = [];

    public IEnumerable<MovePath> SelfAndDescendants()
    {
        yield return this;
        foreach (var c in Children)
            foreach (var d in c.SelfAndDescendants()) yield return d;
    }
}

/// <summary>The tree of move paths of a function: every local that is moved or must be dropped, and every part that some instruction moves or writes.</summary>
/// <remarks>Follows rustc's idea of move paths: the lattice lives on this tree, nothing else knows about places.</remarks>
public sealed class MovePaths
{
    private readonly MovePath?[] locals;
    private readonly List<MovePath> all = [];

    private readonly MirFunction function;
    private readonly bool isExact;
    private readonly LentNames? lentNames;

    /// <param name="function">The function.</param>
    /// <param name="isExact">
    /// What consuming a lent name does to the place it came from: for drops exactly the part that is gone, so that the rest is dropped with its owner;
    /// for the rules of the language all of that place.
    /// </param>
    /// <param name="lentNames">For the rules of the language: which names stand for the same values.</param>
    public MovePaths(MirFunction function, bool isExact, LentNames? lentNames = null)
    {
        this.function = function;
        this.isExact = isExact;
        this.lentNames = lentNames;
        locals = new MovePath?[function.Locals.Count];
        var accesses = new List<Access>();
        foreach (var block in function.Blocks)
        {
            accesses.Clear();
            foreach (var i in block.Instructions)
            {
                AccessVisitor.Before(i, accesses);
                AccessVisitor.After(i, accesses);
            }
            AccessVisitor.Of(block.Terminator, default, accesses);
            foreach (var a in accesses)
            {
                if (a.Kind is not (AccessKind.Move or AccessKind.Drop)) continue;
                Add(a.Place);
                if (a.Kind == AccessKind.Move)
                    foreach (var shared in SharedWith(a.Place)) Add(shared);
            }
        }
        // Parts that are written again after a move need their own bit.
        foreach (var block in function.Blocks)
        {
            accesses.Clear();
            foreach (var i in block.Instructions) AccessVisitor.After(i, accesses);
            foreach (var a in accesses)
                if (a.Kind == AccessKind.Write && a.Place.Path.Length > 0 && locals[a.Place.Local] is not null) Add(a.Place);
        }
        if (isExact)
        {
            foreach (var path in all.ToArray())
                foreach (var origin in Origins(path.Place)) Add(origin);
            return;
        }
        foreach (var local in function.Locals)
            if (locals[local.Index] is not null)
                foreach (var origin in Origins(MirPlace.Of(local.Index))) Add(origin);
    }

    /// <summary>The places that are gone with a consumed one, out to the outermost: where lent names came from.</summary>
    public IEnumerable<MirPlace> Origins(MirPlace place)
    {
        while (function.Locals[place.Local].LentFrom is { } from)
        {
            place = isExact ? new MirPlace(from.Local, from.Path.AddRange(place.Path)) : Whole(from);
            // Nothing can name a temporary again: its elements are given away one by one.
            if (isExact || place.Path.Length == from.Path.Length || function.Locals[place.Local] is not { Kind: MirLocalKind.Temporary, LentFrom: null }) yield return place;
        }
    }

    /// <summary>Other names that have, or are a part of, what goes when the place is consumed.</summary>
    public IEnumerable<MirPlace> SharedWith(MirPlace place) => lentNames?.SharedWith(place) ?? [];

    /// <summary>A list goes with any of its elements.</summary>
    private static MirPlace Whole(MirPlace place)
    {
        for (int i = 0; i < place.Path.Length; i++)
            if (!Tracked(place.Path[i])) return new MirPlace(place.Local, place.Path[..i]);
        return place;
    }

    public int Count => all.Count;
    public IReadOnlyList<MovePath> All => all;
    public MovePath this[int id] => all[id];

    /// <summary>The path of a local, or null when nothing about it moves.</summary>
    public MovePath? OfLocal(int local) => local < locals.Length ? locals[local] : null;

    /// <summary>How much of the place lies on the tree: the deepest path, and whether it is the place itself.</summary>
    public (MovePath? Path, bool Exact) Find(MirPlace place)
    {
        if (OfLocal(place.Local) is not { } path) return (null, false);
        foreach (var step in place.Path)
        {
            if (!Tracked(step)) return (path, false);
            MovePath? next = null;
            foreach (var c in path.Children)
                if (SameStep(c.Place.Path[^1], step)) { next = c; break; }
            if (next is null) return (path, false);
            path = next;
        }
        return (path, true);
    }

    private void Add(MirPlace place)
    {
        var path = locals[place.Local] ??= New(MirPlace.Of(place.Local), null);
        foreach (var step in place.Path)
        {
            if (!Tracked(step)) return;
            MovePath? next = null;
            foreach (var c in path.Children)
                if (SameStep(c.Place.Path[^1], step)) { next = c; break; }
            if (next is null)
            {
                next = New(path.Place.With(step), path);
                path.Children.Add(next);
            }
            path = next;
        }
    }

    private MovePath New(MirPlace place, MovePath? parent)
    {
        var p = new MovePath(all.Count, place, parent);
        all.Add(p);
        return p;
    }

    // Elements of lists have no path of their own: which one is meant is not known. Objects behind iso are tracked: there is one path to them.
    private static bool Tracked(MirProjection step) => step is FieldProjection or VariantProjection or DereferenceProjection;

    private static bool SameStep(MirProjection a, MirProjection b) => (a, b) switch
    {
        (FieldProjection x, FieldProjection y) => x.Index == y.Index,
        (VariantProjection x, VariantProjection y) => x.Variant == y.Variant && x.Index == y.Index,
        (DereferenceProjection, DereferenceProjection) => true,
        _ => false,
    };
}
