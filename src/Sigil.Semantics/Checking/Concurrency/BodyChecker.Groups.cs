using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// task_group and nursery: scopes with a body that starts tasks (concurrency rules §4).
public sealed partial class BodyChecker
{
    /// <summary>What the body of a nursery or group has spawned so far.</summary>
    private sealed class GroupBody
    {
        public List<(SigilType Value, TextSpan At)> Spawned { get; } = [];
        public List<SigilType> Errors { get; } = [];
        public ExitBoundary? Boundary { get; init; }
        public bool AsksForFirst { get; set; }

        /// <summary>Of a group: what it is used as gives the error type; the tasks' are converted into it.</summary>
        public bool HasExpectedError { get; init; }
    }

    private readonly Dictionary<LocalSymbol, GroupBody> groupBodies = [];

    private TypedExpression Group(Ast.CallExpression call, string form, Expectation expected)
    {
        var at = At(call);
        var isNursery = form == "nursery";
        var bodyName = isNursery ? "tasks" : "spawn";
        var given = Properties(call, form, new FormProperty(bodyName, true), new FormProperty("on_error", false), new FormProperty("timeout", false),
            new FormProperty("max_concurrent", false), new FormProperty("token", false));
        if (given is null) return ErrorAt(at);
        if (Unparenthesized(given[bodyName]) is not Ast.LambdaExpression { Parameters: [var head] } lambda || head.Pattern is not (Ast.BindingPattern or Ast.WildcardPattern))
        {
            Report(FormErrors.PropertyValue(Source, At(given[bodyName]), form, bodyName, $"a lambda of one parameter, which names the scope: `{(isNursery ? "n" : "g")} -> …`"));
            InferLoosely(given[bodyName]);
            return ErrorAt(at);
        }
        var options = Options(form, given);
        return isNursery ? Nursery(lambda, head, options, expected, at) : TaskGroup(lambda, head, options, expected, at);
    }

    private LocalSymbol DeclareGroup(Ast.LambdaParameter head, SigilType type, GroupBody body)
    {
        ApplyAnnotation(head, type);
        LocalSymbol local;
        if (head.Pattern is Ast.BindingPattern { Name: { IsMissing: false } name }) local = Declare(name.Text, LocalKind.LambdaParameter, type, At(name));
        else local = new LocalSymbol("", LocalKind.LambdaParameter) { Type = type, Source = Source, Span = At(head), DeclaringLambda = CurrentTracker };
        groupBodies[local] = body;
        return local;
    }

    private TypedExpression TaskGroup(Ast.LambdaExpression lambda, Ast.LambdaParameter head, ScopeOptions options, Expectation expected, TextSpan at)
    {
        var wanted = expected.Known is NamedType list && list.Definition == Core.ListSymbol ? AsPrelude(list.Arguments[0], "Result") : null;
        SigilType value = wanted?.Arguments[0] ?? NewVariable();
        SigilType error = wanted?.Arguments[1] ?? NewVariable();
        PushScope();
        var spawned = new GroupBody { HasExpectedError = !IsUnknown(error) };
        var group = DeclareGroup(head, new NamedType(Core.Type("TaskGroup"), [value, error]), spawned);
        var body = CheckDiscarding(lambda.Body);
        PopScope();
        // A group that starts nothing has a list of nothing.
        Defer(force =>
        {
            if (IsUnknown(error) && force) Unify(error, Core.Type("TaskError").SelfType);
            if (IsUnknown(value) && force) Unify(value, Core.Void);
            return !IsUnknown(error) && !IsUnknown(value);
        });
        // Otherwise the tasks have asked for it.
        if (spawned.Spawned.Count == 0) RequireTaskError(error, at, "`task_group`");
        return new GroupExpression { IsNursery = false, Group = group, Body = body, Options = options, Type = Core.List(Core.Result(value, error)), Span = at };
    }

    private TypedExpression Nursery(Ast.LambdaExpression lambda, Ast.LambdaParameter head, ScopeOptions options, Expectation expected, TextSpan at)
    {
        var wanted = expected.Known is { } known ? AsPrelude(known, "Result") : null;
        SigilType value = wanted?.Arguments[0] ?? NewVariable();
        SigilType error = wanted?.Arguments[1] ?? NewVariable();
        var boundary = new ExitBoundary { Type = Core.Result(value, error) };
        var spawned = new GroupBody { Boundary = boundary };
        PushScope();
        var group = DeclareGroup(head, new NamedType(Core.Type("Nursery"), [error]), spawned);
        PushBoundary(boundary);
        if (lambda.ReturnType is { } returned) Unify(value, ResolveType(returned));
        TypedExpression body;
        if (IsVoid(value)) body = CheckDiscarding(lambda.Body);
        else if (!IsUnknown(value)) body = Check(lambda.Body, value);
        else
        {
            body = InferValue(lambda.Body);
            if (!IsNever(body.Type)) Unify(value, body.Type);
            else Defer(force => !IsUnknown(value) || (force && Unify(value, Core.Void)));
            body = Coerce(body, value, body.Span);
        }
        PopBoundary();
        PopScope();
        RetryDeferred();
        SettleNurseryError(error, spawned);
        // The error type of a task was asked for where the task begins.
        if (IsUnknown(error) || !spawned.Errors.Exists(e => !IsUnknown(e) && CanEqual(e, error))) RequireTaskError(error, at, "`nursery`");
        return new GroupExpression
        {
            IsNursery = true,
            Group = group,
            Body = body,
            Boundary = boundary,
            Options = options,
            AsksForFirst = spawned.AsksForFirst,
            Type = Core.Result(value, error),
            Span = at,
        };
    }

    /// <summary>The error type of a nursery that nothing expects: the one of its tasks, else TaskError.</summary>
    private void SettleNurseryError(SigilType error, GroupBody spawned)
    {
        bool Settle(bool force)
        {
            if (!IsUnknown(error)) return true;
            if (spawned.Errors.FirstOrDefault(e => !IsUnknown(e)) is { } one) return Unify(error, one);
            return (spawned.Errors.Count == 0 || force) && Unify(error, Core.Type("TaskError").SelfType);
        }
        if (!Settle(false)) Defer(Settle);
    }

    private void RequireTaskError(SigilType error, TextSpan at, string neededBy) =>
        Require(error, new TraitReference(Core.Trait("From"), [Core.Type("TaskError").SelfType], []), at, neededBy);

    /// <summary>What a group, a nursery or a task's handle does beyond its declared methods; null: look for a method.</summary>
    private TypedExpression? ScopeOperation(TypedExpression receiver, SigilType type, string name, Ast.CallExpression e, Ast.MemberExpression member, Expectation expected)
    {
        if (type is not NamedType { Definition.Module.IsStandardLibrary: true } scope) return null;
        if (name == "spawn" && (AsPrelude(scope, "Nursery") ?? AsPrelude(scope, "TaskGroup")) is not null) return Spawn(receiver, scope, e);
        if (name == "wait_for_first" && AsPrelude(scope, "Nursery") is not null) return WaitForFirst(receiver, scope, e, At(member.Name));
        if (name == "wait" && AsPrelude(scope, "Task") is not null && !IsUnknown(scope.Arguments[0]) && Types.KindOf(Zonk(scope.Arguments[0])) == ValueKind.Unique)
            return CallCandidates(program.Members.FindMethods(scope, "wait_own", this.scope, unifier), receiver, e, member, expected);
        return null;
    }

    private TypedExpression Spawn(TypedExpression receiver, NamedType scope, Ast.CallExpression e)
    {
        var at = At(e);
        if (e.Arguments.Arguments is not [{ Label: null } argument])
        {
            Report(TypeErrors.ArgumentCount(Source, at, "`spawn`", 1, e.Arguments.Arguments.Count));
            return Broken(e);
        }
        var isNursery = AsPrelude(scope, "Nursery") is not null;
        var task = Task(argument.Value, null);
        if (IsError(task.Body.Type)) return ErrorAt(at);
        SigilType value = NewVariable();
        SigilType error = NewVariable();
        var node = new SpawnExpression
        {
            Group = receiver,
            Task = task,
            ValueType = value,
            ErrorType = error,
            ScopeErrorType = isNursery ? scope.Arguments[0] : null,
            Type = isNursery ? new NamedType(Core.Type("Task"), [value, error]) : Core.Type("GroupTask").SelfType,
            Span = at,
        };
        var known = receiver is LocalExpression { Local: var local } && groupBodies.TryGetValue(local, out var body) ? body : null;
        known?.Spawned.Add((value, at));
        RetryDeferred();
        if (!SettleSpawn(node, scope, known, force: false)) Defer(force => SettleSpawn(node, scope, known, force));
        RequireTaskError(error, at, "`spawn`");
        RequireCopyable(error, at, "as the error of a task", "both the task's handle and its scope have it");
        return node;
    }

    /// <summary>Decides, once the task's type is known, whether it may fail with an <c>Err</c>.</summary>
    private bool SettleSpawn(SpawnExpression node, NamedType scope, GroupBody? body, bool force)
    {
        var type = node.Task.Body.Type.Resolve();
        if (IsUnknown(type) && !force) return false;
        if (IsError(type)) return true;
        var result = AsPrelude(type, "Result");
        node.YieldsResult = result is not null;
        var value = result?.Arguments[0] ?? (IsNever(type) || IsUnknown(type) ? Core.Void : type);
        var error = result?.Arguments[1] ?? Core.Type("TaskError").SelfType;
        Unify(node.ValueType, value);
        if (node.ScopeErrorType is { } wanted)
        {
            Unify(node.ErrorType, error);
            if (result is null) return true;
            body?.Errors.Add(error);
            if (!ConvertChildError(node, error, wanted, force: false)) Defer(f => ConvertChildError(node, error, wanted, f));
            return true;
        }
        // A group that came as a parameter has said what its errors are.
        if ((body is null || body.HasExpectedError) && Unify(scope.Arguments[0], value) && !Unify(scope.Arguments[1], error)
            && FindFrom(error.Resolve(), scope.Arguments[1].Resolve()) is { } conversion)
        {
            if (result is not null)
            {
                node.ChildErrorType = error;
                node.From = conversion.Method;
                node.FromTypeArguments = conversion.Arguments;
            }
            Unify(node.ErrorType, scope.Arguments[1]);
            return true;
        }
        Unify(node.ErrorType, error);
        var first = Core.Result(scope.Arguments[0], scope.Arguments[1]);
        var own = Core.Result(value, error);
        if (!Unify(first, own) && !HasError(Zonk(first)) && !HasError(Zonk(own)))
            Report(FormErrors.DifferentTypes(Source, node.Task.Body.Span, "task_group", Zonk(first).ToString(), Zonk(own).ToString()));
        return true;
    }

    private bool ConvertChildError(SpawnExpression node, SigilType error, SigilType wanted, bool force)
    {
        if ((IsUnknown(error) || IsUnknown(wanted)) && !force) return ReferenceEquals(error.Resolve(), wanted.Resolve());
        if (Unify(error, wanted)) return true;
        if (FindFrom(error.Resolve(), wanted.Resolve()) is { } from)
        {
            node.From = from.Method;
            node.FromTypeArguments = from.Arguments;
            return true;
        }
        if (!HasError(Zonk(error)) && !HasError(Zonk(wanted))) Report(TypeErrors.NoErrorConversion(Source, node.Task.Body.Span, Zonk(error).ToString(), Zonk(wanted).ToString()));
        return true;
    }

    private TypedExpression WaitForFirst(TypedExpression receiver, NamedType scope, Ast.CallExpression e, TextSpan nameAt)
    {
        var at = At(e);
        if (e.Arguments.Arguments.Count > 0)
        {
            Report(TypeErrors.ArgumentCount(Source, at, "`wait_for_first`", 0, e.Arguments.Arguments.Count));
            return Broken(e);
        }
        // Its type is that of the tasks before it, so they must be in sight.
        var body = receiver is LocalExpression { Local: var local } && groupBodies.TryGetValue(local, out var found) ? found : null;
        if (body is null || body.Spawned.Count == 0)
        {
            Report(TypeErrors.CannotInfer(Source, nameAt, "the value of `wait_for_first`", "spawn at least one task before it, in the body of the same nursery"));
            return ErrorAt(at);
        }
        var value = body.Spawned[0].Value;
        foreach (var (other, _) in body.Spawned.Skip(1))
            if (!Unify(value, other))
            {
                Report(FormErrors.DifferentTypes(Source, nameAt, "wait_for_first", Zonk(value).ToString(), Zonk(other).ToString()));
                return ErrorAt(at);
            }
        RequireCopyable(value, at, "as the result of `wait_for_first`", "the task's handle may have it too");
        body.AsksForFirst = true;
        var error = scope.Arguments[0];
        var result = Core.Result(value, error);
        var call = new CallExpression
        {
            Function = PreludeFunction("first_of"),
            TypeArguments = [value, error],
            Arguments = [new Argument(0, receiver, PassMode.Borrow)],
            Type = result,
            Span = at,
        };
        // A task that failed ends the nursery; out of a lambda one cannot leave that far.
        if (body.Boundary is not { } boundary || boundary.Depth != captureTrackers.Count) return Leave(call, result, at);
        return new QuestionExpression { Operand = call, Boundary = boundary, LeavesTask = false, Type = value, Span = at };
    }

    private FunctionSymbol PreludeFunction(string name) =>
        Core.FindFunction(name) ?? Core.FindFunction($"prelude.{name}") ?? Core.Function($"std.prelude.{name}");
}
