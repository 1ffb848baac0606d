using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Mir;

namespace Sigil.Emit.Functions;

// Small functions that call nothing of the user's are written out where they are called: what is known of the arguments (ranges of
// numbers, lists in loops) holds inside them, and the JIT's own limits are kept for the rest. Panics keep the callee's site; the line of
// the caller's frame is the call's.
internal sealed partial class FunctionEmitter
{
    private readonly FunctionEmitter? inlinedInto;
    private readonly Dictionary<int, (FunctionEmitter Emitter, int Local)> bound = [];
    private Label inlineEnd;
    private LocalBuilder? inlineResult;
    private bool leavesByFalling;

    /// <summary>For the code of a callee inside its caller.</summary>
    private FunctionEmitter(FunctionEmitter caller, Instance callee, Sigil.Syntax.TextSpan call)
    {
        inlinedInto = caller;
        context = caller.context;
        instance = callee;
        function = callee.Graph;
        map = context.Map;
        il = caller.il;
        storage = new Storage?[function.Locals.Count];
        labels = [.. function.Blocks.Select(_ => il.DefineLabel())];
        plan = new UsePlan(function);
        positions = caller.positions.At(call);
        regions = new Regions(function);
        coldPaths = caller.coldPaths;
    }

    private bool IsInlined(CallInstruction call, CallTarget target) => target is InstanceTarget { Instance: var callee }
        && callee != instance && callee.IsInlinable && (callee.InlineSize <= Inlining.AlwaysSize || IsInLoop) && call.Arguments.Length == callee.Signature.Count;

    /// <summary>Writes the callee's code; its result is left on the stack.</summary>
    private void EmitInlined(CallInstruction call, Instance callee)
    {
        var body = new FunctionEmitter(this, callee, call.Span) { parameterRanges = RangesOfArguments(call) };
        body.EmitAsInlined(call);
    }

    private void EmitAsInlined(CallInstruction call)
    {
        var caller = inlinedInto!;
        var written = instance.WrittenParameters;
        var mayBind = !call.Arguments.Any(a => a is BorrowMutableArgument || a is ValueArgument v && WholeLocal(v.Operand) is { } l && caller.embedded.TryGetValue(l, out var deferred) && deferred.WritesLocals);
        var popped = new List<LocalBuilder>();
        for (var i = 0; i < call.Arguments.Length; i++)
        {
            var parameter = instance.Signature[i];
            var clr = map.Clr(instance.LocalTypes[parameter.Index]);
            if (mayBind && !written[parameter.Index] && caller.TryBind(call, call.Arguments[i], instance, parameter) is { } local)
            {
                storage[parameter.Index] = caller.StorageOf(local);
                bound[parameter.Index] = (caller, local);
                continue;
            }
            caller.PushArgumentFor(call, call.Arguments[i], instance, parameter);
            if (parameter.Mode == MirParameterMode.BorrowMutable)
            {
                var address = il.DeclareLocal(clr.MakeByRefType());
                storage[parameter.Index] = new ReferenceStorage(new LocalSlot(address), clr);
                popped.Add(address);
                continue;
            }
            var copy = il.DeclareLocal(clr);
            storage[parameter.Index] = new DirectStorage(new LocalSlot(copy));
            popped.Add(copy);
        }
        for (var i = popped.Count - 1; i >= 0; i--) il.Emit(OpCodes.Stloc, popped[i]);
        entry = il.DefineLabel();
        inlineEnd = il.DefineLabel();
        leavesByFalling = function.Blocks.Count(b => b.Terminator is Return) == 1 && function.Blocks[^1].Terminator is Return;
        if (!leavesByFalling && !IsVoid(instance.ReturnType)) inlineResult = il.DeclareLocal(map.Clr(instance.ReturnType));
        foreach (var block in function.Blocks) EmitBlock(block);
        if (leavesByFalling) return;
        il.MarkLabel(inlineEnd);
        if (inlineResult is not null) il.Emit(OpCodes.Ldloc, inlineResult);
    }

    private void LeaveInlined()
    {
        if (leavesByFalling) return;
        if (inlineResult is not null) il.Emit(OpCodes.Stloc, inlineResult);
        il.Emit(OpCodes.Br, inlineEnd);
    }

    /// <summary>The local whose own storage can serve as the parameter: the callee only reads it, and no copy has to be marked.</summary>
    private int? TryBind(CallInstruction call, MirArgument argument, Instance callee, MirLocal parameter)
    {
        if (parameter.Mode == MirParameterMode.BorrowMutable) return null;
        MirPlace place;
        switch (argument)
        {
            case BorrowArgument borrow:
                if (parameter.Mode != MirParameterMode.Borrow && context.Sharing.Matters(TypeOf(borrow.Place))) return null;
                place = borrow.Place;
                break;
            case ValueArgument { Operand: CopyOperand copy }:
                if (parameter.Mode != MirParameterMode.Borrow && !MayLend(call, argument, callee, parameter) && context.Sharing.Matters(TypeOf(copy.Place))) return null;
                place = copy.Place;
                break;
            case ValueArgument { Operand: MoveOperand move } when !context.Sharing.Matters(TypeOf(move.Place)): place = move.Place; break;
            default: return null;
        }
        if (!place.IsLocal || embedded.ContainsKey(place.Local) || StorageOf(place.Local) is not DirectStorage) return null;
        return map.Clr(TypeOf(place)) == map.Clr(callee.LocalTypes[parameter.Index]) ? place.Local : null;
    }

    private bool? isInLoop;
    private int isInLoopOf = -1;
    private Mir.Analysis.LoopForest? loopForest;

    /// <summary>Whether the block that is being emitted belongs to a loop, or is inlined into one.</summary>
    private bool IsInLoop
    {
        get
        {
            if (inlinedInto is not null) return inlinedInto.IsInLoop;
            if (isInLoopOf == currentBlock && isInLoop is { } known) return known;
            isInLoopOf = currentBlock;
            if (!function.Blocks.Exists(b => b.Terminator is TailCall || b.Terminator.Successors.Any(s => s <= b.Index))) return (isInLoop = false).Value;
            loopForest ??= new Mir.Analysis.LoopForest(function);
            return (isInLoop = loopForest.Loops.Exists(l => l.Blocks.Contains(currentBlock))).Value;
        }
    }
}
