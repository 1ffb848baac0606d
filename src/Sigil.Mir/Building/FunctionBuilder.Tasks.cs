using System.Collections.Immutable;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    /// <summary>The boundaries through which a <c>?</c> of this task, or of one below it, leaves the scope.</summary>
    private readonly List<(ExitBoundary Boundary, SigilType Type)> leavingExits = [];

    // ---------- task bodies ----------

    /// <summary>Builds the code of a task. Of a call only the call itself runs there: receiver and arguments are evaluated here.</summary>
    private (FunctionBuilder Task, ImmutableArray<MirArgument> Captures) BuildTask(TaskExpression t)
    {
        var nested = NestTask(t, t.ResultType);
        nested.BuildTail(t.Body);
        nested.RemoveUnreachableBlocks();
        return (nested, CaptureArguments(nested, t.Body.Span));
    }

    private FunctionBuilder NestTask(TaskExpression t, SigilType result)
    {
        var nested = Nest(MirFunctionKind.Task, result, t.Body.Span, "task", maySuspend: true);
        var call = t.IsCall ? CallOf(t.Body) : null;
        if (call is not null) PrepareCall(nested, call);
        else nested.CaptureMentioned([t.Body]);
        foreach (var (local, _, _) in nested.captured) nested.ScheduleDrop(local, t.Body.Span);
        return nested;
    }

    private static TypedExpression? CallOf(TypedExpression body) => body switch
    {
        CallExpression or IndirectCallExpression or DynCallExpression or CapabilityCallExpression => body,
        ConversionExpression c => CallOf(c.Operand),
        _ => null,
    };

    private void PrepareCall(FunctionBuilder nested, TypedExpression call)
    {
        var values = call switch
        {
            CallExpression c => Arguments(c, forTask: true).Zip(SlotValues(c.Arguments, EffectRules.HasReceiver(c.Function) ? 1 : 0), (a, v) => (a, v)).ToList(),
            DynCallExpression c => EvaluateArguments(c.Arguments, 1, 1 + c.Method.Parameters.Length, c.Method, forTask: true).Zip(SlotValues(c.Arguments, 1), (a, v) => (a, v)).ToList(),
            CapabilityCallExpression c => EvaluateArguments(c.Arguments, 1, 1 + c.Method.Parameters.Length, c.Method, forTask: true).Zip(SlotValues(c.Arguments, 1), (a, v) => (a, v)).ToList(),
            IndirectCallExpression c => IndirectValues(c),
            _ => [],
        };
        var prepared = new MirArgument[values.Count];
        for (var i = 0; i < prepared.Length; i++)
        {
            var (argument, type) = values[i];
            // The receiver of a capability call is the provider that the task itself sees.
            if (argument is null) continue;
            type ??= TypeOfArgument(argument);
            var local = nested.NewLocal(type, MirLocalKind.Capture, call.Span);
            nested.captured.Add((local, -1, new ValueArgument(Given(argument, type)) { Span = argument.Span }));
            prepared[i] = argument switch
            {
                ValueArgument => new ValueArgument(Context.IsUnique(nested.TypeOf(local)) ? new MoveOperand(MirPlace.Of(local)) : CopyOf(local)) { Span = argument.Span },
                BorrowMutableArgument => new BorrowMutableArgument(MirPlace.Of(local)) { Span = argument.Span },
                _ => new BorrowArgument(MirPlace.Of(local)) { Span = argument.Span },
            };
        }
        nested.prepared[call] = prepared;
    }

    private static IEnumerable<SigilType?> SlotValues(ImmutableArray<Argument> arguments, int receiver)
    {
        var types = new Dictionary<int, SigilType>();
        foreach (var a in arguments) types[a.Parameter < 0 ? 0 : a.Parameter + receiver] = LoweringContext.Strip(a.Value.Type);
        for (var i = 0; ; i++) yield return types.GetValueOrDefault(i);
    }

    private List<(MirArgument, SigilType?)> IndirectValues(IndirectCallExpression c)
    {
        var callee = Stable(c.Callee, new Later(c.Arguments.Any(a => Context.Writes.MayWrite(a.Value)), c.Arguments.Length > 0));
        var result = new List<(MirArgument, SigilType?)> { (new ValueArgument(callee), LoweringContext.Strip(c.Callee.Type)) };
        var arguments = EvaluateArguments(c.Arguments, 0, c.Arguments.Length, null, forTask: true);
        for (var i = 0; i < arguments.Length; i++) result.Add((arguments[i], LoweringContext.Strip(c.Arguments[i].Value.Type)));
        return result;
    }

    private SigilType TypeOfArgument(MirArgument argument) => argument switch
    {
        BorrowArgument b => PlaceType(b.Place),
        BorrowMutableArgument b => PlaceType(b.Place),
        ValueArgument { Operand: CopyOperand c } => PlaceType(c.Place),
        ValueArgument { Operand: MoveOperand m } => PlaceType(m.Place),
        ValueArgument { Operand: ConstantOperand c } => c.Type,
        _ => Context.Core.Void,
    };

    // What is lent to the call goes into the task as a value and is lent there.
    private MirOperand Given(MirArgument argument, SigilType type) => argument switch
    {
        ValueArgument v => v.Operand,
        BorrowArgument b => Read(b.Place, type, b.Span),
        BorrowMutableArgument b => Read(b.Place, type, b.Span),
        _ => throw new InvalidOperationException(),
    };

    // ---------- fan-out ----------

    private (FunctionBuilder Source, MirFunction? Element, ImmutableArray<MirArgument> Captures) BuildFanOut(FanOut f, TextSpan span)
    {
        var source = Nest(MirFunctionKind.TaskSource, Context.Core.Void, span, "tasks", maySuspend: true);
        source.CaptureMentioned(TypedChildren.Of(f));
        foreach (var (local, _, _) in source.captured) source.ScheduleDrop(local, span);
        MirFunction? element = null;
        if (f.Body is { } body)
        {
            var writes = f.Guard is not null && Context.Writes.MayWrite(f.Guard);
            source.Iterate(f.Bindings, 0, writes, _ => source.Guarded(f.Guard, () => element = source.YieldTask(body)));
        }
        else
        {
            foreach (var e in f.Elements) source.YieldTask(e);
        }
        source.FallOffTail();
        source.RemoveUnreachableBlocks();
        return (source, element, CaptureArguments(source, span));
    }

    private MirFunction YieldTask(TaskExpression task)
    {
        var scope = EnterScope();
        var (body, captures) = BuildTask(task);
        leavingExits.AddRange(body.leavingExits);
        Emit(new YieldTask { Body = body.Function, Captures = captures, Span = task.Body.Span });
        LeaveScope(scope, task.Body.Span);
        return body.Function;
    }

    // ---------- parallel ----------

    private void ParallelScope(ParallelExpression p, int target)
    {
        var outermost = EnterScope();
        var maximum = Option(p.Options.MaxConcurrent);
        var timeout = Option(p.Options.Timeout);
        var token = Option(p.Options.Token);
        var collects = p.Options.Policy == ErrorPolicy.CollectAll;
        var scope = NewLocal(Context.Core.Void, MirLocalKind.Scope, p.Span);
        Emit(new ScopeStart { Scope = scope, MaxConcurrent = maximum, Timeout = timeout, Token = token, Policy = p.Options.Policy, IsCpuBound = p.IsCpuBound, Span = p.Span });
        var exits = StartChildren(p.Entries, scope, p.Span);
        var fails = !collects && (timeout is not null || token is not null);
        var left = exits.Count > 0 ? NewTemporary(BoolType, p.Span) : -1;
        var failure = fails ? NewTemporary(IntType, p.Span) : -1;
        var reason = fails ? NewTemporary(StrType, p.Span) : -1;
        Emit(new ScopeJoin { Scope = scope, LeftEarly = left, Failure = failure, FailureReason = reason, Span = p.Span });
        if (left >= 0) LeaveLeftScope(scope, left, exits[0].Boundary, exits[0].Type, p.Span);
        var type = LoweringContext.Strip(p.Type);
        var end = NewBlock();
        var inner = type;
        if (fails)
        {
            inner = PayloadType(type, Variant("Result", "Ok"), 0);
            FailedScope(failure, reason, type, target, end, p.Span);
        }
        var results = new MirOperand[p.Entries.Length];
        for (var slot = 0; slot < p.Entries.Length; slot++)
        {
            var entry = p.Entries[slot];
            var valueType = p.IsList ? inner : LoweringContext.Strip(entry.ValueType);
            var value = NewTemporary(valueType, entry.Span);
            Emit(new TaskResult { Scope = scope, Slot = slot, Target = MirPlace.Of(value), Type = valueType, IsList = entry.FanOut is not null, IsCollected = collects, Span = entry.Span });
            ScheduleDrop(value, entry.Span);
            results[p.IsList ? 0 : entry.ResultIndex] = Take(value);
        }
        var whole = results.Length == 1 && p.IsList ? results[0] : Take(Compute(inner, new ProductRvalue(inner, [.. results]), p.Span));
        Assign(target, fails ? new VariantRvalue(type, Variant("Result", "Ok"), [whole]) : new UseRvalue(whole), p.Span);
        Goto(end);
        StartBlock(end);
        LeaveScope(outermost, p.Span);
    }

    /// <summary>Starts the children of an open scope; a scope that is left meanwhile is abandoned.</summary>
    private List<(ExitBoundary Boundary, SigilType Type)> StartChildren(ImmutableArray<ScopeEntry> entries, int scope, TextSpan span)
    {
        var outer = pending;
        ScheduleAction(() => Emit(new ScopeAbandon { Scope = scope, Span = span }));
        var starting = EnterScope();
        var exits = new List<(ExitBoundary Boundary, SigilType Type)>();
        for (var slot = 0; slot < entries.Length; slot++) Spawn(entries[slot], scope, slot, exits);
        LeaveScope(starting, span);
        pending = outer;
        return exits;
    }

    private MirOperand? Option(TypedExpression? e) => e is null ? null : Spill(Operand(e), e.Type, e.Span);

    private void Spawn(ScopeEntry entry, int scope, int slot, List<(ExitBoundary Boundary, SigilType Type)> exits)
    {
        if (entry.Task is { } task)
        {
            var (body, captures) = BuildTask(task);
            exits.AddRange(body.leavingExits);
            Emit(new SpawnInstruction { Scope = scope, Slot = slot, Body = body.Function, Captures = captures, Span = entry.Span });
            return;
        }
        var fanOut = entry.FanOut!;
        var (source, element, given) = BuildFanOut(fanOut, entry.Span);
        exits.AddRange(source.leavingExits);
        Emit(new SpawnManyInstruction
        {
            Scope = scope,
            Slot = slot,
            Element = element,
            Source = source.Function,
            Captures = given,
            ElementType = LoweringContext.Strip(fanOut.ElementType),
            Span = entry.Span,
        });
    }

    /// <summary>After a join: a child left through a boundary outside; go on there with its value.</summary>
    private void LeaveLeftScope(int scope, int left, ExitBoundary boundary, SigilType type, TextSpan span, bool isGroup = false)
    {
        var leave = NewBlock();
        var stay = NewBlock();
        Terminate(new Branch(CopyOf(left), leave.Index, stay.Index));
        StartBlock(leave);
        var value = NewTemporary(type, span);
        Emit(new LeftScopeValue { Scope = scope, IsGroup = isGroup, Target = MirPlace.Of(value), Type = type, Span = span });
        LeaveThrough(boundary, leavesTask: true, new UseRvalue(Take(value)), type, span);
        StartBlock(stay);
    }

    private void FailedScope(int failure, int reason, SigilType type, int target, MirBlock end, TextSpan span)
    {
        var fine = NewBlock();
        var stopped = NewBlock();
        var err = Variant("Result", "Err");
        var error = PayloadType(type, err, 0);
        Terminate(new Switch(CopyOf(failure), [(0, fine.Index)], stopped.Index));
        StartBlock(stopped);
        var why = CallLibrary("stopped_scope", [], error, span, new ValueArgument(CopyOf(failure)), new ValueArgument(CopyOf(reason)));
        Assign(target, new VariantRvalue(type, err, [Take(why)]), span);
        Goto(end);
        StartBlock(fine);
    }

    /// <summary>Calls a function of the prelude; the result is in a new temporary.</summary>
    private int CallLibrary(string name, ImmutableArray<SigilType> typeArguments, SigilType result, TextSpan span, params ImmutableArray<MirArgument> arguments)
    {
        var target = NewTemporary(result, span);
        Emit(new CallInstruction
        {
            Target = MirPlace.Of(target),
            Callee = new StaticCallee(LibraryFunction(name), typeArguments, EffectVariant.Plain),
            Arguments = arguments,
            ResultType = LoweringContext.Strip(result),
            Span = span,
        });
        return target;
    }

    // ---------- race ----------

    /// <summary><c>race</c>: the value of the child that finishes first; of a fan-out that of its first element.</summary>
    private void RaceScope(RaceExpression r, int target)
    {
        var type = LoweringContext.Strip(r.Type);
        var scope = NewLocal(Context.Core.Void, MirLocalKind.Scope, r.Span);
        Emit(new ScopeStart { Scope = scope, Policy = ErrorPolicy.FirstWins, Span = r.Span });
        var exits = StartChildren(r.Entries, scope, r.Span);
        var left = exits.Count > 0 ? NewTemporary(BoolType, r.Span) : -1;
        var winner = NewTemporary(IntType, r.Span);
        Emit(new ScopeJoin { Scope = scope, LeftEarly = left, Winner = winner, Span = r.Span });
        if (left >= 0) LeaveLeftScope(scope, left, exits[0].Boundary, exits[0].Type, r.Span);
        var end = NewBlock();
        var nobody = NewBlock();
        var blocks = r.Entries.Select(_ => NewBlock()).ToList();
        Terminate(new Switch(CopyOf(winner), [.. blocks.Select((b, slot) => ((long)slot, b.Index))], nobody.Index));
        for (var slot = 0; slot < r.Entries.Length; slot++)
        {
            var entry = r.Entries[slot];
            StartBlock(blocks[slot]);
            if (entry.FanOut is null)
            {
                var own = LoweringContext.Strip(entry.Task!.ResultType);
                if (!LoweringContext.IsNever(own))
                    Emit(new TaskResult { Scope = scope, Slot = slot, Target = MirPlace.Of(target), Type = type, Span = entry.Span });
                Goto(end);
                continue;
            }
            var list = Context.Core.List(type);
            var first = NewTemporary(list, entry.Span);
            Emit(new TaskResult { Scope = scope, Slot = slot, Target = MirPlace.Of(first), Type = list, IsList = true, Span = entry.Span });
            TakeOnly(first, type, target, nobody, entry.Span);
            Goto(end);
        }
        StartBlock(nobody);
        Emit(new PanicInstruction { Message = StrConstant("a race needs at least one task"), Span = r.Span });
        Terminate(new Unreachable());
        StartBlock(end);
    }

    /// <summary>Takes the only element out of a list that owns it; without one, control goes on at a block.</summary>
    private void TakeOnly(int list, SigilType type, int target, MirBlock nobody, TextSpan span)
    {
        var scope = EnterScope();
        var iterator = NewLocal(TypeOf(list), MirLocalKind.Iterator, span);
        Emit(new IterationStart { Iterator = iterator, Source = new ValueArgument(Take(list)), Kind = IterationKind.List, Span = span });
        ScheduleDrop(iterator, span);
        var has = NewTemporary(BoolType, span);
        var item = NewTemporary(type, span);
        Emit(new IterationNext { Iterator = iterator, HasItem = has, Item = item, Kind = IterationKind.List, Span = span });
        BranchOn(Take(has), nobody);
        Assign(target, Take(item), span);
        LeaveScope(scope, span);
    }

    // ---------- timeout ----------

    private void TimeoutScope(TimeoutExpression t, int target)
    {
        var outermost = EnterScope();
        var after = NewTemporary(Context.Core.Duration, t.After.Span);
        Into(t.After, after);
        var scope = NewLocal(Context.Core.Void, MirLocalKind.Scope, t.Span);
        var caught = NewVariable(BoolType, t.Span);
        var handler = NewBlock();
        var end = NewBlock();
        Emit(new CancelScopeStart { Scope = scope, After = CopyOf(after), Span = t.Span });
        var held = borrows.Count;
        ScheduleAction(
            () => Emit(new CancelScopeEnd { Scope = scope, Span = t.Span }),
            () =>
            {
                Emit(new CatchCancellation { Scope = scope, Caught = caught, Span = t.Span });
                var on = NewBlock();
                Terminate(new Branch(CopyOf(caught), handler.Index, on.Index));
                StartBlock(on);
            });
        var node = pending;
        var inner = EnterScope();
        var type = LoweringContext.Strip(t.Type);
        var valueType = LoweringContext.Strip(t.Operation.Type);
        var value = NewTemporary(valueType, t.Operation.Span);
        Into(t.Operation, value);
        LeaveScope(inner, t.Span);
        RunNormally(node!);
        pending = node!.Parent;
        Assign(target, t.OnTimeout is null ? new VariantRvalue(type, Variant("Result", "Ok"), [Take(value)]) : new UseRvalue(Take(value)), t.Span);
        Goto(end);
        StartBlock(handler);
        EndBorrowsSince(held);
        if (t.OnTimeout is { } late) Scoped(late, e => Into(e, target));
        else
        {
            var error = PayloadType(type, Variant("Result", "Err"), 0);
            var timeout = Compute(error, new ProductRvalue(error, [CopyOf(after)]), t.Span);
            Assign(target, new VariantRvalue(type, Variant("Result", "Err"), [Take(timeout)]), t.Span);
        }
        Goto(end);
        StartBlock(end);
        LeaveScope(outermost, t.Span);
    }
}
