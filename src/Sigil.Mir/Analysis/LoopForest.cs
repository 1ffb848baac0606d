namespace Sigil.Mir.Analysis;

/// <summary>A natural loop: the blocks from which its header is reached again without leaving.</summary>
/// <param name="Header">The only block through which the loop is entered.</param>
/// <param name="Blocks">All blocks of the loop, those of inner loops too.</param>
/// <param name="Latches">The blocks that go back to the header.</param>
public sealed record NaturalLoop(int Header, HashSet<int> Blocks, List<int> Latches);

/// <summary>The loops of a flow graph. Unwinding counts as an edge; a self tail call as one back to the entry.</summary>
public sealed class LoopForest
{
    private readonly List<int>[] predecessors;
    private readonly int[] order;
    private readonly int[] dominator;

    public LoopForest(MirFunction function)
    {
        var count = function.Blocks.Count;
        predecessors = new List<int>[count];
        for (var i = 0; i < count; i++) predecessors[i] = [];
        order = new int[count];
        Array.Fill(order, -1);
        dominator = new int[count];
        Array.Fill(dominator, -1);
        var reached = ReversePostorder(function);
        for (var i = 0; i < reached.Count; i++) order[reached[i]] = i;
        foreach (var block in reached)
            foreach (var successor in Successors(function.Blocks[block])) predecessors[successor].Add(block);
        FindDominators(reached);
        FindLoops(reached);
    }

    /// <summary>Outer loops before those inside them.</summary>
    public List<NaturalLoop> Loops { get; } = [];

    /// <summary>Whether every path to the second block leads through the first.</summary>
    public bool Dominates(int above, int below)
    {
        while (order[below] > order[above]) below = dominator[below];
        return above == below;
    }

    /// <summary>Where control may go from a block.</summary>
    public static IEnumerable<int> Successors(MirBlock block)
    {
        foreach (var instruction in block.Instructions)
            if (instruction.Unwind >= 0) yield return instruction.Unwind;
        if (block.Terminator is TailCall) yield return 0;
        foreach (var successor in block.Terminator.Successors) yield return successor;
    }

    private static List<int> ReversePostorder(MirFunction function)
    {
        var result = new List<int>();
        var seen = new bool[function.Blocks.Count];
        var open = new Stack<(int Block, IEnumerator<int> Targets)>();
        void Open(int block)
        {
            seen[block] = true;
            open.Push((block, Successors(function.Blocks[block]).GetEnumerator()));
        }
        Open(0);
        while (open.TryPeek(out var top))
        {
            if (!top.Targets.MoveNext())
            {
                result.Add(open.Pop().Block);
                continue;
            }
            if (!seen[top.Targets.Current]) Open(top.Targets.Current);
        }
        result.Reverse();
        return result;
    }

    // Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm".
    private void FindDominators(List<int> reached)
    {
        dominator[0] = 0;
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var block in reached)
            {
                if (block == 0) continue;
                var found = -1;
                foreach (var predecessor in predecessors[block])
                    if (dominator[predecessor] >= 0) found = found < 0 ? predecessor : Common(found, predecessor);
                if (dominator[block] == found) continue;
                dominator[block] = found;
                changed = true;
            }
        }
    }

    private int Common(int a, int b)
    {
        while (a != b)
        {
            while (order[a] > order[b]) a = dominator[a];
            while (order[b] > order[a]) b = dominator[b];
        }
        return a;
    }

    private void FindLoops(List<int> reached)
    {
        // Headers in reverse postorder: an outer loop's header comes first.
        foreach (var header in reached)
        {
            HashSet<int>? blocks = null;
            var latches = new List<int>();
            var pending = new Stack<int>();
            foreach (var source in predecessors[header])
            {
                if (!Dominates(header, source)) continue;
                blocks ??= [header];
                latches.Add(source);
                if (blocks.Add(source)) pending.Push(source);
            }
            if (blocks is null) continue;
            while (pending.TryPop(out var block))
                foreach (var predecessor in predecessors[block])
                    if (blocks.Add(predecessor)) pending.Push(predecessor);
            Loops.Add(new NaturalLoop(header, blocks, latches));
        }
    }
}
