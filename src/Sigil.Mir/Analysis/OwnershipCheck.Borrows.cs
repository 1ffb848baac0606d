using Sigil.Semantics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Mir.Analysis;

public sealed partial class OwnershipCheck
{
    /// <summary>Conflicts inside one call, between a held borrow and nested arguments, and between a lent name in use and its place.</summary>
    private void CheckBorrows()
    {
        CheckArgumentsOfOneCall();
        CheckHeldBorrows();
        CheckLentNames();
    }

    private sealed class HeldBorrows(int count) : IForwardAnalysis
    {
        public int Bits => count;
        public void Entry(BitVector state) { }
        public void Before(MirInstruction instruction, BitVector state) { }
        public void After(MirInstruction instruction, BitVector state)
        {
            if (instruction is BorrowMarker m) state[m.Id] = m.IsStart;
        }
    }

    private void CheckHeldBorrows()
    {
        var markers = new Dictionary<int, BorrowMarker>();
        foreach (var block in function.Blocks)
            foreach (var i in block.Instructions)
                if (i is BorrowMarker { IsStart: true } m) markers[m.Id] = m;
        if (markers.Count == 0) return;
        int bits = markers.Keys.Max() + 1;
        var analysis = new HeldBorrows(bits);
        var states = Dataflow.Forward(function, analysis);
        var state = new BitVector(bits);
        var local = new List<Access>();
        foreach (var block in function.Blocks)
        {
            if (states[block.Index] is not { } start || block.IsCleanup) continue;
            state.CopyFrom(start);
            foreach (var instruction in block.Instructions)
            {
                local.Clear();
                AccessVisitor.Before(instruction, local);
                int before = local.Count;
                AccessVisitor.After(instruction, local);
                // A function that owns what it writes is written by each call of it, and lent for that.
                if (instruction is CallInstruction) CountCallsAsWriting(local);
                for (int i = 0; i < local.Count; i++)
                {
                    var a = local[i];
                    if (a.Kind is not (AccessKind.Move or AccessKind.Write or AccessKind.BorrowMutable)) continue;
                    foreach (var (id, m) in markers)
                        if (state[id] && Overlap(m.Place, a.Place) && !(i < before ? Holds(a, m) && a.Kind == AccessKind.BorrowMutable : instruction is CallInstruction && local.Take(before).Any(b => Holds(b, m))) && conflicting.Add(a.Span.Start))
                            diagnostics.Add(OwnershipErrors.ConflictingBorrows(function.Source, a.Span, PlaceNames.Of(function, m.Place) ?? "this value", m.Span));
                }
                analysis.After(instruction, state);
            }
        }
    }

    // The call for which a place is held takes it, and its result may go there when it has ended: `s = s.slice(1, s.len())`.
    private static bool Holds(Access a, BorrowMarker held) => a.Kind is AccessKind.Borrow or AccessKind.BorrowMutable && a.Span == held.Span && a.Place == held.Place;

    private void CountCallsAsWriting(List<Access> accesses)
    {
        for (var i = 0; i < accesses.Count; i++)
            if (accesses[i].Kind == AccessKind.Borrow && IsOwningFunction(accesses[i].Place)) accesses[i] = accesses[i] with { Kind = AccessKind.BorrowMutable };
    }

    private void CheckLentNames()
    {
        var lent = function.Locals.Where(l => l.LentFrom is not null).SelectMany(l => lentNames.ChainOf(l.Index).Select(from => (Name: l, From: from))).ToList();
        if (lent.Count == 0) return;
        var liveness = new Liveness(function);
        var local = new List<Access>();
        foreach (var block in function.Blocks)
        {
            if (block.IsCleanup) continue;
            liveness.Walk(block, (instruction, _, live) =>
            {
                local.Clear();
                AccessVisitor.Before(instruction, local);
                AccessVisitor.After(instruction, local);
                // A function that owns what it writes is written by each call of it, and lent for that.
                if (instruction is CallInstruction) CountCallsAsWriting(local);
                foreach (var a in local)
                {
                    if (a.Kind is not (AccessKind.Move or AccessKind.Write or AccessKind.BorrowMutable)) continue;
                    foreach (var (name, from) in lent)
                        if (live[name.Index] && name.Index != a.Place.Local && (IsPrefix(a.Place, from) || ReplacesPart(a, from)) && conflicting.Add(a.Span.Start))
                            diagnostics.Add(OwnershipErrors.ConflictingBorrows(function.Source, a.Span, PlaceNames.Of(function, from) ?? "this value", name.Span));
                }
            });
        }
    }

    // A new value for a unique part of what is lent: the old one ends. What lies behind an object is changed for whoever looks.
    private bool ReplacesPart(Access a, MirPlace from) =>
        a.Kind == AccessKind.Write && IsPrefix(from, a.Place) && types.KindOf(TypeOf(a.Place)) == ValueKind.Unique && !a.Place.Path.Skip(from.Path.Length).Any(p => p is DereferenceProjection);

    private static bool Overlap(MirPlace a, MirPlace b) => IsPrefix(a, b) || IsPrefix(b, a);
}
