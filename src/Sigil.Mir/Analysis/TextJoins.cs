using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Analysis;

/// <summary>Makes one concatenation of a chain of them, <c>a + b + c</c>: the texts in between are never made.</summary>
public static class TextJoins
{
    /// <summary>Rewrites the function and those nested in it.</summary>
    public static void Run(MirFunction function)
    {
        Rewrite(function);
        foreach (var nested in function.Nested) Run(nested);
    }

    /// <summary>The parts of a concatenation of whole locals and constants; null for everything else.</summary>
    public static ImmutableArray<MirOperand>? PartsOf(MirRvalue value) => value switch
    {
        ConcatRvalue concat when concat.Parts.All(IsWhole) => concat.Parts,
        BinaryRvalue { Operator: BinaryOperator.Add, LeftType: NamedType { Definition.Kind: TypeKind.Str } } sum when IsWhole(sum.Left) && IsWhole(sum.Right) => [sum.Left, sum.Right],
        _ => null,
    };

    /// <summary>The local that an operand is, as a whole; -1 for constants and parts.</summary>
    public static int LocalOf(MirOperand operand) => operand switch
    {
        CopyOperand { Place: { IsLocal: true } p } => p.Local,
        MoveOperand { Place: { IsLocal: true } p } => p.Local,
        _ => -1,
    };

    private static bool IsWhole(MirOperand operand) => operand is ConstantOperand || LocalOf(operand) >= 0;

    private sealed record Chain(AssignInstruction Instruction, ImmutableArray<MirOperand> Parts);

    private static void Rewrite(MirFunction function)
    {
        var accesses = new List<Access>();
        int[]? reads = null;
        foreach (var block in function.Blocks)
        {
            var chains = new Dictionary<int, Chain>();
            HashSet<MirInstruction>? joined = null;
            foreach (var instruction in block.Instructions)
            {
                if (instruction is AssignInstruction { Target: { IsLocal: true } target } assign && PartsOf(assign.Value) is { } parts)
                {
                    reads ??= CountReads(function);
                    if (parts.Any(p => chains.ContainsKey(LocalOf(p))))
                    {
                        var all = ImmutableArray.CreateBuilder<MirOperand>();
                        foreach (var part in parts)
                        {
                            if (!chains.Remove(LocalOf(part), out var chain))
                            {
                                all.Add(part);
                                continue;
                            }
                            all.AddRange(chain.Parts);
                            (joined ??= []).Add(chain.Instruction);
                        }
                        parts = all.ToImmutable();
                        assign.Value = new ConcatRvalue(parts);
                    }
                    Forget(target.Local);
                    if (function.Locals[target.Local].Kind == MirLocalKind.Temporary && reads[target.Local] == 1) chains[target.Local] = new Chain(assign, parts);
                    continue;
                }
                if (chains.Count == 0) continue;
                accesses.Clear();
                AccessVisitor.Before(instruction, accesses);
                AccessVisitor.After(instruction, accesses);
                foreach (var access in accesses) Forget(access.Place.Local);
            }
            if (joined is not null) block.Instructions.RemoveAll(joined.Contains);

            // A chain whose parts change, or are taken, before it is read stays as it is.
            void Forget(int local)
            {
                chains.Remove(local);
                foreach (var (temporary, chain) in chains)
                    if (chain.Parts.Any(p => LocalOf(p) == local)) chains.Remove(temporary);
            }
        }
    }

    // Reads of whole locals; any other access counts as several.
    private static int[] CountReads(MirFunction function)
    {
        var reads = new int[function.Locals.Count];
        var accesses = new List<Access>();
        foreach (var block in function.Blocks)
        {
            foreach (var instruction in block.Instructions)
            {
                AccessVisitor.Before(instruction, accesses);
                AccessVisitor.After(instruction, accesses);
            }
            AccessVisitor.Of(block.Terminator, default, accesses);
        }
        foreach (var access in accesses)
            if (access.Kind is not (AccessKind.Write or AccessKind.Dead)) reads[access.Place.Local] += access.Place.IsLocal && access.Kind is AccessKind.Read or AccessKind.Move or AccessKind.LastUse ? 1 : 2;
        return reads;
    }
}
