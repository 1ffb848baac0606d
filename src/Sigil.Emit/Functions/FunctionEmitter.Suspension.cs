using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Mir.Analysis;
using Sigil.Runtime.Tasks;

namespace Sigil.Emit.Functions;

// What SuspensionPoints needs from the method that it completes.
internal sealed partial class FunctionEmitter
{
    private Dictionary<MirInstruction, int[]>? liveAfter;

    internal ILGenerator Il => il;
    internal Instance Instance => instance;
    internal TypeMap Map => map;
    internal Label EntryLabel => entry;
    internal bool IsTaskEntry => context.IsTaskEntry(instance);

    internal void LoadFrame() => EmitArgument(FrameArgument);
    internal void StoreFrame() => new ArgumentSlot(FrameArgument, typeof(Frame)).Store(il);
    internal void LeaveWithStatus() => Leave();

    /// <summary>What has to survive a suspension at an instruction: live locals, and what the emitter itself keeps.</summary>
    internal List<Slot> LiveSlots(MirInstruction at)
    {
        liveAfter ??= ComputeLiveness();
        var slots = new List<Slot>();
        foreach (var local in liveAfter[at])
        {
            var symbol = function.Locals[local];
            if (symbol.Kind == MirLocalKind.Iterator)
            {
                if (iterators.TryGetValue(local, out var iterator)) slots.AddRange(iterator.Slots);
            }
            else if (symbol.Kind != MirLocalKind.Scope && StorageOf(local).Slot is { } slot) slots.Add(slot);
        }
        foreach (var scope in scopes.Values) slots.Add(scope);
        foreach (var kept in keptSlots) slots.Add(kept);
        // A panic is on its way only while cleanup runs.
        if (panicLocal is not null && function.Blocks[currentBlock].IsCleanup) slots.Add(panicSlot ??= new LocalSlot(panicLocal));
        if (shieldSlot is not null) slots.Add(shieldSlot);
        return slots;
    }

    private Slot? panicSlot, shieldSlot;

    internal Slot SlotOf(int local) => StorageOf(local).Slot!;

    private Dictionary<MirInstruction, int[]> ComputeLiveness()
    {
        var result = new Dictionary<MirInstruction, int[]>(ReferenceEqualityComparer.Instance);
        var liveness = new Liveness(function);
        foreach (var block in function.Blocks)
        {
            liveness.Walk(block, (instruction, _, live) =>
            {
                var locals = new List<int>();
                var unwind = instruction.Unwind >= 0 ? liveness.LiveIn(instruction.Unwind) : null;
                for (var i = 0; i < function.Locals.Count; i++)
                {
                    var lent = function.Locals[i].Mode == MirParameterMode.BorrowMutable;
                    // An iteration's own state is read when it advances, whatever the analysis sees.
                    if (lent || live[i] || unwind?[i] == true || (instruction is IterationNext next && next.Iterator == i)) locals.Add(i);
                }
                result[instruction] = [.. locals];
            });
        }
        return result;
    }

    internal void SetRegion(int unwind)
    {
        if (!regions.IsNeeded) return;
        regions.Forget();
        regions.Require(unwind, il, regionLocal!);
    }

    /// <summary>A resumed callee panicked: cleanup here, or on to the caller.</summary>
    internal void EmitResumedPanic(int unwind)
    {
        il.Emit(OpCodes.Ldarg_0);
        if (panicLocal is not null) il.Emit(OpCodes.Ldloc, panicLocal);
        else il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Call, typeof(Unwinding).GetMethod(nameof(Unwinding.Take))!);
        if (unwind >= 0)
        {
            il.Emit(OpCodes.Stloc, panicLocal!);
            il.Emit(OpCodes.Br, labels[unwind]);
            return;
        }
        il.Emit(OpCodes.Call, typeof(Unwinding).GetMethod(nameof(Unwinding.Continue))!);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Throw);
    }

    /// <summary>A call has thrown a panic, which its own try has caught: cleanup here, or on to the caller.</summary>
    internal void EmitThrownPanic(LocalBuilder thrown, int unwind)
    {
        if (unwind >= 0)
        {
            il.Emit(OpCodes.Ldloc, panicLocal!);
            il.Emit(OpCodes.Ldloc, thrown);
            il.Emit(OpCodes.Call, typeof(Unwinding).GetMethod(nameof(Unwinding.Combine))!);
            il.Emit(OpCodes.Stloc, panicLocal!);
            il.Emit(OpCodes.Br, labels[unwind]);
            return;
        }
        il.Emit(OpCodes.Ldloc, thrown);
        il.Emit(OpCodes.Call, typeof(Unwinding).GetMethod(nameof(Unwinding.Continue))!);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Throw);
    }

    /// <summary>At the start of a task: parameters come from the entry frame.</summary>
    internal void RestoreParameters()
    {
        for (var i = 0; i < instance.Signature.Count; i++)
        {
            var slot = StorageOf(instance.Signature[i].Index).Slot!;
            LoadFrame();
            il.Emit(OpCodes.Ldfld, instance.Frame!.ParameterField(i));
            slot.Store(il);
        }
    }
}
