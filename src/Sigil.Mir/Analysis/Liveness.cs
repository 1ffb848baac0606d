namespace Sigil.Mir.Analysis;

/// <summary>Which locals may still be read after a point. Backward, union join; unwind edges count as successors of the instruction.</summary>
public sealed class Liveness
{
    private readonly MirFunction function;
    private readonly BitVector?[] liveOut;
    private readonly List<Access> scratch = [];

    public Liveness(MirFunction function)
    {
        this.function = function;
        int blocks = function.Blocks.Count, locals = function.Locals.Count;
        var liveIn = new BitVector[blocks];
        liveOut = new BitVector?[blocks];
        var predecessors = new List<int>[blocks];
        for (int i = 0; i < blocks; i++) { liveIn[i] = new(locals); liveOut[i] = new(locals); predecessors[i] = []; }
        foreach (var b in function.Blocks)
        {
            foreach (int s in b.Terminator.Successors) predecessors[s].Add(b.Index);
            foreach (var i in b.Instructions) if (i.Unwind >= 0 && !predecessors[i.Unwind].Contains(b.Index)) predecessors[i.Unwind].Add(b.Index);
        }
        UnwindIn = liveIn;
        var work = new Queue<int>(Enumerable.Range(0, blocks).Reverse());
        var queued = new bool[blocks];
        Array.Fill(queued, true);
        var state = new BitVector(locals);
        while (work.TryDequeue(out int index))
        {
            queued[index] = false;
            var block = function.Blocks[index];
            foreach (int s in block.Terminator.Successors) liveOut[index]!.UnionWith(liveIn[s]);
            state.CopyFrom(liveOut[index]!);
            Terminator(block, state);
            for (int k = block.Instructions.Count - 1; k >= 0; k--) Step(block.Instructions[k], state);
            if (!liveIn[index].UnionWith(state)) continue;
            foreach (int p in predecessors[index])
            {
                if (queued[p]) continue;
                queued[p] = true;
                work.Enqueue(p);
            }
        }
    }

    private BitVector[] UnwindIn { get; }

    /// <summary>Locals live at the start of a block.</summary>
    public BitVector LiveIn(int block) => UnwindIn[block];

    /// <summary>Walks a block backwards; <paramref name="visit"/> gets each instruction with the locals live after it (valid during the call only).</summary>
    public void Walk(MirBlock block, Action<MirInstruction, int, BitVector> visit)
    {
        var state = new BitVector(function.Locals.Count);
        state.CopyFrom(liveOut[block.Index]!);
        Terminator(block, state);
        for (int k = block.Instructions.Count - 1; k >= 0; k--)
        {
            visit(block.Instructions[k], k, state);
            Step(block.Instructions[k], state);
        }
    }

    private void Terminator(MirBlock block, BitVector state)
    {
        scratch.Clear();
        AccessVisitor.Of(block.Terminator, default, scratch);
        Uses(state);
    }

    private void Step(MirInstruction instruction, BitVector state)
    {
        scratch.Clear();
        AccessVisitor.After(instruction, scratch);
        foreach (var a in scratch)
        {
            if (a.Kind == AccessKind.Write && a.Place.IsLocal) state[a.Place.Local] = false;
            else if (a.Kind == AccessKind.Write) state[a.Place.Local] = true;
            else if (a.Kind == AccessKind.Dead) state[a.Place.Local] = false;
        }
        if (instruction.Unwind >= 0) state.UnionWith(UnwindIn[instruction.Unwind]);
        scratch.Clear();
        AccessVisitor.Before(instruction, scratch);
        Uses(state);
    }

    private void Uses(BitVector state)
    {
        foreach (var a in scratch)
            if (a.Kind is not (AccessKind.Write or AccessKind.Dead)) state[a.Place.Local] = true;
    }
}
