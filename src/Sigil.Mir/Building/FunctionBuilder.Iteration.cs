using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

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
        var iterator = NewLocal(iterable.Type, MirLocalKind.Iterator, span);
        Emit(new IterationStart { Iterator = iterator, Source = source, Kind = kind, Span = span });
        scopeLocals.Add(iterator);
        if (source is ValueArgument) ScheduleDrop(iterator, span);
        var head = NewBlock();
        var round = NewBlock();
        var end = NewBlock();
        var has = NewTemporary(BoolType, span);
        // Containers lend their items; what a consumer or iterator gives belongs to the round.
        var owned = !IsUnique(itemType) || kind is IterationKind.Consumer or IterationKind.Iterator or IterationKind.Iterable or IterationKind.Generic;
        var item = NewLocal(itemType, MirLocalKind.Temporary, span, lentByIterator: owned ? -1 : iterator);
        if (!owned) Function.Locals[item].LentFrom = lent ?? MirPlace.Of(iterator);
        Goto(head);
        StartBlock(head);
        Emit(new IterationNext { Iterator = iterator, HasItem = has, Item = item, Kind = kind, Span = span });
        Terminate(new Branch(CopyOf(has), round.Index, end.Index));
        StartBlock(round);
        var next = new ExitTarget(head, pending);
        var inner = EnterScope();
        if (owned) ScheduleDrop(item, span);
        body(item, owned, next);
        LeaveScope(inner, span);
        Goto(head);
        StartBlock(end);
        LeaveScope(scope, span);
    }

    /// <summary>How the iteration holds its source: lent from its place, unless the body may write there.</summary>
    private (MirArgument Source, MirPlace? Lent) IterationSource(TypedExpression iterable, IterationKind kind, bool writes)
    {
        var span = iterable.Span;
        var type = LoweringContext.Strip(iterable.Type);
        var place = Scrutinee(iterable);
        var unique = IsUnique(type);
        if (unique) place = ThroughObject(place, type);
        var root = Function.Locals[place.Local];
        var borrowed = root.Mode != MirParameterMode.Value || root.LentFrom is not null || iterable.Type.Resolve() is BorrowType;
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
