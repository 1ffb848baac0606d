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
                AccessVisitor.After(instruction, local);
                foreach (var a in local)
                {
                    if (a.Kind is not (AccessKind.Move or AccessKind.Write or AccessKind.BorrowMutable)) continue;
                    foreach (var (id, m) in markers)
                        // The call for which the place is held takes it.
                        if (state[id] && Overlap(m.Place, a.Place) && !(a.Kind == AccessKind.BorrowMutable && a.Span == m.Span && a.Place == m.Place) && conflicting.Add(a.Span.Start))
                            diagnostics.Add(OwnershipErrors.ConflictingBorrows(function.Source, a.Span, PlaceNames.Of(function, m.Place) ?? "this value", m.Span));
                }
                analysis.After(instruction, state);
            }
        }
    }

    private void CheckLentNames()
    {
        var lent = function.Locals.Where(l => l.LentFrom is not null).ToList();
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
                foreach (var a in local)
                {
                    if (a.Kind is not (AccessKind.Move or AccessKind.Write or AccessKind.BorrowMutable)) continue;
                    foreach (var l in lent)
                        if (live[l.Index] && l.Index != a.Place.Local && Overlap(l.LentFrom!, a.Place) && IsPrefix(a.Place, l.LentFrom!) && conflicting.Add(a.Span.Start))
                            diagnostics.Add(OwnershipErrors.ConflictingBorrows(function.Source, a.Span, PlaceNames.Of(function, l.LentFrom!) ?? "this value", l.Span));
                }
            });
        }
    }

    private static bool Overlap(MirPlace a, MirPlace b) => IsPrefix(a, b) || IsPrefix(b, a);
}
