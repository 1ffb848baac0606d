using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Building;

// task_group and nursery: the body is built in place, between opening the scope and its join.
internal sealed partial class FunctionBuilder
{
    /// <summary>The boundaries through which a <c>?</c> in a task of a group leaves it, by the group's local.</summary>
    private readonly Dictionary<int, List<(ExitBoundary Boundary, SigilType Type)>> groupExits = [];

    private void TaskGroupScope(GroupExpression g, int target)
    {
        var outermost = EnterScope();
        var element = (NamedType)ElementType(g.Type);
        var group = OpenGroup(g, target >= 0 ? element : null);
        var join = NewBlock();
        var held = borrows.Count;
        var inner = EnterBody(g, group, join);
        var body = EnterScope();
        Discard(g.Body);
        LeaveScope(body, g.Span);
        pending = inner.Parent;
        Goto(join);
        StartBlock(join);
        EndBorrowsSince(held);
        JoinGroup(g, group);
        if (target >= 0)
        {
            var results = CallLibrary("group_results", element.Arguments, LoweringContext.Strip(g.Type), g.Span, new BorrowArgument(MirPlace.Of(group)));
            Assign(target, Take(results), g.Span);
        }
        LeaveScope(outermost, g.Span);
    }

    private void NurseryScope(GroupExpression g, int target)
    {
        var outermost = EnterScope();
        var type = (NamedType)LoweringContext.Strip(g.Type);
        var (valueType, errorType) = (LoweringContext.Strip(type.Arguments[0]), LoweringContext.Strip(type.Arguments[1]));
        var group = OpenGroup(g, null);
        var cancelled = NewBlock();
        var left = NewBlock();
        var end = NewBlock();
        var held = borrows.Count;
        var inner = EnterBody(g, group, cancelled);
        // A `?` runs what is pending inside the body; then the tasks are awaited.
        boundaries[g.Boundary!] = new ReturnPoint(new ExitTarget(left, pending), target);
        var body = EnterScope();
        var value = NewTemporary(valueType, g.Body.Span);
        Into(g.Body, value);
        LeaveScope(body, g.Span);
        pending = inner.Parent;
        // What leaves from here on finds the tasks awaited.
        boundaries[g.Boundary!] = new ReturnPoint(new ExitTarget(end, pending), target);
        ScheduleDrop(value, g.Span);
        JoinGroup(g, group);
        var failed = CallLibrary("nursery_failed", [errorType], BoolType, g.Span, new BorrowArgument(MirPlace.Of(group)));
        var good = NewBlock();
        var bad = NewBlock();
        Terminate(new Branch(Take(failed), bad.Index, good.Index));
        var withValue = pending;
        StartBlock(good);
        Assign(target, new VariantRvalue(type, Variant("Result", "Ok"), [Take(value)]), g.Span);
        ExitTo(new ExitTarget(end, inner.Parent));
        StartBlock(bad);
        pending = withValue;
        Fail();
        ExitTo(new ExitTarget(end, inner.Parent));

        pending = inner.Parent;
        StartBlock(cancelled);
        EndBorrowsSince(held);
        JoinGroup(g, group);
        Fail();
        Goto(end);
        StartBlock(left);
        Emit(new GroupAbandon { Group = group, HasValue = true, Span = g.Span });
        Goto(end);
        StartBlock(end);
        LeaveScope(outermost, g.Span);

        void Fail()
        {
            var error = CallLibrary("nursery_error", [errorType], errorType, g.Span, new BorrowArgument(MirPlace.Of(group)));
            Assign(target, new VariantRvalue(type, Variant("Result", "Err"), [Take(error)]), g.Span);
        }
    }

    private int OpenGroup(GroupExpression g, SigilType? collected)
    {
        var maximum = Option(g.Options.MaxConcurrent);
        var timeout = Option(g.Options.Timeout);
        var token = Option(g.Options.Token);
        var group = DeclareName(g.Group);
        groupExits[group] = [];
        Emit(new GroupStart
        {
            Group = group,
            MaxConcurrent = maximum,
            Timeout = timeout,
            Token = token,
            Policy = g.Options.Policy,
            IsNursery = g.IsNursery,
            CollectedType = collected,
            KeepsFinished = g.AsksForFirst,
            Span = g.Span,
        });
        return group;
    }

    /// <summary>From here on, whoever leaves has to await the tasks first; the scope's own cancellation goes on at a block.</summary>
    private CleanupNode EnterBody(GroupExpression g, int group, MirBlock cancelled)
    {
        var caught = NewVariable(BoolType, g.Span);
        ScheduleAction(
            () => Emit(new GroupAbandon { Group = group, Span = g.Span }),
            () =>
            {
                Emit(new GroupCatch { Group = group, Caught = caught, Span = g.Span });
                var on = NewBlock();
                Terminate(new Branch(CopyOf(caught), cancelled.Index, on.Index));
                StartBlock(on);
                Emit(new GroupAbandon { Group = group, Span = g.Span });
            });
        return pending!;
    }

    private void JoinGroup(GroupExpression g, int group)
    {
        var exits = groupExits[group];
        var left = exits.Count > 0 ? NewTemporary(BoolType, g.Span) : -1;
        Emit(new GroupJoin { Group = group, LeftEarly = left, Span = g.Span });
        if (left >= 0) LeaveLeftScope(group, left, exits[0].Boundary, exits[0].Type, g.Span, isGroup: true);
    }

    private void Spawn(SpawnExpression s, int target)
    {
        var group = PlaceOf(s.Group);
        var result = Context.Core.Result(LoweringContext.Strip(s.ValueType), LoweringContext.Strip(s.ErrorType));
        var body = NestTask(s.Task, result);
        body.ChildTail(s, result);
        body.RemoveUnreachableBlocks();
        if (group.IsLocal && groupExits.TryGetValue(group.Local, out var exits)) exits.AddRange(body.leavingExits);
        Emit(new GroupSpawn { Group = group, Target = target, Body = body.Function, Captures = CaptureArguments(body, s.Task.Body.Span), Span = s.Span });
    }

    /// <summary>The value of a group's task is a Result: of a plain value its Ok. An Err is noted as the failure that it is.</summary>
    private void ChildTail(SpawnExpression s, NamedType result)
    {
        var (point, body) = (Returning(), s.Task.Body);
        var whole = MirPlace.Of(point.Local);
        if (!s.YieldsResult)
        {
            var value = Operand(body);
            if (!LoweringContext.IsNever(body.Type)) Assign(whole, new VariantRvalue(result, Variant("Result", "Ok"), [value]), body.Span);
            ExitTo(point.Exit);
            return;
        }
        if (s.ChildErrorType is { } ownError)
        {
            ConvertedTail(s, result, Context.Core.Result(LoweringContext.Strip(s.ValueType), LoweringContext.Strip(ownError)));
            return;
        }
        Into(body, point.Local);
        var (ok, err) = WrapperVariants(result);
        var bad = NewBlock();
        var tag = Compute(IntType, new DiscriminantRvalue(whole, result), body.Span);
        var good = NewBlock();
        Terminate(new Switch(Take(tag), [(ok.Index, good.Index)], bad.Index));
        StartBlock(bad);
        if (s.ScopeErrorType is { } wanted)
        {
            var error = new CopyOperand(Payload(whole, result, err, 0)) { Span = body.Span };
            var type = LoweringContext.Strip(wanted);
            Emit(new TaskFails { Value = ConvertedError(error, s.From, s.FromTypeArguments, type, body.Span), Type = type, Span = body.Span });
        }
        else Emit(new TaskFails { Span = body.Span });
        Goto(good);
        StartBlock(good);
        ExitTo(point.Exit);
    }

    /// <summary>A task whose Err becomes the group's.</summary>
    private void ConvertedTail(SpawnExpression s, NamedType result, NamedType own)
    {
        var (point, body) = (Returning(), s.Task.Body);
        var (ok, err) = WrapperVariants(own);
        var place = Scrutinee(body);
        var (good, bad) = (NewBlock(), NewBlock());
        var tag = Compute(IntType, new DiscriminantRvalue(place, own), body.Span);
        Terminate(new Switch(Take(tag), [(ok.Index, good.Index)], bad.Index));
        StartBlock(bad);
        var wanted = LoweringContext.Strip(s.ErrorType);
        var error = ConvertedError(Read(Payload(place, own, err, 0), PayloadType(own, err, 0), body.Span), s.From, s.FromTypeArguments, wanted, body.Span);
        Assign(point.Local, new VariantRvalue(result, Variant("Result", "Err"), [error]), body.Span);
        Emit(new TaskFails { Span = body.Span });
        ExitTo(point.Exit);
        StartBlock(good);
        Assign(point.Local, new VariantRvalue(result, Variant("Result", "Ok"), [Read(Payload(place, own, ok, 0), PayloadType(own, ok, 0), body.Span)]), body.Span);
        ExitTo(point.Exit);
    }
}
