namespace Sigil.Mir.Analysis;

/// <summary>What a forward bit-vector analysis has to say: where it starts and what each instruction does. Joins are unions.</summary>
public interface IForwardAnalysis
{
    int Bits { get; }
    void Entry(BitVector state);
    /// <summary>Effects up to the point where the instruction may unwind.</summary>
    void Before(MirInstruction instruction, BitVector state);
    /// <summary>Effects of a completed instruction.</summary>
    void After(MirInstruction instruction, BitVector state);
}

/// <summary>The generic engine: a work list over extended blocks; an instruction with an unwind edge passes on the state it has before its results are stored.</summary>
public static class Dataflow
{
    /// <summary>The state at the start of each block; null for blocks that cannot be reached.</summary>
    public static BitVector?[] Forward<T>(MirFunction function, T analysis) where T : IForwardAnalysis
    {
        var states = new BitVector?[function.Blocks.Count];
        var entry = new BitVector(analysis.Bits);
        analysis.Entry(entry);
        states[0] = entry;
        var work = new Queue<int>();
        var queued = new bool[function.Blocks.Count];
        work.Enqueue(0);
        queued[0] = true;
        var current = new BitVector(analysis.Bits);

        void Flow(int target)
        {
            bool changed;
            if (states[target] is { } known) changed = known.UnionWith(current);
            else
            {
                states[target] = new BitVector(analysis.Bits);
                states[target]!.CopyFrom(current);
                changed = true;
            }
            if (!changed || queued[target]) return;
            queued[target] = true;
            work.Enqueue(target);
        }

        while (work.TryDequeue(out int index))
        {
            queued[index] = false;
            var block = function.Blocks[index];
            current.CopyFrom(states[index]!);
            foreach (var instruction in block.Instructions)
            {
                analysis.Before(instruction, current);
                if (instruction.Unwind >= 0) Flow(instruction.Unwind);
                analysis.After(instruction, current);
            }
            foreach (int successor in block.Terminator.Successors) Flow(successor);
        }
        return states;
    }
}
