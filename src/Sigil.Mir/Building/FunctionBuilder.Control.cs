using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    /// <summary>Where a body leaves to, with the local that holds the value there (-1: void).</summary>
    private sealed record ReturnPoint(ExitTarget Exit, int Local);

    /// <param name="Break">Behind the loop.</param>
    /// <param name="Continue">The next round.</param>
    /// <param name="Result">The local for the value of <c>break v</c>; -1: none.</param>
    private sealed record LoopExits(ExitTarget Break, ExitTarget Continue, int Result);

    private readonly Dictionary<LoopBase, LoopExits> loops = [];
    private readonly Dictionary<ExitBoundary, ReturnPoint> boundaries = [];

    /// <summary>The exit of the body that is being built: the function's own, or that of a lambda built in place.</summary>
    private ReturnPoint? returnPoint;

    private ReturnPoint Returning()
    {
        if (returnPoint is not null) return returnPoint;
        var here = Current;
        var block = NewBlock();
        StartBlock(block);
        var isVoid = Context.IsVoid(Function.ReturnType) || LoweringContext.IsNever(Function.ReturnType);
        var local = isVoid ? -1 : NewTemporary(Function.ReturnType, Function.Span);
        Terminate(new Return(isVoid ? null : Take(local)));
        StartBlock(here);
        return returnPoint = new ReturnPoint(new ExitTarget(block, null), local);
    }

    // ---------- tail position ----------

    /// <summary>Builds an expression whose value the function returns.</summary>
    private void BuildTail(TypedExpression e)
    {
        switch (e)
        {
            case BlockExpression b:
                Block(b, BuildTail);
                if (b.Statements is [] or [.., LetStatement]) FallOffTail();
                return;
            case IfExpression i: If(i, BuildTail); return;
            case MatchExpression m: Match(m, BuildTail); return;
            case SelectExpression s: Select(s, BuildTail); return;
            case WithCapabilityExpression w: WithCapability(w, BuildTail); return;
            case ConversionExpression { Kind: ConversionKind.Discard } c when c.Operand is BlockExpression or IfExpression or MatchExpression or SelectExpression or CallExpression:
                // The value of a void function's body is dropped, but a self call there is still the last thing that happens.
                if (c.Operand is CallExpression { Type: var t } && !Context.IsVoid(t) && !LoweringContext.IsNever(t)) break;
                BuildTail(c.Operand);
                return;
            case CallExpression c when TailCall(c): return;
            case SelfCallExpression s when TailSelfCall(s): return;
        }
        var isVoid = Context.IsVoid(Function.ReturnType);
        if (LoweringContext.IsNever(e.Type) || isVoid)
        {
            Discard(e);
            if (pending is null) Terminate(new Return(null));
            else ExitTo(Returning().Exit);
            return;
        }
        if (pending is null && !IsUnique(e.Type))
        {
            var operand = Operand(e);
            if (pending is null)
            {
                Terminate(new Return(operand));
                return;
            }
            Assign(Returning().Local, operand, e.Span);
        }
        else Into(e, Returning().Local);
        ExitTo(Returning().Exit);
    }

    // ---------- branches ----------

    private void If(IfExpression i, Action<TypedExpression> branch)
    {
        var then = NewBlock();
        var end = NewBlock();
        var otherwise = i.Else is null ? end : NewBlock();
        Condition(i.Condition, then, otherwise);
        StartBlock(then);
        Scoped(i.Then, branch);
        Goto(end);
        if (i.Else is not null)
        {
            StartBlock(otherwise);
            Scoped(i.Else, branch);
            Goto(end);
        }
        StartBlock(end);
        // In tail position a missing else returns from here.
        if (i.Else is null && branch == BuildTail) FallOffTail();
    }

    private void FallOffTail()
    {
        if (pending is null) Terminate(new Return(null));
        else ExitTo(Returning().Exit);
    }

    private void Scoped(TypedExpression e, Action<TypedExpression> build)
    {
        var scope = EnterScope();
        build(e);
        LeaveScope(scope, e.Span);
    }

    /// <summary>Branches on a condition; <c>&amp;&amp;</c>, <c>||</c> and <c>!</c> become control flow.</summary>
    private void Condition(TypedExpression e, MirBlock then, MirBlock otherwise)
    {
        switch (e)
        {
            case LogicalExpression l:
                var right = NewBlock();
                if (l.IsAnd) Condition(l.Left, right, otherwise);
                else Condition(l.Left, then, right);
                StartBlock(right);
                Condition(l.Right, then, otherwise);
                return;
            case UnaryExpression { Operator: UnaryOperator.Not } u:
                Condition(u.Operand, otherwise, then);
                return;
            case LiteralExpression { Value: bool value }:
                Goto(value ? then : otherwise);
                return;
        }
        var scope = EnterScope();
        var operand = Operand(e);
        if (pending != scope.Pending || scopeLocals.Count != scope.Locals)
        {
            var truth = NewTemporary(BoolType, e.Span);
            Assign(truth, operand, e.Span);
            LeaveScope(scope, e.Span);
            operand = Take(truth);
        }
        Terminate(new Branch(operand, then.Index, otherwise.Index));
    }

    // ---------- loops ----------

    private void While(WhileExpression w)
    {
        var head = NewBlock();
        var body = NewBlock();
        var end = NewBlock();
        loops[w] = new LoopExits(new ExitTarget(end, pending), new ExitTarget(head, pending), -1);
        Goto(head);
        StartBlock(head);
        Condition(w.Condition, body, end);
        StartBlock(body);
        Statement(w.Body);
        Goto(head);
        StartBlock(end);
    }

    private void Loop(LoopExpression l, int target)
    {
        var head = NewBlock();
        var end = NewBlock();
        loops[l] = new LoopExits(new ExitTarget(end, pending), new ExitTarget(head, pending), target);
        Goto(head);
        StartBlock(head);
        Statement(l.Body);
        Goto(head);
        StartBlock(end);
    }

    private void Break(BreakExpression b)
    {
        var exits = loops[b.Target];
        if (b.Value is { } value)
        {
            if (exits.Result >= 0) Into(value, exits.Result);
            else Discard(value);
        }
        ExitTo(exits.Break);
    }

    // ---------- try and ? ----------

    private void TryInto(TryExpression t, int target)
    {
        var end = NewBlock();
        boundaries[t.Boundary] = new ReturnPoint(new ExitTarget(end, pending), target);
        Scoped(t.Body, body => Into(body, target));
        Goto(end);
        StartBlock(end);
    }

    private void Question(QuestionExpression q, int target)
    {
        var type = LoweringContext.Strip(q.Operand.Type);
        var (good, bad) = WrapperVariants(type);
        var place = Scrutinee(q.Operand);
        var go = NewBlock();
        var leave = NewBlock();
        var tag = Compute(IntType, new DiscriminantRvalue(place, type), q.Span);
        Terminate(new Switch(Take(tag), [(good.Index, go.Index)], leave.Index));
        StartBlock(leave);
        var outer = BoundaryType(q);
        MirRvalue result;
        if (bad.Fields.Length == 0) result = new VariantRvalue(outer, bad, []);
        else
        {
            var error = Read(Payload(place, type, bad, 0), PayloadType(type, bad, 0), q.Span);
            result = new VariantRvalue(outer, bad, [ConvertedError(error, q.From, q.FromTypeArguments, PayloadType(outer, bad, 0), q.Span)]);
        }
        LeaveThrough(q.Boundary, q.LeavesTask, result, outer, q.Span);
        StartBlock(go);
        if (target >= 0 || IsUnique(PayloadType(type, good, 0)))
        {
            var into = target >= 0 ? target : NewTemporary(PayloadType(type, good, 0), q.Span);
            Assign(into, Read(Payload(place, type, good, 0), PayloadType(type, good, 0), q.Span), q.Span);
        }
    }

    private SigilType BoundaryType(QuestionExpression q)
    {
        if (q.Boundary.Type is { } type && LoweringContext.Strip(type) is NamedType known) return known;
        if (boundaries.TryGetValue(q.Boundary, out var point) && point.Local >= 0) return TypeOf(point.Local);
        return returnPoint is { Local: >= 0 } r ? TypeOf(r.Local) : Function.ReturnType;
    }

    /// <summary>Leaves with a value through a <c>try</c>, the body, or, out of a task, through the scope that runs it.</summary>
    private void LeaveThrough(ExitBoundary boundary, bool leavesTask, MirRvalue value, SigilType type, TextSpan span)
    {
        if (boundaries.TryGetValue(boundary, out var point))
        {
            Assign(point.Local, value, span);
            ExitTo(point.Exit);
            return;
        }
        if (leavesTask && Function.Kind == MirFunctionKind.Task)
        {
            leavingExits.Add((boundary, type));
            var whole = Compute(type, value, span);
            Emit(new LeaveScope { Value = Take(whole), Type = type, Span = span });
            ExitTo(TaskEnd());
            return;
        }
        point = Returning();
        Assign(point.Local, value, span);
        ExitTo(point.Exit);
    }

    private ExitTarget? taskEnd;

    private ExitTarget TaskEnd()
    {
        if (taskEnd is not null) return taskEnd;
        var here = Current;
        var block = NewBlock();
        StartBlock(block);
        Terminate(new Return(null));
        StartBlock(here);
        return taskEnd = new ExitTarget(block, null);
    }

    /// <summary>Builds a body in place of a call: its <c>?</c> leaves only it.</summary>
    private void InPlace(TypedExpression body, int target)
    {
        var end = NewBlock();
        var outer = returnPoint;
        returnPoint = new ReturnPoint(new ExitTarget(end, pending), target);
        Scoped(body, e =>
        {
            if (target >= 0) Into(e, target);
            else Discard(e);
        });
        Goto(end);
        StartBlock(end);
        returnPoint = outer;
    }
}
