using System.Collections.Immutable;
using System.Reflection.Emit;
using Sigil.Emit.Dynamic;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Intrinsics;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Values;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Functions;

// Calls. A plain call may be deferred like any value; one that may suspend is emitted at once, with an empty stack below it.
internal sealed partial class FunctionEmitter
{
    private bool replacedByNext;

    private void EmitCall(CallInstruction call, MirBlock block)
    {
        if (!instance.Targets.TryGetValue(call, out var target)) throw new InternalEmitException("an unresolved call");
        var operands = new List<MirOperand>();
        foreach (var argument in call.Arguments)
            if (argument is ValueArgument value) operands.Add(value.Operand);
        if (Waits(target))
        {
            Prepare(operands, deferred: false);
            EmitWaitingCall(call, target);
            return;
        }
        var writes = call.Arguments.Any(a => a is BorrowMutableArgument);
        if (writes && target is FunctionObjectTarget borrower)
        {
            Prepare(operands, deferred: false);
            var yielded = EmitLendingCall(call, borrower);
            if (call.Target is { } stored && IsVoid(TypeOf(stored)) == IsVoid(Concrete(call.ResultType))) EmitStore(stored, call.Span, () => il.Emit(OpCodes.Ldloc, yielded), isSimple: true);
            return;
        }
        if (call.Target is { IsLocal: true } single && plan.IsSingleUse(single.Local))
        {
            var replaced = replacedByNext;
            Prepare(operands, deferred: true);
            Defer(single.Local, () =>
            {
                replacedByNext = replaced;
                EmitPlainCall(call, target);
                replacedByNext = false;
                // Whoever reads the temporary finds a unit, as in a local, or anything after what never comes back.
                if (IsVoid(ResultOf(target, Concrete(call.ResultType)))) EmitDefault(map.Clr(instance.LocalTypes[single.Local]));
            }, hasEffects: true, writesLocals: writes);
            return;
        }
        Prepare(operands, deferred: false);
        var result = Concrete(call.ResultType);
        if (call.Target is { } place)
        {
            if (IsVoid(result))
            {
                EmitPlainCall(call, target);
                if (!IsVoid(TypeOf(place))) return;
                EmitStore(place, call.Span, EmitUnit, isSimple: true);
                return;
            }
            EmitStore(place, call.Span, () => EmitPlainCall(call, target), isSimple: false);
            return;
        }
        EmitPlainCall(call, target);
        if (!IsVoid(ResultOf(target, result))) il.Emit(OpCodes.Pop);
    }

    private static bool Waits(CallTarget target) => target switch
    {
        InstanceTarget t => t.Instance.Suspends,
        IntrinsicTarget t => t.Call.Suspends,
        FunctionObjectTarget t => t.Suspending,
        InterfaceTarget t => t.Suspending,
        _ => false,
    };

    /// <summary>What the callee really leaves on the stack.</summary>
    private SigilType ResultOf(CallTarget target, SigilType declared) => target switch
    {
        InstanceTarget t => t.Instance.ReturnType,
        _ => declared,
    };

    private void EmitPlainCall(CallInstruction call, CallTarget target)
    {
        Begin(call);
        switch (target)
        {
            case InstanceTarget t when IsInlined(call, t):
                EmitInlined(call, t.Instance);
                break;
            case InstanceTarget t:
                var held = positions.IsHeld;
                positions.IsHeld = true;
                PushArguments(call, t.Instance);
                positions.IsHeld = held;
                positions.Mark(call.Span);
                il.Emit(OpCodes.Call, t.Instance.Method);
                break;
            case IntrinsicTarget t: EmitIntrinsic(call, t.Call); break;
            case FunctionObjectTarget t:
                EmitRead(((IndirectCallee)call.Callee).Function, call.Span);
                foreach (var argument in call.Arguments) PushArgument(argument, byReference: false);
                positions.Mark(call.Span);
                il.Emit(OpCodes.Callvirt, Members.Method(map.FunctionShape(t.Type), "Invoke"));
                // A function object of result void yields a unit.
                if (IsVoid(t.Type.Result)) il.Emit(OpCodes.Pop);
                break;
            case InterfaceTarget t:
                PushReceiver(call, t.Method);
                for (var i = 1; i < call.Arguments.Length; i++) PushArgument(call.Arguments[i], t.Method.Parameters[i - 1] is BorrowType { IsMutable: true });
                positions.Mark(call.Span);
                il.Emit(OpCodes.Callvirt, t.Method.Plain);
                break;
            default: throw new InternalEmitException("unknown call target");
        }
        // The callee may have kept a copy of what it was lent.
        foreach (var argument in call.Arguments)
        {
            if (argument is BorrowArgument borrow) RefreshWritable(borrow.Place);
            else if (argument is ValueArgument { Operand: CopyOperand copy }) RefreshWritable(copy.Place);
        }
    }

    private static readonly System.Reflection.MethodInfo OwnObject = typeof(DynamicValue).GetMethod(nameof(DynamicValue.Own))!;

    private void PushReceiver(CallInstruction call, InterfaceMethod method)
    {
        if (method.ChangesSelf && call.Arguments[0] is BorrowMutableArgument changed && TypeOf(changed.Place) is DynType)
        {
            EmitAddress(changed.Place, changed.Span);
            il.Emit(OpCodes.Call, Members.Construct(OwnObject, map.Clr(TypeOf(changed.Place))));
        }
        else PushArgument(call.Arguments[0], byReference: false);
        var place = call.Arguments[0] switch
        {
            BorrowArgument b => b.Place,
            BorrowMutableArgument b => b.Place,
            ValueArgument { Operand: CopyOperand c } => c.Place,
            ValueArgument { Operand: MoveOperand m } => m.Place,
            _ => null,
        };
        // The static type of an object of several traits is the first one's interface.
        if (place is not null && TypeOf(place) is DynType { Traits.Length: > 1 }) il.Emit(OpCodes.Castclass, method.Owner.Type);
    }

    private void PushArguments(CallInstruction call, Instance callee)
    {
        var ordered = Order(call.Arguments, callee);
        for (var i = 0; i < ordered.Length; i++) PushArgumentFor(call, ordered[i], callee, callee.Signature[i]);
    }

    private void PushArgumentFor(CallInstruction call, MirArgument argument, Instance callee, MirLocal parameter)
    {
        if (parameter.Mode == MirParameterMode.BorrowMutable) PushMutable(argument);
        else if (parameter.Mode == MirParameterMode.Value && argument is BorrowArgument lent)
        {
            EmitRead(lent.Place, lent.Span);
            EmitMarkShared(lent.Place);
        }
        else PushArgument(argument, byReference: false, reads: parameter.Mode == MirParameterMode.Borrow || MayLend(call, argument, callee, parameter));
    }

    /// <summary>
    /// Whether a copied argument may be passed without marking it: the callee only reads, and nothing in the call can change
    /// the original meanwhile.
    /// </summary>
    private static bool MayLend(CallInstruction call, MirArgument argument, Instance callee, MirLocal parameter)
    {
        if (argument is not ValueArgument { Operand: CopyOperand copy } || !callee.IsLent(parameter.Index)) return false;
        foreach (var step in copy.Place.Path)
            if (step is DereferenceProjection) return false;
        foreach (var other in call.Arguments)
            if (other is BorrowMutableArgument) return false;
        return true;
    }

    // A nested function's captures come first in the flow graph and last in the method.
    private static ImmutableArray<MirArgument> Order(ImmutableArray<MirArgument> arguments, Instance callee)
    {
        var captures = callee.Signature.Count - callee.Graph.ParameterCount;
        if (captures == 0 || arguments.Length != callee.Signature.Count) return arguments;
        return [.. arguments.Skip(captures), .. arguments.Take(captures)];
    }

    private void PushMutable(MirArgument argument)
    {
        if (argument is not BorrowMutableArgument lent) throw new InternalEmitException("a mutable borrow of a value");
        EmitAddress(lent.Place, lent.Span);
    }

    private SigilType ArgumentType(MirArgument argument) => argument switch
    {
        ValueArgument value => OperandType(value.Operand),
        BorrowArgument b => TypeOf(b.Place),
        BorrowMutableArgument b => TypeOf(b.Place),
        _ => map.Types.Core.Void,
    };

    private void PushArgument(MirArgument argument, bool byReference, bool reads = false)
    {
        switch (argument)
        {
            case ValueArgument value: EmitOperand(value.Operand, reads); break;
            case BorrowArgument borrow: EmitRead(borrow.Place, borrow.Span); break;
            case BorrowMutableArgument borrow when byReference: EmitAddress(borrow.Place, borrow.Span); break;
            case BorrowMutableArgument borrow: EmitRead(borrow.Place, borrow.Span); break;
        }
    }

    // ---- intrinsics ----

    private void EmitIntrinsic(CallInstruction call, IntrinsicCall intrinsic)
    {
        if (intrinsic.Inline is { } inline)
        {
            foreach (var argument in call.Arguments) PushArgument(argument, byReference: true, reads: intrinsic.ReadsOnly);
            inline(il);
            return;
        }
        if (intrinsic.Key == "list_len" && call.Arguments is [BorrowArgument { Place: { IsLocal: true } measured }] && ViewOf(measured.Local) is { } view)
        {
            il.Emit(OpCodes.Ldloc, view.Count);
            return;
        }
        PushIntrinsicArguments(call, intrinsic, null);
        positions.Mark(call.Span);
        il.Emit(intrinsic.Method.IsStatic || intrinsic.Receiver!.IsValueType ? OpCodes.Call : OpCodes.Callvirt, intrinsic.Method);
        EmitResultConversion(intrinsic, Concrete(call.ResultType), intrinsic.ReturnType);
    }

    private void PushIntrinsicArguments(CallInstruction call, IntrinsicCall intrinsic, Action? pushOutput)
    {
        var next = 0;
        if (!intrinsic.Method.IsStatic)
        {
            PushIntrinsicArgument(call, 0, intrinsic, intrinsic.Receiver!);
            if (intrinsic.Receiver!.IsValueType)
            {
                var held = il.DeclareLocal(intrinsic.Receiver);
                il.Emit(OpCodes.Stloc, held);
                il.Emit(OpCodes.Ldloca, held);
            }
            next = 1;
        }
        if (intrinsic.TakesTask) il.Emit(OpCodes.Ldarg_0);
        foreach (var parameter in intrinsic.Parameters) PushIntrinsicArgument(call, next++, intrinsic, parameter);
        foreach (var type in intrinsic.Codecs) context.Codecs.Load(il, type);
        pushOutput?.Invoke();
        if (intrinsic.TakesSite) EmitSite(call.Span);
    }

    private void PushIntrinsicArgument(CallInstruction call, int index, IntrinsicCall intrinsic, Type parameter)
    {
        var argument = call.Arguments[index];
        if (parameter.IsByRef && argument is BorrowMutableArgument lent)
        {
            EmitAddress(lent.Place, lent.Span);
            return;
        }
        PushArgument(argument, byReference: false, reads: intrinsic.ReadsOnly);
        // A consuming operation may change a lent object unless nobody looks at it afterwards.
        if (!intrinsic.ReadsOnly && argument is BorrowArgument borrow && !(index == 0 && replacedByNext)) EmitMarkShared(borrow.Place);
        var type = ArgumentType(argument);
        if (parameter == typeof(int) && map.Clr(type) == typeof(long)) il.Emit(OpCodes.Conv_Ovf_I4);
        else EmitOperandCheck(type, writes: index == 0 && !intrinsic.ReadsOnly, call.Span);
    }

    private void EmitResultConversion(IntrinsicCall intrinsic, SigilType result, Type actual)
    {
        if (IsVoid(result))
        {
            if (actual != typeof(void)) il.Emit(OpCodes.Pop);
            return;
        }
        if (actual == typeof(void)) throw new InternalEmitException($"the intrinsic {intrinsic.Key} yields nothing, {result} is wanted");
        var wanted = map.Clr(result);
        if (wanted == typeof(long) && (actual == typeof(int) || actual.IsEnum)) il.Emit(OpCodes.Conv_I8);
        else if (actual.IsSZArray && Shape(result).Kind == RepresentationKind.List) il.Emit(OpCodes.Call, Members.Method(wanted, "Of"));
        else if (actual.IsConstructedGenericType && actual.GetGenericTypeDefinition() == typeof(Runtime.Channels.ReceiveOutcome<>))
        {
            // As the library reads it: the code, and the value if there is one.
            var held = il.DeclareLocal(actual);
            il.Emit(OpCodes.Stloc, held);
            il.Emit(OpCodes.Ldloca, held);
            il.Emit(OpCodes.Call, Members.Method(actual, "AsPair"));
        }
    }

    /// <summary>
    /// Whether a call consumes the old value of a place that its result replaces at once: <c>xs = xs.append(v)</c>, also
    /// through a temporary.
    /// </summary>
    private bool IsReplacedByNext(List<MirInstruction> instructions, int at)
    {
        if (instructions[at] is not CallInstruction { Arguments: [BorrowArgument lent, ..], Target: { } target }) return false;
        if (function.Locals[lent.Place.Local].Mode == MirParameterMode.Borrow) return false;
        if (target.Equals(lent.Place)) return true;
        for (var i = at + 1; i < instructions.Count; i++)
        {
            if (instructions[i] is StorageDead or BorrowMarker) continue;
            return instructions[i] is AssignInstruction { Value: UseRvalue { Operand: MoveOperand moved } } store && moved.Place.Equals(target) && store.Target.Equals(lent.Place);
        }
        return false;
    }
}
