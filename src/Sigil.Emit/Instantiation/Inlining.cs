using Sigil.Mir;
using Sigil.Mir.Analysis;

namespace Sigil.Emit.Instantiation;

/// <summary>Decides which instances are small and simple enough to be written out where they are called.</summary>
internal static class Inlining
{
    /// <summary>Instructions up to which a function is written out also outside loops.</summary>
    public const int AlwaysSize = 3;

    private const int MaxSize = 24;
    private const int MaxBlocks = 8;
    private const int MaxDepth = 6;

    /// <summary>The number of instructions, those of inlined callees included; -1 when the instance cannot be inlined.</summary>
    public static int SizeOf(Instance instance) => SizeOf(instance, 0);

    private static int SizeOf(Instance instance, int depth)
    {
        var graph = instance.Graph;
        if (depth > MaxDepth || instance.Suspends || instance.MaySuspend || instance.IsOnCycle || instance.Source is not null || instance.Frame is not null) return -1;
        if (graph.Kind is not (MirFunctionKind.Function or MirFunctionKind.Structural) || graph.Captures.Any() || graph.Blocks.Count > MaxBlocks) return -1;
        var size = 0;
        foreach (var block in graph.Blocks)
        {
            // Only forwards: no loops.
            if (block.IsCleanup || block.Terminator is TailCall or ResumeUnwind || block.Terminator.Successors.Any(s => s <= block.Index)) return -1;
            foreach (var instruction in block.Instructions)
            {
                if (instruction.Unwind >= 0) return -1;
                switch (instruction)
                {
                    case StorageDead or BorrowMarker: break;
                    case AssignInstruction { Value: not (ClosureRvalue or FunctionRvalue or ChannelRvalue or StandardCapabilityRvalue) }:
                    case PanicInstruction:
                        size++;
                        break;
                    case CallInstruction call when instance.Targets.TryGetValue(call, out var target):
                        var part = SizeOf(call, target, depth);
                        if (part < 0) return -1;
                        size += part;
                        break;
                    default: return -1;
                }
            }
        }
        return size <= MaxSize ? size : -1;
    }

    // A frame of the user's that may stand in the middle of a panic's trace is kept.
    private static int SizeOf(CallInstruction call, CallTarget target, int depth) => target switch
    {
        IntrinsicTarget { Call: { Suspends: false, TakesTask: false } } => 1,
        InstanceTarget { Instance: var callee } when callee.Graph.Source.Path.StartsWith("std/", StringComparison.Ordinal) && call.Arguments.Length == callee.Signature.Count => SizeOf(callee, depth + 1),
        _ => -1,
    };

    /// <summary>Locals that the body stores to, moves a part of, or lends for writing.</summary>
    public static bool[] WrittenLocals(MirFunction graph)
    {
        var written = new bool[graph.Locals.Count];
        var accesses = new List<Access>();
        foreach (var block in graph.Blocks)
            foreach (var instruction in block.Instructions)
            {
                accesses.Clear();
                AccessVisitor.Before(instruction, accesses);
                AccessVisitor.After(instruction, accesses);
                foreach (var access in accesses)
                    if (access.Kind is AccessKind.Write or AccessKind.BorrowMutable) written[access.Place.Local] = true;
                if (instruction is AppendInstruction append) written[append.List] = true;
            }
        return written;
    }
}
