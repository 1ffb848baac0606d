namespace Sigil.Mir.Analysis;

/// <summary>Keeps drop flags: true while the path holds a value.</summary>
/// <remarks>A flag is cleared before the instruction that moves (its unwind edge must see the value gone) and set after the one that stores.</remarks>
internal sealed class DropFlags(MirFunction function, MovePaths paths, Dictionary<int, int> flags)
{
    private readonly List<Access> scratch = [];

    public void Insert()
    {
        foreach (var block in function.Blocks)
        {
            var source = block.Instructions.ToArray();
            block.Instructions.Clear();
            foreach (var instruction in source)
            {
                scratch.Clear();
                AccessVisitor.Before(instruction, scratch);
                foreach (var a in scratch)
                    if (a.Kind == AccessKind.Move)
                    {
                        Set(block, instruction, a.Place, false);
                        foreach (var origin in paths.Origins(a.Place)) Set(block, instruction, origin, false);
                    }
                block.Instructions.Add(instruction);
                scratch.Clear();
                AccessVisitor.After(instruction, scratch);
                foreach (var a in scratch)
                {
                    if (a.Kind == AccessKind.Write) Set(block, instruction, a.Place, true);
                    else if (a.Kind == AccessKind.Dead) Set(block, instruction, a.Place, false);
                }
                // A flagged drop happens once.
                if (instruction is DropInstruction { Flag: >= 0 } d) Set(block, instruction, d.Place, false);
            }
        }
        var start = new List<MirInstruction>();
        foreach (var (path, flag) in flags)
            start.Add(Store(function.Span, flag, MovedAnalysis.IsGivenAtEntry(function.Locals[paths[path].Place.Local])));
        function.Blocks[0].Instructions.InsertRange(0, start);
    }

    private void Set(MirBlock block, MirInstruction at, MirPlace place, bool present)
    {
        var (path, exact) = paths.Find(place);
        if (path is null || !exact) return;
        foreach (var p in path.SelfAndDescendants())
            if (flags.TryGetValue(p.Id, out int flag)) block.Instructions.Add(Store(at.Span, flag, present));
    }

    private AssignInstruction Store(Sigil.Syntax.TextSpan span, int flag, bool value) => new()
    {
        Span = span,
        Target = MirPlace.Of(flag),
        Value = new UseRvalue(new ConstantOperand(value, function.Locals[flag].Type)),
    };
}
