using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Suspension;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Tasks;
using Sigil.Syntax;

namespace Sigil.Emit.Functions;

// Calls that may suspend, and others that are lent places in cells.
internal sealed partial class FunctionEmitter
{
    // ---- calls that may suspend ----

    /// <summary>Whether a task ends with what this call ends with, and has nothing to do after it.</summary>
    private bool IsLastOfTask(CallInstruction call, Instance callee)
    {
        if (!instance.MayLeaveEntry || call.Unwind >= 0 || !callee.ReturnType.Equals(instance.ReturnType)) return false;
        var block = function.Blocks[currentBlock];
        if (block.Instructions.Count == 0 || !ReferenceEquals(block.Instructions[^1], call) || block.Terminator is not Return leave) return false;
        return leave.Value switch
        {
            null => IsVoid(instance.ReturnType),
            MoveOperand { Place: { IsLocal: true } place } => call.Target is { IsLocal: true } target && target.Local == place.Local,
            ConstantOperand => IsVoid(instance.ReturnType),
            _ => false,
        };
    }

    private void EmitWaitingCall(CallInstruction call, CallTarget target)
    {
        Begin(call);
        var result = Concrete(call.ResultType);
        var cells = new List<(MirPlace Place, LocalBuilder Cell)>();
        // Cells first: making one may run code that must not find arguments on the stack.
        var passed = target is InstanceTarget t0 ? Order(call.Arguments, t0.Instance) : call.Arguments;
        var cellOf = new Dictionary<MirArgument, Action>(ReferenceEqualityComparer.Instance);
        foreach (var argument in passed)
        {
            if (argument is not BorrowMutableArgument lent || target is IntrinsicTarget) continue;
            if (target is InterfaceTarget && ReferenceEquals(argument, passed[0])) continue;
            cellOf[argument] = MakeCell(lent, cells);
        }

        LocalBuilder? output = null;
        Type? outputType = null;
        // A panic must find in its place what the callee has made of it: such a call stands in a try of its own, for which the arguments leave the stack.
        var lends = cells.Count > 0 ? new LendingCall(il, typeof(Status)) : null;
        switch (target)
        {
            case InstanceTarget t:
                if (lends is null) il.Emit(OpCodes.Ldarg_0);
                for (var i = 0; i < passed.Length; i++)
                {
                    var (argument, parameter) = (passed[i], t.Instance.Signature[i]);
                    if (cellOf.TryGetValue(argument, out var push)) push();
                    else if (parameter.Mode == MirParameterMode.Value && argument is BorrowArgument lent)
                    {
                        EmitRead(lent.Place, lent.Span);
                        EmitMarkShared(lent.Place);
                    }
                    else PushArgument(argument, byReference: false, reads: parameter.Mode == MirParameterMode.Borrow || MayLend(call, argument, t.Instance, parameter));
                    var clr = map.Clr(t.Instance.LocalTypes[parameter.Index]);
                    lends?.Hold(parameter.Mode == MirParameterMode.BorrowMutable ? map.Construct(typeof(Cell<>), [clr]) : clr);
                }
                if (lends is not null)
                {
                    lends.Begin();
                    il.Emit(OpCodes.Ldarg_0);
                    lends.Push();
                }
                if (!IsVoid(t.Instance.ReturnType)) outputType = map.Clr(t.Instance.ReturnType);
                PushOutput();
                il.Emit(OpCodes.Ldnull);
                positions.Mark(call.Span);
                il.Emit(OpCodes.Call, t.Instance.Method);
                break;
            case FunctionObjectTarget t:
                EmitRead(((IndirectCallee)call.Callee).Function, call.Span);
                lends?.Hold(map.FunctionShape(t.Type));
                if (lends is null) il.Emit(OpCodes.Ldarg_0);
                PushCellsAndValues(passed.AsSpan(), cellOf, lends);
                if (lends is not null)
                {
                    lends.Begin();
                    lends.PushFirst();
                    il.Emit(OpCodes.Ldarg_0);
                    lends.Push();
                }
                outputType = map.Clr(t.Type.Result);
                PushOutput();
                il.Emit(OpCodes.Ldnull);
                positions.Mark(call.Span);
                il.Emit(OpCodes.Callvirt, Members.Method(map.FunctionShape(t.Type), "InvokeAsync"));
                if (IsVoid(t.Type.Result)) outputType = null;
                break;
            case InterfaceTarget t:
                PushReceiver(call, t.Method);
                lends?.Hold(t.Method.Owner.Type);
                if (lends is null) il.Emit(OpCodes.Ldarg_0);
                PushCellsAndValues(passed.AsSpan()[1..], cellOf, lends);
                if (lends is not null)
                {
                    lends.Begin();
                    lends.PushFirst();
                    il.Emit(OpCodes.Ldarg_0);
                    lends.Push();
                }
                if (!IsVoid(t.Method.Result)) outputType = map.Clr(t.Method.Result);
                PushOutput();
                il.Emit(OpCodes.Ldnull);
                positions.Mark(call.Span);
                il.Emit(OpCodes.Callvirt, t.Method.Suspending!);
                break;
            case IntrinsicTarget t:
                outputType = t.Call.Output;
                PushIntrinsicArguments(call, t.Call, PushOutput);
                il.Emit(t.Call.Method.IsStatic ? OpCodes.Call : OpCodes.Callvirt, t.Call.Method);
                break;
        }

        void PushOutput()
        {
            if (outputType is null) return;
            output = il.DeclareLocal(outputType);
            il.Emit(OpCodes.Ldloca, output);
        }

        if (cells.Count == 0 && target is InstanceTarget { Instance: var last } && IsLastOfTask(call, last))
        {
            points!.WaitLast(call);
            if (call.Target is { } ended) EmitStore(ended, call.Span, () => EmitOutput(), isSimple: true);
            return;
        }

        void EmitOutput()
        {
            if (outputType is null) EmitUnit();
            else il.Emit(OpCodes.Ldloc, output!);
        }

        lends?.End();
        points!.Wait(call, outputType is null ? null : output, KeptForCopies(cells), () => CopyBack(cells, call.Span), lends);
        if (call.Target is not { } target2)
            return;
        if (outputType is null)
        {
            if (IsVoid(TypeOf(target2))) EmitStore(target2, call.Span, EmitUnit, isSimple: true);
            return;
        }
        EmitStore(target2, call.Span, () =>
        {
            il.Emit(OpCodes.Ldloc, output!);
            if (target is IntrinsicTarget i) EmitResultConversion(i.Call, result, outputType);
        }, isSimple: true);
    }

    // ---- lending in cells ----

    /// <summary>A cell with what is lent, and how it is pushed; a local that lives in a cell has it already, others are copied and <see cref="CopyBack"/> later.</summary>
    private Action MakeCell(BorrowMutableArgument lent, List<(MirPlace Place, LocalBuilder Cell)> copies)
    {
        if (lent.Place.IsLocal && StorageOf(lent.Place.Local) is CellStorage own) return () => own.LoadCell(il);
        var type = map.Construct(typeof(Cell<>), [map.Clr(TypeOf(lent.Place))]);
        var cell = il.DeclareLocal(type);
        if (!lent.Place.Path.IsEmpty && context.Sharing.Matters(TypeOf(lent.Place)))
        {
            // Who is lent it changes it in place. It has to be this place's own first: of a container that is shared, only the outside is marked.
            EmitAddress(lent.Place, lent.Span);
            il.Emit(OpCodes.Ldobj, map.Clr(TypeOf(lent.Place)));
        }
        else EmitRead(lent.Place, lent.Span);
        il.Emit(OpCodes.Newobj, Members.Constructor(type, 1));
        il.Emit(OpCodes.Stloc, cell);
        copies.Add((lent.Place, cell));
        return () => il.Emit(OpCodes.Ldloc, cell);
    }

    /// <summary>
    /// What a suspension has to keep so that the copies find their way back: the cells, and what leads to the places. Those are written after the
    /// call, when neither an index nor a local that nobody reads any more is live.
    /// </summary>
    private List<Slot> KeptForCopies(List<(MirPlace Place, LocalBuilder Cell)> copies)
    {
        var kept = new List<Slot>();
        foreach (var (place, cell) in copies)
        {
            kept.Add(new LocalSlot(cell));
            if (place.Path.IsEmpty) continue;
            Keep(place.Local);
            foreach (var step in place.Path)
                if (step is ElementProjection element) Keep(element.IndexLocal);
        }
        return kept;

        void Keep(int local)
        {
            if (StorageOf(local).Slot is { } slot) kept.Add(slot);
        }
    }

    private void CopyBack(List<(MirPlace Place, LocalBuilder Cell)> copies, TextSpan span)
    {
        foreach (var (place, cell) in copies)
            EmitStore(place, span, () =>
            {
                il.Emit(OpCodes.Ldloc, cell);
                il.Emit(OpCodes.Ldfld, Members.Field(cell.LocalType, "Value"));
            }, isSimple: true);
    }

    private void PushCellsAndValues(ReadOnlySpan<MirArgument> arguments, Dictionary<MirArgument, Action> cellOf, LendingCall? lends)
    {
        foreach (var argument in arguments)
        {
            var isCell = cellOf.TryGetValue(argument, out var push);
            if (isCell) push!();
            else PushArgument(argument, byReference: false);
            var clr = map.Clr(ArgumentType(argument));
            lends?.Hold(isCell ? map.Construct(typeof(Cell<>), [clr]) : clr);
        }
    }

    /// <summary>Calls a function value that is lent something for writing, with an empty stack; leaves what it yields in a local.</summary>
    private LocalBuilder EmitLendingCall(CallInstruction call, FunctionObjectTarget target)
    {
        Begin(call);
        var copies = new List<(MirPlace Place, LocalBuilder Cell)>();
        var cellOf = new Dictionary<MirArgument, Action>(ReferenceEqualityComparer.Instance);
        foreach (var argument in call.Arguments)
            if (argument is BorrowMutableArgument lent) cellOf[argument] = MakeCell(lent, copies);
        var result = il.DeclareLocal(map.Clr(target.Type.Result));
        var lends = new LendingCall(il, result.LocalType);
        EmitRead(((IndirectCallee)call.Callee).Function, call.Span);
        lends.Hold(map.FunctionShape(target.Type));
        PushCellsAndValues(call.Arguments.AsSpan(), cellOf, lends);
        lends.Begin();
        lends.Push();
        positions.Mark(call.Span);
        il.Emit(OpCodes.Callvirt, Members.Method(map.FunctionShape(target.Type), "Invoke"));
        lends.End();
        il.Emit(OpCodes.Stloc, result);
        CopyBack(copies, call.Span);
        coldPaths.Add(() =>
        {
            il.MarkLabel(lends.Panicked);
            CopyBack(copies, call.Span);
            EmitThrownPanic(lends.Panic, call.Unwind);
        });
        return result;
    }
}
