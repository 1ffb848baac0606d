using System.Collections.Immutable;
using Sigil.Semantics;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

// select: the operands of all arms are evaluated in order, then one round of the library's Selection chooses, and a switch leads to
// the body of the arm. A value to send stays where it is until the body of its arm begins.
internal sealed partial class FunctionBuilder
{
    private const long TimedOutChoice = -1, ClosedChoice = -2, DefaultChoice = -3;
    private const long FairFlag = 1, ClosedFlag = 2, DefaultFlag = 4;

    /// <param name="Subject">The channel end; null for a sleep.</param>
    /// <param name="Operand">The duration of a sleep.</param>
    /// <param name="Sent">The place of the value to send; null when it is a constant.</param>
    private sealed record PreparedArm(SelectArm Arm, MirArgument? Subject, MirOperand? Operand, MirPlace? Sent, MirArgument? Value);

    private void Select(SelectExpression s, Action<TypedExpression> branch)
    {
        var outer = EnterScope();
        var call = EnterCall();
        var arms = PrepareArms(s, out var timeout);
        var chosen = Choose(s, arms, timeout);
        LeaveCall(call);
        var end = NewBlock();
        var cases = ImmutableArray.CreateBuilder<(long, int)>();
        var bodies = new List<(MirBlock Block, Action Build)>();
        void Case(long choice, Action build)
        {
            var block = NewBlock();
            cases.Add((choice, block.Index));
            bodies.Add((block, build));
        }
        for (var i = 0; i < arms.Count; i++)
        {
            var (arm, index) = (arms[i], i);
            Case(index, () => ArmBody(chosen.Round, index, arm, branch));
        }
        if (s.TimeoutBody is { } late) Case(TimedOutChoice, () => Scoped(late, branch));
        if (s.Closed is { } closed) Case(ClosedChoice, () => Scoped(closed, branch));
        if (s.Default is { } otherwise) Case(DefaultChoice, () => Scoped(otherwise, branch));
        var last = cases[^1].Item2;
        cases.RemoveAt(cases.Count - 1);
        Terminate(new Switch(CopyOf(chosen.Choice), cases.ToImmutable(), last));
        foreach (var (block, build) in bodies)
        {
            StartBlock(block);
            build();
            Goto(end);
        }
        StartBlock(end);
        LeaveScope(outer, s.Span);
    }

    private List<PreparedArm> PrepareArms(SelectExpression s, out MirOperand? timeout)
    {
        var evaluated = new List<TypedExpression>();
        foreach (var arm in s.Arms)
        {
            evaluated.Add(arm.Kind == SelectArmKind.TaskWait ? Handle(arm) : arm.Subject);
            if (arm.Value is { } value) evaluated.Add(value);
        }
        if (s.TimeoutAfter is { } after) evaluated.Add(after);
        var later = LaterEffects(evaluated);
        var prepared = new List<PreparedArm>();
        var next = 0;
        foreach (var arm in s.Arms)
        {
            var effects = later[next++];
            if (arm.Kind == SelectArmKind.Sleep)
            {
                prepared.Add(new PreparedArm(arm, null, Spill(Operand(arm.Subject), arm.Subject.Type, arm.Subject.Span), null, null));
                continue;
            }
            if (arm.Kind == SelectArmKind.TaskWait)
            {
                prepared.Add(new PreparedArm(arm, Lend(Handle(arm), effects), null, null, null));
                continue;
            }
            var subject = Lend(arm.Subject, effects);
            if (arm.Value is not { } value)
            {
                prepared.Add(new PreparedArm(arm, subject, null, null, null));
                continue;
            }
            effects = later[next++];
            prepared.Add(value is LiteralExpression
                ? new PreparedArm(arm, subject, null, null, new ValueArgument(Operand(value)) { Span = value.Span })
                : new PreparedArm(arm, subject, null, Scrutinee(value), null));
        }
        timeout = s.TimeoutAfter is { } limit ? Spill(Operand(limit), limit.Type, limit.Span) : null;
        return prepared;
    }

    /// <summary>The handle of the task that an arm waits for.</summary>
    private static TypedExpression Handle(SelectArm arm) => ((CallExpression)arm.Subject).Arguments.First(a => a.Parameter < 0).Value;

    private (int Round, int Choice) Choose(SelectExpression s, List<PreparedArm> arms, MirOperand? timeout)
    {
        var type = Context.Core.Type("Selection");
        var round = NewTemporary(type.SelfType, s.Span);
        var flags = (s.IsFair ? FairFlag : 0) | (s.Closed is null ? 0 : ClosedFlag) | (s.Default is null ? 0 : DefaultFlag);
        Emit(new CallInstruction
        {
            Target = MirPlace.Of(round),
            Callee = new StaticCallee(LibraryFunction("select_begin"), [], EffectVariant.Plain),
            Arguments = [new ValueArgument(IntConstant(arms.Count)), new ValueArgument(IntConstant(flags))],
            ResultType = type.SelfType,
            Span = s.Span,
        });
        for (var i = 0; i < arms.Count; i++)
        {
            var arm = arms[i];
            var index = new ValueArgument(IntConstant(i));
            switch (arm.Arm.Kind)
            {
                case SelectArmKind.Receive:
                    RoundCall(round, "receive_arm", [ElementType(arm.Arm.Subject.Type)], [index, arm.Subject!], arm.Arm.Span);
                    break;
                case SelectArmKind.Send:
                    var value = arm.Value ?? new BorrowArgument(arm.Sent!) { Span = arm.Arm.Value!.Span };
                    RoundCall(round, "send_arm", [ElementType(arm.Arm.Subject.Type)], [index, arm.Subject!, value], arm.Arm.Span);
                    break;
                case SelectArmKind.Sleep:
                    RoundCall(round, "sleep_arm", [], [index, new ValueArgument(arm.Operand!)], arm.Arm.Span);
                    break;
                case SelectArmKind.TokenCancelled:
                    RoundCall(round, "token_arm", [], [index, arm.Subject!], arm.Arm.Span);
                    break;
                case SelectArmKind.TaskWait:
                    RoundCall(round, "task_arm", LoweringContext.Strip(Handle(arm.Arm).Type) is NamedType task ? task.Arguments : [], [index, arm.Subject!], arm.Arm.Span);
                    break;
            }
        }
        if (timeout is not null) RoundCall(round, "timeout", [], [new ValueArgument(timeout)], s.Span);
        var choice = NewTemporary(IntType, s.Span);
        RoundCall(round, "choose", [], [], s.Span, choice);
        return (round, choice);
    }

    private void RoundCall(int round, string method, ImmutableArray<SigilType> typeArguments, ImmutableArray<MirArgument> arguments, TextSpan span, int target = -1)
    {
        Emit(new CallInstruction
        {
            Target = target < 0 ? null : MirPlace.Of(target),
            Callee = new StaticCallee(LibraryFunction($"select_{method}"), typeArguments, EffectVariant.Plain),
            Arguments = [new BorrowArgument(MirPlace.Of(round)), .. arguments],
            ResultType = target < 0 ? Context.Core.Void : TypeOf(target),
            Span = span,
        });
    }

    private void ArmBody(int round, int index, PreparedArm prepared, Action<TypedExpression> branch)
    {
        var arm = prepared.Arm;
        var scope = EnterScope();
        if (arm.Kind == SelectArmKind.Receive)
        {
            var type = ElementType(arm.Subject.Type);
            var received = NewTemporary(type, arm.Span);
            RoundCall(round, "received", [type], [new ValueArgument(IntConstant(index))], arm.Span, received);
            ScheduleDrop(received, arm.Span);
            if (arm.Pattern is { } pattern) BindIrrefutable(pattern, MirPlace.Of(received), owned: true);
        }
        else if (arm.Kind == SelectArmKind.TaskWait)
        {
            // The task has ended: the call does not wait any more. It consumes the handle where the result is unique.
            var call = (CallExpression)arm.Subject;
            var place = PlaceOfArgument(prepared.Subject!, Handle(arm));
            var isOwned = call.Arguments.First(a => a.Parameter < 0).Mode == PassMode.Value;
            this.prepared[call] = [isOwned ? new ValueArgument(Read(place, PlaceType(place), arm.Span)) { Span = arm.Span } : new BorrowArgument(place) { Span = arm.Span }];
            var result = NewTemporary(call.Type, arm.Span);
            Into(call, result);
            ScheduleDrop(result, arm.Span);
            if (arm.Pattern is { } pattern) BindIrrefutable(pattern, MirPlace.Of(result), owned: true);
        }
        else
        {
            if (prepared.Sent is { } sent) Give(sent, arm.Value!);
            if (arm.Pattern is { } pattern) BindIrrefutable(pattern, MirPlace.Of(Compute(Context.Core.Void, new UseRvalue(Unit), arm.Span)), owned: true);
        }
        branch(arm.Body);
        LeaveScope(scope, arm.Span);
    }

    /// <summary>The value of a send that has happened is no longer there: that moves a unique value, and a name of value kind.</summary>
    private void Give(MirPlace place, TypedExpression value)
    {
        var type = PlaceType(place);
        var gives = Context.Types.KindOf(type) switch
        {
            ValueKind.Unique => true,
            ValueKind.Value => IsPlace(value) && !CrossesObject(place) && Function.Locals[place.Local].Mode == MirParameterMode.Value,
            _ => false,
        };
        if (!gives) return;
        Emit(new CallInstruction
        {
            Callee = new StaticCallee(LibraryFunction("select_sent"), [type], EffectVariant.Plain),
            Arguments = [new ValueArgument(new MoveOperand(place) { Span = value.Span }) { Span = value.Span }],
            ResultType = Context.Core.Void,
            Span = value.Span,
        });
    }
}
