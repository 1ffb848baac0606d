using System.Collections.Immutable;
using Sigil.Semantics;

namespace Sigil.Mir.Analysis;

/// <summary>Turns the last copy of a local into a move, so that an unshared list or map stays unshared and is updated in place.</summary>
/// <remarks>Only speed: the ownership rules do not see these moves. A capture of a lambda is never moved (the lambda may run again); a borrowed parameter belongs to the caller.</remarks>
public static class LastUse
{
    /// <summary>Rewrites the function and those nested in it.</summary>
    public static void Run(MirFunction function, ITypeSystem types)
    {
        Rewrite(function, types);
        foreach (var n in function.Nested) Run(n, types);
    }

    private static void Rewrite(MirFunction function, ITypeSystem types)
    {
        var candidates = new bool[function.Locals.Count];
        bool any = false;
        foreach (var l in function.Locals)
        {
            bool owned = l.Kind switch
            {
                MirLocalKind.Parameter or MirLocalKind.Self => l.Mode == MirParameterMode.Value,
                MirLocalKind.Capture => function.Kind == MirFunctionKind.Task,
                MirLocalKind.User or MirLocalKind.Temporary => true,
                _ => false,
            };
            candidates[l.Index] = owned && l.LentFrom is null && types.KindOf(l.Type) == ValueKind.Value;
            any |= candidates[l.Index];
        }
        if (!any) return;
        var liveness = new Liveness(function);
        var accesses = new List<Access>();
        var counts = new Dictionary<int, int>();
        foreach (var block in function.Blocks)
        {
            liveness.Walk(block, (instruction, _, live) =>
            {
                accesses.Clear();
                AccessVisitor.Before(instruction, accesses);
                counts.Clear();
                foreach (var a in accesses) counts[a.Place.Local] = counts.GetValueOrDefault(a.Place.Local) + 1;
                int overwritten = instruction switch
                {
                    AssignInstruction { Target: { IsLocal: true } t } => t.Local,
                    CallInstruction { Target: { IsLocal: true } t } => t.Local,
                    _ => -1,
                };
                bool Dies(MirPlace p) => p.IsLocal && candidates[p.Local] && counts[p.Local] == 1
                    && (!live[p.Local] || p.Local == overwritten)
                    && (instruction.Unwind < 0 || !liveness.LiveIn(instruction.Unwind)[p.Local]);
                MirOperand Operand(MirOperand o) => o is CopyOperand c && Dies(c.Place) ? new MoveOperand(c.Place) { IsLastUse = true, Span = o.Span } : o;
                MirArgument Argument(MirArgument a) => a is ValueArgument v ? v with { Operand = Operand(v.Operand) } : a;
                ImmutableArray<MirArgument> All(ImmutableArray<MirArgument> list) => [.. list.Select(Argument)];
                switch (instruction)
                {
                    case AssignInstruction a: a.Value = Value(a.Value, Operand, Argument); break;
                    case CallInstruction c: c.Arguments = All(c.Arguments); break;
                    case GroupSpawn s: s.Captures = All(s.Captures); break;
                    case SpawnInstruction s: s.Captures = All(s.Captures); break;
                    case SpawnManyInstruction s: s.Captures = All(s.Captures); break;
                    case YieldTask y: y.Captures = All(y.Captures); break;
                    case IterationStart s: s.Source = Argument(s.Source); break;
                }
            });
            if (block.Terminator is Return { Value: CopyOperand { Place: { IsLocal: true } p } copy } && candidates[p.Local])
                block.Terminator = new Return(new MoveOperand(p) { IsLastUse = true, Span = copy.Span });
        }
    }

    private static MirRvalue Value(MirRvalue value, Func<MirOperand, MirOperand> operand, Func<MirArgument, MirArgument> argument)
    {
        ImmutableArray<MirOperand> Each(ImmutableArray<MirOperand> list) => [.. list.Select(operand)];
        return value switch
        {
            UseRvalue u => u with { Operand = operand(u.Operand) },
            BinaryRvalue b => b with { Left = operand(b.Left), Right = operand(b.Right) },
            ProductRvalue p => p with { Fields = Each(p.Fields) },
            VariantRvalue v => v with { Fields = Each(v.Fields) },
            ListRvalue l => l with { Elements = Each(l.Elements) },
            MapRvalue m => m with { Entries = [.. m.Entries.Select(e => (operand(e.Key), operand(e.Value)))] },
            ClosureRvalue c => c with { Captures = [.. c.Captures.Select(argument)] },
            ConvertRvalue c => c with { Operand = operand(c.Operand) },
            MakeObjectRvalue m => m with { Operand = operand(m.Operand) },
            _ => value,
        };
    }
}
