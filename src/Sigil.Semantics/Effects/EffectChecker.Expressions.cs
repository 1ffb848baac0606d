using System.Collections.Immutable;
using Sigil.Semantics.Exhaustiveness;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Effects;

// What each kind of expression needs.
public sealed partial class EffectChecker
{
    /// <inheritdoc/>
    public override void Visit(TypedExpression expression)
    {
        var parameter = parameterAtHand;
        parameterAtHand = null;
        switch (expression)
        {
            case LambdaExpression lambda:
                VisitLambda(lambda, lambda.Type, parameter);
                return;
            case ErrorExpression:
                isBroken = true;
                break;
            case ConversionExpression { Kind: ConversionKind.Function } conversion:
                VisitFunctionConversion(conversion, parameter);
                return;
            case ConversionExpression conversion:
                parameterAtHand = parameter;
                Visit(conversion.Operand);
                return;
            case WithCapabilityExpression with:
                VisitWith(with);
                return;
            case RecurseExpression { ParallelThreshold: not null } recurse:
                VisitOptional(recurse.Memo);
                Visit(recurse.ParallelThreshold);
                Inside(new ParallelRecursionScope { Outer = scope }, () => { Visit(recurse.Condition); Visit(recurse.Base); Visit(recurse.Step); });
                return;
        }
        VisitParts(expression);
        RequireFor(expression);
    }

    /// <inheritdoc/>
    protected override void VisitArgument(Argument argument, ParameterSymbol? parameter)
    {
        parameterAtHand = parameter;
        base.VisitArgument(argument, parameter);
        parameterAtHand = null;
    }

    /// <summary>The needs of the expression itself, without its parts.</summary>
    private void RequireFor(TypedExpression expression)
    {
        switch (expression)
        {
            case CallExpression call:
                RequireCall(call.Function, call.TypeArguments, call.Span);
                break;
            case DynCallExpression call:
                RequireCall(call.Method, call.TypeArguments, call.Span);
                break;
            case CapabilityCallExpression call:
                Require(new Need(call.Capability, call.Span, NeedKind.Own, $"`{call.Capability}`", null));
                RequireCall(call.Method, [], call.Span);
                break;
            case CapabilityExpression capability:
                Require(new Need(capability.Capability, capability.Span, NeedKind.Own, $"`{capability.Capability}`", null));
                break;
            case IndirectCallExpression call:
                if (FunctionTypeOf(call.Callee.Type) is { } type) RequireAll(type.Uses, call.Span, NeedKind.Call, "this function value", null);
                break;
            case FunctionValueExpression value:
                RequireFunctionValue(value);
                break;
            case ForExpression loop:
                foreach (var binding in loop.Bindings) RequireIteration(binding.Kind, binding.Iterable);
                break;
            case ForSearchExpression search:
                RequireIteration(search.Kind, search.Over);
                break;
            case RetryExpression { Backoff: not null }:
                UseSchedulingMarkers();
                break;
            case CacheExpression cache when core.FindTrait("Cache") is { } trait:
                Require(new Need(new TraitReference(trait), cache.Span, NeedKind.Own, "`cache`", null));
                UseSchedulingMarkers();
                break;
            case ProcessTaskExpression task:
                // Whether it waits is the other process's affair; what it may touch is lent from here.
                RequireAll([.. task.Function.Uses.Where(u => !u.Trait.IsMarkerCapability || u.Trait == core.FindTrait("ProcessIsolation"))],
                    task.Span, NeedKind.Call, $"`{task.Function.Name}`", task.Function);
                break;
            case ParallelExpression parallel:
                RequireAsync(Head(parallel, "parallel"), "`parallel`");
                if (function is not null) parallel.IsCpuBound = Declares("Parallel") && !Declares("AsyncIO");
                UseSchedulingMarkers();
                break;
            case RaceExpression race:
                RequireAsync(Head(race, "race"), "`race`");
                UseSchedulingMarkers();
                break;
            case TimeoutExpression timeout:
                RequireAsync(Head(timeout, "timeout"), "`timeout`");
                break;
            case GroupExpression group:
                RequireAsync(Head(group, group.IsNursery ? "nursery" : "task_group"), group.IsNursery ? "`nursery`" : "`task_group`");
                UseSchedulingMarkers();
                break;
            case SpawnExpression spawn:
                RequireAsync(spawn.Span, "`spawn`");
                break;
            case SelectExpression select:
                RequireAsync(Head(select, "select"), "`select`");
                break;
        }
    }

    private static TextSpan Head(TypedExpression form, string word) => new(form.Span.Start, Math.Min(word.Length, form.Span.Length));

    private bool Declares(string marker) => declared.Any(d => d.Trait == core.Trait(marker));

    /// <summary>
    /// Parallel and AsyncIO decide how the tasks of a scope are scheduled: a scope is a use of them. What waits like its caller uses whatever of them, or Async,
    /// makes the caller one that suspends.
    /// </summary>
    private void UseSchedulingMarkers() =>
        used.UnionWith(declared.Where(d => d.Trait.IsMarkerCapability && Capabilities.Suspends(d, async)));

    // What may wait does so where the code around it may: borrowed lambdas belong to the function that they are written in.
    private void WaitIfAllowed()
    {
        UseSchedulingMarkers();
        var lambdas = new List<LambdaExpression>();
        IEnumerable<TraitReference> around = declared;
        for (var at = scope; at is not null; at = at.Outer)
        {
            if (at is ParallelRecursionScope) return;
            if (at is not LambdaScope lambda) continue;
            lambdas.Add(lambda.Lambda);
            if (lambda.IsBorrowed) continue;
            around = lambda.Type?.Uses ?? [];
            break;
        }

        if (around.Any(u => Capabilities.Suspends(u, async))) lambdas.ForEach(l => l.IsSuspending = true);
    }

    private void RequireAsync(TextSpan span, string what) =>
        Require(new Need(new TraitReference(async), span, NeedKind.Own, what, null));

    private void RequireIteration(IterationKind kind, TypedExpression iterable)
    {
        if (kind == IterationKind.Consumer) RequireAsync(iterable.Span, "a loop over a channel");
    }

    private void RequireCall(FunctionSymbol callee, ImmutableArray<SigilType> typeArguments, TextSpan span)
    {
        var uses = callee.Uses;
        if (typeArguments.Length > 0 && uses.Any(u => u.Arguments.Length > 0))
        {
            var substitution = new Substitution(callee.AllTypeParameters, typeArguments);
            uses = [.. uses.Select(substitution.Apply)];
        }
        // A method of a standard capability waits only for callers that may wait: it asks nothing of the others.
        if (IsDualMode(callee)) uses = uses.RemoveAll(u => u.Trait == async);
        if (IsDualMode(callee) || callee.WaitsLikeCaller) WaitIfAllowed();
        RequireAll(uses, span, NeedKind.Call, $"`{callee.Name}`", callee);
        RequireForConsumers(callee, typeArguments, span);
    }

    /// <summary>The data patterns receive when they are given a channel end.</summary>
    private void RequireForConsumers(FunctionSymbol callee, ImmutableArray<SigilType> typeArguments, TextSpan span)
    {
        if (core.FindTrait("Sequence") is not { } sequence) return;
        for (var i = 0; i < callee.AllTypeParameters.Length && i < typeArguments.Length; i++)
        {
            if (callee.AllTypeParameters[i].Bounds.All(b => b.Trait != sequence)) continue;
            if (Matched.TypeOf(typeArguments[i]) is NamedType { Definition.End.IsProducer: false })
                RequireAsync(span, $"`{callee.Name}` over a channel");
        }
    }

    /// <summary>Requires what a callee needs; where it needs a capability that implies waiting, that says it all.</summary>
    private void RequireAll(ImmutableArray<TraitReference> uses, TextSpan span, NeedKind kind, string what, FunctionSymbol? through)
    {
        foreach (var capability in uses)
        {
            if (capability.Trait == async && uses.Any(u => u.Trait != async && Capabilities.Suspends(u, async))) continue;
            Require(new Need(capability, span, kind, what, through));
        }
    }

    private void RequireFunctionValue(FunctionValueExpression value)
    {
        var type = FunctionTypeOf(value.Type);
        if (value.Capability is { } capability)
            Require(new Need(capability, value.Span, NeedKind.Own, $"`{capability}`", null));
        RequireOfValue(value.Function.Uses, type, value.Span, $"`{value.Function.Name}`", value.Function, null);
    }

    /// <summary>A function whose declared needs exceed those of the type that it is given takes the rest from where it is made.</summary>
    private void RequireOfValue(ImmutableArray<TraitReference> uses, FunctionType? type, TextSpan span, string what, FunctionSymbol? through, ParameterSymbol? parameter)
    {
        if (type is null) return;
        foreach (var capability in uses)
        {
            if (type.Uses.Any(u => Capabilities.Covers(u, capability))) continue;
            if (Capabilities.Suspends(capability, async) && type.Kind != FunctionKind.Borrowed)
            {
                diagnostics?.Add(EffectErrors.SuspendingFunctionValue(source!, span, type.ToString(), null, EscapeOf(parameter)));
                return;
            }
            Require(new Need(capability, span, NeedKind.FunctionValue, what, through));
        }
    }

    private void VisitFunctionConversion(ConversionExpression conversion, ParameterSymbol? parameter)
    {
        if (conversion.Operand is LambdaExpression lambda)
        {
            VisitLambda(lambda, conversion.Type, parameter);
            return;
        }
        if (conversion.Operand is FunctionValueExpression value)
        {
            // Its own type may already be the target's; either way the function's declaration decides.
            if (value.Capability is { } capability)
                Require(new Need(capability, value.Span, NeedKind.Own, $"`{capability}`", null));
            RequireOfValue(value.Function.Uses, FunctionTypeOf(conversion.Type), value.Span, $"`{value.Function.Name}`", value.Function, parameter);
            return;
        }
        Visit(conversion.Operand);
        if (FunctionTypeOf(conversion.Operand.Type) is { } from)
            RequireOfValue(from.Uses, FunctionTypeOf(conversion.Type), conversion.Span, "this function value", null, parameter);
    }

    private void VisitLambda(LambdaExpression lambda, SigilType type, ParameterSymbol? parameter)
    {
        var target = FunctionTypeOf(type);
        var inner = new LambdaScope(lambda, target, lambda.IsBorrowed || target?.Kind == FunctionKind.Borrowed, parameter) { Outer = scope };
        Inside(inner, () => Visit(lambda.Body));
        lambda.CapturedCapabilities = [.. inner.Captured];
    }

    private void VisitWith(WithCapabilityExpression with)
    {
        Visit(with.Value);
        Inside(new ProviderScope(with.Capability) { Outer = scope }, () => Visit(with.Body));
    }

    /// <inheritdoc/>
    protected override void VisitTask(TaskExpression task)
    {
        var inner = new TaskScope { Outer = scope };
        if (task.IsCall)
        {
            // Receiver and arguments are evaluated by the creating task; only the call itself runs in the new one.
            VisitParts(task.Body);
            Inside(inner, () => RequireFor(task.Body));
        }
        else Inside(inner, () => Visit(task.Body));
        task.CapturedCapabilities = [.. inner.Captured];
    }

    /// <inheritdoc/>
    protected override void VisitFanOut(FanOut fanOut)
    {
        foreach (var binding in fanOut.Bindings)
        {
            Visit(binding.Iterable);
            RequireIteration(binding.Kind, binding.Iterable);
        }
        var inner = new TaskScope { Outer = scope };
        Inside(inner, () =>
        {
            VisitOptional(fanOut.Guard);
            foreach (var element in fanOut.Elements) VisitTask(element);
            if (fanOut.Body is { } body) VisitTask(body);
        });
        fanOut.CapturedCapabilities = [.. inner.Captured];
    }

    private void Inside(EffectScope inner, Action visit)
    {
        var outer = scope;
        scope = inner;
        visit();
        scope = outer;
    }

    private static FunctionType? FunctionTypeOf(SigilType type) => type.Resolve() switch
    {
        FunctionType function => function,
        BorrowType borrow => FunctionTypeOf(borrow.Target),
        CapabilityType capability => FunctionTypeOf(capability.Target),
        _ => null,
    };
}
