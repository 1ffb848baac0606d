namespace Sigil.Mir.Analysis;

/// <summary>A list local whose header stays as it is throughout a loop.</summary>
/// <param name="Local">The list.</param>
/// <param name="IsWritten">Whether elements are written in the loop.</param>
public sealed record ListView(int Local, bool IsWritten);

/// <summary>Finds the list locals that a loop reads or writes by element only, so that their length and the place of their elements can be loaded once before it.</summary>
/// <remarks>
/// A list reached through two references is marked shared and no longer changes; one reached through one reference changes only
/// through the local that holds it. So only instructions that name the local can change its header: storing to it, moving it out, appending,
/// lending it for writing. Copying it or lending it for reading leaves the header as it is, but may mark it shared: an element may then be
/// written only after the list has been made the local's own again. Where a loop does neither and writes in every round, the list is made the
/// local's own before the loop; a loop that writes now and then does so at its first write, for a copy that nothing needs would be a waste.
/// </remarks>
public sealed class ListViews
{
    private readonly LoopForest? forest;
    private readonly Dictionary<int, List<ListView>> starts = [];
    private readonly Dictionary<int, Dictionary<int, ListView>> byBlock = [];
    private readonly Dictionary<int, List<int>> owned = [];
    private readonly HashSet<(int Block, int Local)> ownedIn = [];

    /// <param name="function">The graph.</param>
    /// <param name="isList">Whether a local holds a list that can be viewed.</param>
    /// <param name="isOpaque">Whether control may leave the instruction and come back with the IL locals lost (it waits).</param>
    /// <param name="leavesUnmarked">Whether a call leaves the lists that it only reads unshared.</param>
    public ListViews(MirFunction function, Func<int, bool> isList, Func<MirInstruction, bool> isOpaque, Func<CallInstruction, int, bool> leavesUnmarked)
    {
        if (!MentionsElements(function)) return;
        forest = new LoopForest(function);
        if (forest.Loops.Count == 0) return;
        var unwindTargets = new HashSet<int>();
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction.Unwind >= 0) unwindTargets.Add(instruction.Unwind);
        foreach (var loop in forest.Loops)
        {
            if (loop.Blocks.Overlaps(unwindTargets)) continue;
            var uses = new LoopUses(function, loop, isOpaque, leavesUnmarked);
            foreach (var (local, use) in uses.ByLocal)
            {
                if (!use.IsElementwise || use.IsChanged || !isList(local)) continue;
                if (In(loop.Header, local) is null) Add(loop, new ListView(local, use.Writes.Count > 0));
                if (use.Writes.Count > 0 && !use.MayBeMarked && !IsOwned(loop.Header, local) && WritesEveryRound(loop, use.Writes)) Own(loop, local);
            }
        }
    }

    /// <summary>The view of a local that is used in a block.</summary>
    public ListView? In(int block, int local) => byBlock.TryGetValue(block, out var views) ? views.GetValueOrDefault(local) : null;

    /// <summary>Whether a viewed list is certainly the local's own throughout a block.</summary>
    public bool IsOwned(int block, int local) => ownedIn.Contains((block, local));

    /// <summary>The views to be set up when control goes from one block to another; -1: from the function's caller.</summary>
    public IReadOnlyList<ListView> StartedBy(int from, int to) => starts.TryGetValue(to, out var views) && Enters(from, to) ? views : [];

    /// <summary>The viewed lists to be made the locals' own when control goes from one block to another.</summary>
    public IReadOnlyList<int> OwnedBy(int from, int to) => owned.TryGetValue(to, out var locals) && Enters(from, to) ? locals : [];

    private bool Enters(int from, int to)
    {
        foreach (var loop in forest!.Loops)
            if (loop.Header == to) return from < 0 || !loop.Blocks.Contains(from);
        return false;
    }

    private void Add(NaturalLoop loop, ListView view)
    {
        if (!starts.TryGetValue(loop.Header, out var list)) starts[loop.Header] = list = [];
        list.Add(view);
        foreach (var block in loop.Blocks)
        {
            if (!byBlock.TryGetValue(block, out var views)) byBlock[block] = views = [];
            views[view.Local] = view;
        }
    }

    private void Own(NaturalLoop loop, int local)
    {
        if (!owned.TryGetValue(loop.Header, out var list)) owned[loop.Header] = list = [];
        list.Add(local);
        foreach (var block in loop.Blocks) ownedIn.Add((block, local));
    }

    /// <summary>Whether every round of the loop passes one of the blocks, or an inner loop that does so in its every round.</summary>
    private bool WritesEveryRound(NaturalLoop loop, HashSet<int> blocks)
    {
        var passed = new HashSet<int>(blocks);
        // Inner loops come after outer ones.
        for (var i = forest!.Loops.Count - 1; i >= 0; i--)
        {
            var inner = forest.Loops[i];
            if (!loop.Blocks.Contains(inner.Header)) continue;
            if (!passed.Any(block => inner.Blocks.Contains(block) && inner.Latches.All(latch => forest.Dominates(block, latch)))) continue;
            if (inner.Header == loop.Header) return true;
            passed.Add(inner.Header);
        }
        return false;
    }

    private static bool MentionsElements(MirFunction function)
    {
        var accesses = new List<Access>();
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
            {
                accesses.Clear();
                AccessVisitor.Before(instruction, accesses);
                AccessVisitor.After(instruction, accesses);
                foreach (var access in accesses)
                    if (access.Place.Path is [ElementProjection, ..]) return true;
            }
        return false;
    }
}
