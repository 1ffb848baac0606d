using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    /// <summary>What stands for each capture in the enclosing function, in the order of the capture locals.</summary>
    private readonly List<(int Local, int Source, MirArgument? Given)> captured = [];
    private readonly Dictionary<(FunctionBuilder Owner, int Local), int> imported = [];
    /// <summary>While the arguments of a call task are evaluated: lambdas among them go to another task and own what they mention.</summary>
    private bool capturesByValue;

    private FunctionBuilder Nest(MirFunctionKind kind, SigilType returnType, TextSpan span, string what, bool maySuspend)
    {
        var function = new MirFunction
        {
            Name = $"{Function.Name}.{what}{Root.nestedCount++}",
            Kind = kind,
            Symbol = Function.Symbol,
            Source = Source,
            Span = span,
            TypeParameters = Function.TypeParameters,
            ReturnType = LoweringContext.Strip(returnType),
            Parent = Function,
            MaySuspend = maySuspend,
        };
        Function.Nested.Add(function);
        return new FunctionBuilder(Context, function, this);
    }

    private FunctionBuilder Root => parent?.Root ?? this;

    private int Capture(int outer)
    {
        var source = parent!.Function.Locals[outer];
        var isValue = Function.Kind is MirFunctionKind.Task or MirFunctionKind.TaskSource;
        var isConsumed = source.Symbol is { } symbol && consumes.Names.Contains(symbol);
        var byBorrow = Function.Kind == MirFunctionKind.Recurse || (Function.IsBorrowingClosure && !isConsumed && (Context.IsUnique(source.Type) || source.Mode != MirParameterMode.Value));
        var borrowedFunction = source is { Mode: MirParameterMode.Borrow, Type: FunctionType { Kind: FunctionKind.Borrowed } };
        var isAssigned = source.Symbol is { } name && assigned.Contains(name);
        var mode = isAssigned ? MirParameterMode.BorrowMutable : byBorrow || (borrowedFunction && !isValue) ? MirParameterMode.Borrow : MirParameterMode.Value;
        var local = NewLocal(source.Type, MirLocalKind.Capture, source.Span, source.Symbol, mode, isMutable: isAssigned, name: source.Name, capability: source.Capability);
        captured.Add((local, outer, null));
        return local;
    }

    private int CaptureCapability(TraitReference capability, int outer)
    {
        var source = parent!.Function.Locals[outer];
        var local = NewLocal(source.Type, MirLocalKind.Capture, source.Span, mode: MirParameterMode.Borrow, name: capability.Trait.Name, capability: capability);
        Function.Locals[local].IsLentProvider = source.IsLentProvider;
        captured.Add((local, outer, null));
        return local;
    }

    /// <summary>The local that stands here for one of an enclosing builder's.</summary>
    private int Import(FunctionBuilder owner, int local)
    {
        if (owner == this) return local;
        if (owner.Function.Locals[local].Symbol is { } symbol && owner.names.TryGetValue(symbol, out var named) && named == local) return LocalOf(symbol);
        if (imported.TryGetValue((owner, local), out var here)) return here;
        return imported[(owner, local)] = Capture(parent!.Import(owner, local));
    }

    /// <summary>The capture arguments of a finished nested body, one per capture local.</summary>
    private ImmutableArray<MirArgument> CaptureArguments(FunctionBuilder nested, TextSpan span)
    {
        var arguments = ImmutableArray.CreateBuilder<MirArgument>(nested.captured.Count);
        foreach (var (local, source, given) in nested.captured)
        {
            if (given is not null)
            {
                arguments.Add(given);
                continue;
            }
            var place = MirPlace.Of(source);
            if (nested.Function.Locals[local].Mode == MirParameterMode.BorrowMutable) arguments.Add(new BorrowMutableArgument(place) { Span = span });
            else if (nested.Function.Locals[local].Mode == MirParameterMode.Borrow) arguments.Add(new BorrowArgument(place) { Span = span });
            else if (Context.IsUnique(TypeOf(source)) || IsGivenAway(nested, source)) arguments.Add(new ValueArgument(new MoveOperand(place) { Span = span }) { Span = span });
            else arguments.Add(new ValueArgument(new CopyOperand(place) { Span = span }) { Span = span });
        }
        return arguments.ToImmutable();
    }

    // A value that the lambda sends is sent once: the name here is gone as well, except through a borrow, which was copied.
    private bool IsGivenAway(FunctionBuilder nested, int source) =>
        Function.Locals[source] is { Symbol: { } symbol, Mode: MirParameterMode.Value } && nested.consumes.Names.Contains(symbol);

    // ---------- what is captured ----------

    /// <summary>Captured parts of locals, by the path of field indices: who mentions only <c>pair.consumer</c> takes only that.</summary>
    private readonly Dictionary<LocalSymbol, List<(ImmutableArray<int> Path, int Local)>> captureParts = [];

    /// <summary>Captures all names of enclosing bodies that the expressions mention, before the body is built.</summary>
    private void CaptureMentioned(IEnumerable<TypedExpression> roots)
    {
        var expressions = roots.ToList();
        CaptureParts(expressions);
        foreach (var symbol in TypedChildren.MentionedLocals(expressions))
            if (!captureParts.ContainsKey(symbol) && parent!.Knows(symbol)) LocalOf(symbol);
    }

    /// <summary>Captures the mentioned parts of unique values that are never mentioned as a whole.</summary>
    private void CaptureParts(IEnumerable<TypedExpression> roots)
    {
        foreach (var (symbol, mentions) in MentionedParts.Of(roots))
        {
            if (mentions.Count == 0 || names.ContainsKey(symbol) || !parent!.Knows(symbol) || !IsUnique(symbol.Type)) continue;
            var parts = captureParts[symbol] = [];
            foreach (var (path, expression) in mentions)
            {
                var place = parent.PlaceOf(expression);
                var local = NewLocal(expression.Type, MirLocalKind.Capture, expression.Span, mode: BorrowsCaptures && IsUnique(expression.Type) && !consumes.Parts.Contains((symbol, ConsumedCaptures.KeyOf(path))) ? MirParameterMode.Borrow : MirParameterMode.Value, name: expression.Name);
                MirArgument given = Function.Locals[local].Mode == MirParameterMode.Borrow ? new BorrowArgument(place) { Span = expression.Span } : new ValueArgument(parent.Read(place, expression.Type, expression.Span)) { Span = expression.Span };
                captured.Add((local, -1, given));
                parts.Add((path, local));
            }
        }
    }

    private bool BorrowsCaptures => Function.Kind == MirFunctionKind.Recurse || Function.IsBorrowingClosure;

    /// <summary>The capture that holds exactly this part, or -1.</summary>
    private int CapturedPart(MemberExpression member)
    {
        if (captureParts.Count == 0 && parent is null) return -1;
        if (MentionedParts.PathOf(member) is not { } part || names.ContainsKey(part.Symbol)) return -1;
        if (captureParts.TryGetValue(part.Symbol, out var parts))
        {
            foreach (var (path, local) in parts) if (path.SequenceEqual(part.Path)) return local;
            return -1;
        }
        if (parent is null || parent.CapturedPart(member) is not (>= 0 and var outer)) return -1;
        return Import(parent, outer);
    }

    // ---------- lambdas ----------

    /// <summary>Makes the function object of a lambda that is used as a function of the given type.</summary>
    private void Closure(LambdaExpression l, FunctionType type, int target)
    {
        var own = (FunctionType)LoweringContext.Strip(l.Type);
        var given = ConsumedBy(l);
        var nested = NestLambda(l, own, type);
        nested.consumes = given;
        nested.Function.OwnsCaptures = !given.IsEmpty;
        if (elementsLent.TryGetValue(l, out var elements)) nested.lentElements = elements;
        nested.BuildLambda(l, own, type);
        Context.Lambdas[l] = nested.Function;
        if (nested.Function.IsEffectPolymorphic) Function.IsEffectPolymorphic = true;
        Assign(target, new ClosureRvalue(nested.Function, CaptureArguments(nested, l.Span), type), l.Span);
    }

    private FunctionBuilder NestLambda(LambdaExpression l, FunctionType own, FunctionType type)
    {
        var nested = Nest(MirFunctionKind.Lambda, own.Result, l.Body.Span, "lambda", l.IsSuspending || EffectRules.AllowsWaiting(Context.Core, type.Uses) || EffectRules.AllowsWaiting(Context.Core, own.Uses));
        nested.Function.IsBorrowingClosure = l.IsBorrowed && !capturesByValue;
        return nested;
    }

    private void BuildLambda(LambdaExpression l, FunctionType own, FunctionType type)
    {
        var patterns = new List<(TypedPattern, int)>();
        var spread = type.Parameters.Length == 1 && l.Parameters.Length > 1;
        if (spread)
        {
            // A lambda of several parameters over tuples takes the tuple apart.
            var isLent = lentElements.Contains(0) && IsUnique(type.Parameters[0]);
            var tuple = NewLocal(type.Parameters[0], MirLocalKind.Parameter, l.Span, mode: isLent ? MirParameterMode.Borrow : MirParameterMode.Value);
            DeclareCapabilities(type.Uses, l.Span);
            Function.ParameterCount = Function.Locals.Count;
            if (!isLent) ScheduleDrop(tuple, l.Span);
            for (var i = 0; i < l.Parameters.Length; i++)
            {
                var from = MirPlace.Of(tuple).With(new FieldProjection(i, LoweringContext.Strip(l.Parameters[i].Type)));
                var partIsLent = isLent && IsUnique(from.Path[^1].Type);
                var part = DeclareName(l.Parameters[i], partIsLent ? from : null);
                Assign(part, partIsLent ? new CopyOperand(from) { Span = l.Parameters[i].Span } : Read(from, TypeOf(part), l.Parameters[i].Span), l.Span);
                if (!partIsLent) ScheduleDrop(part, l.Span);
                if (l.ParameterPatterns[i] is { } p) patterns.Add((p, part));
            }
        }
        else
        {
            for (var i = 0; i < l.Parameters.Length; i++)
            {
                var parameter = i < own.Parameters.Length ? own.Parameters[i] : l.Parameters[i].Type;
                var index = DeclareParameter(l.Parameters[i], parameter.Resolve() is BorrowType ? parameter : l.Parameters[i].Type, isLent: (!isTrial || l.ParameterPatterns[i] is not null) && lentElements.Contains(i) && IsUnique(l.Parameters[i].Type));
                if (l.ParameterPatterns[i] is { } p) patterns.Add((p, index));
            }
            DeclareCapabilities(type.Uses, l.Span);
            Function.ParameterCount = Function.Locals.Count;
            for (var i = 0; i < Function.ParameterCount; i++)
                if (Function.Locals[i].Mode == MirParameterMode.Value) ScheduleDrop(i, l.Span);
        }
        if (Function.OwnsCaptures) OwnConsumedCaptures(l);
        else CaptureParts([l.Body]);
        foreach (var (pattern, index) in patterns) BindIrrefutable(pattern, MirPlace.Of(index), owned: Function.Locals[index].Mode == MirParameterMode.Value);
        BuildTail(l.Body);
        RemoveUnreachableBlocks();
    }

    // ---------- function values ----------

    private void FunctionValue(FunctionValueExpression f, int target)
    {
        var type = (FunctionType)LoweringContext.Strip(f.Type);
        if (f.Capability is { } capability)
        {
            MethodOfCapability(f, capability, type, target);
            return;
        }
        var substitution = new Substitution(f.Function.AllTypeParameters, f.TypeArguments);
        var needed = EffectRules.Values(f.Function.Uses).Select(substitution.Apply).Where(u => !type.Uses.Any(t => EffectRules.Covers(t.Trait, u.Trait)));
        var values = needed.Select(u => (MirOperand)new CopyOperand(CapabilityObject(u, f.Span))).ToImmutableArray();
        Assign(target, new FunctionRvalue(f.Function, f.TypeArguments, values, type), f.Span);
    }

    /// <summary>Builds a function object around a few instructions of our own; the parameters are given as locals.</summary>
    private void Synthesise(FunctionType type, TextSpan span, int target, Action<FunctionBuilder, int[]> body, bool isLent = false)
    {
        var nested = Nest(MirFunctionKind.Lambda, type.Result, span, "function", EffectRules.AllowsWaiting(Context.Core, type.Uses));
        var parameters = new int[type.Parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var given = type.Parameters[i].Resolve();
            var mode = given is BorrowType b ? b.IsMutable ? MirParameterMode.BorrowMutable : MirParameterMode.Borrow : isLent && IsUnique(given) ? MirParameterMode.Borrow : MirParameterMode.Value;
            parameters[i] = nested.NewLocal(given, MirLocalKind.Parameter, span, mode: mode);
        }
        nested.DeclareCapabilities(type.Uses, span);
        nested.Function.ParameterCount = nested.Function.Locals.Count;
        for (var i = 0; i < parameters.Length; i++)
            if (nested.Function.Locals[parameters[i]].Mode == MirParameterMode.Value) nested.ScheduleDrop(parameters[i], span);
        body(nested, parameters);
        nested.RemoveUnreachableBlocks();
        Assign(target, new ClosureRvalue(nested.Function, CaptureArguments(nested, span), type), span);
    }

    /// <summary>Returns a computed value from a synthesised body.</summary>
    private void ReturnLocal(int local, TextSpan span)
    {
        if (Context.IsVoid(Function.ReturnType)) ExitTo(Returning().Exit);
        else
        {
            Assign(Returning().Local, Take(local), span);
            ExitTo(Returning().Exit);
        }
    }

    private void ConstructorValue(ConstructorValueExpression c, int target)
    {
        var type = (FunctionType)LoweringContext.Strip(c.Type);
        var result = LoweringContext.Strip(type.Result);
        Synthesise(type, c.Span, target, (nested, parameters) =>
        {
            var fields = parameters.Select(nested.Take).ToImmutableArray();
            nested.ReturnLocal(nested.Compute(result, c.Variant is { } v ? new VariantRvalue(result, v, fields) : new ProductRvalue(result, fields), c.Span), c.Span);
        });
    }

    private void OperatorValue(OperatorValueExpression o, int target)
    {
        var type = (FunctionType)LoweringContext.Strip(o.Type);
        var operand = LoweringContext.Strip(o.OperandType);
        var result = LoweringContext.Strip(type.Result);
        Synthesise(type, o.Span, target, (nested, parameters) =>
        {
            var value = nested.NewTemporary(result, o.Span);
            if (o.Method is not { } method)
            {
                nested.Assign(value, new BinaryRvalue(o.Operator, nested.Take(parameters[0]), nested.Take(parameters[1]), operand, operand), o.Span);
                nested.ReturnLocal(value, o.Span);
                return;
            }
            var returned = method.Name switch
            {
                "compare" => Context.Core.Type("Ordering").SelfType,
                _ => result,
            };
            var raw = nested.NewTemporary(returned, o.Span);
            nested.Emit(new CallInstruction
            {
                Target = MirPlace.Of(raw),
                Callee = new StaticCallee(method, [.. method.AllTypeParameters.Select(_ => operand)], EffectVariant.Plain),
                Arguments = [new BorrowArgument(MirPlace.Of(parameters[0])), new ValueArgument(nested.Take(parameters[1]))],
                ResultType = returned,
                Span = o.Span,
            });
            if (method.Name == "compare") nested.OrderingTest(o.Operator, nested.Take(raw), value, o.Span);
            else if (method.Name == "equals" && o.Operator == BinaryOperator.NotEqual) nested.Assign(value, new UnaryRvalue(UnaryOperator.Not, nested.Take(raw), BoolType), o.Span);
            else nested.Assign(value, nested.Take(raw), o.Span);
            nested.ReturnLocal(value, o.Span);
        });
    }

    private void MethodOfCapability(FunctionValueExpression f, TraitReference capability, FunctionType type, int target)
    {
        Synthesise(type, f.Span, target, (nested, parameters) =>
        {
            var provider = nested.FindCapability(capability) ?? throw new InvalidOperationException($"no provider of {capability} in '{Function.Name}'");
            var receiver = nested.TypeOf(provider.Value);
            ImmutableArray<SigilType> typeArguments = [receiver, .. capability.Arguments];
            MirCallee callee = receiver is DynType ? new DynamicCallee(f.Function, typeArguments, nested.Function.MaySuspend) : new StaticCallee(f.Function, typeArguments, EffectVariant.Plain);
            nested.CallAndReturn(callee, [new BorrowArgument(MirPlace.Of(provider.Value)), .. parameters.Select(p => nested.PassOn(p))], type.Result, f.Span);
        });
    }

    /// <summary>A function of several parameters as a function of one tuple.</summary>
    private void TupleAdapter(MirOperand function, FunctionType given, FunctionType wanted, int target, TextSpan span)
    {
        var held = NewTemporary(given, span);
        Assign(held, function, span);
        Synthesise(wanted, span, target, (nested, parameters) =>
        {
            var inner = nested.Capture(held);
            var tuple = MirPlace.Of(parameters[0]);
            var arguments = given.Parameters.Select((t, i) =>
            {
                var type = LoweringContext.Strip(t);
                return (MirArgument)new ValueArgument(nested.Read(tuple.With(new FieldProjection(i, type)), type, span));
            });
            var variant = EffectRules.AllowsWaiting(Context.Core, given.Uses) ? EffectVariant.Suspending : EffectVariant.Plain;
            nested.CallAndReturn(new IndirectCallee(MirPlace.Of(inner), given, variant), [.. nested.CompleteArguments(given, [.. arguments], span)], given.Result, span);
        });
    }

    private static bool TakesFromHere(FunctionType given, FunctionType wanted) =>
        EffectRules.Values(given.Uses).Any(u => !wanted.Uses.Any(t => EffectRules.Covers(t.Trait, u.Trait)));

    private bool OwnsWhatIsRead(FunctionType given, FunctionType wanted) =>
        given.Parameters.Length == wanted.Parameters.Length
        && Enumerable.Range(0, given.Parameters.Length).Any(i => given.Parameters[i].Resolve() is BorrowType && wanted.Parameters[i].Resolve() is not BorrowType && IsUnique(wanted.Parameters[i]));

    /// <summary>
    /// A function as one of another type: capabilities that only it needs are those in force here, and what it borrows but is given for good is lent to it and dropped afterwards,
    /// unless it is only lent here as well (<paramref name="isLent"/>).
    /// </summary>
    private void Adapter(MirOperand function, FunctionType given, FunctionType wanted, bool isLent, int target, TextSpan span)
    {
        var held = NewTemporary(given, span);
        Assign(held, function, span);
        Synthesise(wanted, span, target, isLent: isLent, body: (nested, parameters) =>
        {
            var inner = nested.Capture(held);
            var arguments = given.Parameters.Select((t, i) => t.Resolve() is BorrowType { IsMutable: false } ? new BorrowArgument(MirPlace.Of(parameters[i])) { Span = span } : nested.PassOn(parameters[i]));
            var variant = EffectRules.AllowsWaiting(Context.Core, given.Uses) ? EffectVariant.Suspending : EffectVariant.Plain;
            nested.CallAndReturn(new IndirectCallee(MirPlace.Of(inner), given, variant), nested.CompleteArguments(given, [.. arguments], span), given.Result, span);
        });
    }

    private MirArgument PassOn(int parameter) => Function.Locals[parameter].Mode switch
    {
        MirParameterMode.Borrow => new BorrowArgument(MirPlace.Of(parameter)),
        MirParameterMode.BorrowMutable => new BorrowMutableArgument(MirPlace.Of(parameter)),
        _ => new ValueArgument(Take(parameter)),
    };

    private void CallAndReturn(MirCallee callee, ImmutableArray<MirArgument> arguments, SigilType result, TextSpan span)
    {
        result = LoweringContext.Strip(result);
        var none = Context.IsVoid(result) || LoweringContext.IsNever(result);
        var value = none ? -1 : NewTemporary(result, span);
        Emit(new CallInstruction { Target = none ? null : MirPlace.Of(value), Callee = callee, Arguments = arguments, ResultType = result, Span = span });
        if (LoweringContext.IsNever(result)) Terminate(new Unreachable());
        else if (none) ExitTo(Returning().Exit);
        else ReturnLocal(value, span);
    }
}
