using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Mir.Building;

// Reading parts of values: elements, slices, lengths.
internal sealed partial class FunctionBuilder
{
    /// <summary>What a look-up finds is lent by the container, which goes on to own it.</summary>
    private MirPlace LentEntry(IndexExpression i)
    {
        var receiver = HeldReceiver(i.Receiver, [i.Index]);
        measured.Push(receiver);
        var key = Operand(i.Index);
        measured.Pop();
        var found = NewTemporary(i.Type, i.Span);
        Function.Locals[found].LentFrom = receiver.With(new EntryProjection(LoweringContext.Strip(i.Type)));
        Assign(found, new LookupRvalue(receiver, PlaceType(receiver), key), i.Span);
        return MirPlace.Of(found);
    }

    private void Lookup(IndexExpression i, int target)
    {
        if (IsUnique(i.Type))
        {
            if (i.IsGet)
            {
                Context.Diagnostics.Add(TypeErrors.UniqueNotAllowed(Source, i.Span, LoweringContext.Strip(i.Type).ToString(), "by value: `get` lends what it finds",
                    "look at it in a `match`, call a method on it, or lend it with `&`"));
                Assign(target, new UseRvalue(new CopyOperand(LentEntry(i)) { Span = i.Span }), i.Span);
                return;
            }
            // Not a copy: the ownership check says so.
            Assign(target, new UseRvalue(new MoveOperand(LentEntry(i)) { Span = i.Span }), i.Span);
            return;
        }
        var receiver = HeldReceiver(i.Receiver, [i.Index]);
        measured.Push(receiver);
        var key = Operand(i.Index);
        measured.Pop();
        Assign(target, new LookupRvalue(receiver, PlaceType(receiver), key), i.Span);
    }

    private void Slice(SliceExpression s, int target)
    {
        var bounds = new List<TypedExpression>();
        if (s.Start is not null) bounds.Add(s.Start);
        if (s.End is not null) bounds.Add(s.End);
        var receiver = HeldReceiver(s.Receiver, bounds);
        measured.Push(receiver);
        var operands = Operands(bounds);
        measured.Pop();
        var start = s.Start is null ? null : operands[0];
        var end = s.End is null ? null : operands[^1];
        Assign(target, new SliceRvalue(receiver, PlaceType(receiver), start, end, s.EndInclusive), s.Span);
    }

    /// <summary>A receiver's place, copied when evaluating what follows could write to it.</summary>
    private MirPlace HeldReceiver(TypedExpression receiver, IReadOnlyList<TypedExpression> following)
    {
        var place = Scrutinee(receiver);
        if (!IsTemporary(place) && !IsUnique(receiver.Type) && following.Any(f => Context.Writes.MayWrite(f))) place = Snapshot(place, receiver);
        return ThroughObject(place, PlaceType(place));
    }

    private SigilType PlaceType(MirPlace place) => place.Path.IsEmpty ? TypeOf(place.Local) : place.Path[^1].Type;

    private void Length(LengthExpression l, int target)
    {
        var place = measured.Peek();
        var type = LoweringContext.Strip(l.ReceiverType);
        if (type is NamedType { Definition.Kind: TypeKind.List or TypeKind.Map or TypeKind.Set or TypeKind.Str })
        {
            Assign(target, new LengthRvalue(place, type), l.Span);
            return;
        }
        var len = Context.Core.Trait("Collection").FindMethod("len")!;
        Emit(new CallInstruction
        {
            Target = MirPlace.Of(target),
            Callee = new StaticCallee(len, [type], EffectVariant.Plain),
            Arguments = [new BorrowArgument(place)],
            ResultType = IntType,
            Span = l.Span,
        });
    }
}
