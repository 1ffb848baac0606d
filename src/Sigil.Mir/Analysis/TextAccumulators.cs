namespace Sigil.Mir.Analysis;

/// <summary>Finds the locals to which a loop only ever adds text: <c>s = s + …</c>. Such a loop collects the text in a builder, in time linear to its length.</summary>
public sealed class TextAccumulators
{
    private readonly List<(NaturalLoop Loop, int Local)> found = [];

    /// <param name="function">The graph; chains of concatenations have been joined.</param>
    /// <param name="isText">Whether a local is a str whose storage is the function's own.</param>
    /// <param name="isOpaque">Whether control may leave the instruction and come back with the IL locals lost (it waits).</param>
    public TextAccumulators(MirFunction function, Func<int, bool> isText, Func<MirInstruction, bool> isOpaque)
    {
        var candidates = new HashSet<int>();
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (Added(instruction) is { } local && isText(local)) candidates.Add(local);
        if (candidates.Count == 0) return;
        foreach (var loop in new LoopForest(function).Loops)
        {
            if (candidates.Count == 0) return;
            foreach (var local in InLoop(function, loop, candidates, isOpaque))
            {
                // The outermost loop has it all.
                if (found.Exists(f => f.Local == local && f.Loop.Blocks.Contains(loop.Header))) continue;
                found.Add((loop, local));
            }
        }
    }

    public bool IsEmpty => found.Count == 0;

    /// <summary>Whether the block adds to a local by its builder.</summary>
    public bool IsAccumulating(int block, int local) => found.Exists(f => f.Local == local && f.Loop.Blocks.Contains(block));

    /// <summary>Locals whose builder begins when control goes from one block to another; -1: from the function's caller.</summary>
    public IEnumerable<int> StartedBy(int from, int to) => found.Where(f => f.Loop.Header == to && !f.Loop.Blocks.Contains(from)).Select(f => f.Local);

    /// <summary>Locals whose builder ends then.</summary>
    public IEnumerable<int> EndedBy(int from, int to) => found.Where(f => f.Loop.Blocks.Contains(from) && !f.Loop.Blocks.Contains(to)).Select(f => f.Local);

    /// <summary>The local that an instruction adds text to, without reading it otherwise.</summary>
    public static int? Added(MirInstruction instruction)
    {
        if (instruction is not AssignInstruction { Target: { IsLocal: true } target } assign || TextJoins.PartsOf(assign.Value) is not { Length: > 1 } parts) return null;
        if (TextJoins.LocalOf(parts[0]) != target.Local) return null;
        for (var i = 1; i < parts.Length; i++)
            if (TextJoins.LocalOf(parts[i]) == target.Local) return null;
        return target.Local;
    }

    private static IEnumerable<int> InLoop(MirFunction function, NaturalLoop loop, HashSet<int> candidates, Func<MirInstruction, bool> isOpaque)
    {
        var added = new HashSet<int>();
        var used = new HashSet<int>();
        var accesses = new List<Access>();
        foreach (var index in loop.Blocks)
        {
            var block = function.Blocks[index];
            foreach (var instruction in block.Instructions)
            {
                // Cleanup would find the text as it was before the loop.
                if (isOpaque(instruction) || instruction.Unwind >= 0) return [];
                accesses.Clear();
                AccessVisitor.Before(instruction, accesses);
                AccessVisitor.After(instruction, accesses);
                var own = Added(instruction);
                if (own is { } local) added.Add(local);
                foreach (var access in accesses)
                    if (access.Place.Local != own) used.Add(access.Place.Local);
            }
            accesses.Clear();
            AccessVisitor.Of(block.Terminator, default, accesses);
            foreach (var access in accesses) used.Add(access.Place.Local);
            if (block.Terminator is not TailCall) continue;
            for (var i = 0; i < function.ParameterCount; i++) used.Add(i);
        }
        added.IntersectWith(candidates);
        added.ExceptWith(used);
        return added;
    }
}
