using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    /// <summary>Arguments of calls that another task evaluated already (call tasks): the captures stand for them.</summary>
    private readonly Dictionary<TypedExpression, MirArgument[]> prepared = [];

    // ---------- calls by symbol ----------

    private void Call(CallExpression c, int target)
    {
        var scope = EnterCall();
        var arguments = Arguments(c);
        FinishCall(c, new StaticCallee(c.Function, c.TypeArguments, VariantOf(c)) { TakesSequence = takenApart.Contains(c) }, CompleteArguments(c.Function, c.TypeArguments, arguments, c.Span), target);
        LeaveCall(scope);
    }

    /// <summary>The arguments of a call in slot order: receiver, then parameters; without capabilities.</summary>
    private MirArgument[] Arguments(CallExpression c, bool forTask = false)
    {
        if (prepared.TryGetValue(c, out var given)) return given;
        var receiver = EffectRules.HasReceiver(c.Function) ? 1 : 0;
        var taken = TakenApart(c, forTask);
        if (taken is not null) takenApart.Add(c);
        var arguments = EvaluateArguments(c.Arguments, receiver, receiver + c.Function.Parameters.Length, c.Function, forTask, taken);
        if (taken is null) NoteLentElements(c, arguments, receiver);
        return arguments;
    }

    private MirArgument[] EvaluateArguments(ImmutableArray<Argument> arguments, int receiver, int slots, FunctionSymbol? function, bool forTask = false, Argument? taken = null)
    {
        var result = new MirArgument[Math.Max(slots, arguments.Length)];
        if (recursion is not null && !forTask) CallTogether([.. arguments.Select(a => a.Value)]);
        var later = LaterEffects([.. arguments.Select(a => a.Value)]);
        var measuring = false;
        for (var i = 0; i < arguments.Length; i++)
        {
            var a = arguments[i];
            var parameter = function is not null && a.Parameter >= 0 && a.Parameter < function.Parameters.Length ? function.Parameters[a.Parameter] : null;
            var argument = a == taken ? new ValueArgument(Stable(a.Value, later[i])) { Span = a.Value.Span } : EvaluateArgument(a, later[i], parameter, function, forTask);
            result[a.Parameter < 0 ? 0 : a.Parameter + receiver] = argument;
            if (a.Parameter >= 0 || i + 1 == arguments.Length) continue;
            // `#` in the arguments behind measures the receiver.
            measured.Push(PlaceOfArgument(argument, a.Value));
            measuring = true;
        }
        if (measuring) measured.Pop();
        if (function is not null)
        {
            for (var i = 0; i < function.Parameters.Length; i++)
                result[i + receiver] ??= new ValueArgument(Operand(Context.Semantics.DefaultOf(function.Parameters[i])));
        }
        return result;
    }

    private MirPlace PlaceOfArgument(MirArgument argument, TypedExpression value) => argument switch
    {
        BorrowArgument b => b.Place,
        BorrowMutableArgument b => b.Place,
        ValueArgument { Operand: CopyOperand c } => c.Place,
        ValueArgument { Operand: MoveOperand m } => m.Place,
        ValueArgument v => MirPlace.Of(Compute(value.Type, new UseRvalue(v.Operand), value.Span)),
        _ => throw new InvalidOperationException(),
    };

    private MirArgument EvaluateArgument(Argument a, Later later, ParameterSymbol? parameter, FunctionSymbol? function, bool forTask)
    {
        var span = a.Value.Span;
        if (forTask && a.Mode != PassMode.Value) return TakeForTask(a, later);
        switch (a.Mode)
        {
            case PassMode.Borrow: return Lend(a.Value, later);
            case PassMode.BorrowMutable: return LendForWriting(a.Value, later);
        }
        if (function is { Sends: true } && a.Parameter == 0 && IsPlace(a.Value) && !later.Acts)
        {
            var place = PlaceOf(a.Value);
            // Sending moves the name also where the value could be copied; copy kinds stay.
            if (!CrossesObject(place) && Context.Types.KindOf(LoweringContext.Strip(a.Value.Type)) == Semantics.ValueKind.Value && Function.Locals[place.Local].Mode == MirParameterMode.Value)
                return new ValueArgument(new MoveOperand(place) { Span = span }) { Span = span };
        }
        return new ValueArgument(Stable(a.Value, later)) { Span = span };
    }

    /// <summary>What the call of a task borrows goes into the task with it; a lambda among the arguments owns what it mentions.</summary>
    private MirArgument TakeForTask(Argument a, Later later)
    {
        var span = a.Value.Span;
        capturesByValue = true;
        var operand = Stable(a.Value, later);
        capturesByValue = false;
        if (operand is CopyOperand { Place: var read }) return Lent(read);
        if (operand is MoveOperand { Place: var taken }) return Lent(taken);
        return new ValueArgument(operand) { Span = span };
        MirArgument Lent(MirPlace place) => a.Mode == PassMode.Borrow ? new BorrowArgument(place) { Span = span } : new BorrowMutableArgument(place) { Span = span };
    }

    private MirArgument Lend(TypedExpression e, Later later)
    {
        var span = e.Span;
        if (e is LiteralExpression) return new ValueArgument(Operand(e)) { Span = span };
        e = LentFunction(e);
        var place = Scrutinee(e);
        // A function that owns what it writes is lent for writing.
        if (later.Acts && !IsTemporary(place)) HoldBorrow(place, isMutable: LoweringContext.Strip(PlaceType(place)) is FunctionType { Kind: FunctionKind.Iso }, span);
        else if (later.Acts && LambdaOf(e) is not null) HoldCaptures(place.Local, span);
        if (later.Writes && !IsTemporary(place) && !IsUnique(e.Type)) place = Snapshot(place, e);
        return new BorrowArgument(place) { Span = span };
    }

    /// <summary>A named function that owns what it captures is lent as it is where only what it may do is counted differently: that it may wait.</summary>
    private TypedExpression LentFunction(TypedExpression e) =>
        e is ConversionExpression { Kind: ConversionKind.Function, Operand: var named, Type: var wanted } && IsPlace(named)
            && LoweringContext.Strip(named.Type) is FunctionType { Kind: FunctionKind.Iso } given && LoweringContext.Strip(wanted) is FunctionType lent
            && given.Parameters.SequenceEqual(lent.Parameters) && EffectRules.Values(given.Uses).SequenceEqual(EffectRules.Values(lent.Uses)) ? named : e;

    /// <summary>What a lent lambda mentions stays lent while the arguments behind it are evaluated.</summary>
    private void HoldCaptures(int closure, TextSpan span)
    {
        for (var k = Current.Instructions.Count - 1; k >= 0; k--)
        {
            if (Current.Instructions[k] is not AssignInstruction { Target: { IsLocal: true, Local: var made }, Value: ClosureRvalue { Captures: var captures } } || made != closure) continue;
            foreach (var capture in captures)
                if (capture is BorrowArgument { Place: var place } && Function.Locals[place.Local].Capability is null && !IsTemporary(place)) HoldBorrow(place, isMutable: false, span);
            return;
        }
    }

    private MirArgument LendForWriting(TypedExpression e, Later later)
    {
        var span = e.Span;
        var place = Scrutinee(e);
        if (ThroughRef(e) && !IsUnique(e.Type))
        {
            // A part of a ref is lent as a copy that is written back.
            var copy = Compute(e.Type, new UseRvalue(new CopyOperand(place)), span);
            writeBacks.Add((place, copy));
            return new BorrowMutableArgument(MirPlace.Of(copy)) { Span = span };
        }
        if (later.Acts && !IsTemporary(place)) HoldBorrow(place, isMutable: true, span);
        return new BorrowMutableArgument(place) { Span = span };
    }

    private static bool ThroughRef(TypedExpression e) => e switch
    {
        MemberExpression m => IsRef(m.Receiver.Type) || ThroughRef(m.Receiver),
        DereferenceExpression d => IsRef(d.Operand.Type) || ThroughRef(d.Operand),
        IndexExpression i => IsRef(i.Receiver.Type) || ThroughRef(i.Receiver),
        ConversionExpression { Kind: ConversionKind.CopyBorrow } c => ThroughRef(c.Operand),
        _ => false,
    };

    private static bool IsRef(SigilType type) => LoweringContext.Strip(type) is CapabilityType { Modifier: CapabilityModifier.Ref };

    private readonly List<(MirPlace Place, int Copy)> writeBacks = [];

    /// <summary>A call's own borrows end with it, its temporaries with the statement.</summary>
    private (CleanupNode? Pending, int WriteBacks) EnterCall() => (pending, writeBacks.Count);

    private void LeaveCall((CleanupNode? Pending, int WriteBacks) mark)
    {
        for (var i = mark.WriteBacks; i < writeBacks.Count; i++)
            Assign(writeBacks[i].Place, new UseRvalue(Take(writeBacks[i].Copy)), Function.Span);
        writeBacks.RemoveRange(mark.WriteBacks, writeBacks.Count - mark.WriteBacks);
        if (pending == mark.Pending || !HasBorrowAbove(mark.Pending)) return;
        // The borrows are interleaved with temporaries: end them and keep the others.
        var kept = new List<CleanupNode>();
        while (pending != mark.Pending)
        {
            if (pending is EndBorrowNode b) RunNormally(b);
            else kept.Add(pending!);
            pending = pending!.Parent;
        }
        for (var i = kept.Count - 1; i >= 0; i--)
        {
            pending = kept[i] switch
            {
                DropNode d => new DropNode(pending, d.Local, d.Span),
                ActionNode a => a.Under(pending),
                var n => n,
            };
        }
    }

    private bool HasBorrowAbove(CleanupNode? mark)
    {
        for (var n = pending; n != mark; n = n!.Parent) if (n is EndBorrowNode) return true;
        return false;
    }

    /// <summary>Adds the hidden capabilities.</summary>
    private ImmutableArray<MirArgument> CompleteArguments(FunctionSymbol function, ImmutableArray<SigilType> typeArguments, MirArgument[] arguments, TextSpan span)
    {
        var uses = EffectRules.Values(function.Uses).ToList();
        if (uses.Count == 0) return [.. arguments];
        var substitution = new Substitution(function.AllTypeParameters, typeArguments);
        return [.. arguments, .. uses.Select(u => (MirArgument)new BorrowArgument(CapabilityObject(substitution.Apply(u), span)))];
    }

    private ImmutableArray<MirArgument> CompleteArguments(FunctionType type, MirArgument[] arguments, TextSpan span) =>
        [.. arguments, .. EffectRules.Values(type.Uses).Select(u => (MirArgument)new BorrowArgument(CapabilityObject(u, span)))];

    private void FinishCall(TypedExpression e, MirCallee callee, ImmutableArray<MirArgument> arguments, int target)
    {
        var type = LoweringContext.Strip(e.Type);
        var none = Context.IsVoid(type) || LoweringContext.IsNever(type);
        Emit(new CallInstruction { Target = none || target < 0 ? null : MirPlace.Of(target), Callee = callee, Arguments = arguments, ResultType = type, Span = e.Span });
        if (LoweringContext.IsNever(type)) Terminate(new Unreachable());
        else if (none && target >= 0) Assign(target, Unit, e.Span);
    }

    // ---------- effect variants ----------

    /// <summary>Whether calls may take suspending entries: here, or in the suspending variant of what is being built.</summary>
    private bool MayCallWaiting => Function.MaySuspend || Function.Symbol is { WaitsLikeCaller: true };

    /// <summary>The variant of a callee that may wait like its caller.</summary>
    private EffectVariant LikeCaller(bool waitsLikeCaller) =>
        !waitsLikeCaller ? EffectVariant.Plain : Function.MaySuspend ? EffectVariant.Suspending : EffectVariant.Inherit;

    private EffectVariant VariantOf(CallExpression c)
    {
        var variant = LikeCaller(c.Function.WaitsLikeCaller);
        foreach (var a in c.Arguments)
        {
            if (a.Parameter < 0 || a.Parameter >= c.Function.Parameters.Length) continue;
            if (LoweringContext.Strip(c.Function.Parameters[a.Parameter].Type) is not FunctionType { Kind: FunctionKind.Borrowed }) continue;
            variant = Stronger(variant, EffectOf(a.Value));
        }
        if (variant == EffectVariant.Inherit) Function.IsEffectPolymorphic = true;
        return variant;
    }

    private static EffectVariant Stronger(EffectVariant a, EffectVariant b) =>
        a == EffectVariant.Suspending || b == EffectVariant.Suspending ? EffectVariant.Suspending : a == EffectVariant.Inherit ? a : b;

    /// <summary>What calling a function value does: waits, or follows the enclosing instance.</summary>
    private EffectVariant EffectOf(TypedExpression function)
    {
        switch (function)
        {
            case ConversionExpression { Kind: ConversionKind.Function or ConversionKind.CopyBorrow } c: return EffectOf(c.Operand);
            case LambdaExpression l when Context.Lambdas.TryGetValue(l, out var graph):
                return graph.MaySuspend ? EffectVariant.Suspending : graph.IsEffectPolymorphic ? EffectVariant.Inherit : EffectVariant.Plain;
            case OperatorValueExpression or ConstructorValueExpression: return EffectVariant.Plain;
            case FunctionValueExpression f:
                return EffectRules.AllowsWaiting(Context.Core, f.Function.Uses) ? EffectVariant.Suspending : EffectVariant.Plain;
        }
        if (LoweringContext.Strip(function.Type) is not FunctionType type) return EffectVariant.Plain;
        if (EffectRules.AllowsWaiting(Context.Core, type.Uses)) return EffectVariant.Suspending;
        return type.Kind == FunctionKind.Borrowed || function is LocalExpression { Local: var l2 } && IsBorrowedFunction(l2) ? EffectVariant.Inherit : EffectVariant.Plain;
    }

    private bool IsBorrowedFunction(LocalSymbol local) => Knows(local) && Function.Locals[LocalOf(local)] is { Mode: MirParameterMode.Borrow, Type: FunctionType { Kind: FunctionKind.Borrowed } };

    // ---------- other calls ----------

    private void CallIndirect(IndirectCallExpression c, int target)
    {
        var scope = EnterCall();
        var type = (FunctionType)LoweringContext.Strip(c.Callee.Type);
        MirPlace callee;
        MirArgument[] arguments;
        if (prepared.TryGetValue(c, out var given))
        {
            callee = PlaceOfArgument(given[0], c.Callee);
            arguments = given[1..];
        }
        else
        {
            callee = Scrutinee(c.Callee);
            if (!IsTemporary(callee) && !IsUnique(type) && c.Arguments.Any(a => Context.Writes.MayWrite(a.Value))) callee = Snapshot(callee, c.Callee);
            arguments = EvaluateArguments(c.Arguments, 0, c.Arguments.Length, null);
        }
        var variant = EffectOf(c.Callee);
        if (variant == EffectVariant.Inherit) Function.IsEffectPolymorphic = true;
        FinishCall(c, new IndirectCallee(callee, type, variant), CompleteArguments(type, arguments, c.Span), target);
        LeaveCall(scope);
    }

    private void CallDynamic(DynCallExpression c, int target)
    {
        var scope = EnterCall();
        var arguments = prepared.TryGetValue(c, out var given) ? given : EvaluateArguments(c.Arguments, 1, 1 + c.Method.Parameters.Length, c.Method);
        FinishCall(c, new DynamicCallee(c.Method, c.TypeArguments, MayCallWaiting), CompleteArguments(c.Method, c.TypeArguments, arguments, c.Span), target);
        LeaveCall(scope);
    }

    private void CallCapability(CapabilityCallExpression c, int target)
    {
        var scope = EnterCall();
        var provider = FindCapability(c.Capability) ?? throw new InvalidOperationException($"no provider of {c.Capability} in '{Function.Name}'");
        var arguments = prepared.TryGetValue(c, out var given) ? given : EvaluateArguments(c.Arguments, 1, 1 + c.Method.Parameters.Length, c.Method);
        var type = TypeOf(provider.Value);
        arguments[0] = new BorrowArgument(MirPlace.Of(provider.Value)) { Span = c.Span };
        ImmutableArray<SigilType> typeArguments = [type, .. provider.Capability.Trait == c.Capability.Trait ? c.Capability.Arguments : []];
        MirCallee callee = type is DynType ? new DynamicCallee(c.Method, typeArguments, MayCallWaiting) : new StaticCallee(c.Method, typeArguments, LikeCaller(c.Capability.Trait.IsStandardCapability));
        FinishCall(c, callee, CompleteArguments(c.Method, typeArguments, arguments, c.Span), target);
        LeaveCall(scope);
    }

    // ---------- tail calls ----------

    /// <summary>Builds a call of the function by itself as a jump, when nothing is left to drop behind it.</summary>
    private bool TailCall(CallExpression c)
    {
        if (parent is not null || c.Function != Function.Symbol || Function.Kind != MirFunctionKind.Function || prepared.ContainsKey(c)) return false;
        for (var i = 0; i < c.TypeArguments.Length; i++)
            if (LoweringContext.Strip(c.TypeArguments[i]) is not TypeParameterType p || p.Symbol != Function.TypeParameters[i]) return false;
        if (!MayJump(c)) return false;
        var arguments = CompleteArguments(c.Function, c.TypeArguments, Arguments(c), c.Span);
        return Jump([.. arguments.Select(TailOperand)], () => FinishTail(c, arguments));
    }

    // The decision must come before the arguments are evaluated: only unique values that the call itself takes may be pending, and a lent place must outlive the frame.
    private bool MayJump(CallExpression c)
    {
        foreach (var a in c.Arguments)
        {
            if (a.Mode == PassMode.Value) continue;
            if (a.Mode == PassMode.BorrowMutable || IsUnique(a.Value.Type))
            {
                if (a.Value is not LocalExpression l || !names.TryGetValue(l.Local, out var local) || local >= Function.ParameterCount || Function.Locals[local].Mode == MirParameterMode.Value) return false;
                if (a.Mode == PassMode.BorrowMutable && local != (a.Parameter < 0 ? 0 : a.Parameter + (EffectRules.HasReceiver(c.Function) ? 1 : 0))) return false;
            }
            else if (LoweringContext.Strip(a.Value.Type) is FunctionType && a.Value is LambdaExpression) return false;
        }
        return true;
    }

    private static MirOperand TailOperand(MirArgument argument) => argument switch
    {
        ValueArgument v => v.Operand,
        BorrowArgument b => new CopyOperand(b.Place) { Span = b.Span },
        BorrowMutableArgument b => new CopyOperand(b.Place) { Span = b.Span },
        _ => throw new InvalidOperationException(),
    };

    private bool Jump(ImmutableArray<MirOperand> operands, Action otherwise)
    {
        var moved = operands.OfType<MoveOperand>().Where(m => m.Place.IsLocal).Select(m => m.Place.Local).ToHashSet();
        for (var n = pending; n is not null; n = n.Parent)
        {
            if (n is EndBorrowNode || (n is DropNode d && moved.Contains(d.Local))) continue;
            otherwise();
            return true;
        }
        Terminate(new TailCall(operands));
        return true;
    }

    /// <summary>The arguments are there, but something must be dropped after the call: an ordinary call.</summary>
    private void FinishTail(CallExpression c, ImmutableArray<MirArgument> arguments)
    {
        var type = LoweringContext.Strip(c.Type);
        var isVoid = Context.IsVoid(Function.ReturnType) || LoweringContext.IsNever(type);
        var local = isVoid ? -1 : Returning().Local;
        FinishCall(c, new StaticCallee(c.Function, c.TypeArguments, VariantOf(c)), arguments, local);
        if (!LoweringContext.IsNever(type)) ExitTo(Returning().Exit);
    }
}
