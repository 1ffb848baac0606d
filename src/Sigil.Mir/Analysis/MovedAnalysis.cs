namespace Sigil.Mir.Analysis;

/// <summary>Which move paths may have been moved (or not yet been given a value). A bit is set while the path may be empty.</summary>
public sealed class MovedAnalysis(MirFunction function, MovePaths paths) : IForwardAnalysis
{
    private readonly List<Access> scratch = [];

    public int Bits => Math.Max(1, paths.Count);

    public void Entry(BitVector state)
    {
        // A local that is not a parameter is empty until its first store. Reading it before is a defect of the builder, not of the program.
        foreach (var p in paths.All)
            state[p.Id] = !IsGivenAtEntry(function.Locals[p.Place.Local]);
    }

    internal static bool IsGivenAtEntry(MirLocal local) =>
        local.Kind is MirLocalKind.Self or MirLocalKind.Parameter or MirLocalKind.Capability or MirLocalKind.Capture;

    public void Before(MirInstruction instruction, BitVector state)
    {
        scratch.Clear();
        AccessVisitor.Before(instruction, scratch);
        foreach (var a in scratch) Apply(a, state);
    }

    public void After(MirInstruction instruction, BitVector state)
    {
        scratch.Clear();
        AccessVisitor.After(instruction, scratch);
        foreach (var a in scratch) Apply(a, state);
    }

    /// <summary>The transfer of one access.</summary>
    public void Apply(Access a, BitVector state)
    {
        switch (a.Kind)
        {
            case AccessKind.Move or AccessKind.Drop:
                SetMoved(a.Place, state, true);
                // Consuming a name lent from a place consumes that place too, out to the outermost.
                if (a.Kind == AccessKind.Move)
                {
                    foreach (var origin in paths.Origins(a.Place)) SetMoved(origin, state, true);
                    foreach (var shared in paths.SharedWith(a.Place)) SetMoved(shared, state, true);
                }
                break;
            case AccessKind.Write: SetMoved(a.Place, state, false); break;
            case AccessKind.Dead: SetMoved(a.Place, state, true); break;
        }
    }

    private void SetMoved(MirPlace place, BitVector state, bool moved)
    {
        var (path, exact) = paths.Find(place);
        if (path is null) return;
        // A write below an untracked step leaves the whole as it was; a move there is reported elsewhere.
        if (!exact) return;
        foreach (var p in path.SelfAndDescendants()) state[p.Id] = moved;
    }

    /// <summary>The path that makes a use of the place wrong: an ancestor, the place, or (for uses of the whole) a part that may have been moved.</summary>
    public MovePath? Offender(MirPlace place, BitVector state, bool includeParts)
    {
        var (path, exact) = paths.Find(place);
        if (path is null) return null;
        for (var p = path; p is not null; p = p.Parent)
            if (state[p.Id]) return p;
        if (!includeParts || !exact) return null;
        foreach (var p in path.SelfAndDescendants())
            if (state[p.Id]) return p;
        return null;
    }
}
