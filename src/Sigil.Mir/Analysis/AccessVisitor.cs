using Sigil.Syntax;

namespace Sigil.Mir.Analysis;

/// <summary>What an instruction or terminator does to a place.</summary>
public enum AccessKind
{
    /// <summary>Reads or copies.</summary>
    Read,
    /// <summary>Takes the value out.</summary>
    Move,
    /// <summary>Takes the value out for speed only (last use); a read for the ownership rules.</summary>
    LastUse,
    /// <summary>Lends for reading during the instruction.</summary>
    Borrow,
    /// <summary>Lends for writing during the instruction.</summary>
    BorrowMutable,
    /// <summary>Stores a whole new value.</summary>
    Write,
    /// <summary>Drops what is there.</summary>
    Drop,
    /// <summary>The local's scope ends.</summary>
    Dead,
}

/// <summary>One access of an instruction.</summary>
public readonly record struct Access(AccessKind Kind, MirPlace Place, TextSpan Span);

/// <summary>Lists the accesses of instructions and terminators in the order in which they happen: operands first, the target last.</summary>
/// <remarks>The one place that knows what every instruction reads, moves and writes; every analysis stands on it.</remarks>
public static class AccessVisitor
{
    /// <summary>Accesses up to the point where the instruction may unwind (operands); appended to <paramref name="into"/>.</summary>
    public static void Before(MirInstruction instruction, List<Access> into)
    {
        var at = instruction.Span;
        switch (instruction)
        {
            case AssignInstruction a:
                Value(a.Value, at, into);
                TargetIndices(a.Target, at, into);
                break;
            case CallInstruction c:
                switch (c.Callee)
                {
                    case IndirectCallee i: into.Add(new(AccessKind.Borrow, i.Function, at)); break;
                    case NestedCallee: break;
                }
                Arguments(c.Arguments, at, into);
                if (c.Target is { } t) TargetIndices(t, at, into);
                break;
            case DropInstruction d:
                if (d.Flag >= 0) into.Add(new(AccessKind.Read, MirPlace.Of(d.Flag), at));
                into.Add(new(AccessKind.Drop, d.Place, at));
                break;
            case PanicInstruction p: Operand(p.Message, at, into); break;
            case IterationStart s: Argument(s.Source, at, into); break;
            case IterationNext n: into.Add(new(AccessKind.Read, MirPlace.Of(n.Iterator), at)); break;
            case ScopeStart s:
                if (s.MaxConcurrent is { } m) Operand(m, at, into);
                if (s.Timeout is { } o) Operand(o, at, into);
                if (s.Token is { } k) Operand(k, at, into);
                break;
            case GroupStart s:
                if (s.MaxConcurrent is { } most) Operand(most, at, into);
                if (s.Timeout is { } limit) Operand(limit, at, into);
                if (s.Token is { } token) Operand(token, at, into);
                break;
            case GroupSpawn s:
                Arguments(s.Captures, at, into);
                Indices(s.Group, at, into);
                into.Add(new(AccessKind.Borrow, s.Group, at));
                break;
            case GroupJoin j: into.Add(new(AccessKind.Borrow, MirPlace.Of(j.Group), at)); break;
            case GroupAbandon a: into.Add(new(AccessKind.Borrow, MirPlace.Of(a.Group), at)); break;
            case GroupCatch c: into.Add(new(AccessKind.Borrow, MirPlace.Of(c.Group), at)); break;
            case LeftScopeValue { IsGroup: true } v: into.Add(new(AccessKind.Borrow, MirPlace.Of(v.Scope), at)); break;
            case TaskFails { Value: { } failure }: Operand(failure, at, into); break;
            case SpawnInstruction s: Arguments(s.Captures, at, into); break;
            case SpawnManyInstruction s: Arguments(s.Captures, at, into); break;
            case YieldTask y: Arguments(y.Captures, at, into); break;
            case LeaveScope l: Operand(l.Value, at, into); break;
            case CancelScopeStart { After: { } after }: Operand(after, at, into); break;
            case AppendInstruction a: Operand(a.Value, at, into); break;
            case MapInsertInstruction insert:
                Operand(insert.Key, at, into);
                Operand(insert.Value, at, into);
                Indices(insert.Map, at, into);
                into.Add(new(AccessKind.BorrowMutable, insert.Map, at));
                break;
            case CheckElementInstruction c: Indices(c.Place, at, into); into.Add(new(AccessKind.Borrow, c.Place, at)); break;
            case VacateInstruction v: into.Add(new(AccessKind.BorrowMutable, v.Place, at)); break;
            case PauseInstruction pause: Operand(pause.Duration, at, into); Operand(pause.Jitter, at, into); break;
            case WriteErrorInstruction w: Operand(w.Message, at, into); break;
        }
    }

    /// <summary>Accesses after the point where the instruction may unwind (its results).</summary>
    public static void After(MirInstruction instruction, List<Access> into)
    {
        var at = instruction.Span;
        switch (instruction)
        {
            case AssignInstruction a: into.Add(new(AccessKind.Write, a.Target, at)); break;
            case CallInstruction { Target: { } t }: into.Add(new(AccessKind.Write, t, at)); break;
            case IterationStart s: into.Add(new(AccessKind.Write, MirPlace.Of(s.Iterator), at)); break;
            case IterationNext n:
                into.Add(new(AccessKind.Write, MirPlace.Of(n.HasItem), at));
                into.Add(new(AccessKind.Write, MirPlace.Of(n.Item), at));
                break;
            case ScopeStart s: into.Add(new(AccessKind.Write, MirPlace.Of(s.Scope), at)); break;
            case ScopeJoin j:
                if (j.LeftEarly >= 0) into.Add(new(AccessKind.Write, MirPlace.Of(j.LeftEarly), at));
                if (j.Failure >= 0) into.Add(new(AccessKind.Write, MirPlace.Of(j.Failure), at));
                if (j.Winner >= 0) into.Add(new(AccessKind.Write, MirPlace.Of(j.Winner), at));
                if (j.FailureReason >= 0) into.Add(new(AccessKind.Write, MirPlace.Of(j.FailureReason), at));
                break;
            case GroupStart s: into.Add(new(AccessKind.Write, MirPlace.Of(s.Group), at)); break;
            case GroupSpawn { Target: >= 0 and var handle }: into.Add(new(AccessKind.Write, MirPlace.Of(handle), at)); break;
            case GroupJoin { LeftEarly: >= 0 and var early }: into.Add(new(AccessKind.Write, MirPlace.Of(early), at)); break;
            case GroupCatch c: into.Add(new(AccessKind.Write, MirPlace.Of(c.Caught), at)); break;
            case TaskResult r: into.Add(new(AccessKind.Write, r.Target, at)); break;
            case LeftScopeValue v: into.Add(new(AccessKind.Write, v.Target, at)); break;
            case CancelScopeStart s: into.Add(new(AccessKind.Write, MirPlace.Of(s.Scope), at)); break;
            case CatchCancellation c: into.Add(new(AccessKind.Write, MirPlace.Of(c.Caught), at)); break;
            case CatchPanic c:
                into.Add(new(AccessKind.Write, MirPlace.Of(c.Caught), at));
                into.Add(new(AccessKind.Write, MirPlace.Of(c.Message), at));
                break;
            case StorageDead d: into.Add(new(AccessKind.Dead, MirPlace.Of(d.Local), at)); break;
        }
    }

    /// <summary>Accesses of a block's end.</summary>
    public static void Of(MirTerminator terminator, TextSpan at, List<Access> into)
    {
        switch (terminator)
        {
            case Branch b: Operand(b.Condition, at, into); break;
            case Switch s: Operand(s.Value, at, into); break;
            case Return { Value: { } v }: Operand(v, at, into); break;
            case TailCall t: foreach (var o in t.Arguments) Operand(o, at, into); break;
        }
    }

    private static void Arguments(IEnumerable<MirArgument> arguments, TextSpan at, List<Access> into)
    {
        foreach (var a in arguments) Argument(a, at, into);
    }

    private static void Argument(MirArgument argument, TextSpan at, List<Access> into)
    {
        if (argument.Span.Length > 0) at = argument.Span;
        switch (argument)
        {
            case ValueArgument v: Operand(v.Operand, at, into); break;
            case BorrowArgument b: Indices(b.Place, at, into); into.Add(new(AccessKind.Borrow, b.Place, at)); break;
            case BorrowMutableArgument b: Indices(b.Place, at, into); into.Add(new(AccessKind.BorrowMutable, b.Place, at)); break;
        }
    }

    private static void Operand(MirOperand operand, TextSpan at, List<Access> into)
    {
        if (operand.Span.Length > 0) at = operand.Span;
        switch (operand)
        {
            case CopyOperand c: Indices(c.Place, at, into); into.Add(new(AccessKind.Read, c.Place, at)); break;
            case MoveOperand m:
                Indices(m.Place, at, into);
                into.Add(new(m.IsLastUse ? AccessKind.LastUse : AccessKind.Move, m.Place, at));
                break;
        }
    }

    private static void Indices(MirPlace place, TextSpan at, List<Access> into)
    {
        foreach (var p in place.Path)
            if (p is ElementProjection e) into.Add(new(AccessKind.Read, MirPlace.Of(e.IndexLocal), at));
    }

    // Writing below a projection needs what lies above it.
    private static void TargetIndices(MirPlace place, TextSpan at, List<Access> into) => Indices(place, at, into);

    private static void Value(MirRvalue value, TextSpan at, List<Access> into)
    {
        switch (value)
        {
            case UseRvalue u: Operand(u.Operand, at, into); break;
            case UnaryRvalue u: Operand(u.Operand, at, into); break;
            case BinaryRvalue b: Operand(b.Left, at, into); Operand(b.Right, at, into); break;
            case ProductRvalue p: foreach (var o in p.Fields) Operand(o, at, into); break;
            case VariantRvalue v: foreach (var o in v.Fields) Operand(o, at, into); break;
            case ListRvalue l: foreach (var o in l.Elements) Operand(o, at, into); break;
            case MapRvalue m: foreach (var (k, v) in m.Entries) { Operand(k, at, into); Operand(v, at, into); } break;
            case RangeRvalue r: Operand(r.Start, at, into); Operand(r.End, at, into); break;
            case ConcatRvalue c: foreach (var o in c.Parts) Operand(o, at, into); break;
            case ClosureRvalue c: Arguments(c.Captures, at, into); break;
            case FunctionRvalue f: foreach (var o in f.Capabilities) Operand(o, at, into); break;
            case DiscriminantRvalue d: Indices(d.Place, at, into); into.Add(new(AccessKind.Borrow, d.Place, at)); break;
            case LengthRvalue l: Indices(l.Place, at, into); into.Add(new(AccessKind.Borrow, l.Place, at)); break;
            case RestRvalue r: Indices(r.Place, at, into); into.Add(new(AccessKind.Read, r.Place, at)); break;
            case SliceRvalue s:
                Indices(s.Place, at, into);
                into.Add(new(AccessKind.Borrow, s.Place, at));
                if (s.Start is { } from) Operand(from, at, into);
                if (s.End is { } to) Operand(to, at, into);
                break;
            case LookupRvalue l:
                Indices(l.Place, at, into);
                into.Add(new(AccessKind.Borrow, l.Place, at));
                Operand(l.Key, at, into);
                break;
            case ConvertRvalue c: Operand(c.Operand, at, into); break;
            case MakeObjectRvalue m: Operand(m.Operand, at, into); break;
            case ChannelRvalue c: Operand(c.Buffer, at, into); break;
            case ProcessTaskRvalue t: foreach (var (_, p) in t.Providers) Operand(p, at, into); break;
        }
    }
}
