using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Mir.Analysis;

/// <summary>The ownership rules on the flow graph: use after move (E6001), moves out of borrows (E6008), conflicting borrows (E6014).</summary>
/// <remarks>Invariant used by everything later: in a graph without errors from this check, an instruction reads a unique value only where it is there on every path.</remarks>
public sealed partial class OwnershipCheck
{
    private readonly MirFunction function;
    private readonly ITypeSystem types;
    private readonly DiagnosticBag diagnostics;
    private readonly LentNames lentNames;
    private readonly MovePaths paths;
    private readonly MovedAnalysis moved;
    // Per path, where its uses were reported: a part of such a use (a name in a pattern) is the same one.
    private readonly Dictionary<int, List<TextSpan>> reported = [];
    private readonly List<Access> accesses = [];

    private OwnershipCheck(MirFunction function, ITypeSystem types, DiagnosticBag diagnostics)
    {
        this.function = function;
        this.types = types;
        this.diagnostics = diagnostics;
        lentNames = new LentNames(function);
        paths = new MovePaths(function, isExact: false, lentNames);
        moved = new MovedAnalysis(function, paths);
    }

    /// <summary>Checks a function and the functions nested in it.</summary>
    public static void Run(MirFunction function, ITypeSystem types, DiagnosticBag diagnostics)
    {
        new OwnershipCheck(function, types, diagnostics).Check();
        KeptProviders.Check(function, types, diagnostics);
        foreach (var nested in function.Nested) Run(nested, types, diagnostics);
    }

    private void Check()
    {
        CheckBorrows();
        var states = Dataflow.Forward(function, moved);
        var state = new BitVector(moved.Bits);
        foreach (var block in function.Blocks)
        {
            // Cleanup blocks are the compiler's own; they drop what is left and use nothing.
            if (states[block.Index] is not { } start || block.IsCleanup) continue;
            state.CopyFrom(start);
            for (int k = 0; k < block.Instructions.Count; k++)
            {
                var instruction = block.Instructions[k];
                accesses.Clear();
                AccessVisitor.Before(instruction, accesses);
                CheckReadOnly(instruction);
                foreach (var a in accesses)
                {
                    CheckReadOnly(a);
                    CheckAccess(a, state, new Position(block.Index, k));
                    moved.Apply(a, state);
                }
                accesses.Clear();
                AccessVisitor.After(instruction, accesses);
                foreach (var a in accesses)
                {
                    CheckReadOnly(a);
                    if (a.Kind == AccessKind.Write) CheckWrite(a, state, new Position(block.Index, k));
                    moved.Apply(a, state);
                }
            }
            accesses.Clear();
            AccessVisitor.Of(block.Terminator, block.Instructions.Count > 0 ? block.Instructions[^1].Span : function.Span, accesses);
            foreach (var a in accesses)
            {
                CheckAccess(a, state, new Position(block.Index, block.Instructions.Count));
                moved.Apply(a, state);
            }
        }
    }

    private void CheckAccess(Access a, BitVector state, Position at)
    {
        switch (a.Kind)
        {
            case AccessKind.Move:
                if (Offends(a, state, true, at)) return;
                CheckMoveOut(a);
                break;
            case AccessKind.Read or AccessKind.Borrow or AccessKind.BorrowMutable or AccessKind.LastUse:
                Offends(a, state, true, at);
                break;
        }
    }

    private void CheckWrite(Access a, BitVector state, Position at)
    {
        if (a.Place.Path.IsEmpty) return;
        var above = new MirPlace(a.Place.Local, a.Place.Path.RemoveAt(a.Place.Path.Length - 1));
        Offends(a with { Place = above }, state, false, at);
    }

    private bool Offends(Access a, BitVector state, bool includeParts, Position at)
    {
        if (moved.Offender(a.Place, state, includeParts) is not { } path) return false;
        if (!reported.TryGetValue(path.Id, out var uses)) reported[path.Id] = uses = [];
        if (uses.Exists(u => u.Start == a.Span.Start || (u.Start < a.Span.Start && a.Span.End <= u.End))) return true;
        uses.Add(a.Span);
        var (site, instruction) = FindMove(path, at);
        // Nothing was moved: the path is merely empty because the builder knows that this place is not reached.
        if (site is null) return false;
        if (conflicting.Contains(site.Value.Span.Start)) return true;
        var name = PlaceNames.Of(function, path.Place) ?? PlaceNames.Of(function, a.Place) ?? "this value";
        var type = TypeOf(path.Place);
        var unique = types.KindOf(type) == ValueKind.Unique;
        bool cloneable = !unique && site.Value.Span.Length > 0;
        bool again = site.Value.Span == a.Span;
        diagnostics.Add(OwnershipErrors.UseAfterMove(function.Source, a.Span, name, site.Value.Span, Describe(instruction, site.Value, type, unique), again, cloneable, type.ToString(), a.Kind == AccessKind.Move));
        return true;
    }

    private void CheckMoveOut(Access a)
    {
        var root = function.Locals[a.Place.Local];
        bool unique = types.KindOf(TypeOf(a.Place)) == ValueKind.Unique;
        if (!unique)
        {
            // Sending moves the binding also of a value; a second run of the lambda would send it again.
            if (function is { Kind: MirFunctionKind.Lambda, OwnsCaptures: false } && OutermostLocal(a.Place) is { Kind: MirLocalKind.Capture } sent)
                diagnostics.Add(OwnershipErrors.ConsumedInLambda(function.Source, a.Span, PlaceNames.Of(function, a.Place) ?? sent.Name ?? "this value", sent.Span));
            return;
        }
        var borrowed = OutermostBorrow(a.Place);
        foreach (var step in a.Place.Path)
            if (step is ElementProjection or ConstantElementProjection && root.Kind != MirLocalKind.Temporary)
            {
                diagnostics.Add(OwnershipErrors.MoveOutOfElement(function.Source, a.Span, PlaceNames.Of(function, a.Place) ?? "the element"));
                return;
            }
        if (borrowed is null && LentByElement(a.Place))
        {
            diagnostics.Add(OwnershipErrors.MoveOutOfElement(function.Source, a.Span, PlaceNames.Of(function, a.Place) ?? "the element"));
            return;
        }
        if (function.Kind == MirFunctionKind.Lambda && OutermostLocal(a.Place) is { Kind: MirLocalKind.Capture } captured && !(function.OwnsCaptures && captured.Mode == MirParameterMode.Value))
            diagnostics.Add(OwnershipErrors.ConsumedInLambda(function.Source, a.Span, PlaceNames.Of(function, a.Place) ?? captured.Name ?? "this value", captured.Span));
        else if (borrowed is not null)
            diagnostics.Add(OwnershipErrors.MoveOutOfBorrow(function.Source, a.Span, PlaceNames.Of(function, a.Place) ?? "this value", borrowed.Name ?? "the borrow", borrowed.Span));
    }

    // A name lent from an element or entry of a container. Which one is known at run time only, so the container cannot be without it.
    // What a list pattern names is at a known position: giving it away takes the whole list apart.
    private bool LentByElement(MirPlace place)
    {
        for (var from = function.Locals[place.Local].LentFrom; from is not null; from = function.Locals[from.Local].LentFrom)
            if (function.Locals[from.Local].Kind != MirLocalKind.Temporary || function.Locals[from.Local].LentFrom is not null)
                foreach (var step in from.Path)
                    if (step is ElementProjection or EntryProjection) return true;
        return false;
    }

    private MirLocal? OutermostBorrow(MirPlace place) => OutermostLocal(place) is { Mode: not MirParameterMode.Value } local ? local : null;

    private MirLocal OutermostLocal(MirPlace place)
    {
        var local = function.Locals[place.Local];
        while (local.LentFrom is { } from) local = function.Locals[from.Local];
        return local;
    }

    private SigilType TypeOf(MirPlace place) => place.Path.IsEmpty ? function.Locals[place.Local].Type : place.Path[^1].Type;

    private readonly record struct Position(int Block, int Index);

    /// <summary>The move that reaches the use: searched backwards from the use, only when there is an error to report.</summary>
    private (Access? Site, MirInstruction? Instruction) FindMove(MovePath path, Position use)
    {
        var predecessors = new Dictionary<int, List<Position>>();
        foreach (var b in function.Blocks)
        {
            foreach (int s in b.Terminator.Successors)
            {
                if (!predecessors.TryGetValue(s, out var list)) predecessors[s] = list = [];
                list.Add(new(b.Index, b.Instructions.Count));
            }
            // What an instruction takes is gone also where it panics.
            for (int k = 0; k < b.Instructions.Count; k++)
            {
                if (b.Instructions[k].Unwind is not (>= 0 and var unwind)) continue;
                if (!predecessors.TryGetValue(unwind, out var list)) predecessors[unwind] = list = [];
                list.Add(new(b.Index, k + 1));
            }
        }
        var seen = new HashSet<Position>();
        var work = new Queue<Position>();
        work.Enqueue(use);
        var local = new List<Access>();
        while (work.TryDequeue(out var p))
        {
            bool stopped = false;
            for (int k = Math.Min(p.Index, function.Blocks[p.Block].Instructions.Count) - 1; k >= 0 && !stopped; k--)
            {
                var instruction = function.Blocks[p.Block].Instructions[k];
                local.Clear();
                AccessVisitor.Before(instruction, local);
                for (int i = local.Count - 1; i >= 0; i--)
                    if (local[i].Kind == AccessKind.Move && Touches(local[i].Place, path)) return (local[i], instruction);
                local.Clear();
                AccessVisitor.After(instruction, local);
                foreach (var a in local)
                    if (a.Kind is AccessKind.Write or AccessKind.Dead && a.Place.Local == path.Place.Local && IsPrefix(a.Place, path.Place)) stopped = true;
            }
            if (stopped || !predecessors.TryGetValue(p.Block, out var before)) continue;
            foreach (var q in before)
                if (seen.Add(q)) work.Enqueue(q);
        }
        // The same instruction may move a place and use it again.
        if (use.Index < function.Blocks[use.Block].Instructions.Count)
        {
            local.Clear();
            var instruction = function.Blocks[use.Block].Instructions[use.Index];
            AccessVisitor.Before(instruction, local);
            foreach (var a in local) if (a.Kind == AccessKind.Move && Touches(a.Place, path)) return (a, instruction);
        }
        return (null, null);
    }

    private bool Touches(MirPlace place, MovePath path)
    {
        if (lentNames.SharedWith(place).Any(shared => shared.Local == path.Place.Local && (IsPrefix(shared, path.Place) || IsPrefix(path.Place, shared)))) return true;
        for (MirPlace? p = place; p is not null; p = function.Locals[p.Local].LentFrom)
            if (p.Local == path.Place.Local && (IsPrefix(p, path.Place) || IsPrefix(path.Place, p))) return true;
        return false;
    }

    internal static bool IsPrefix(MirPlace prefix, MirPlace place)
    {
        if (prefix.Local != place.Local || prefix.Path.Length > place.Path.Length) return false;
        for (int i = 0; i < prefix.Path.Length; i++)
        {
            bool same = (prefix.Path[i], place.Path[i]) switch
            {
                (FieldProjection a, FieldProjection b) => a.Index == b.Index,
                (VariantProjection a, VariantProjection b) => a.Variant == b.Variant && a.Index == b.Index,
                (DereferenceProjection, DereferenceProjection) => true,
                // Two elements may be the same one.
                (ElementProjection or ConstantElementProjection or RestProjection or EntryProjection, ElementProjection or ConstantElementProjection or RestProjection or EntryProjection) => true,
                _ => false,
            };
            if (!same) return false;
        }
        return true;
    }

    private static string Describe(MirInstruction? instruction, Access site, SigilType type, bool unique)
    {
        var because = unique ? $", because {type} has one owner" : "";
        return instruction switch
        {
            CallInstruction { Callee: StaticCallee c } call when call.Arguments.Length > 0 && call.Arguments[0] is ValueArgument { Operand: MoveOperand m } && m.Place == site.Place && c.Function.SelfKind == SelfKind.Owned
                => $"`{(c.Function.Name == "wait_own" ? "wait" : c.Function.Name)}` ends it here",
            CallInstruction { Callee: StaticCallee { Function.Sends: true } } => "sent here: sending gives the value away",
            CallInstruction { Callee: StaticCallee c } => $"given to `{c.Function.Name}` here{because}",
            SpawnInstruction or SpawnManyInstruction or YieldTask or GroupSpawn => $"moved into the task here{because}",
            AssignInstruction { Value: ClosureRvalue } => $"moved into the lambda here{because}",
            _ => $"moved here{because}",
        };
    }
}
