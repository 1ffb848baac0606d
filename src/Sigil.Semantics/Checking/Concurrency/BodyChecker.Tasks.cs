using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Task expressions and lists of them (concurrency rules §1, "Task expressions").
public sealed partial class BodyChecker
{
    /// <summary>Checks an expression that a new task runs.</summary>
    /// <param name="wanted">The type that its value must have, if any.</param>
    private TaskExpression Task(Ast.Expression e, SigilType? wanted)
    {
        // Receiver and arguments of a call are evaluated here, as in any other call; only the call itself runs there.
        if (IsTaskCall(e)) return new TaskExpression { Body = TaskValue(e, wanted), IsCall = true };
        var tracker = PushCaptures(CaptureContext.Task);
        PushLoopBarrier();
        var body = TaskValue(e, wanted);
        PopLoop();
        PopCaptures();
        return new TaskExpression { Body = body, IsCall = false, Captures = tracker.Captures };
    }

    private TypedExpression TaskValue(Ast.Expression e, SigilType? wanted) => wanted is null ? InferValue(e) : Check(e, wanted);

    /// <summary>A call of a function or method; forms are none.</summary>
    private bool IsTaskCall(Ast.Expression e) =>
        e is Ast.CallExpression call && FormName(call) is null && call.Callee is not Ast.SelfExpression;

    /// <summary>A list form that makes one task per element; null when the expression is an ordinary one.</summary>
    private FanOut? FanOutOf(Ast.Expression e, SigilType? wanted) => e switch
    {
        Ast.ListExpression list => ListFanOut(list, wanted),
        Ast.ForExpression { IsYield: true } loop => LoopFanOut(loop, wanted),
        Ast.CallExpression { Callee: Ast.NameExpression { Name.Text: "map" } } call when IsMap(call) => MapFanOut(call, wanted),
        _ => null,
    };

    private bool IsMap(Ast.CallExpression call)
    {
        if (LookupLocal("map") is not null || !scope.LookupValue("map").Candidates.All(c => c is FunctionSymbol { Module.IsStandardLibrary: true })) return false;
        var arguments = call.Arguments.Arguments;
        return arguments.Count == 2 && arguments.All(a => a.Label is null or { Text: "over" or "transform" });
    }

    private FanOut ListFanOut(Ast.ListExpression list, SigilType? wanted)
    {
        SigilType element = wanted ?? NewVariable();
        var tracker = PushCaptures(CaptureContext.Task);
        PushLoopBarrier();
        var tasks = list.Elements.Select(e => Task(e, element)).ToImmutableArray();
        PopLoop();
        PopCaptures();
        return new FanOut { Elements = tasks, Captures = tracker.Captures, ElementType = element };
    }

    private FanOut LoopFanOut(Ast.ForExpression loop, SigilType? wanted)
    {
        var bindings = ImmutableArray.CreateBuilder<ForBinding>();
        PushScope();
        // The first list is evaluated by the creating task; the others depend on its elements.
        var (over, kind, item) = Iterated(loop.Bindings[0].Iterable);
        var tracker = PushCaptures(CaptureContext.Task);
        PushLoopBarrier();
        for (var i = 0; i < loop.Bindings.Count; i++)
        {
            var binding = loop.Bindings[i];
            if (i > 0) (over, kind, item) = Iterated(binding.Iterable);
            bindings.Add(new ForBinding(CheckPattern(binding.Pattern, item, LocalKind.Loop), over, kind, item));
        }
        var guard = loop.Guard is { } g ? CheckCondition(g) : null;
        var body = Task(loop.Body, wanted);
        PopLoop();
        PopCaptures();
        PopScope();
        return new FanOut { Bindings = bindings.ToImmutable(), Guard = guard, Body = body, Captures = tracker.Captures, ElementType = wanted ?? body.Body.Type };
    }

    private (TypedExpression Over, IterationKind Kind, SigilType Item) Iterated(Ast.Expression iterable)
    {
        var over = Infer(iterable);
        var (kind, item) = IterationOf(ref over, At(iterable));
        return (over, kind, item);
    }

    private FanOut MapFanOut(Ast.CallExpression call, SigilType? wanted)
    {
        var arguments = call.Arguments.Arguments;
        var isSwapped = arguments[0].Label?.Text == "transform" || arguments[1].Label?.Text == "over";
        var (over, kind, item) = Iterated(arguments[isSwapped ? 1 : 0].Value);
        var transform = arguments[isSwapped ? 0 : 1].Value;
        PushScope();
        var tracker = PushCaptures(CaptureContext.Task);
        PushLoopBarrier();
        TypedPattern pattern;
        TaskExpression body;
        if (transform is Ast.LambdaExpression { Uses: null } lambda && LambdaPattern(lambda, item) is { } taken)
        {
            pattern = taken;
            body = Task(lambda.Body, lambda.ReturnType is { } returned ? ResolveType(returned) : wanted);
        }
        else (pattern, body) = CallPerElement(transform, item, wanted);
        PopLoop();
        PopCaptures();
        PopScope();
        return new FanOut
        {
            Bindings = [new ForBinding(pattern, over, kind, item)],
            Body = body,
            Captures = tracker.Captures,
            ElementType = wanted ?? body.Body.Type,
        };
    }

    /// <summary>The parameters of a lambda as the pattern of one element; several take a tuple apart. Null when they do not fit.</summary>
    private TypedPattern? LambdaPattern(Ast.LambdaExpression lambda, SigilType item)
    {
        var parameters = lambda.Parameters;
        if (parameters.Count == 1)
        {
            ApplyAnnotation(parameters[0], item);
            return CheckPattern(parameters[0].Pattern, item, LocalKind.Loop);
        }
        RetryDeferred();
        if (parameters.Count == 0 || item.Resolve() is not TupleType tuple || tuple.Elements.Length != parameters.Count) return null;
        var fields = ImmutableArray.CreateBuilder<FieldPattern>(parameters.Count);
        var names = new PatternNames(LocalKind.Loop);
        for (var i = 0; i < parameters.Count; i++)
        {
            ApplyAnnotation(parameters[i], tuple.Elements[i]);
            fields.Add(new FieldPattern(i, Pattern(parameters[i].Pattern, tuple.Elements[i], names)));
        }
        return new ProductPattern { Fields = fields.MoveToImmutable(), Type = tuple, Span = TextSpan.FromBounds(At(parameters[0]).Start, At(parameters[^1]).End) };
    }

    private void ApplyAnnotation(Ast.LambdaParameter parameter, SigilType item)
    {
        if (parameter.Type is not { } written) return;
        var type = ResolveType(written);
        if (!Unify(item, type)) Report(TypeErrors.Mismatch(Source, At(written), Zonk(item).ToString(), Zonk(type).ToString()));
    }

    /// <summary><c>map(xs, f)</c>: the task of one element is the call of f with it.</summary>
    private (TypedPattern, TaskExpression) CallPerElement(Ast.Expression transform, SigilType item, SigilType? wanted)
    {
        var at = At(transform);
        var local = new LocalSymbol("item", LocalKind.Loop) { Type = item, Source = Source, Span = at, DeclaringLambda = CurrentTracker };
        var pattern = new BindingPattern { Local = local, Type = item, Span = at };
        var element = new LocalExpression { Local = local, Type = item, Span = at };
        SigilType result = wanted ?? NewVariable();
        var function = Visit(transform, Expectation.Of(new FunctionType([item], result, [])));
        RetryDeferred();
        var call = CallWith(function, element, at);
        if (wanted is not null) call = Coerce(call, wanted, at);
        return (pattern, new TaskExpression { Body = call, IsCall = true });
    }

    /// <summary>The call of a function value with one argument; a named function is called directly.</summary>
    private TypedExpression CallWith(TypedExpression function, TypedExpression argument, TextSpan at)
    {
        if (IsError(function.Type)) return ErrorAt(at);
        if (Underlying(function.Type) is TypeVariable unknown) Unify(unknown, new FunctionType([argument.Type], NewVariable(), []));
        if (Underlying(function.Type) is not FunctionType type)
        {
            Report(TypeErrors.NotCallable(Source, at, Zonk(function.Type).ToString()));
            return ErrorAt(at);
        }
        if (type.Parameters.Length != 1)
        {
            Report(TypeErrors.ArgumentCount(Source, at, "this function", type.Parameters.Length, 1));
            return ErrorAt(at);
        }
        var value = Coerce(argument, type.Parameters[0], at);
        var mode = ModeOf(type.Parameters[0]);
        return function switch
        {
            FunctionValueExpression { Capability: { } capability } f => new CapabilityCallExpression
            {
                Capability = capability,
                Method = f.Function,
                Arguments = [new Argument(0, value, mode)],
                Type = type.Result,
                Span = at,
            },
            FunctionValueExpression f => new CallExpression
            {
                Function = f.Function,
                TypeArguments = f.TypeArguments,
                Arguments = [f.Function.SelfKind == SelfKind.None ? new Argument(0, value, mode) : new Argument(-1, value, f.Function.SelfKind == SelfKind.Owned ? PassMode.Value : PassMode.Borrow)],
                Type = type.Result,
                Span = at,
            },
            _ => new IndirectCallExpression { Callee = ThroughCapability(function) ?? function, Arguments = [new Argument(0, value, mode)], Type = type.Result, Span = at },
        };
    }
}
