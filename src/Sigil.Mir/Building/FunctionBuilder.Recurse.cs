using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    /// <summary>The local function of a <c>recurse</c> that is being built here.</summary>
    private RecurseExpression? recursion;
    /// <summary>In a recurse with memo: the capture that holds the table; -1 otherwise.</summary>
    private int memo = -1;
    /// <summary>In a recurse: the names around it that it writes to. They are lent for writing by every call.</summary>
    private HashSet<LocalSymbol> assigned = [];

    /// <summary>
    /// <c>recurse</c>: a nested function over the parameters of the enclosing body. Captures are lent by every call; with memo the table is one of them,
    /// owned by the outermost call.
    /// </summary>
    private void Recurse(RecurseExpression r, int target)
    {
        var result = LoweringContext.Strip(r.Type);
        var nested = Nest(MirFunctionKind.Recurse, result, r.Span, "recurse", Function.MaySuspend);
        nested.recursion = r;
        nested.assigned = [.. WriteScan.WrittenBy(TypedChildren.Of(r)), .. assigned];
        foreach (var p in r.Parameters)
        {
            var outer = Function.Locals[LocalOf(p)];
            nested.names[p] = nested.NewLocal(outer.Type, MirLocalKind.Parameter, p.Span, p, outer.Mode, outer.IsMutable);
        }
        nested.Function.ParameterCount = nested.Function.Locals.Count;
        // All captures are known before the first self call, which passes them on.
        foreach (var symbol in TypedChildren.MentionedLocals(TypedChildren.Of(r)))
            if (!nested.names.ContainsKey(symbol) && Knows(symbol)) nested.LocalOf(symbol);
        foreach (var capability in VisibleCapabilities()) nested.FindCapability(capability);
        var table = -1;
        NamedType? tableType = null;
        if (r.Memo is not (null or LiteralExpression { Value: false }))
        {
            tableType = Context.Core.Map(MemoKey(r), result);
            table = Compute(tableType, new MapRvalue(tableType.Arguments[0], result, []), r.Span);
            nested.memo = nested.NewLocal(tableType, MirLocalKind.Capture, r.Span, mode: MirParameterMode.BorrowMutable, isMutable: true, name: "memo");
            nested.captured.Add((nested.memo, table, new BorrowMutableArgument(MirPlace.Of(table))));
        }
        foreach (var p in r.Parameters)
            if (nested.Function.Locals[nested.names[p]].Mode == MirParameterMode.Value) nested.ScheduleDrop(nested.names[p], r.Span);
        nested.BuildRecursion(r, tableType);
        nested.RemoveUnreachableBlocks();
        ImmutableArray<MirArgument> arguments = [.. CaptureArguments(nested, r.Span), .. r.Parameters.Select(p => CurrentValue(LocalOf(p)))];
        Emit(new CallInstruction { Target = ResultPlace(result, target), Callee = new NestedCallee(nested.Function), Arguments = arguments, ResultType = result, Span = r.Span });
    }

    private MirPlace? ResultPlace(SigilType type, int target) => target < 0 || Context.IsVoid(type) || LoweringContext.IsNever(type) ? null : MirPlace.Of(target);

    private MirArgument CurrentValue(int local) => Function.Locals[local].Mode switch
    {
        MirParameterMode.Borrow => new BorrowArgument(MirPlace.Of(local)),
        MirParameterMode.BorrowMutable => new BorrowMutableArgument(MirPlace.Of(local)),
        _ => new ValueArgument(Context.IsUnique(TypeOf(local)) ? new MoveOperand(MirPlace.Of(local)) : CopyOf(local)),
    };

    private IEnumerable<TraitReference> VisibleCapabilities()
    {
        var seen = new HashSet<TraitReference>();
        for (var b = this; b is not null; b = b.parent)
            for (var c = b.capabilities; c is not null; c = c.Outer)
                if (seen.Add(c.Capability)) yield return c.Capability;
    }

    private SigilType MemoKey(RecurseExpression r)
    {
        var types = r.Parameters.Select(p => LoweringContext.Strip(p.Type)).ToImmutableArray();
        return types.Length switch { 0 => Context.Core.Void, 1 => types[0], _ => new TupleType(types) };
    }

    private void BuildRecursion(RecurseExpression r, NamedType? table)
    {
        var @base = NewBlock();
        var step = NewBlock();
        if (table is null)
        {
            Condition(r.Condition, @base, step);
            StartBlock(@base);
            Scoped(r.Base, BuildTail);
            StartBlock(step);
            Scoped(r.Step, BuildTail);
            return;
        }
        var keyType = table.Arguments[0];
        var values = r.Parameters.Select(p => CopyOf(names[p])).ToImmutableArray();
        var key = Compute(keyType, values.Length switch { 0 => new UseRvalue(Unit), 1 => new UseRvalue(values[0]), _ => new ProductRvalue(keyType, values) }, r.Span);
        var option = Context.Core.Option(table.Arguments[1]);
        var found = Compute(option, new LookupRvalue(MirPlace.Of(memo), table, CopyOf(key)), r.Span);
        var some = Variant("Option", "Some");
        var known = NewBlock();
        var fresh = NewBlock();
        var tag = Compute(IntType, new DiscriminantRvalue(MirPlace.Of(found), option), r.Span);
        Terminate(new Switch(Take(tag), [(some.Index, known.Index)], fresh.Index));
        StartBlock(known);
        Assign(Returning().Local, Read(Payload(MirPlace.Of(found), option, some, 0), table.Arguments[1], r.Span), r.Span);
        ExitTo(Returning().Exit);
        StartBlock(fresh);
        var value = NewVariable(table.Arguments[1], r.Span);
        var store = NewBlock();
        Condition(r.Condition, @base, step);
        StartBlock(@base);
        Scoped(r.Base, b => Into(b, value));
        Goto(store);
        StartBlock(step);
        Scoped(r.Step, s => Into(s, value));
        Goto(store);
        StartBlock(store);
        Emit(new MapInsertInstruction { Map = MirPlace.Of(memo), Key = Take(key), Value = CopyOf(value), Span = r.Span });
        Assign(Returning().Local, CopyOf(value), r.Span);
        ExitTo(Returning().Exit);
    }

    private FunctionBuilder RecursionOf(SelfCallExpression s)
    {
        for (var b = this; b is not null; b = b.parent)
            if (b.recursion is not null && (s.Target is null || b.recursion == s.Target)) return b;
        throw new InvalidOperationException("'self' outside recurse");
    }

    /// <summary>Results of self calls that have been made already, in locals.</summary>
    private readonly Dictionary<SelfCallExpression, int> made = [];

    /// <summary>
    /// <c>.parallel: n</c>: of the operands that are evaluated next, self calls run in pairs at the same time while the first int parameter exceeds n. With memo they
    /// run one after the other, since they share the table.
    /// </summary>
    private void CallTogether(IReadOnlyList<TypedExpression> operands)
    {
        if (recursion is not { ParallelThreshold: { } threshold } r || memo >= 0 || Context.IsVoid(r.Type) || LoweringContext.IsNever(r.Type)) return;
        var calls = operands.OfType<SelfCallExpression>().Where(s => RecursionOf(s) == this).ToList();
        if (calls.Count < 2 || calls.Any(made.ContainsKey) || calls.Any(c => c.Arguments.Any(Context.Writes.MayWrite))) return;
        if (operands.Any(o => o is not SelfCallExpression && !WriteScan.IsTrivial(o))) return;
        if (r.Parameters.FirstOrDefault(p => LoweringContext.Strip(p.Type) is NamedType { Definition.Kind: TypeKind.Int }) is not { } measure) return;
        for (var i = 0; i + 1 < calls.Count; i += 2) CallBoth(calls[i], calls[i + 1], measure, threshold);
    }

    private void CallBoth(SelfCallExpression first, SelfCallExpression second, LocalSymbol measure, TypedExpression threshold)
    {
        var type = LoweringContext.Strip(first.Type);
        var span = first.Span;
        int a = NewVariable(type, span), b = NewVariable(type, span);
        var together = NewBlock();
        var alone = NewBlock();
        var end = NewBlock();
        var limit = Operand(threshold);
        Terminate(new Branch(Take(Compute(BoolType, new BinaryRvalue(BinaryOperator.Greater, CopyOf(names[measure]), limit, IntType, IntType), span)), together.Index, alone.Index));
        StartBlock(together);
        var scope = EnterScope();
        var pair = new TupleType([type, type]);
        var results = NewTemporary(pair, span);
        Emit(new CallInstruction
        {
            Target = MirPlace.Of(results),
            Callee = new StaticCallee(LibraryFunction("both_calls"), [type, type], EffectVariant.Plain),
            Arguments = [new ValueArgument(Later(first)), new ValueArgument(Later(second))],
            ResultType = pair,
            Span = span,
        });
        Assign(a, Read(MirPlace.Of(results).With(new FieldProjection(0, type)), type, span), span);
        Assign(b, Read(MirPlace.Of(results).With(new FieldProjection(1, type)), type, span), span);
        LeaveScope(scope, span);
        Goto(end);
        StartBlock(alone);
        scope = EnterScope();
        CallSelf(first, a);
        CallSelf(second, b);
        LeaveScope(scope, span);
        Goto(end);
        StartBlock(end);
        made[first] = a;
        made[second] = b;
        MirOperand Later(SelfCallExpression call) => Operand(new LambdaExpression
        {
            Parameters = [],
            ParameterPatterns = [],
            Body = call,
            Type = new FunctionType([], type, []),
            Span = call.Span,
        });
    }

    private void CallSelf(SelfCallExpression s, int target)
    {
        if (made.Remove(s, out var known))
        {
            if (target >= 0) Assign(target, CopyOf(known), s.Span);
            return;
        }
        var owner = RecursionOf(s);
        var scope = EnterCall();
        var arguments = SelfArguments(s, owner);
        var passed = owner.captured.Select(c => PassCapture(owner, c.Local, s));
        Emit(new CallInstruction
        {
            Target = ResultPlace(LoweringContext.Strip(s.Type), target),
            Callee = new NestedCallee(owner.Function),
            Arguments = [.. passed, .. arguments],
            ResultType = LoweringContext.Strip(s.Type),
            Span = s.Span,
        });
        LeaveCall(scope);
    }

    private MirArgument[] SelfArguments(SelfCallExpression s, FunctionBuilder owner)
    {
        var modes = s.Arguments.Select((a, i) => owner.Function.Locals[i].Mode switch
        {
            MirParameterMode.Borrow => PassMode.Borrow,
            MirParameterMode.BorrowMutable => PassMode.BorrowMutable,
            _ => PassMode.Value,
        }).ToArray();
        return EvaluateArguments([.. s.Arguments.Select((a, i) => new Argument(i, a, modes[i]))], 0, s.Arguments.Length, null);
    }

    private MirArgument PassCapture(FunctionBuilder owner, int local, SelfCallExpression s)
    {
        if (local != owner.memo)
        {
            var place = MirPlace.Of(Import(owner, local));
            return owner.Function.Locals[local].Mode == MirParameterMode.BorrowMutable ? new BorrowMutableArgument(place) : new BorrowArgument(place);
        }
        if (owner == this) return new BorrowMutableArgument(MirPlace.Of(local));
        // A lambda cannot hold the table: what it calls starts with an empty one.
        var type = (NamedType)owner.TypeOf(local);
        return new BorrowMutableArgument(MirPlace.Of(Compute(type, new MapRvalue(type.Arguments[0], type.Arguments[1], []), s.Span)));
    }

    private bool TailSelfCall(SelfCallExpression s)
    {
        if (recursion is null || RecursionOf(s) != this || memo >= 0) return false;
        if (Function.Locals.Take(Function.ParameterCount).Any(l => l.Mode != MirParameterMode.Value)) return false;
        var arguments = SelfArguments(s, this);
        return Jump([.. arguments.Select(TailOperand)], () =>
        {
            var local = Returning().Local;
            Emit(new CallInstruction
            {
                Target = ResultPlace(Function.ReturnType, local),
                Callee = new NestedCallee(Function),
                Arguments = [.. captured.Select(c => PassCapture(this, c.Local, s)), .. arguments],
                ResultType = Function.ReturnType,
                Span = s.Span,
            });
            ExitTo(Returning().Exit);
        });
    }
}
