namespace Sigil.Mir.Analysis;

/// <summary>What a loop does with one local.</summary>
internal sealed class LoopUse
{
    /// <summary>Elements are read or written.</summary>
    public bool IsElementwise { get; set; }
    /// <summary>The whole local is stored to, moved out, lent for writing, dropped or appended to.</summary>
    public bool IsChanged { get; set; }
    /// <summary>The whole local is copied or lent to something that may copy it.</summary>
    public bool MayBeMarked { get; set; }
    /// <summary>Blocks that write elements.</summary>
    public HashSet<int> Writes { get; } = [];
}

/// <summary>Collects, for the list analysis, what a loop does with each local; nothing when the loop may wait.</summary>
internal sealed class LoopUses
{
    private readonly MirFunction function;
    private readonly Func<CallInstruction, int, bool> leavesUnmarked;

    public LoopUses(MirFunction function, NaturalLoop loop, Func<MirInstruction, bool> isOpaque, Func<CallInstruction, int, bool> leavesUnmarked)
    {
        this.function = function;
        this.leavesUnmarked = leavesUnmarked;
        var accesses = new List<Access>();
        foreach (var index in loop.Blocks)
        {
            var block = function.Blocks[index];
            foreach (var instruction in block.Instructions)
            {
                if (isOpaque(instruction))
                {
                    ByLocal.Clear();
                    return;
                }
                accesses.Clear();
                AccessVisitor.Before(instruction, accesses);
                AccessVisitor.After(instruction, accesses);
                foreach (var access in accesses) Note(access, instruction, index);
                if (instruction is AppendInstruction append) Of(append.List).IsChanged = true;
                if (instruction is CallInstruction call) NoteArguments(call);
            }
            accesses.Clear();
            AccessVisitor.Of(block.Terminator, default, accesses);
            if (block.Terminator is TailCall tail) NoteParameters(tail, index);
            else
                foreach (var access in accesses) Note(access, null, index);
        }
    }

    public Dictionary<int, LoopUse> ByLocal { get; } = [];

    private LoopUse Of(int local) => ByLocal.TryGetValue(local, out var use) ? use : ByLocal[local] = new LoopUse();

    private void Note(Access access, MirInstruction? instruction, int block)
    {
        var place = access.Place;
        if (place.Path is [ElementProjection or ConstantElementProjection, ..])
        {
            var use = Of(place.Local);
            use.IsElementwise = true;
            if (access.Kind is AccessKind.Write or AccessKind.BorrowMutable) use.Writes.Add(block);
        }
        else if (!place.IsLocal) return;
        else if (access.Kind is not (AccessKind.Read or AccessKind.Borrow)) Of(place.Local).IsChanged = true;
        // What a call does to its arguments is looked up below; the other readers hand out elements, not the list.
        else if (instruction is not (CallInstruction or AssignInstruction { Value: LengthRvalue or SliceRvalue or LookupRvalue or RestRvalue or DiscriminantRvalue })) Of(place.Local).MayBeMarked = true;
    }

    private void NoteArguments(CallInstruction call)
    {
        for (var i = 0; i < call.Arguments.Length; i++)
        {
            var place = call.Arguments[i] switch
            {
                BorrowArgument b => b.Place,
                ValueArgument { Operand: CopyOperand c } => c.Place,
                _ => null,
            };
            if (place is { IsLocal: true } && !leavesUnmarked(call, i)) Of(place.Local).MayBeMarked = true;
        }
    }

    // A parameter passed on as itself stays what it is.
    private void NoteParameters(TailCall tail, int block)
    {
        for (var i = 0; i < tail.Arguments.Length; i++)
        {
            var place = tail.Arguments[i] switch { CopyOperand c => c.Place, MoveOperand m => m.Place, _ => null };
            if (place is { IsLocal: true } && place.Local == i) continue;
            if (function.Locals[i].Mode != MirParameterMode.BorrowMutable) Of(i).IsChanged = true;
            if (place is null) continue;
            Note(new Access(tail.Arguments[i] is MoveOperand ? AccessKind.Move : AccessKind.Read, place, default), null, block);
        }
    }
}
