using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Values;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Functions;

// Loops over built-in containers run on an index; ranges count; consumers receive; iterators are asked.
internal sealed partial class FunctionEmitter
{
    /// <summary>The IL locals behind one iterator local.</summary>
    private sealed class IteratorState
    {
        public required IterationPlan Plan;
        public List<Slot> Slots { get; } = [];
        public LocalBuilder Subject = null!;
        public LocalBuilder? Index, End, Last, Step;
        /// <summary>Elements are lent, not copied.</summary>
        public bool Lends;
    }

    private readonly Dictionary<int, IteratorState> iterators = [];
    private readonly List<Slot> keptSlots = [];

    /// <summary>Whether a place holds what a lent container lends to a round: the generic code drops it, because items of other sequences belong to the round.</summary>
    private bool IsLentElement(MirPlace place)
    {
        lentElements ??= [.. function.Blocks.SelectMany(b => b.Instructions).OfType<IterationNext>()
            .Where(n => n.Kind == IterationKind.Generic && iterators.TryGetValue(n.Iterator, out var state) && state.Lends && state.Plan.Kind is IterationKind.List or IterationKind.Map or IterationKind.Set)
            .Select(n => n.Item)];
        return place.IsLocal && lentElements.Contains(place.Local);
    }

    private HashSet<int>? lentElements;

    private LocalBuilder IteratorLocal(IteratorState state, Type type)
    {
        var local = il.DeclareLocal(type);
        state.Slots.Add(new LocalSlot(local));
        return local;
    }

    private void EmitIterationStart(IterationStart start)
    {
        var plan = instance.Iterations[start.Iterator];
        if (!iterators.TryGetValue(start.Iterator, out var state))
            state = iterators[start.Iterator] = new IteratorState { Plan = plan, Lends = start.Source is BorrowArgument or BorrowMutableArgument };
        Prepare(start.Source is ValueArgument value ? [value.Operand] : [], deferred: false);
        Begin(start);
        var source = plan.Source;
        var clr = map.Clr(source);
        switch (plan.Kind)
        {
            case IterationKind.List:
                state.Subject ??= IteratorLocal(state, clr);
                state.Index ??= IteratorLocal(state, typeof(int));
                PushArgument(start.Source, byReference: false);
                EmitContainerCheck(source, writes: false, start.Span);
                il.Emit(OpCodes.Stloc, state.Subject);
                il.Emit(OpCodes.Ldc_I4_0);
                il.Emit(OpCodes.Stloc, state.Index);
                break;
            case IterationKind.Map or IterationKind.Set:
                state.Subject ??= IteratorLocal(state, clr);
                state.Index ??= IteratorLocal(state, typeof(int));
                PushArgument(start.Source, byReference: false);
                EmitContainerCheck(source, writes: false, start.Span);
                il.Emit(OpCodes.Stloc, state.Subject);
                il.Emit(OpCodes.Ldc_I4_M1);
                il.Emit(OpCodes.Stloc, state.Index);
                break;
            case IterationKind.Str:
                state.Subject ??= IteratorLocal(state, typeof(string));
                state.Index ??= IteratorLocal(state, typeof(int));
                PushArgument(start.Source, byReference: false);
                EmitContainerCheck(source, writes: false, start.Span);
                il.Emit(OpCodes.Stloc, state.Subject);
                il.Emit(OpCodes.Ldc_I4_0);
                il.Emit(OpCodes.Stloc, state.Index);
                break;
            case IterationKind.Range: EmitRangeStart(start, state, clr); break;
            case IterationKind.Consumer or IterationKind.Iterator:
                state.Subject ??= IteratorLocal(state, clr);
                PushArgument(start.Source, byReference: false);
                EmitOperandCheck(source, writes: false, start.Span);
                // The loop advances an iterator of its own.
                if (source is DynType && state.Lends) EmitMarkShared(source);
                if (source is DynType) il.Emit(OpCodes.Call, Members.Construct(typeof(DynamicValue).GetMethod(nameof(DynamicValue.Owned))!, clr));
                il.Emit(OpCodes.Stloc, state.Subject);
                break;
            case IterationKind.Iterable:
                {
                    var iterator = map.Clr(plan.Inner!.Source);
                    state.Subject ??= IteratorLocal(state, iterator);
                    switch (plan.Method)
                    {
                        case InstanceTarget t:
                            PushArgument(start.Source, byReference: false);
                            il.Emit(OpCodes.Call, t.Instance.Method);
                            break;
                        case InterfaceTarget t:
                            PushArgument(start.Source, byReference: false);
                            il.Emit(OpCodes.Callvirt, t.Method.Plain);
                            break;
                        default: throw new InternalEmitException("iter has no body");
                    }
                    il.Emit(OpCodes.Stloc, state.Subject);
                    break;
                }
            default: throw new InternalEmitException($"iteration over {source}");
        }
    }

    /// <summary>An advance whose outcome is only branched on: jump instead of storing a bool.</summary>
    private bool TryFuseIteration(IterationNext next, MirTerminator terminator)
    {
        if (terminator is not Branch branch || WholeLocal(branch.Condition) != next.HasItem || !IsReadOnce(next.HasItem)) return false;
        FlushAll();
        EmitAdvance(next, LabelOf(currentBlock, branch.Else));
        Jump(branch.Then, currentBlock);
        return true;
    }

    private bool IsReadOnce(int local)
    {
        var reads = 0;
        foreach (var block in function.Blocks)
        {
            if (block.Terminator is Branch { Condition: { } condition } && WholeLocal(condition) == local) reads++;
            if (block.Terminator is Return { Value: { } value } && WholeLocal(value) == local) return false;
            foreach (var instruction in block.Instructions)
                if (instruction is AssignInstruction assign && Operands(assign.Value).Any(o => WholeLocal(o) == local)) return false;
        }
        return reads == 1;
    }

    private void EmitIterationNext(IterationNext next)
    {
        FlushAll();
        var end = il.DefineLabel();
        var done = il.DefineLabel();
        EmitAdvance(next, end);
        StorageOf(next.HasItem).Store(il, () => il.Emit(OpCodes.Ldc_I4_1));
        il.Emit(OpCodes.Br, done);
        il.MarkLabel(end);
        StorageOf(next.HasItem).Store(il, () => il.Emit(OpCodes.Ldc_I4_0));
        il.MarkLabel(done);
    }

    /// <summary>Sets the item, or jumps to <paramref name="end"/>.</summary>
    private void EmitAdvance(IterationNext next, Label end)
    {
        var state = iterators[next.Iterator];
        var plan = state.Plan.Kind == IterationKind.Iterable ? state.Plan.Inner! : state.Plan;
        var item = StorageOf(next.Item);
        Begin(next);
        switch (plan.Kind)
        {
            case IterationKind.List:
                il.Emit(OpCodes.Ldloc, state.Index!);
                il.Emit(OpCodes.Ldloc, state.Subject);
                il.Emit(OpCodes.Ldfld, Members.Field(state.Subject.LocalType, "Count"));
                il.Emit(OpCodes.Bge, end);
                item.Store(il, () =>
                {
                    EmitUncheckedAddress(new LocalSlot(state.Subject), () => il.Emit(OpCodes.Ldloc, state.Index!));
                    il.Emit(OpCodes.Ldobj, map.Clr(plan.Item));
                    EmitMarkShared(plan.Item);
                });
                Increment(state.Index!, typeof(int));
                break;
            case IterationKind.Map or IterationKind.Set: EmitEntryAdvance(state, plan, item, end); break;
            case IterationKind.Str:
                il.Emit(OpCodes.Ldloc, state.Index!);
                il.Emit(OpCodes.Ldloc, state.Subject);
                il.Emit(OpCodes.Callvirt, typeof(string).GetProperty(nameof(string.Length))!.GetMethod!);
                il.Emit(OpCodes.Bge, end);
                item.Store(il, () =>
                {
                    il.Emit(OpCodes.Ldloc, state.Subject);
                    il.Emit(OpCodes.Ldloca, state.Index!);
                    il.Emit(OpCodes.Call, typeof(ScalarCursor).GetMethod(nameof(ScalarCursor.Next))!);
                });
                break;
            case IterationKind.Range: EmitRangeAdvance(state, plan, item, end); break;
            case IterationKind.Consumer: EmitReceive(next, state, item, end); break;
            case IterationKind.Iterator: EmitAsk(state, plan, item, end); break;
            default: throw new InternalEmitException($"iteration over {plan.Source}");
        }
    }

    private void EmitEntryAdvance(IteratorState state, IterationPlan plan, Storage item, Label end)
    {
        var type = state.Subject.LocalType;
        il.Emit(OpCodes.Ldloc, state.Subject);
        il.Emit(OpCodes.Ldloc, state.Index!);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Call, Members.Method(type, "NextIndex"));
        il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Stloc, state.Index!);
        il.Emit(OpCodes.Ldc_I4_0);
        if (plan.Kind == IterationKind.Map && context.Drops.IsNeeded(plan.Item))
        {
            // Not where the iteration began, or its drop would start again with entries that have been given away.
            var found = il.DefineLabel();
            il.Emit(OpCodes.Bge, found);
            il.Emit(OpCodes.Ldc_I4, int.MaxValue - 1);
            il.Emit(OpCodes.Stloc, state.Index!);
            il.Emit(OpCodes.Br, end);
            il.MarkLabel(found);
        }
        else il.Emit(OpCodes.Blt, end);
        item.Store(il, () =>
        {
            foreach (var part in plan.Kind == IterationKind.Set ? ["ItemAt"] : new[] { "KeyAt", "ValueAt" })
            {
                il.Emit(OpCodes.Ldloc, state.Subject);
                il.Emit(OpCodes.Ldloc, state.Index!);
                il.Emit(OpCodes.Call, Members.Method(type, part));
            }
            if (plan.Kind == IterationKind.Map) TupleShape.EmitNew(il, map.Clr(plan.Item));
            EmitMarkShared(plan.Item);
        });
    }

    private void EmitAsk(IteratorState state, IterationPlan plan, Storage item, Label end)
    {
        var option = map.Construct(typeof(Option<>), [map.Clr(plan.Item)]);
        var answer = il.DeclareLocal(option);
        switch (plan.Method)
        {
            case InstanceTarget t:
                il.Emit(OpCodes.Ldloca, state.Subject);
                il.Emit(OpCodes.Call, t.Instance.Method);
                break;
            case InterfaceTarget t:
                il.Emit(OpCodes.Ldloc, state.Subject);
                il.Emit(OpCodes.Callvirt, t.Method.Plain);
                break;
            default: throw new InternalEmitException("next has no body");
        }
        il.Emit(OpCodes.Stloc, answer);
        TakeFrom(answer, item, end);
    }

    private void TakeFrom(LocalBuilder option, Storage item, Label end)
    {
        il.Emit(OpCodes.Ldloc, option);
        il.Emit(OpCodes.Ldfld, Members.Field(option.LocalType, "HasValue"));
        il.Emit(OpCodes.Brfalse, end);
        item.Store(il, () =>
        {
            il.Emit(OpCodes.Ldloc, option);
            il.Emit(OpCodes.Ldfld, Members.Field(option.LocalType, "Value"));
        });
    }

    private void EmitReceive(IterationNext next, IteratorState state, Storage item, Label end)
    {
        var option = map.Construct(typeof(Option<>), [map.Clr(state.Plan.Item)]);
        var answer = il.DeclareLocal(option);
        il.Emit(OpCodes.Ldloc, state.Subject);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloca, answer);
        EmitSite(next.Span);
        il.Emit(OpCodes.Callvirt, Members.Method(state.Subject.LocalType, "Receive"));
        points!.Wait(next, answer, [], null);
        TakeFrom(answer, item, end);
    }
}
