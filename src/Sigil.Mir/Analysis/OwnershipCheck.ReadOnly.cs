using Sigil.Semantics;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Mir.Analysis;

// Through `&T`, a plain `self` and `val` nothing is written and nothing is taken: not through a name that a pattern or loop lends from
// there either, not in a lambda that borrows it or is handed its elements, and not by calling a function that owns what it writes. (Paths that are written out are checked with the types.)
public sealed partial class OwnershipCheck
{
    private enum Protection
    {
        None,
        Lent,
        Frozen,
    }

    private void CheckReadOnly(MirInstruction instruction)
    {
        if (instruction is not CallInstruction call) return;
        if (call.Callee is IndirectCallee { Function: var called } && IsOwningFunction(called)) RequireWritable(called, call.Span);
        foreach (var argument in call.Arguments)
            if (argument is BorrowArgument lent && IsOwningFunction(lent.Place)) RequireWritable(lent.Place, argument.Span.Length > 0 ? argument.Span : call.Span);
    }

    private void CheckReadOnly(Access a)
    {
        switch (a.Kind)
        {
            case AccessKind.Write when !a.Place.Path.IsEmpty:
            case AccessKind.BorrowMutable:
                RequireWritable(a.Place, a.Span);
                break;
            case AccessKind.Move when types.KindOf(TypeOf(a.Place)) == ValueKind.Unique && ProtectionOf(a.Place, out var frozen) == Protection.Frozen && conflicting.Add(a.Span.Start):
                diagnostics.Add(TypeErrors.WriteThroughVal(function.Source, a.Span, frozen!.ToString()!));
                break;
        }
    }

    private bool IsOwningFunction(MirPlace place) => TypeOf(place).Resolve() is FunctionType { Kind: FunctionKind.Iso };

    private void RequireWritable(MirPlace place, TextSpan at)
    {
        var protection = ProtectionOf(place, out var frozen);
        if (protection == Protection.None || !conflicting.Add(at.Start)) return;
        diagnostics.Add(protection == Protection.Frozen
            ? TypeErrors.WriteThroughVal(function.Source, at, frozen!.ToString()!)
            : LocalNameErrors.NotAMutablePlace(function.Source, at, $"what `{PlaceNames.Of(function, place) ?? "this"}` is a part of is only lent here and", "lend it for writing: `&mut T`, or `mut self`"));
    }

    // From the outermost place inwards, out through the bodies around: a `ref` on the way leads to an object that everybody in the task may write.
    private Protection ProtectionOf(MirPlace place, out SigilType? frozen) => ProtectionOf(function, place, out frozen);

    private Protection ProtectionOf(MirFunction body, MirPlace place, out SigilType? frozen)
    {
        place = Outermost(body, place);
        var root = body.Locals[place.Local];
        frozen = null;
        var protection = Protection.None;
        if (OutsideOf(body, root) is { } outside) protection = ProtectionOf(body.Parent!, outside, out frozen);
        else if (root is { Mode: MirParameterMode.Borrow, Kind: MirLocalKind.Self or MirLocalKind.Parameter } && types.KindOf(WithoutBorrow(root.Type)) == ValueKind.Unique)
            protection = Protection.Lent;
        var type = root.Type;
        foreach (var step in place.Path)
        {
            if (step is DereferenceProjection && WithoutBorrow(type) is CapabilityType { Modifier: var modifier } object_)
            {
                if (modifier == CapabilityModifier.Ref) protection = Protection.None;
                else if (modifier == CapabilityModifier.Val)
                {
                    protection = Protection.Frozen;
                    frozen = object_;
                }
            }
            type = step.Type;
        }
        return protection;
    }

    /// <summary>What a name of a nested body stands for in the function around: what a lambda has borrowed, or the container whose elements it is lent.</summary>
    private static MirPlace? OutsideOf(MirFunction body, MirLocal name)
    {
        if (body.Parent is not { } parent) return null;
        if (name.ElementOf is { } container) return container;
        if (name is not { Kind: MirLocalKind.Capture, Mode: not MirParameterMode.Value }) return null;
        var index = body.Captures.TakeWhile(c => c != name).Count();
        foreach (var block in parent.Blocks)
            foreach (var instruction in block.Instructions)
            {
                var captures = instruction switch
                {
                    AssignInstruction { Value: ClosureRvalue closure } when closure.Function == body => closure.Captures,
                    CallInstruction { Callee: NestedCallee nested } call when nested.Function == body => call.Arguments,
                    _ => [],
                };
                if (index < captures.Length) return captures[index] switch
                {
                    BorrowArgument b => b.Place,
                    BorrowMutableArgument b => b.Place,
                    _ => null,
                };
            }
        return null;
    }

    private static SigilType WithoutBorrow(SigilType type) => type.Resolve() is BorrowType { Target: var lent } ? lent.Resolve() : type.Resolve();
}
