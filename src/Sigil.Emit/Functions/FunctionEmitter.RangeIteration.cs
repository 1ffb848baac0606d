using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Values;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Functions;

// Loops over ranges count in the element type, widened.
internal sealed partial class FunctionEmitter
{
    // A range counts in its element type, widened; int ranges by one are by far the most common.
    private void EmitRangeStart(IterationStart start, IteratorState state, Type clr)
    {
        state.Index ??= IteratorLocal(state, typeof(long));
        state.End ??= IteratorLocal(state, typeof(long));
        if (start.Source is ValueArgument { Operand: MoveOperand or CopyOperand } value && WholeLocal(value.Operand) is { } local
            && embedded.TryGetValue(local, out var deferred) && TryRangeLiteral(local) is { } literal && Shape(Concrete(literal.ElementType)).Kind == RepresentationKind.Int)
        {
            embedded.Remove(local);
            EmitOperand(literal.Start);
            il.Emit(OpCodes.Stloc, state.Index);
            EmitOperand(literal.End);
            il.Emit(OpCodes.Stloc, state.End);
            if (!literal.IsInclusive) return;
            state.Last ??= IteratorLocal(state, typeof(bool));
            EmitInclusive(state);
            return;
        }
        state.Last ??= IteratorLocal(state, typeof(bool));
        state.Step ??= IteratorLocal(state, typeof(long));
        state.Subject ??= IteratorLocal(state, clr);
        PushArgument(start.Source, byReference: false);
        il.Emit(OpCodes.Stloc, state.Subject);
        // Any range: an element number that runs up to the length.
        il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Stloc, state.Index);
        il.Emit(OpCodes.Ldloc, state.Subject);
        il.Emit(OpCodes.Call, typeof(Ranges).GetMethod(nameof(Ranges.Rounds), [clr])!);
        il.Emit(OpCodes.Stloc, state.End);
    }

    private RangeRvalue? TryRangeLiteral(int local)
    {
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction is AssignInstruction { Target: { IsLocal: true } target, Value: RangeRvalue range } && target.Local == local) return range;
        return null;
    }

    // a..=b becomes a..b+1; where b + 1 does not exist, the last element is counted separately.
    private void EmitInclusive(IteratorState state)
    {
        var ordinary = il.DefineLabel();
        var end = il.DefineLabel();
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Stloc, state.Last!);
        il.Emit(OpCodes.Ldloc, state.End!);
        il.Emit(OpCodes.Ldc_I8, long.MaxValue);
        il.Emit(OpCodes.Bne_Un, ordinary);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Stloc, state.Last!);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(ordinary);
        il.Emit(OpCodes.Ldloc, state.End!);
        il.Emit(OpCodes.Ldc_I8, 1L);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, state.End!);
        il.MarkLabel(end);
    }

    private void Increment(LocalBuilder local, Type type)
    {
        il.Emit(OpCodes.Ldloc, local);
        if (type == typeof(int)) il.Emit(OpCodes.Ldc_I4_1);
        else il.Emit(OpCodes.Ldc_I8, 1L);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, local);
    }

    private void EmitRangeAdvance(IteratorState state, IterationPlan plan, Storage item, Label end)
    {
        if (state.Step is not null)
        {
            il.Emit(OpCodes.Ldloc, state.Index!);
            il.Emit(OpCodes.Ldloc, state.End!);
            il.Emit(OpCodes.Bge, end);
            item.Store(il, () =>
            {
                il.Emit(OpCodes.Ldloc, state.Subject);
                il.Emit(OpCodes.Ldloc, state.Index!);
                il.Emit(OpCodes.Call, typeof(Ranges).GetMethod(nameof(Ranges.At), [state.Subject.LocalType, typeof(long)])!);
            });
            Increment(state.Index!, typeof(long));
            return;
        }
        var counts = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, state.Index!);
        il.Emit(OpCodes.Ldloc, state.End!);
        if (state.Last is null) il.Emit(OpCodes.Bge, end);
        else
        {
            il.Emit(OpCodes.Blt, counts);
            il.Emit(OpCodes.Ldloc, state.Last);
            il.Emit(OpCodes.Brfalse, end);
            il.Emit(OpCodes.Ldloc, state.Index!);
            il.Emit(OpCodes.Ldloc, state.End!);
            il.Emit(OpCodes.Bne_Un, end);
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Stloc, state.Last);
            item.Store(il, () => il.Emit(OpCodes.Ldloc, state.Index!));
            var past = il.DefineLabel();
            il.Emit(OpCodes.Br, past);
            il.MarkLabel(counts);
            item.Store(il, () => il.Emit(OpCodes.Ldloc, state.Index!));
            Increment(state.Index!, typeof(long));
            il.MarkLabel(past);
            return;
        }
        item.Store(il, () => il.Emit(OpCodes.Ldloc, state.Index!));
        Increment(state.Index!, typeof(long));
    }
}
