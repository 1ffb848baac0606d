using Sigil.Mir.Analysis;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    private CleanupNode? pending;
    private int resumeBlock = -1;
    private readonly List<BorrowMarker> borrows = [];
    private readonly List<int> scopeLocals = [];

    private readonly record struct ScopeMark(CleanupNode? Pending, int Locals);

    private ScopeMark EnterScope() => new(pending, scopeLocals.Count);

    /// <summary>Falls out of a scope: runs its cleanup in the current block, innermost first, and ends the storage of its names.</summary>
    private void LeaveScope(ScopeMark mark, TextSpan span)
    {
        while (pending != mark.Pending)
        {
            var node = pending!;
            pending = node.Parent;
            RunNormally(node);
        }
        for (var i = scopeLocals.Count - 1; i >= mark.Locals; i--)
            Current.Instructions.Add(new StorageDead { Local = scopeLocals[i], Span = span });
        scopeLocals.RemoveRange(mark.Locals, scopeLocals.Count - mark.Locals);
    }

    /// <summary>Registers the drop of a local that owns unique values; does nothing for other types.</summary>
    private void ScheduleDrop(int local, TextSpan span)
    {
        if (Context.IsUnique(TypeOf(local))) pending = new DropNode(pending, local, span);
    }

    private void ScheduleAction(Action emit, Action? emitUnwind = null) => pending = new ActionNode(pending, emit, emitUnwind);

    /// <summary>Marks a place as lent until the enclosing scope ends (for the borrow check).</summary>
    private void HoldBorrow(MirPlace place, bool isMutable, TextSpan span)
    {
        var start = new BorrowMarker { Place = place, IsMutable = isMutable, IsStart = true, Id = borrows.Count, Span = span };
        borrows.Add(start);
        Emit(start);
        pending = new EndBorrowNode(pending, start);
    }

    private void EndBorrow(BorrowMarker start) => Emit(new BorrowMarker { Place = start.Place, IsMutable = start.IsMutable, IsStart = false, Id = start.Id, Span = start.Span });

    /// <summary>Where a handler takes over, the borrows are over that began since (unwinding does not end them one by one).</summary>
    private void EndBorrowsSince(int count)
    {
        for (var i = count; i < borrows.Count; i++) EndBorrow(borrows[i]);
    }

    private void RunNormally(CleanupNode node)
    {
        switch (node)
        {
            case DropNode d:
                Emit(new DropInstruction { Place = MirPlace.Of(d.Local), Span = d.Span });
                break;
            case EndBorrowNode b:
                EndBorrow(b.Start);
                break;
            case ActionNode a:
                a.Run(unwinding: false);
                break;
        }
    }

    /// <summary>Leaves for a target, running what is pending between here and there. Chains are shared: many exits stay linear.</summary>
    private void ExitTo(ExitTarget target)
    {
        var missing = new List<CleanupNode>();
        var node = pending;
        while (node != target.Node && !target.Chain.ContainsKey(node!))
        {
            missing.Add(node!);
            node = node!.Parent;
        }
        var next = node == target.Node ? target.Block.Index : target.Chain[node!];
        var here = Current;
        var saved = pending;
        for (var i = missing.Count - 1; i >= 0; i--)
        {
            var block = NewBlock();
            target.Chain[missing[i]] = block.Index;
            StartBlock(block);
            pending = missing[i].Parent;
            RunNormally(missing[i]);
            Terminate(new Goto(next));
            next = block.Index;
        }
        pending = saved;
        StartBlock(here);
        Terminate(new Goto(next));
    }

    /// <summary>The cleanup block for an instruction that unwinds here, or -1.</summary>
    private int UnwindBlock()
    {
        var missing = new List<CleanupNode>();
        var node = pending;
        while (node is not null && node.CleanupBlock < 0)
        {
            if (node.ActsOnUnwind) missing.Add(node);
            node = node.Parent;
        }
        if (missing.Count == 0 && node is null) return -1;
        if (missing.Count == 0) return node!.CleanupBlock;
        var (here, saved, wasCleanup) = (Current, pending, InCleanup);
        InCleanup = true;
        var next = node is not null ? node.CleanupBlock : ResumeBlock();
        for (var i = missing.Count - 1; i >= 0; i--)
        {
            var block = NewBlock();
            StartBlock(block);
            pending = missing[i].Parent;
            if (missing[i] is ActionNode action) action.Run(unwinding: true);
            else RunNormally(missing[i]);
            Terminate(new Goto(next));
            next = missing[i].CleanupBlock = block.Index;
        }
        (pending, InCleanup) = (saved, wasCleanup);
        StartBlock(here);
        return next;
    }

    private int ResumeBlock()
    {
        if (resumeBlock >= 0) return resumeBlock;
        var here = Current;
        var block = NewBlock();
        StartBlock(block);
        Terminate(new ResumeUnwind());
        StartBlock(here);
        return resumeBlock = block.Index;
    }

    protected override void Emit(MirInstruction instruction)
    {
        if (pending is not null) CheckElementsBefore(instruction);
        EmitOnly(instruction);
    }

    private readonly List<Access> accesses = [];

    /// <summary>Indices are looked at before a unique value leaves its place for the instruction: what panics in between would forget it.</summary>
    private void CheckElementsBefore(MirInstruction instruction)
    {
        accesses.Clear();
        AccessVisitor.Before(instruction, accesses);
        if (!accesses.Exists(a => a.Kind == AccessKind.Move && IsUnique(PlaceType(a.Place)))) return;
        AccessVisitor.After(instruction, accesses);
        // What a look may unwind to is built when it is first needed, by way of here.
        var elements = accesses.Where(a => a.Place.Path.Any(p => p is ElementProjection)).Select(a => a.Place).ToList();
        foreach (var place in elements) EmitOnly(new CheckElementInstruction { Place = place, Span = instruction.Span });
    }

    private void EmitOnly(MirInstruction instruction)
    {
        if (pending is not null && Unwinding.MayUnwind(instruction)) instruction.Unwind = UnwindBlock();
        Current.Instructions.Add(instruction);
    }
}
