using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

// The lazy forms are built into the frame that they stand in: their parts are no closures and may assign its names.
internal sealed partial class FunctionBuilder
{
    /// <summary>Runs a function expression on values that are in locals: a lambda is built in place, anything else is called. Target -1: the value is dropped.</summary>
    private void Apply(TypedExpression function, ReadOnlySpan<int> arguments, SigilType result, int target)
    {
        if (function is ConversionExpression { Kind: ConversionKind.Function or ConversionKind.CopyBorrow } c && c.Operand is LambdaExpression) function = c.Operand;
        if (function is LambdaExpression l && l.Parameters.Length == arguments.Length)
        {
            var scope = EnterScope();
            for (var i = 0; i < arguments.Length; i++)
            {
                var parameter = DeclareName(l.Parameters[i]);
                Assign(parameter, new CopyOperand(MirPlace.Of(arguments[i])), l.Span);
                if (IsUnique(TypeOf(parameter))) Function.Locals[parameter].LentFrom = MirPlace.Of(arguments[i]);
                if (l.ParameterPatterns[i] is { } pattern) BindIrrefutable(pattern, MirPlace.Of(parameter), owned: false);
            }
            InPlace(l.Body, target);
            LeaveScope(scope, l.Span);
            return;
        }
        var callee = Scrutinee(function);
        var type = (FunctionType)LoweringContext.Strip(function.Type);
        var variant = EffectOf(function);
        if (variant == EffectVariant.Inherit) Function.IsEffectPolymorphic = true;
        result = LoweringContext.Strip(result);
        var none = Context.IsVoid(result) || LoweringContext.IsNever(result);
        var given = new MirArgument[arguments.Length];
        for (var i = 0; i < given.Length; i++) given[i] = new ValueArgument(CopyOf(arguments[i]));
        var into = none ? -1 : target >= 0 ? target : NewTemporary(result, function.Span);
        Emit(new CallInstruction
        {
            Target = into < 0 ? null : MirPlace.Of(into),
            Callee = new IndirectCallee(callee, type, variant),
            Arguments = CompleteArguments(type, given, function.Span),
            ResultType = result,
            Span = function.Span,
        });
        if (none && target >= 0) Assign(target, Unit, function.Span);
    }

    /// <summary>A local of the builder that is assigned more than once.</summary>
    private int NewVariable(SigilType type, TextSpan span) => NewLocal(type, MirLocalKind.User, span, isMutable: true);

    // ---------- with(.acquire, .use, .release) ----------

    private void WithResource(WithResourceExpression w, int target)
    {
        var scope = EnterScope();
        var resource = NewTemporary(w.Acquire.Type, w.Acquire.Span);
        Into(w.Acquire, resource);
        ScheduleDrop(resource, w.Acquire.Span);
        ScheduleAction(() =>
        {
            Emit(new ShieldInstruction { Enter = true, Span = w.Release.Span });
            Apply(w.Release, [resource], Context.Core.Void, -1);
            Emit(new ShieldInstruction { Enter = false, Span = w.Release.Span });
        });
        Apply(w.Use, [resource], w.Type, target);
        LeaveScope(scope, w.Span);
    }

    // ---------- retry ----------

    private void Retry(RetryExpression r, int target)
    {
        var scope = EnterScope();
        var type = LoweringContext.Strip(r.Type);
        var duration = Context.Core.Duration;
        var attempts = NewTemporary(IntType, r.Attempts.Span);
        Into(r.Attempts, attempts);
        var backoff = r.Backoff is null ? -1 : NewTemporary(r.Backoff.Type, r.Backoff.Span);
        if (r.Backoff is not null) Into(r.Backoff, backoff);
        var jitter = r.Jitter is null ? BoolConstant(true) : Spill(Operand(r.Jitter), BoolType, r.Jitter.Span);
        if (jitter is MoveOperand m) jitter = new CopyOperand(m.Place);
        var deadline = -1;
        if (r.Timeout is { } timeout)
        {
            var after = Operand(timeout);
            var now = Compute(duration, new ClockRvalue(), timeout.Span);
            deadline = Compute(duration, new BinaryRvalue(BinaryOperator.Add, Take(now), after, duration, duration), timeout.Span);
        }
        var enough = NewBlock();
        var tooFew = NewBlock();
        Terminate(new Branch(Compare(BinaryOperator.GreaterOrEqual, CopyOf(attempts), IntConstant(1), IntType, r.Span), enough.Index, tooFew.Index));
        StartBlock(tooFew);
        Emit(new PanicInstruction { Message = StrConstant("retry needs at least one attempt"), Span = r.Attempts.Span });
        Terminate(new Unreachable());
        StartBlock(enough);

        var attempt = NewVariable(IntType, r.Span);
        var result = NewVariable(type, r.Span);
        Assign(attempt, IntConstant(1), r.Span);
        var head = NewBlock();
        var failed = NewBlock();
        var done = NewBlock();
        Goto(head);
        StartBlock(head);
        var round = EnterScope();
        Into(r.Operation, result);
        LeaveScope(round, r.Operation.Span);
        var (ok, err) = WrapperVariants(type);
        var tag = Compute(IntType, new DiscriminantRvalue(MirPlace.Of(result), type), r.Span);
        Terminate(new Switch(Take(tag), [(ok.Index, done.Index)], failed.Index));
        StartBlock(failed);
        BranchOn(Compare(BinaryOperator.Less, CopyOf(attempt), CopyOf(attempts), IntType, r.Span), done);
        RetryFilter(r, result, type, err, done);
        if (deadline >= 0) EndAfter(deadline, duration, done, r.Span);
        if (backoff >= 0)
        {
            var delay = NewTemporary(duration, r.Span);
            Emit(new CallInstruction
            {
                Target = MirPlace.Of(delay),
                Callee = new StaticCallee(LibraryFunction("backoff_delay"), [], EffectVariant.Plain),
                Arguments = [new ValueArgument(CopyOf(backoff)), new ValueArgument(CopyOf(attempt))],
                ResultType = duration,
                Span = r.Span,
            });
            if (deadline >= 0)
            {
                // Nobody waits for an attempt that would come too late.
                var now = Compute(duration, new ClockRvalue(), r.Span);
                var left = Compute(duration, new BinaryRvalue(BinaryOperator.Subtract, CopyOf(deadline), Take(now), duration, duration), r.Span);
                BranchOn(Compare(BinaryOperator.Less, CopyOf(delay), Take(left), duration, r.Span), done);
            }
            Emit(new PauseInstruction { Duration = Take(delay), Jitter = jitter, Span = r.Span });
            if (deadline >= 0) EndAfter(deadline, duration, done, r.Span);
        }
        // The failed result gives way to the next one.
        if (IsUnique(type)) Emit(new DropInstruction { Place = MirPlace.Of(result), Span = r.Span });
        Assign(attempt, new BinaryRvalue(BinaryOperator.Add, CopyOf(attempt), IntConstant(1), IntType, IntType), r.Span);
        Goto(head);
        StartBlock(done);
        Assign(target, Read(MirPlace.Of(result), type, r.Span), r.Span);
        LeaveScope(scope, r.Span);
    }

    private void EndAfter(int deadline, SigilType duration, MirBlock done, TextSpan at)
    {
        var now = Compute(duration, new ClockRvalue(), at);
        BranchOn(Compare(BinaryOperator.Less, Take(now), CopyOf(deadline), duration, at), done);
    }

    private void RetryFilter(RetryExpression r, int result, SigilType type, VariantSymbol err, MirBlock done)
    {
        if (r.OnVariants.Length > 0)
        {
            var error = Payload(MirPlace.Of(result), type, err, 0);
            var kind = Compute(IntType, new DiscriminantRvalue(error, PayloadType(type, err, 0)), r.Span);
            var again = NewBlock();
            Terminate(new Switch(Take(kind), [.. r.OnVariants.Select(v => ((long)v.Index, again.Index))], done.Index));
            StartBlock(again);
        }
        else if (r.OnPredicate is { } predicate)
        {
            var error = NewTemporary(PayloadType(type, err, 0), r.Span);
            Assign(error, new CopyOperand(Payload(MirPlace.Of(result), type, err, 0)), r.Span);
            if (IsUnique(TypeOf(error))) Function.Locals[error].LentFrom = MirPlace.Of(result);
            var again = NewTemporary(BoolType, predicate.Span);
            Apply(predicate, [error], BoolType, again);
            BranchOn(Take(again), done);
        }
    }

    private FunctionSymbol LibraryFunction(string name) =>
        Context.Core.FindFunction(name) ?? Context.Core.FindFunction($"prelude.{name}") ?? Context.Core.Function($"std.prelude.{name}");

    // ---------- validate ----------

    private void Validate(ValidateExpression v, int target)
    {
        var type = LoweringContext.Strip(v.Type);
        var (ok, err) = WrapperVariants(type);
        var list = PayloadType(type, err, 0);
        var messages = Compute(list, new ListRvalue(StrType, []), v.Span);
        foreach (var (condition, message) in v.Rules)
        {
            var good = NewBlock();
            var bad = NewBlock();
            Condition(condition, good, bad);
            StartBlock(bad);
            Scoped(message, m => Emit(new AppendInstruction { List = messages, Value = Operand(m), Span = m.Span }));
            Goto(good);
            StartBlock(good);
        }
        var count = Compute(IntType, new LengthRvalue(MirPlace.Of(messages), list), v.Span);
        var fine = NewBlock();
        var wrong = NewBlock();
        var end = NewBlock();
        Terminate(new Branch(Compare(BinaryOperator.Equal, Take(count), IntConstant(0), IntType, v.Span), fine.Index, wrong.Index));
        StartBlock(fine);
        Scoped(v.Then, then => Assign(target, new VariantRvalue(type, ok, [Operand(then)]), v.Span));
        Goto(end);
        StartBlock(wrong);
        Assign(target, new VariantRvalue(type, err, [Take(messages)]), v.Span);
        Goto(end);
        StartBlock(end);
    }

    // ---------- for(.over, .map, .match, .default) ----------

    private void ForSearch(ForSearchExpression f, int target)
    {
        var end = NewBlock();
        var exit = new ExitTarget(end, pending);
        var writes = Context.Writes.MayWrite(f.Default) || (f.Guard is not null && Context.Writes.MayWrite(f.Guard));
        Each(f.Over, f.Kind, f.ItemType, writes, (item, owned, next) =>
        {
            var value = DeclareName(f.Item);
            if (f.Map is { } map) Apply(map, [item], f.Item.Type, value);
            else Assign(value, Read(MirPlace.Of(item), TypeOf(item), f.Span), f.Span);
            ScheduleDrop(value, f.Span);
            var found = NewBlock();
            var no = NewBlock();
            var arm = new MatchTarget { Body = found, Guard = f.Guard, Span = f.Pattern.Span };
            CompileRows([Simplify(new MatchRow(arm, [new PatternTest(MirPlace.Of(value), TypeOf(value), f.Pattern)], []))], no);
            StartBlock(found);
            Assign(target, Read(MirPlace.Of(value), TypeOf(value), f.Span), f.Span);
            ExitTo(exit);
            StartBlock(no);
        });
        Scoped(f.Default, d => Into(d, target));
        Goto(end);
        StartBlock(end);
    }

    // ---------- assert_panics ----------

    private void AssertPanics(AssertPanicsExpression a)
    {
        var scope = EnterScope();
        var expected = a.Message is null ? null : Spill(Operand(a.Message), StrType, a.Message.Span);
        EmitAssertionCount(a.Span);
        var caught = NewVariable(BoolType, a.Span);
        var message = NewVariable(StrType, a.Span);
        var handler = NewBlock();
        var end = NewBlock();
        var outer = pending;
        ScheduleAction(() => { }, () =>
        {
            Emit(new CatchPanic { Caught = caught, Message = message, Span = a.Span });
            var on = NewBlock();
            Terminate(new Branch(CopyOf(caught), handler.Index, on.Index));
            StartBlock(on);
        });
        var held = borrows.Count;
        Statement(a.Operand);
        pending = outer;
        Fail(a, "", "no panic", expected);
        StartBlock(handler);
        EndBorrowsSince(held);
        if (expected is null) Goto(end);
        else
        {
            var differs = NewBlock();
            Terminate(new Branch(Compare(BinaryOperator.Equal, CopyOf(message), expected, StrType, a.Span), end.Index, differs.Index));
            StartBlock(differs);
            Fail(a, "", null, expected, message);
        }
        StartBlock(end);
        LeaveScope(scope, a.Span);
    }

    private void EmitAssertionCount(TextSpan span)
    {
        if (Context.Core.FindFunction("count_assertion") is null && Context.Core.FindFunction("std.prelude.count_assertion") is null && Context.Core.FindFunction("prelude.count_assertion") is null) return;
        Emit(new CallInstruction { Callee = new StaticCallee(LibraryFunction("count_assertion"), [], EffectVariant.Plain), Arguments = [], ResultType = Context.Core.Void, Span = span });
    }

    private void Fail(AssertPanicsExpression a, string text, string? actual, MirOperand? expected, int actualLocal = -1)
    {
        Emit(new CallInstruction
        {
            Callee = new StaticCallee(LibraryFunction("fail_assertion"), [], EffectVariant.Plain),
            Arguments =
            [
                new ValueArgument(StrConstant(a.Message is null ? "assert_panics" : "assert_panics_with")), new ValueArgument(StrConstant(text)),
                new ValueArgument(actual is null ? CopyOf(actualLocal) : StrConstant(actual)), new ValueArgument(expected is MoveOperand m ? new CopyOperand(m.Place) : expected ?? StrConstant("a panic")),
            ],
            ResultType = Context.Core.Never,
            Span = a.Span,
        });
        Terminate(new Unreachable());
    }
}
