using System.Collections.Immutable;
using Sigil.Mir;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Emit.Dynamic;

/// <summary>Small flow graphs that only pass a call on: named functions as values, trait object methods, converted function values.</summary>
internal sealed class Synthesis
{
    private readonly MirFunction function;
    private readonly MirBlock block = new() { Index = 0 };

    public Synthesis(string name, SourceText source, SigilType result, bool maySuspend, MirFunctionKind kind = MirFunctionKind.Lambda)
    {
        function = new MirFunction { Name = name, Kind = kind, Source = source, ReturnType = result, MaySuspend = maySuspend };
        function.Blocks.Add(block);
    }

    public MirPlace Parameter(SigilType type, MirParameterMode mode = MirParameterMode.Value)
    {
        function.ParameterCount++;
        return Local(type is BorrowType b ? b.Target : type, mode == MirParameterMode.Value && type is BorrowType m ? m.IsMutable ? MirParameterMode.BorrowMutable : MirParameterMode.Borrow : mode, MirLocalKind.Parameter);
    }

    public MirPlace Capture(SigilType type) => Local(type, MirParameterMode.Value, MirLocalKind.Capture);

    private MirPlace Local(SigilType type, MirParameterMode mode, MirLocalKind kind)
    {
        var local = new MirLocal { Index = function.Locals.Count, Type = type, Kind = kind, Mode = mode };
        function.Locals.Add(local);
        return MirPlace.Of(local.Index);
    }

    /// <summary>The argument that passes a parameter on as it came.</summary>
    public MirArgument PassOn(MirPlace place) => function.Locals[place.Local].Mode switch
    {
        MirParameterMode.Borrow => new BorrowArgument(place),
        MirParameterMode.BorrowMutable => new BorrowMutableArgument(place),
        _ => new ValueArgument(new MoveOperand(place) { IsLastUse = true }),
    };

    public MirPlace Field(MirPlace of, int index, SigilType type) => of.With(new FieldProjection(index, type));

    /// <summary>Ends the graph with the call and a return of its value.</summary>
    public MirFunction Finish(MirCallee callee, ImmutableArray<MirArgument> arguments, bool isVoid, SigilType calleeResult, bool discards)
    {
        MirPlace? target = null;
        if (!isVoid) target = Local(calleeResult, MirParameterMode.Value, MirLocalKind.Temporary);
        block.Instructions.Add(new CallInstruction { Span = default, Target = target, Callee = callee, Arguments = arguments, ResultType = calleeResult });
        block.Terminator = new Return(target is null || discards ? null : new MoveOperand(target));
        return function;
    }
}
