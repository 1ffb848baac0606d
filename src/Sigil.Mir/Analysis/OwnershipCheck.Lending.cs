using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Mir.Analysis;

// What one call lends: its arguments and receiver, the function that it calls, and whatever the lambdas among the arguments mention.
public sealed partial class OwnershipCheck
{
    private enum Lending
    {
        Read,
        Written,
        GivenAway,
    }

    /// <summary>A place that a call lends or gives away.</summary>
    private readonly record struct Lent(MirPlace Place, Lending How, TextSpan Span, bool ByLambda = false);

    private Dictionary<int, ClosureRvalue>? closures;

    /// <summary>Where moves were reported as conflicts: what is wrong after them needs no second message.</summary>
    private readonly HashSet<int> conflicting = [];

    private void CheckArgumentsOfOneCall()
    {
        foreach (var block in function.Blocks)
        {
            if (block.IsCleanup) continue;
            foreach (var instruction in block.Instructions)
                if (instruction is CallInstruction call && (call.Arguments.Length > 1 || call.Callee is IndirectCallee)) CheckArguments(call);
        }
    }

    private void CheckArguments(CallInstruction call)
    {
        // Most calls lend at most one name: they cannot conflict.
        if (call.Arguments.Count(a => a is not ValueArgument { Operand: not MoveOperand }) + (call.Callee is IndirectCallee ? 1 : 0) < 2) return;
        var lent = call.Arguments.Select(a => LentBy(a, call.Span)).ToList();
        if (call.Callee is IndirectCallee { Function: var callee } && TypeOf(callee).Resolve() is FunctionType { Kind: FunctionKind.Iso }) lent.Insert(0, [new Lent(callee, Lending.Written, call.Span)]);
        for (int later = 1; later < lent.Count; later++)
            for (int earlier = 0; earlier < later; earlier++)
                if (Conflict(lent[earlier], lent[later]) is { } found)
                {
                    conflicting.Add(found.Second.Span.Start);
                    diagnostics.Add(OwnershipErrors.ConflictingBorrows(function.Source, found.Second.Span.Length > 0 ? found.Second.Span : call.Span,
                        PlaceNames.Of(function, found.First.Place) ?? "this value", found.First.Span.Length > 0 ? found.First.Span : call.Span));
                    return;
                }
    }

    private static (Lent First, Lent Second)? Conflict(List<Lent> earlier, List<Lent> later)
    {
        foreach (var a in earlier)
            foreach (var b in later)
                // A direct use after it was given away is reported as that. A lambda was made before the call, and would use the value in it.
                if ((a.How != Lending.GivenAway || b.ByLambda) && (a.How != Lending.Read || b.How != Lending.Read) && Overlap(a.Place, b.Place)) return (a, b);
        return null;
    }

    private List<Lent> LentBy(MirArgument argument, TextSpan call)
    {
        var span = argument.Span.Length > 0 ? argument.Span : call;
        switch (argument)
        {
            case BorrowMutableArgument m: return [new(m.Place, Lending.Written, span)];
            case ValueArgument { Operand: MoveOperand move } when !IsTemporary(move.Place): return [new(move.Place, Lending.GivenAway, span)];
            case BorrowArgument { Place: { IsLocal: true } place } when IsTemporary(place) && ClosureIn(place.Local) is { } closure: return MentionsOf(closure, span, 0);
            // A function that owns what it writes is lent for writing whenever it is lent.
            case BorrowArgument b: return [new(b.Place, TypeOf(b.Place).Resolve() is FunctionType { Kind: FunctionKind.Iso } ? Lending.Written : Lending.Read, span)];
            default: return [];
        }
    }

    private bool IsTemporary(MirPlace place) => function.Locals[place.Local].Kind == MirLocalKind.Temporary;

    private ClosureRvalue? ClosureIn(int local)
    {
        if (closures is null)
        {
            closures = [];
            foreach (var block in function.Blocks)
                foreach (var i in block.Instructions)
                    if (i is AssignInstruction { Target.IsLocal: true, Value: ClosureRvalue c } assign) closures[assign.Target.Local] = c;
        }
        return closures.GetValueOrDefault(local);
    }

    // What the body does with the names around it, as places of the function that makes the closure.
    private static List<Lent> MentionsOf(ClosureRvalue closure, TextSpan span, int depth)
    {
        var mentions = new List<Lent>();
        var body = closure.Function;
        var outer = new Dictionary<int, MirPlace>();
        int k = 0;
        foreach (var capture in body.Captures)
        {
            if (k >= closure.Captures.Length) break;
            var place = closure.Captures[k++] switch
            {
                BorrowArgument b => b.Place,
                BorrowMutableArgument b => b.Place,
                ValueArgument { Operand: CopyOperand c } => c.Place,
                _ => null,
            };
            if (place is not null && capture.Capability is null) outer[capture.Index] = place;
        }
        if (outer.Count == 0) return mentions;
        var seen = new HashSet<(MirPlace, Lending)>();
        void Add(MirPlace inside, Lending how)
        {
            inside = Outermost(body, inside);
            if (!outer.TryGetValue(inside.Local, out var start)) return;
            var place = new MirPlace(start.Local, start.Path.AddRange(inside.Path));
            if (seen.Add((place, how))) mentions.Add(new(place, how, span, ByLambda: true));
        }
        var accesses = new List<Access>();
        foreach (var block in body.Blocks)
        {
            if (block.IsCleanup) continue;
            foreach (var instruction in block.Instructions)
            {
                if (instruction is AssignInstruction { Value: ClosureRvalue inner } && depth < 64)
                {
                    foreach (var m in MentionsOf(inner, span, depth + 1)) Add(m.Place, m.How);
                    continue;
                }
                // Calling a function that owns what it writes is writing.
                if (instruction is CallInstruction { Callee: IndirectCallee { Function: var called } } && TypeIn(body, called) is FunctionType { Kind: FunctionKind.Iso }) Add(called, Lending.Written);
                AccessVisitor.Before(instruction, accesses);
                AccessVisitor.After(instruction, accesses);
            }
            AccessVisitor.Of(block.Terminator, body.Span, accesses);
        }
        foreach (var a in accesses)
        {
            if (a.Kind is AccessKind.Dead or AccessKind.Drop) continue;
            Add(a.Place, a.Kind is AccessKind.Write or AccessKind.BorrowMutable ? Lending.Written : a.Kind == AccessKind.Move ? Lending.GivenAway : Lending.Read);
        }
        return mentions;
    }

    private static SigilType TypeIn(MirFunction body, MirPlace place) => (place.Path.IsEmpty ? body.Locals[place.Local].Type : place.Path[^1].Type).Resolve();

    private static MirPlace Outermost(MirFunction body, MirPlace place)
    {
        while (body.Locals[place.Local].LentFrom is { } from) place = new MirPlace(from.Local, from.Path.AddRange(place.Path));
        return place;
    }
}
