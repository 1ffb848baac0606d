using System.Globalization;
using System.Text;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Printing;

/// <summary>The readable text form of flow graphs, as <c>sigil check --dump mir</c> shows it.</summary>
public static class MirPrinter
{
    /// <summary>A function and the functions nested in it.</summary>
    public static string Print(MirFunction function)
    {
        var b = new StringBuilder();
        Write(b, function);
        return b.ToString();
    }

    private static void Write(StringBuilder b, MirFunction f)
    {
        b.Append(f.Kind == MirFunctionKind.Function ? "fn" : f.Kind.ToString().ToLowerInvariant()).Append(' ').Append(f.Name).Append('(');
        for (var i = 0; i < f.ParameterCount; i++)
        {
            if (i > 0) b.Append(", ");
            b.Append(Declaration(f.Locals[i]));
        }
        b.Append(") -> ").Append(f.ReturnType);
        var captures = f.Captures.ToList();
        if (captures.Count > 0) b.Append(" captures (").AppendJoin(", ", captures.Select(Declaration)).Append(')');
        if (f.MaySuspend) b.Append(" may suspend");
        if (f.IsEffectPolymorphic) b.Append(" polymorphic");
        if (f.IsBorrowingClosure) b.Append(" borrowing");
        b.Append("\n");
        foreach (var l in f.Locals.Skip(f.ParameterCount))
        {
            if (l.Kind == MirLocalKind.Capture) continue;
            b.Append("  let ").Append(Name(f, l.Index)).Append(": ").Append(l.Type);
            if (l.Kind is not (MirLocalKind.User or MirLocalKind.Temporary)) b.Append(" (").Append(l.Kind.ToString().ToLowerInvariant()).Append(')');
            if (l.LentFrom is { } from) b.Append(" lent from ").Append(Place(f, from));
            b.Append('\n');
        }
        foreach (var block in f.Blocks)
        {
            b.Append("  bb").Append(block.Index).Append(block.IsCleanup ? " (cleanup):\n" : ":\n");
            foreach (var i in block.Instructions)
            {
                b.Append("    ").Append(Text(f, i));
                if (i.Unwind >= 0) b.Append(" unwind bb").Append(i.Unwind);
                b.Append('\n');
            }
            b.Append("    ").Append(Text(f, block.Terminator)).Append('\n');
        }
        foreach (var n in f.Nested)
        {
            b.Append('\n');
            Write(b, n);
        }
    }

    private static string Declaration(MirLocal l)
    {
        var mode = l.Mode switch { MirParameterMode.Borrow => "&", MirParameterMode.BorrowMutable => "&mut ", _ => "" };
        return $"{l.Name ?? ""}_{l.Index}: {mode}{l.Type}";
    }

    private static string Name(MirFunction f, int local) => local < 0 || local >= f.Locals.Count ? $"?{local}" : $"{f.Locals[local].Name}_{local}";

    /// <summary>One instruction, without its unwind edge.</summary>
    public static string Text(MirFunction f, MirInstruction instruction) => instruction switch
    {
        AssignInstruction a => $"{Place(f, a.Target)} = {Value(f, a.Value)}",
        DropInstruction d => $"drop {Place(f, d.Place)}{(d.Flag >= 0 ? $" if {Name(f, d.Flag)}" : "")}",
        CallInstruction c => (c.Target is { } t ? $"{Place(f, t)} = " : "") + $"call {Callee(f, c.Callee)}({Arguments(f, c.Arguments)})",
        PanicInstruction p => $"panic {p.Code} {Operand(f, p.Message)}",
        IterationStart s => $"{Name(f, s.Iterator)} = iterate {s.Kind} {Argument(f, s.Source)}",
        IterationNext n => $"{Name(f, n.HasItem)}, {Name(f, n.Item)} = next {Name(f, n.Iterator)}",
        ScopeStart s => $"{Name(f, s.Scope)} = scope {s.Policy}{Option(f, " max ", s.MaxConcurrent)}{Option(f, " timeout ", s.Timeout)}{Option(f, " token ", s.Token)}{(s.IsCpuBound ? " cpu" : "")}",
        SpawnInstruction s => $"spawn {Name(f, s.Scope)}[{s.Slot}] {s.Body.Name}({Arguments(f, s.Captures)})",
        SpawnManyInstruction s => $"spawn many {Name(f, s.Scope)}[{s.Slot}] {s.Source.Name}({Arguments(f, s.Captures)})",
        YieldTask y => $"yield task {y.Body.Name}({Arguments(f, y.Captures)})",
        GroupStart s => $"{Name(f, s.Group)} = {(s.IsNursery ? "nursery" : "group")} {s.Policy}{Option(f, " max ", s.MaxConcurrent)}{Option(f, " timeout ", s.Timeout)}{Option(f, " token ", s.Token)}{(s.CollectedType is null ? "" : " collecting")}{(s.KeepsFinished ? " keeping finished" : "")}",
        GroupSpawn s => $"{Set(f, "", s.Target)} = spawn {Place(f, s.Group)} {s.Body.Name}({Arguments(f, s.Captures)})",
        GroupJoin j => $"join group {Name(f, j.Group)}{Set(f, " left ", j.LeftEarly)}",
        GroupAbandon a => $"abandon group {Name(f, a.Group)}",
        GroupCatch c => $"{Name(f, c.Caught)} = catch in group {Name(f, c.Group)}",
        TaskFails t => $"task fails{Option(f, " with ", t.Value)}",
        ScopeJoin j => $"join {Name(f, j.Scope)}{Set(f, " left ", j.LeftEarly)}{Set(f, " winner ", j.Winner)}{Set(f, " failure ", j.Failure)}{Set(f, " reason ", j.FailureReason)}",
        ScopeAbandon a => $"abandon {Name(f, a.Scope)}",
        TaskResult r => $"{Place(f, r.Target)} = result {Name(f, r.Scope)}[{r.Slot}]{(r.IsCollected ? " collected" : "")}",
        LeaveScope l => $"leave scope with {Operand(f, l.Value)}",
        LeftScopeValue l => $"{Place(f, l.Target)} = left value {Name(f, l.Scope)}",
        CancelScopeStart s => $"{Name(f, s.Scope)} = cancel scope{Option(f, " after ", s.After)}",
        CancelScopeEnd s => $"end {Name(f, s.Scope)}",
        CatchCancellation c => $"{Name(f, c.Caught)} = catch cancellation {Name(f, c.Scope)}",
        CatchPanic c => $"{Name(f, c.Caught)}, {Name(f, c.Message)} = catch panic",
        ShieldInstruction s => s.Enter ? "shield" : "unshield",
        BorrowMarker m => $"{(m.IsStart ? "borrow" : "end borrow")} {m.Id} {(m.IsMutable ? "&mut " : "&")}{Place(f, m.Place)}",
        AppendInstruction a => $"append {Name(f, a.List)}, {Operand(f, a.Value)}",
        MapInsertInstruction m => $"{Place(f, m.Map)}[{Operand(f, m.Key)}] = {Operand(f, m.Value)}",
        PauseInstruction p => $"pause {Operand(f, p.Duration)} jitter {Operand(f, p.Jitter)}",
        WriteErrorInstruction w => $"write error {Operand(f, w.Message)}",
        CheckElementInstruction c => $"check {Place(f, c.Place)}",
        VacateInstruction v => $"vacate {Place(f, v.Place)}",
        StorageDead d => $"dead {Name(f, d.Local)}",
        var other => other.GetType().Name,
    };

    private static string Option(MirFunction f, string label, MirOperand? operand) => operand is null ? "" : label + Operand(f, operand);
    private static string Set(MirFunction f, string label, int local) => local < 0 ? "" : label + Name(f, local);

    private static string Text(MirFunction f, MirTerminator terminator) => terminator switch
    {
        Goto g => $"goto bb{g.Target}",
        Branch b => $"if {Operand(f, b.Condition)} then bb{b.Then} else bb{b.Else}",
        Switch s => $"switch {Operand(f, s.Value)} [{string.Join(", ", s.Cases.Select(c => $"{c.Value}: bb{c.Target}").Append($"else: bb{s.Default}"))}]",
        Return { Value: null } => "return",
        Return r => $"return {Operand(f, r.Value!)}",
        TailCall t => $"tail call ({string.Join(", ", t.Arguments.Select(a => Operand(f, a)))})",
        ResumeUnwind => "resume unwind",
        Unreachable => "unreachable",
        null => "no terminator",
        var other => other.GetType().Name,
    };

    private static string Callee(MirFunction f, MirCallee callee) => callee switch
    {
        StaticCallee s => Qualified(s.Function) + TypeArguments(s.TypeArguments) + (s.Variant == EffectVariant.Plain ? "" : $" {s.Variant}"),
        IndirectCallee i => $"*{Place(f, i.Function)}" + (i.Variant == EffectVariant.Plain ? "" : $" {i.Variant}"),
        DynamicCallee d => $"dyn {Qualified(d.Method)}",
        NestedCallee n => n.Function.Name,
        _ => "?",
    };

    private static string Qualified(Semantics.Symbols.FunctionSymbol s) => s.Container is { } c and not Semantics.Symbols.ImplSymbol ? $"{c.Name}.{s.Name}" : s.Name;

    private static string TypeArguments(IReadOnlyCollection<SigilType> types) => types.Count == 0 ? "" : $"<{string.Join(", ", types)}>";

    private static string Arguments(MirFunction f, IEnumerable<MirArgument> arguments) => string.Join(", ", arguments.Select(a => Argument(f, a)));

    private static string Argument(MirFunction f, MirArgument argument) => argument switch
    {
        ValueArgument v => Operand(f, v.Operand),
        BorrowArgument b => $"&{Place(f, b.Place)}",
        BorrowMutableArgument b => $"&mut {Place(f, b.Place)}",
        null => "missing",
        _ => "?",
    };

    private static string Value(MirFunction f, MirRvalue value) => value switch
    {
        UseRvalue u => Operand(f, u.Operand),
        UnaryRvalue u => $"{u.Operator}({Operand(f, u.Operand)})",
        BinaryRvalue b => $"{b.Operator}({Operand(f, b.Left)}, {Operand(f, b.Right)})",
        ProductRvalue p => $"{p.Type} {{{Operands(f, p.Fields)}}}",
        VariantRvalue v => v.Fields.IsEmpty ? v.Variant.Name : $"{v.Variant.Name}({Operands(f, v.Fields)})",
        ListRvalue l => $"[{Operands(f, l.Elements)}]",
        MapRvalue m => $"{{{string.Join(", ", m.Entries.Select(e => $"{Operand(f, e.Key)}: {Operand(f, e.Value)}"))}}}",
        RangeRvalue r => $"{Operand(f, r.Start)}{(r.IsInclusive ? "..=" : "..")}{Operand(f, r.End)}",
        ConcatRvalue c => $"concat({Operands(f, c.Parts)})",
        ClosureRvalue c => $"closure {c.Function.Name}({Arguments(f, c.Captures)})",
        FunctionRvalue r => $"function {Qualified(r.Function)}{TypeArguments(r.TypeArguments)}{(r.Capabilities.IsEmpty ? "" : $"({Operands(f, r.Capabilities)})")}",
        DiscriminantRvalue d => $"discriminant {Place(f, d.Place)}",
        LengthRvalue l => $"length {Place(f, l.Place)}",
        RestRvalue r => $"rest {Place(f, r.Place)} {r.Front}, {r.Back}",
        SliceRvalue s => $"slice {Place(f, s.Place)}[{Option(f, "", s.Start)}{(s.EndInclusive ? "..=" : "..")}{Option(f, "", s.End)}]",
        LookupRvalue l => $"lookup {Place(f, l.Place)}[{Operand(f, l.Key)}]",
        ConvertRvalue c => $"{c.Kind}({Operand(f, c.Operand)}) as {c.To}",
        MakeObjectRvalue m => $"object {m.Type} ({Operand(f, m.Operand)})",
        ChannelRvalue c => $"{(c.IsInterProcess ? "ipc_channel" : c.OnLag is { } lag ? $"broadcast {lag}" : "channel")} {c.ElementType} {c.Sharing} ({Operand(f, c.Buffer)})",
        ProcessTaskRvalue t => $"process task {t.Body.Name}",
        StandardCapabilityRvalue s => $"standard {s.Capability}",
        ClockRvalue => "clock",
        var other => other.GetType().Name,
    };

    private static string Operands(MirFunction f, IEnumerable<MirOperand> operands) => string.Join(", ", operands.Select(o => Operand(f, o)));

    private static string Operand(MirFunction f, MirOperand operand) => operand switch
    {
        CopyOperand c => Place(f, c.Place),
        MoveOperand { IsLastUse: true } m => $"take {Place(f, m.Place)}",
        MoveOperand m => $"move {Place(f, m.Place)}",
        ConstantOperand c => Constant(c),
        null => "missing",
        _ => "?",
    };

    private static string Constant(ConstantOperand c) => c.Value switch
    {
        null => "()",
        string s => "\"" + s.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n") + "\"",
        bool v => v ? "true" : "false",
        IFormattable v => v.ToString(null, CultureInfo.InvariantCulture),
        var v => v.ToString() ?? "",
    };

    /// <summary>A place as text.</summary>
    public static string Place(MirFunction f, MirPlace place)
    {
        var b = new StringBuilder(Name(f, place.Local));
        foreach (var step in place.Path)
        {
            switch (step)
            {
                case FieldProjection p: b.Append('.').Append(p.Index); break;
                case VariantProjection p: b.Append('.').Append(p.Variant.Name).Append('.').Append(p.Index); break;
                case ElementProjection p: b.Append('[').Append(Name(f, p.IndexLocal)).Append(']'); break;
                case RestProjection p: b.Append("[#").Append(p.Front).Append("..-").Append(p.Back).Append(']'); break;
                case EntryProjection: b.Append("[?]"); break;
                case ConstantElementProjection p: b.Append("[#").Append(p.Position).Append(']'); break;
                case DereferenceProjection: b.Append(".*"); break;
            }
        }
        return b.ToString();
    }
}
