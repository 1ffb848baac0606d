using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

/// <summary>Puts a flow graph together: blocks, locals, instructions; at the end removes what cannot be reached.</summary>
internal abstract class GraphAssembler
{
    protected GraphAssembler(LoweringContext context, MirFunction function)
    {
        Context = context;
        Function = function;
        Current = NewBlock();
    }

    protected LoweringContext Context { get; }
    public MirFunction Function { get; }
    protected MirBlock Current { get; private set; }
    /// <summary>True while code of a cleanup chain is being built: blocks made meanwhile are cleanup blocks.</summary>
    protected bool InCleanup { get; set; }

    protected SigilType IntType => Context.Core.Int;
    protected SigilType BoolType => Context.Core.Bool;
    protected SigilType StrType => Context.Core.Str;

    protected MirBlock NewBlock()
    {
        var block = new MirBlock { Index = Function.Blocks.Count, IsCleanup = InCleanup };
        Function.Blocks.Add(block);
        return block;
    }

    protected void StartBlock(MirBlock block) => Current = block;

    protected virtual void Emit(MirInstruction instruction) => Current.Instructions.Add(instruction);

    /// <summary>Ends the current block; what follows is unreachable until a block is started.</summary>
    protected void Terminate(MirTerminator terminator)
    {
        Current.Terminator = terminator;
        Current = NewBlock();
    }

    protected void Goto(MirBlock block) => Terminate(new Goto(block.Index));

    protected int NewLocal(SigilType type, MirLocalKind kind, TextSpan span, LocalSymbol? symbol = null, MirParameterMode mode = MirParameterMode.Value,
        bool isMutable = false, string? name = null, TraitReference? capability = null, int lentByIterator = -1)
    {
        var local = new MirLocal
        {
            Index = Function.Locals.Count, Type = LoweringContext.Strip(type), Kind = kind, Span = span, Symbol = symbol, Mode = mode, IsMutable = isMutable,
            Name = name ?? symbol?.Name, Capability = capability, LentByIterator = lentByIterator,
        };
        Function.Locals.Add(local);
        return local.Index;
    }

    protected int NewTemporary(SigilType type, TextSpan span) => NewLocal(type, MirLocalKind.Temporary, span);

    protected SigilType TypeOf(int local) => Function.Locals[local].Type;

    protected void Assign(int target, MirRvalue value, TextSpan span) => Assign(MirPlace.Of(target), value, span);
    protected void Assign(MirPlace target, MirRvalue value, TextSpan span) => Emit(new AssignInstruction { Target = target, Value = value, Span = span });
    protected void Assign(int target, MirOperand value, TextSpan span) => Assign(target, new UseRvalue(value), span);

    protected static MirOperand CopyOf(int local) => new CopyOperand(MirPlace.Of(local));

    /// <summary>Reads a temporary for the last time.</summary>
    protected MirOperand Take(int local) => new MoveOperand(MirPlace.Of(local)) { IsLastUse = !Context.IsUnique(TypeOf(local)) };

    protected MirOperand IntConstant(long value) => new ConstantOperand(value, IntType);
    protected MirOperand BoolConstant(bool value) => new ConstantOperand(value, BoolType);
    protected MirOperand StrConstant(string value) => new ConstantOperand(value, StrType);
    protected MirOperand Unit => new ConstantOperand(null, Context.Core.Void);

    /// <summary>A new temporary that holds the value.</summary>
    protected int Compute(SigilType type, MirRvalue value, TextSpan span)
    {
        var temporary = NewTemporary(type, span);
        Assign(temporary, value, span);
        return temporary;
    }

    protected MirOperand Compare(BinaryOperator @operator, MirOperand left, MirOperand right, SigilType type, TextSpan span) =>
        Take(Compute(BoolType, new BinaryRvalue(@operator, left, right, type, type), span));

    protected VariantSymbol Variant(string type, string variant) =>
        Context.Core.Type(type).FindVariant(variant) ?? throw new InvalidOperationException($"{type} has no variant {variant}");

    /// <summary>Joins blocks that only follow each other, removes unreachable ones and numbers the rest in order of creation. An instruction's unwind block counts as reachable with it.</summary>
    protected void RemoveUnreachableBlocks()
    {
        var blocks = Function.Blocks;
        foreach (var block in blocks) block.Terminator ??= new Unreachable();
        SkipEmptyBlocks(blocks);
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
        var numbers = new int[blocks.Count];
        var kept = 0;
        for (var i = 0; i < blocks.Count; i++) numbers[i] = arrivals[i] > 0 && !joined[i] ? kept++ : -1;
        var result = new List<MirBlock>(kept);
        foreach (var block in blocks)
        {
            if (numbers[block.Index] < 0) continue;
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
        foreach (var block in blocks) block.Terminator = Renumber(block.Terminator, final);
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
