using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Sendability;

/// <summary>Checks that everything which crosses to another task is Sendable: arguments, captures and results of tasks, elements of channels, captures of function values, capability values.</summary>
/// <remarks>Runs on a finished body, when all types are known.</remarks>
public sealed class SendabilityChecker : TypedTreeWalker
{
    private readonly ITypeSystem types;
    private readonly SourceText source;
    private readonly DiagnosticBag diagnostics;
    private ParameterSymbol? parameterAtHand;

    private SendabilityChecker(ITypeSystem types, SourceText source, DiagnosticBag diagnostics)
    {
        this.types = types;
        this.source = source;
        this.diagnostics = diagnostics;
    }

    /// <summary>Checks a body.</summary>
    public static void Check(TypedBody body, ITypeSystem types, SourceText source, DiagnosticBag diagnostics) =>
        new SendabilityChecker(types, source, diagnostics).Visit(body.Root);

    /// <inheritdoc/>
    public override void Visit(TypedExpression expression)
    {
        var parameter = parameterAtHand;
        parameterAtHand = null;
        switch (expression)
        {
            case LambdaExpression lambda:
                CheckLambda(lambda, lambda.Type, parameter);
                break;
            case ConversionExpression { Operand: LambdaExpression lambda } conversion:
                CheckLambda(lambda, conversion.Type, parameter);
                VisitParts(lambda);
                return;
            case ChannelExpression { IsInterProcess: true } channel:
                // What cannot be written down mostly cannot move either: that is one mistake.
                if (RequireSerializable(channel.ElementType, channel.Span, "its values cross between processes"))
                    Require(channel.ElementType, channel.Span, "its values cross between processes", BoundHelp(channel.ElementType, "Sendable + Serializable"));
                break;
            case ChannelExpression channel:
                Require(channel.ElementType, channel.Span, "its values move from task to task", BoundHelp(channel.ElementType, "Sendable"));
                if (channel.OnLag is not null && channel.ElementType is not ErrorType && types.KindOf(channel.ElementType) != ValueKind.Copy)
                    diagnostics.Add(ConcurrencyErrors.BroadcastNotCopied(source, channel.Span, channel.ElementType.ToString()!));
                break;
            case WithCapabilityExpression with:
                CheckProvider(with);
                break;
            case RecurseExpression { ParallelThreshold: not null } recurse:
                CheckParallelRecursion(recurse);
                break;
        }
        base.Visit(expression);
    }

    /// <inheritdoc/>
    protected override void VisitArgument(Argument argument, ParameterSymbol? parameter)
    {
        parameterAtHand = parameter;
        base.VisitArgument(argument, parameter);
        parameterAtHand = null;
    }

    /// <inheritdoc/>
    protected override void VisitTask(TaskExpression task)
    {
        var before = diagnostics.Count;
        if (task.IsCall) CheckTaskCall(task.Body);
        else
            foreach (var capture in task.Captures)
                RequireCapture(capture, FirstMention(task.Body, capture) ?? task.Body.Span, "task");
        // What goes in wrongly mostly comes out again: that is one mistake.
        if (diagnostics.Count == before) Require(task.Body.Type, task.Body.Span, "the value of the task comes back from another task", null);
        base.VisitTask(task);
    }

    /// <inheritdoc/>
    protected override void VisitFanOut(FanOut fanOut)
    {
        // The entry gives copies of these to every task; those of a call are among its arguments.
        if (fanOut.Body is { IsCall: false } body)
            foreach (var name in fanOut.Captures.Except(body.Captures))
                RequireCapture(name, FirstMention(body.Body, name) ?? body.Body.Span, "tasks");
        base.VisitFanOut(fanOut);
    }

    private void CheckTaskCall(TypedExpression call)
    {
        var arguments = call switch
        {
            CallExpression c => c.Arguments,
            DynCallExpression c => c.Arguments,
            CapabilityCallExpression c => c.Arguments,
            IndirectCallExpression c => c.Arguments,
            _ => [],
        };
        if (call is IndirectCallExpression indirect)
            Require(indirect.Callee.Type, indirect.Callee.Span, "the function moves into the task here", null);
        foreach (var argument in arguments)
        {
            if (LambdaOf(argument.Value) is { } lambda && IsBorrowed(lambda, argument.Value.Type))
            {
                // Lent inside the task, but it goes there first: what it captures goes along.
                foreach (var capture in lambda.Captures)
                    Require(capture.Type, FirstMention(lambda.Body, capture) ?? lambda.Span, $"`{capture.Name}` moves into the task here", null);
            }
            else
                Require(WithoutBorrow(CrossingType(argument.Value)), argument.Value.Span, argument.Parameter < 0 ? "the receiver moves into the task here" : "this moves into the task here", null);
        }
    }

    private void CheckLambda(LambdaExpression lambda, SigilType type, ParameterSymbol? parameter)
    {
        if (type.Resolve() is not FunctionType function || IsBorrowed(lambda, type)) return;
        foreach (var capture in lambda.Captures)
        {
            if (capture.Type.Resolve() is not BorrowType { Target: var lent } || types.KindOf(lent) != ValueKind.Unique) continue;
            diagnostics.Add(ConcurrencyErrors.BorrowInEscapingLambda(source, FirstMention(lambda.Body, capture) ?? lambda.Span, capture.Name, lent.ToString()));
            return;
        }
        if (function.Kind == FunctionKind.Ref) return;
        foreach (var capture in lambda.Captures)
        {
            var captured = WithoutBorrow(capture.Type);
            var mention = FirstMention(lambda.Body, capture) ?? lambda.Span;
            if (function.Kind == FunctionKind.Plain && types.KindOf(captured) == ValueKind.Unique)
            {
                diagnostics.Add(ConcurrencyErrors.UniqueCapture(source, lambda.Span, mention, capture.Name, captured.ToString(), function.ToString()));
                return;
            }
            // That a handle does not leave its scope is E6011.
            if (WhyNot(captured) is not { } why || IsHandle(captured)) continue;
            SourceLocation? escape = parameter is { EscapesAt: { } span, Source: { } at } ? new SourceLocation(at, span) : null;
            diagnostics.Add(ConcurrencyErrors.CaptureNotSendable(source, lambda.Span, mention, capture.Name, captured.ToString(), why, function.ToString(), escape));
            return;
        }
    }

    private void CheckProvider(WithCapabilityExpression with)
    {
        if (with.Capability.Trait.IsMarkerCapability) return;
        var type = with.Value.Type;
        Require(type, with.Value.Span, $"every task made below reaches this `{with.Capability}`", null);
        if (types.ExclusivePart(type) is { } part)
            diagnostics.Add(ConcurrencyErrors.UniqueWhereShared(source, with.Value.Span, part.ToString(), $"several tasks may use this `{with.Capability}` at once"));
    }

    private void CheckParallelRecursion(RecurseExpression recurse)
    {
        var mentioned = new MentionCollector();
        mentioned.Visit(recurse.Condition);
        mentioned.Visit(recurse.Base);
        mentioned.Visit(recurse.Step);
        foreach (var parameter in recurse.Parameters) mentioned.First.TryAdd(parameter, recurse.Span);
        foreach (var (local, span) in mentioned.First)
        {
            if (mentioned.Declared.Contains(local)) continue;
            var type = WithoutBorrow(local.Type);
            if (types.KindOf(type) == ValueKind.Unique)
                diagnostics.Add(ConcurrencyErrors.UniqueInParallelRecursion(source, span, local.Name, type.ToString()));
            else
                Require(type, span, $"`{local.Name}` is used by several tasks here", null);
        }
        foreach (var (local, span) in mentioned.Assigned)
            if (!mentioned.Declared.Contains(local))
                diagnostics.Add(ConcurrencyErrors.AssignmentInParallelRecursion(source, span, local.Name));
        Require(recurse.Type, recurse.Span, "the result comes back from other tasks", null);
    }

    // What is lent and can be copied is copied; a lent unique value stays with its owner.
    private void RequireCapture(LocalSymbol capture, TextSpan at, string where)
    {
        if (capture.Type.Resolve() is BorrowType { Target: var lent } && types.KindOf(lent) == ValueKind.Unique && !IsGroup(lent))
            diagnostics.Add(ConcurrencyErrors.LentToTask(source, at, lent.ToString()));
        else
            Require(WithoutBorrow(capture.Type), at, $"`{capture.Name}` moves into the {where} here", null);
    }

    private bool IsHandle(SigilType type) =>
        type.Resolve() is NamedType named && (named.Definition == types.Core.FindType("Task") || named.Definition == types.Core.FindType("GroupTask"));

    private bool IsGroup(SigilType type) =>
        type.Resolve() is NamedType named && (named.Definition == types.Core.FindType("TaskGroup") || named.Definition == types.Core.FindType("Nursery"));

    private void Require(SigilType type, TextSpan at, string crossing, string? help)
    {
        if (WhyNot(type) is { } why) diagnostics.Add(ConcurrencyErrors.NotSendable(source, at, type.ToString(), why, crossing, help));
    }

    private string? WhyNot(SigilType type)
    {
        type = type.Resolve();
        if (type is ErrorType or TypeVariable || types.WhyNotSendable(type) is not { } path) return null;
        // That a group goes nowhere at all is E6011.
        if (IsGroup(WithoutBorrow(type))) return null;
        return SendablePath.Describe(type, path);
    }

    /// <summary>E6013 unless values of the type can be written down; ends of channels between processes move with them.</summary>
    private bool RequireSerializable(SigilType type, TextSpan at, string crossing)
    {
        type = type.Resolve();
        if (type is ErrorType or TypeVariable || types.WhyNotSerializable(type, endsMove: true) is not { } path) return true;
        diagnostics.Add(ConcurrencyErrors.NotSerializable(source, at, type.ToString(), SendablePath.Describe(type, path), crossing, BoundHelp(type, "Sendable + Serializable")));
        return false;
    }

    private static string? BoundHelp(SigilType type, string bound) =>
        type.Resolve() is TypeParameterType { Symbol: var p } ? $"ask for it: `{p.Name}: {bound}`" : null;

    // A function for a borrowed parameter moves into the task as the value that it is, and is lent there; only one that is lent here already cannot.
    private static SigilType CrossingType(TypedExpression value)
    {
        if (value.Type.Resolve() is not FunctionType { Kind: FunctionKind.Borrowed } borrowed) return value.Type;
        var made = value is ConversionExpression { Kind: ConversionKind.Function, Operand: var operand } ? operand : value;
        return made is LocalExpression or MemberExpression ? made.Type : borrowed.WithKind(FunctionKind.Plain);
    }

    private static LambdaExpression? LambdaOf(TypedExpression value) => value switch
    {
        LambdaExpression lambda => lambda,
        ConversionExpression { Operand: LambdaExpression lambda } => lambda,
        _ => null,
    };

    private static bool IsBorrowed(LambdaExpression lambda, SigilType type) =>
        lambda.IsBorrowed || type.Resolve() is FunctionType { Kind: FunctionKind.Borrowed };

    // A borrow of a copyable type crosses as a copy; that a borrow of a unique one cannot cross is the ownership check's finding.
    private static SigilType WithoutBorrow(SigilType type) => type.Resolve() is BorrowType borrow ? borrow.Target.Resolve() : type.Resolve();

    private static TextSpan? FirstMention(TypedExpression expression, LocalSymbol local)
    {
        var collector = new MentionCollector();
        collector.Visit(expression);
        return collector.First.TryGetValue(local, out var span) ? span : null;
    }
}
