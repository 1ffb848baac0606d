using Sigil.Mir.Analysis;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    private void ForDo(ForExpression f)
    {
        var end = NewBlock();
        var exit = new ExitTarget(end, pending);
        Iterate(f.Bindings, 0, WritesInside(f.Guard, f.Body), next =>
        {
            loops[f] = new LoopExits(exit, next, -1);
            Guarded(f.Guard, () => Statement(f.Body));
        });
        Goto(end);
        StartBlock(end);
    }

    private void ForYield(ForExpression f, int target)
    {
        var element = ElementType(f.Type);
        var list = NewTemporary(f.Type, f.Span);
        Assign(list, new ListRvalue(element, []), f.Span);
        ScheduleDrop(list, f.Span);
        var end = NewBlock();
        var exit = new ExitTarget(end, pending);
        Iterate(f.Bindings, 0, WritesInside(f.Guard, f.Body), next =>
        {
            loops[f] = new LoopExits(exit, next, -1);
            Guarded(f.Guard, () => Scoped(f.Body, body => Emit(new AppendInstruction { List = list, Value = Operand(body), Span = body.Span })));
        });
        Goto(end);
        StartBlock(end);
        Assign(target, Take(list), f.Span);
    }

    private bool WritesInside(TypedExpression? guard, TypedExpression body) => (guard is not null && Context.Writes.MayWrite(guard)) || Context.Writes.MayWrite(body);

    private void Guarded(TypedExpression? guard, Action body)
    {
        if (guard is null)
        {
            body();
            return;
        }
        var yes = NewBlock();
        var no = NewBlock();
        Condition(guard, yes, no);
        StartBlock(yes);
        body();
        Goto(no);
        StartBlock(no);
    }

    /// <summary>Nests the loops of several bindings; <paramref name="body"/> gets the exit to the innermost loop's next round.</summary>
    private void Iterate(IReadOnlyList<ForBinding> bindings, int index, bool writes, Action<ExitTarget> body)
    {
        var binding = bindings[index];
        var inside = writes || bindings.Skip(index + 1).Any(b => Context.Writes.MayWrite(b.Iterable));
        Each(binding.Iterable, binding.Kind, binding.ItemType, inside, (item, owned, next) =>
        {
            BindIrrefutable(binding.Pattern, MirPlace.Of(item), owned);
            if (index + 1 < bindings.Count) Iterate(bindings, index + 1, writes, body);
            else body(next);
        });
    }

    /// <summary>One loop over an iterable. The body gets the item's local, whether the round owns it, and the exit to the next round.</summary>
    private void Each(TypedExpression iterable, IterationKind kind, SigilType itemType, bool writes, Action<int, bool, ExitTarget> body)
    {
        var span = iterable.Span;
        var scope = EnterScope();
        var (source, lent) = IterationSource(iterable, kind, writes);
        var iterator = NewLocal(IsTakenSequence(iterable) ? LoweringContext.Strip(iterable.Type) : iterable.Type, MirLocalKind.Iterator, span);
        var held = pending is EndBorrowNode { Start: var marker } ? marker.Id : -1;
        var start = new IterationStart { Iterator = iterator, Source = source, Kind = kind, Span = span };
        Emit(start);
        var before = (Block: Current, Function.Blocks.Count);
        scopeLocals.Add(iterator);
        var head = NewBlock();
        var round = NewBlock();
        var end = NewBlock();
        var has = NewTemporary(BoolType, span);
        // Containers lend their items; what a consumer or iterator gives belongs to the round.
        var owned = !IsUnique(itemType) || kind is IterationKind.Consumer or IterationKind.Iterator or IterationKind.Iterable || (kind is IterationKind.Generic && IsDataPattern);
        var item = NewLocal(itemType, MirLocalKind.Temporary, span, lentByIterator: owned ? -1 : iterator);
        if (!owned) Function.Locals[item].LentFrom = lent ?? MirPlace.Of(iterator);
        // Whether the loop takes the container apart is seen when its body has been built.
        var mayTake = !owned && lent is not null && MayTake(lent);
        if (source is ValueArgument || mayTake) ScheduleDrop(iterator, span);
        Goto(head);
        StartBlock(head);
        Emit(new IterationNext { Iterator = iterator, HasItem = has, Item = item, Kind = kind, Span = span });
        Terminate(new Branch(CopyOf(has), round.Index, end.Index));
        StartBlock(round);
        var next = new ExitTarget(head, pending);
        var inner = EnterScope();
        if (owned || mayTake) ScheduleDrop(item, span);
        body(item, owned, next);
        LeaveScope(inner, span);
        Goto(head);
        StartBlock(end);
        LeaveScope(scope, span);
        if (!mayTake) return;
        if (ConsumesItem(item, before.Count))
        {
            start.Source = new ValueArgument(new MoveOperand(lent!) { Span = span }) { Span = span };
            Function.Locals[item].LentFrom = null;
            Function.Locals[item].LentByIterator = -1;
            // Nothing is lent any more.
            foreach (var block in Function.Blocks) block.Instructions.RemoveAll(i => i is BorrowMarker m && m.Id == held);
        }
        else
        {
            WithoutDrops(before.Block, item, iterator);
            for (var i = before.Count; i < Function.Blocks.Count; i++) WithoutDrops(Function.Blocks[i], item, iterator);
        }
    }

    // An owned container that the function may give away: no borrow, no element, nothing lent.
    private bool MayTake(MirPlace place)
    {
        var root = Function.Locals[place.Local];
        return root is { Mode: MirParameterMode.Value, LentFrom: null } && (root.Kind != MirLocalKind.Capture || Function.OwnsCaptures || Function.Kind is MirFunctionKind.Task or MirFunctionKind.TaskSource)
            && place.Path.All(step => step is FieldProjection);
    }

    private bool ConsumesItem(int item, int firstBlock)
    {
        var accesses = new List<Access>();
        for (var i = firstBlock; i < Function.Blocks.Count; i++)
            foreach (var instruction in Function.Blocks[i].Instructions)
            {
                AccessVisitor.Before(instruction, accesses);
                AccessVisitor.After(instruction, accesses);
            }
        foreach (var access in accesses)
        {
            if (access.Kind != AccessKind.Move) continue;
            for (var local = access.Place.Local; ; local = Function.Locals[local].LentFrom!.Local)
            {
                if (local == item) return true;
                if (Function.Locals[local].LentFrom is null) break;
            }
        }
        return false;
    }

    private static void WithoutDrops(MirBlock block, int item, int iterator) =>
        block.Instructions.RemoveAll(i => i is DropInstruction { Place: { IsLocal: true, Local: var local } } && (local == item || local == iterator));

    /// <summary>How the iteration holds its source: lent from its place, unless the body may write there.</summary>
    private (MirArgument Source, MirPlace? Lent) IterationSource(TypedExpression iterable, IterationKind kind, bool writes)
    {
        var span = iterable.Span;
        var type = LoweringContext.Strip(iterable.Type);
        var place = Scrutinee(iterable);
        var unique = IsUnique(type);
        if (unique) place = ThroughObject(place, type);
        var root = Function.Locals[place.Local];
        var borrowed = root.Mode != MirParameterMode.Value || root.LentFrom is not null || (iterable.Type.Resolve() is BorrowType && !IsTakenSequence(iterable));
        switch (kind)
        {
            case IterationKind.Consumer or IterationKind.Iterator or IterationKind.Iterable or IterationKind.Generic:
                if (borrowed && (unique || kind is IterationKind.Consumer)) return (new BorrowArgument(place) { Span = span }, place);
                return (new ValueArgument(Read(place, type, span)) { Span = span }, null);
            default:
                if (IsTemporary(place)) return unique ? (new BorrowArgument(place) { Span = span }, place) : (new ValueArgument(Read(place, type, span)) { Span = span }, null);
                if (!unique && (writes || CrossesObject(place))) return (new ValueArgument(new CopyOperand(place) { Span = span }) { Span = span }, null);
                if (unique && writes) HoldBorrow(place, isMutable: false, span);
                return (new BorrowArgument(place) { Span = span }, place);
        }
    }
}
