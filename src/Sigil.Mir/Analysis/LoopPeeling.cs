using Sigil.Mir.Building;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Analysis;

/// <summary>Writes out the first round of small counting loops whose later rounds then need fewer overflow tests.</summary>
/// <remarks>
/// <code>
/// for k in 0..20 do x = (x * 1664525 + 1013904223) &amp; 4294967295
/// </code>
/// The first round may find anything in <c>x</c>; every later one finds what the mask leaves, and cannot overflow. Whether it pays is
/// found out by trying: a loop stays as it is unless the ranges of the ints then rule out more.
/// </remarks>
public sealed class LoopPeeling
{
    private const int MaxBlocks = 6;
    private const int MaxInstructions = 40;

    private readonly MirFunction function;

    private LoopPeeling(MirFunction function) => this.function = function;

    /// <summary>Rewrites the function and those nested in it.</summary>
    public static void Run(MirFunction function)
    {
        if (function.Blocks.Exists(b => b.Instructions.Exists(Bounds))) new LoopPeeling(function).Rewrite();
        foreach (var nested in function.Nested) Run(nested);
    }

    // What makes a value small, whatever it was.
    private static bool Bounds(MirInstruction instruction) =>
        instruction is AssignInstruction { Value: BinaryRvalue { Operator: BinaryOperator.BitAnd or BinaryOperator.Remainder } value } && IsInt(value.LeftType);

    private static bool IsInt(SigilType type) => type is NamedType { Definition.Kind: TypeKind.Int };

    private static bool MayOverflow(MirInstruction instruction) =>
        instruction is AssignInstruction { Value: BinaryRvalue { Operator: BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply } value } && IsInt(value.LeftType);

    private void Rewrite()
    {
        var loops = new LoopForest(function).Loops;
        var changed = false;
        foreach (var loop in loops)
        {
            if (loops.Exists(inner => inner != loop && loop.Blocks.Contains(inner.Header)) || !IsCandidate(loop)) continue;
            changed |= TryPeel(loop);
        }
        if (changed) BlockSimplifier.Run(function);
    }

    private bool IsCandidate(NaturalLoop loop)
    {
        if (loop.Header == 0 || loop.Blocks.Count > MaxBlocks) return false;
        var instructions = loop.Blocks.SelectMany(b => function.Blocks[b].Instructions).ToList();
        return instructions.Count <= MaxInstructions && instructions.Exists(Bounds) && instructions.Exists(MayOverflow) && instructions.TrueForAll(IsSimple)
            && loop.Blocks.All(b => !function.Blocks[b].IsCleanup && IsSimple(function.Blocks[b].Terminator));
    }

    private static bool IsSimple(MirInstruction instruction) => instruction switch
    {
        AssignInstruction assign => assign.Target.IsLocal && assign.Value switch
        {
            UseRvalue use => IsSimple(use.Operand),
            UnaryRvalue unary => IsSimple(unary.Operand),
            BinaryRvalue binary => IsSimple(binary.Left) && IsSimple(binary.Right),
            ConvertRvalue convert => IsSimple(convert.Operand),
            _ => false,
        },
        IterationNext next => next.Kind == IterationKind.Range,
        StorageDead => true,
        _ => false,
    };

    private static bool IsSimple(MirTerminator terminator) => terminator switch
    {
        Goto => true,
        Branch branch => IsSimple(branch.Condition),
        Switch choice => IsSimple(choice.Value),
        _ => false,
    };

    private static bool IsSimple(MirOperand operand) => operand is ConstantOperand || TextJoins.LocalOf(operand) >= 0;

    private bool TryPeel(NaturalLoop loop)
    {
        var temporaries = TemporariesOf(loop);
        if (temporaries is null) return false;
        var before = Tests(loop);
        if (before == 0) return false;
        var blocks = function.Blocks.Count;
        var locals = function.Locals.Count;
        var terminators = function.Blocks.ConvertAll(b => b.Terminator);
        Peel(loop, temporaries);
        if (Tests(loop) < before) return true;
        function.Blocks.RemoveRange(blocks, function.Blocks.Count - blocks);
        function.Locals.RemoveRange(locals, function.Locals.Count - locals);
        for (var i = 0; i < blocks; i++) function.Blocks[i].Terminator = terminators[i];
        return false;
    }

    /// <summary>How many operators of the loop need an overflow test.</summary>
    private int Tests(NaturalLoop loop)
    {
        var ranges = new IntRanges(function, new RangeSources
        {
            IsInt = local => function.Locals[local].Kind is not (MirLocalKind.Iterator or MirLocalKind.Scope) && IsInt(function.Locals[local].Type),
            IsRange = local => function.Locals[local].Type is NamedType { Definition.Kind: TypeKind.Range, Arguments: [var element] } && IsInt(element),
            ResultOf = _ => Interval.Full,
            ParameterOf = _ => Interval.Full,
        });
        return loop.Blocks.Sum(b => function.Blocks[b].Instructions.Count(i => MayOverflow(i)
            && i is AssignInstruction { Value: BinaryRvalue value } && ranges.Of(value) is { IsRepeated: false } known && !Interval.Fits(value.Operator, known.Left, known.Right)));
    }

    /// <summary>The temporaries that the loop writes; null when one is read outside of it. Each is assigned in one place only, and the copy needs its own.</summary>
    private HashSet<int>? TemporariesOf(NaturalLoop loop)
    {
        var written = new HashSet<int>();
        var accesses = new List<Access>();
        foreach (var index in loop.Blocks)
        {
            Collect(function.Blocks[index], accesses);
            foreach (var access in accesses)
                if (access.Kind == AccessKind.Write && function.Locals[access.Place.Local].Kind == MirLocalKind.Temporary) written.Add(access.Place.Local);
        }
        foreach (var block in function.Blocks)
        {
            if (loop.Blocks.Contains(block.Index)) continue;
            Collect(block, accesses);
            foreach (var access in accesses)
                if (access.Kind != AccessKind.Dead && (written.Contains(access.Place.Local) || access.Place.Path.Any(p => p is ElementProjection element && written.Contains(element.IndexLocal)))) return null;
        }
        return written;
    }

    private static void Collect(MirBlock block, List<Access> accesses)
    {
        accesses.Clear();
        foreach (var instruction in block.Instructions)
        {
            AccessVisitor.Before(instruction, accesses);
            AccessVisitor.After(instruction, accesses);
        }
        AccessVisitor.Of(block.Terminator, default, accesses);
    }

    private void Peel(NaturalLoop loop, HashSet<int> temporaries)
    {
        var locals = new Dictionary<int, int>();
        foreach (var local in temporaries)
        {
            var original = function.Locals[local];
            locals[local] = function.Locals.Count;
            function.Locals.Add(new MirLocal { Index = function.Locals.Count, Name = original.Name, Type = original.Type, Kind = original.Kind, IsMutable = original.IsMutable, Span = original.Span });
        }
        var outside = function.Blocks.Count;
        var copies = new Dictionary<int, int>();
        foreach (var index in loop.Blocks.Order()) copies[index] = outside + copies.Count;
        // Who enters the loop enters the first round; who goes back to its start goes on with the loop itself.
        for (var i = 0; i < outside; i++)
            if (!loop.Blocks.Contains(i)) function.Blocks[i].Terminator = Redirected(function.Blocks[i].Terminator, t => t == loop.Header ? copies[t] : t);
        foreach (var index in loop.Blocks.Order())
        {
            var original = function.Blocks[index];
            var copy = new MirBlock { Index = function.Blocks.Count, IsCleanup = original.IsCleanup };
            foreach (var instruction in original.Instructions) copy.Instructions.Add(Copy(instruction, locals));
            copy.Terminator = Redirected(original.Terminator, t => t != loop.Header && copies.TryGetValue(t, out var own) ? own : t) switch
            {
                Branch branch => branch with { Condition = Copy(branch.Condition, locals) },
                Switch choice => choice with { Value = Copy(choice.Value, locals) },
                var other => other,
            };
            function.Blocks.Add(copy);
        }
    }

    private static MirTerminator Redirected(MirTerminator terminator, Func<int, int> target) => terminator switch
    {
        Goto jump => jump with { Target = target(jump.Target) },
        Branch branch => branch with { Then = target(branch.Then), Else = target(branch.Else) },
        Switch choice => choice with { Cases = [.. choice.Cases.Select(c => (c.Value, target(c.Target)))], Default = target(choice.Default) },
        _ => terminator,
    };

    private static MirInstruction Copy(MirInstruction instruction, Dictionary<int, int> locals)
    {
        int Named(int local) => locals.GetValueOrDefault(local, local);
        return instruction switch
        {
            AssignInstruction assign => new AssignInstruction
            {
                Span = assign.Span,
                Unwind = assign.Unwind,
                Target = MirPlace.Of(Named(assign.Target.Local)),
                Value = assign.Value switch
                {
                    UseRvalue use => use with { Operand = Copy(use.Operand, locals) },
                    UnaryRvalue unary => unary with { Operand = Copy(unary.Operand, locals) },
                    BinaryRvalue binary => binary with { Left = Copy(binary.Left, locals), Right = Copy(binary.Right, locals) },
                    ConvertRvalue convert => convert with { Operand = Copy(convert.Operand, locals) },
                    var other => throw new InvalidOperationException($"not a simple value: {other}"),
                },
            },
            IterationNext next => new IterationNext { Span = next.Span, Unwind = next.Unwind, Iterator = next.Iterator, HasItem = Named(next.HasItem), Item = Named(next.Item), Kind = next.Kind },
            StorageDead dead => new StorageDead { Span = dead.Span, Unwind = dead.Unwind, Local = Named(dead.Local) },
            _ => throw new InvalidOperationException($"not a simple instruction: {instruction}"),
        };
    }

    private static MirOperand Copy(MirOperand operand, Dictionary<int, int> locals) => operand switch
    {
        CopyOperand copy => copy with { Place = MirPlace.Of(locals.GetValueOrDefault(copy.Place.Local, copy.Place.Local)) },
        MoveOperand move => move with { Place = MirPlace.Of(locals.GetValueOrDefault(move.Place.Local, move.Place.Local)) },
        _ => operand,
    };
}
