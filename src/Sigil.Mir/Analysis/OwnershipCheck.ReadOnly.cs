using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Mir.Analysis;

// Through `&T`, a plain `self` and `val` nothing is written and nothing is taken: not through a name that a pattern or loop lends from
// there either, not by a lambda, and not by calling a function that owns what it writes. (Paths that are written out are checked with the types.)
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
        switch (instruction)
        {
            case CallInstruction call:
                if (call.Callee is IndirectCallee { Function: var called } && IsOwningFunction(called)) RequireWritable(called, call.Span);
                foreach (var argument in call.Arguments)
                    if (argument is BorrowArgument lent && IsOwningFunction(lent.Place)) RequireWritable(lent.Place, argument.Span.Length > 0 ? argument.Span : call.Span);
                CheckItemsWritten(call);
                break;
            case AssignInstruction { Value: ClosureRvalue closure }:
                foreach (var mention in MentionsOf(closure, instruction.Span, 0))
                    if (mention.How == Lending.Written) RequireWritable(mention.Place, instruction.Span);
                break;
        }
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

    // A library function that walks over what it is lent gives its items to a lambda, which may write into them.
    private void CheckItemsWritten(CallInstruction call)
    {
        if (call.Callee is not StaticCallee { Function: { Parameters: [{ Name: "over" }, ..] } } || call.Arguments is not [BorrowArgument over, ..] || ProtectionOf(over.Place, out _) == Protection.None) return;
        foreach (var argument in call.Arguments.Skip(1))
            if (argument is BorrowArgument { Place: { IsLocal: true } place } && ClosureIn(place.Local) is { } closure && WritesParameters(closure.Function))
                RequireWritable(over.Place, argument.Span.Length > 0 ? argument.Span : call.Span);
    }

    private static bool WritesParameters(MirFunction body)
    {
        var accesses = new List<Access>();
        foreach (var block in body.Blocks)
        {
            if (block.IsCleanup) continue;
            foreach (var instruction in block.Instructions)
            {
                AccessVisitor.Before(instruction, accesses);
                AccessVisitor.After(instruction, accesses);
            }
        }
        return accesses.Exists(a => (a.Kind == AccessKind.BorrowMutable || a.Kind == AccessKind.Write && !a.Place.Path.IsEmpty)
            && Outermost(body, a.Place) is var place && body.Locals[place.Local].Kind == MirLocalKind.Parameter && !PassesAlias(body, place));
    }

    private static bool PassesAlias(MirFunction body, MirPlace place)
    {
        var type = body.Locals[place.Local].Type;
        foreach (var step in place.Path)
        {
            if (step is DereferenceProjection && type.Resolve() is CapabilityType { Modifier: CapabilityModifier.Ref }) return true;
            type = step.Type;
        }
        return false;
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

    // From the outermost place inwards: a `ref` on the way leads to an object that everybody in the task may write.
    private Protection ProtectionOf(MirPlace place, out SigilType? frozen)
    {
        frozen = null;
        place = Outermost(function, place);
        var root = function.Locals[place.Local];
        // What a lambda is lent is protected where the lambda is given away: see CheckItemsWritten.
        var isLent = root is { Mode: MirParameterMode.Borrow, Kind: MirLocalKind.Self or MirLocalKind.Parameter } && (function.Kind != MirFunctionKind.Lambda || root.Type.Resolve() is BorrowType);
        var protection = isLent && types.KindOf(WithoutBorrow(root.Type)) == ValueKind.Unique ? Protection.Lent : Protection.None;
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

    private static SigilType WithoutBorrow(SigilType type) => type.Resolve() is BorrowType { Target: var lent } ? lent.Resolve() : type.Resolve();
}
