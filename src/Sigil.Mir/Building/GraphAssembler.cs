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
            Index = Function.Locals.Count,
            Type = LoweringContext.Strip(type),
            Kind = kind,
            Span = span,
            Symbol = symbol,
            Mode = mode,
            IsMutable = isMutable,
            Name = name ?? symbol?.Name,
            Capability = capability,
            LentByIterator = lentByIterator,
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

    /// <summary>Removes what cannot be reached and joins what only follows each other.</summary>
    protected void RemoveUnreachableBlocks() => BlockSimplifier.Run(Function);
}
