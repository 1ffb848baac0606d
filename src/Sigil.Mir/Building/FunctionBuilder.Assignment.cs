using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    private void Assignment(AssignExpression a)
    {
        switch (a.Target)
        {
            case LocalExpression l:
                var local = LocalOf(l.Local);
                if (!IsUnique(TypeOf(local)) && a.Value is not (WithResourceExpression or LocalExpression))
                {
                    Into(a.Value, local);
                    return;
                }
                Store(MirPlace.Of(local), Operand(a.Value), a);
                return;
            case IndexExpression { Kind: IndexKind.Map } i:
                var map = ThroughObject(TargetPlace(i.Receiver, a.Value), LoweringContext.Strip(i.Receiver.Type));
                measured.Push(map);
                var key = Stable(i.Index, LaterOf(a.Value));
                measured.Pop();
                var value = Operand(a.Value);
                Emit(new MapInsertInstruction { Map = map, Key = key, Value = value, Span = a.Span });
                return;
            default:
                var place = TargetPlace(a.Target, a.Value);
                Store(place, Operand(a.Value), a);
                return;
        }
    }

    private Later LaterOf(TypedExpression value) => new(Context.Writes.MayWrite(value), !WriteScan.IsTrivial(value));

    /// <summary>The place that is written: its indices are evaluated now, before the value, and kept from what the value may write.</summary>
    private MirPlace TargetPlace(TypedExpression target, TypedExpression value) => target switch
    {
        LocalExpression l => MirPlace.Of(LocalOf(l.Local)),
        MemberExpression m when CapturedPart(m) is >= 0 and var part => MirPlace.Of(part),
        MemberExpression m => ThroughObject(TargetPlace(m.Receiver, value), LoweringContext.Strip(m.Receiver.Type)).With(new FieldProjection(m.Index, LoweringContext.Strip(m.Type))),
        DereferenceExpression d => TargetPlace(d.Operand, value).With(new DereferenceProjection(LoweringContext.Strip(d.Type))),
        ConversionExpression { Kind: ConversionKind.CopyBorrow } c => TargetPlace(c.Operand, value),
        IndexExpression { Kind: IndexKind.List } i => TargetElement(i, value),
        _ => PlaceOf(target),
    };

    private MirPlace TargetElement(IndexExpression i, TypedExpression value)
    {
        var list = ThroughObject(TargetPlace(i.Receiver, value), LoweringContext.Strip(i.Receiver.Type));
        return list.With(new ElementProjection(IndexLocal(i.Index, list), LoweringContext.Strip(i.Type), i.Span));
    }

    /// <summary>Stores; an old unique value is dropped first.</summary>
    private void Store(MirPlace place, MirOperand value, AssignExpression a)
    {
        if (IsUnique(PlaceType(place)))
        {
            value = Spill(value, PlaceType(place), a.Value.Span);
            if (place.Path.Any(p => p is ElementProjection)) Emit(new CheckElementInstruction { Place = place, Span = a.Span });
            Emit(new DropInstruction { Place = place, Span = a.Span });
        }
        Assign(place, new UseRvalue(value), a.Span);
    }

    /// <summary><c>replace(place, new)</c>: the old value comes out, whatever its kind.</summary>
    private void Replace(ReplaceExpression r, int target)
    {
        var place = TargetPlace(r.Place, r.Value);
        var type = PlaceType(place);
        var value = Spill(Operand(r.Value), type, r.Value.Span);
        Assign(target, new UseRvalue(new MoveOperand(place) { IsLastUse = true, Span = r.Span }), r.Span);
        Assign(place, new UseRvalue(value), r.Span);
    }

    /// <summary><c>recover(e)</c>: the value as an isolated object; that only Sendable names were seen was checked before.</summary>
    private void Recover(RecoverExpression r, int target)
    {
        var from = LoweringContext.Strip(r.Body.Type);
        var to = LoweringContext.Strip(r.Type);
        var value = Operand(r.Body);
        if (from == to) Assign(target, value, r.Span);
        else if (from is CapabilityType or FunctionType) Assign(target, new ConvertRvalue(ConversionKind.Open, value, from, to), r.Span);
        else Assign(target, new MakeObjectRvalue(value, to), r.Span);
    }
}
