namespace Sigil.Mir.Building;

/// <summary>Tidies the blocks of a finished graph; its meaning and the order of what is left stay the same.</summary>
public static class BlockSimplifier
{
    /// <summary>Tidies a function and the functions nested in it.</summary>
    public static void RunAll(MirFunction function)
    {
        Run(function);
        foreach (var nested in function.Nested) RunAll(nested);
    }

    /// <summary>Joins blocks that only follow each other, removes unreachable ones and numbers the rest in order of creation, but each after one that leads to it:
    /// so what opens something (a scope, an iteration) has a smaller number than what uses it. An instruction's unwind block counts as reachable with it.</summary>
    public static void Run(MirFunction function)
    {
        var blocks = function.Blocks;
        foreach (var block in blocks) block.Terminator ??= new Unreachable();
        SkipEmptyBlocks(blocks);
        ForgetIdleUnwinding(blocks);
        var arrivals = CountArrivals(blocks);
        var joined = new bool[blocks.Count];
        foreach (var block in blocks)
        {
            if (joined[block.Index] || arrivals[block.Index] == 0) continue;
            while (block.Terminator is Goto { Target: var next } && next != 0 && next != block.Index && arrivals[next] == 1 && !joined[next] && blocks[next].IsCleanup == block.IsCleanup)
            {
                joined[next] = true;
                block.Instructions.AddRange(blocks[next].Instructions);
                block.Terminator = blocks[next].Terminator;
            }
        }
        var order = InOrder(blocks);
        var numbers = new int[blocks.Count];
        Array.Fill(numbers, -1);
        for (var i = 0; i < order.Count; i++) numbers[order[i]] = i;
        var result = new List<MirBlock>(order.Count);
        foreach (var index in order)
        {
            var block = blocks[index];
            var renumbered = new MirBlock { Index = numbers[block.Index], IsCleanup = block.IsCleanup, Terminator = Renumber(block.Terminator, numbers) };
            foreach (var instruction in block.Instructions)
            {
                if (instruction.Unwind >= 0) instruction.Unwind = numbers[instruction.Unwind];
                renumbered.Instructions.Add(instruction);
            }
            result.Add(renumbered);
        }
        blocks.Clear();
        blocks.AddRange(result);
    }

    // Of the blocks that are reached from those before, always the oldest.
    private static List<int> InOrder(List<MirBlock> blocks)
    {
        var order = new List<int>();
        var seen = new bool[blocks.Count];
        var ready = new PriorityQueue<int, int>();
        void Reach(int block)
        {
            if (block < 0 || seen[block]) return;
            seen[block] = true;
            ready.Enqueue(block, block);
        }
        Reach(0);
        while (ready.TryDequeue(out var index, out _))
        {
            order.Add(index);
            foreach (var instruction in blocks[index].Instructions) Reach(instruction.Unwind);
            foreach (var successor in blocks[index].Terminator.Successors) Reach(successor);
        }
        return order;
    }

    /// <summary>Lets every edge to an empty block that only goes on lead where that one goes.</summary>
    private static void SkipEmptyBlocks(List<MirBlock> blocks)
    {
        var final = new int[blocks.Count];
        Array.Fill(final, -1);
        var chain = new List<int>();
        for (var i = 0; i < blocks.Count; i++)
        {
            chain.Clear();
            var at = i;
            // The mark ends a cycle of empty blocks: an endless loop stays one.
            while (final[at] < 0 && blocks[at] is { Instructions.Count: 0, Terminator: Goto { Target: var next } } && blocks[next].IsCleanup == blocks[at].IsCleanup)
            {
                final[at] = at;
                chain.Add(at);
                at = next;
            }
            var end = final[at] >= 0 ? final[at] : at;
            final[at] = end;
            foreach (var c in chain) final[c] = end;
        }
        foreach (var block in blocks)
        {
            block.Terminator = Renumber(block.Terminator, final);
            foreach (var instruction in block.Instructions)
                if (instruction.Unwind >= 0) instruction.Unwind = final[instruction.Unwind];
        }
    }

    /// <summary>A cleanup block that does nothing but unwind further needs not be entered.</summary>
    private static void ForgetIdleUnwinding(List<MirBlock> blocks)
    {
        foreach (var block in blocks)
        {
            foreach (var instruction in block.Instructions)
                if (instruction.Unwind >= 0 && blocks[instruction.Unwind] is { Instructions.Count: 0, Terminator: ResumeUnwind }) instruction.Unwind = -1;
        }
    }

    /// <summary>How many edges of reachable blocks lead to each block; the entry has one more, and blocks that unwinding enters are never joined.</summary>
    private static int[] CountArrivals(List<MirBlock> blocks)
    {
        var arrivals = new int[blocks.Count];
        var pending = new Stack<int>();
        void Arrive(int block, int weight)
        {
            if (block < 0) return;
            if (arrivals[block] == 0) pending.Push(block);
            arrivals[block] += weight;
        }
        Arrive(0, 2);
        while (pending.TryPop(out var index))
        {
            foreach (var instruction in blocks[index].Instructions) Arrive(instruction.Unwind, 2);
            foreach (var successor in blocks[index].Terminator.Successors) Arrive(successor, 1);
        }
        return arrivals;
    }

    private static MirTerminator Renumber(MirTerminator terminator, int[] numbers) => terminator switch
    {
        Goto g => new Goto(numbers[g.Target]),
        Branch b => new Branch(b.Condition, numbers[b.Then], numbers[b.Else]),
        Switch s => new Switch(s.Value, [.. s.Cases.Select(c => (c.Value, numbers[c.Target]))], numbers[s.Default]),
        var other => other,
    };
}
