using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// select(.priority: [arms] or .fair: [arms], .timeout: d -> e, .default: e, .closed: e)
public sealed partial class BodyChecker
{
    /// <summary>The runtime keeps sets of arms in a word.</summary>
    private const int MaxArms = 64;

    internal partial TypedExpression CheckSelect(Ast.SelectExpression e, Expectation expected)
    {
        var join = new BranchJoin(this, expected);
        var arms = ImmutableArray.CreateBuilder<SelectArm>();
        Ast.SelectArmList? list = null;
        TypedExpression? timeoutAfter = null, timeoutBody = null, fallback = null, closed = null;
        foreach (var entry in e.Entries)
        {
            switch (entry)
            {
                case Ast.SelectArm arm:
                    arms.Add(Arm(arm, join));
                    break;
                case Ast.SelectArmList written:
                    if (list is not null && list.Label.Text != written.Label.Text) Report(FormErrors.TwoOrders(Source, At(written.Label), At(list.Label)));
                    list ??= written;
                    foreach (var arm in written.Arms) arms.Add(Arm(arm, join));
                    break;
                case Ast.SelectTimeout timeout:
                    timeoutAfter = Check(timeout.Duration, Core.Duration);
                    timeoutBody = join.Add(timeout.Body);
                    break;
                case Ast.SelectOption { Label.Text: "default" } option:
                    fallback = join.Add(option.Body);
                    break;
                case Ast.SelectOption { Label.Text: "closed" } option:
                    closed = join.Add(option.Body);
                    break;
            }
        }
        if (fallback is not null && e.Entries.OfType<Ast.SelectTimeout>().FirstOrDefault() is { } never) Report(FormErrors.TimeoutBesideDefault(Source, At(never)));
        if (list is not null && arms.Count == 0) Report(FormErrors.NoArms(Source, At(list)));
        if (arms.Count > MaxArms) Report(FormErrors.TooManyArms(Source, arms[MaxArms].Span, MaxArms));
        return new SelectExpression
        {
            IsFair = list is { IsPriority: false },
            Arms = [.. arms.Select(a => a with { Body = join.Fit(a.Body) })],
            TimeoutAfter = timeoutAfter,
            TimeoutBody = timeoutBody is null ? null : join.Fit(timeoutBody),
            Default = fallback is null ? null : join.Fit(fallback),
            Closed = closed is null ? null : join.Fit(closed),
            Type = join.ResultType,
            Span = At(e),
        };
    }

    private SelectArm Arm(Ast.SelectArm arm, BranchJoin join)
    {
        var operation = Infer(arm.SourceOperation);
        var (kind, received) = OperationOf(operation, arm);
        var call = operation as CallExpression;
        var subject = kind == SelectArmKind.TaskWait ? call : kind == SelectArmKind.Sleep ? call?.Arguments.FirstOrDefault(a => a.Parameter == 0)?.Value : call?.Arguments.FirstOrDefault(a => a.Parameter < 0)?.Value;
        var value = kind == SelectArmKind.Send ? call?.Arguments.FirstOrDefault(a => a.Parameter == 0)?.Value : null;
        PushScope();
        TypedPattern? pattern = null;
        if (arm.Binder is { } binder)
        {
            pattern = CheckPattern(binder.Pattern, received, LocalKind.Pattern);
            if (binder.Guard is { } guard)
            {
                Report(FormErrors.GuardedArm(Source, At(guard)));
                InferLoosely(guard);
            }
        }
        var body = join.Add(arm.Body);
        PopScope();
        return new SelectArm(kind, subject ?? ErrorAt(At(arm.SourceOperation)), value, pattern, null, body, At(arm.SourceOperation));
    }

    /// <summary>What an arm waits for, and the type of what it then has in hand.</summary>
    private (SelectArmKind Kind, SigilType Received) OperationOf(TypedExpression operation, Ast.SelectArm arm)
    {
        if (operation is CallExpression { Function: { Module.IsStandardLibrary: true } function } call)
        {
            var owner = (function.SelfType?.Resolve() as NamedType)?.Definition;
            switch (owner?.Name, function.Name)
            {
                case (_, "receive") when owner?.End is { IsProducer: false }:
                    RetryDeferred();
                    return (SelectArmKind.Receive, AsPrelude(call.Type.Resolve(), "Option")?.Arguments[0] ?? ErrorType.Instance);
                case (_, "send") when owner?.End is { IsProducer: true }: return (SelectArmKind.Send, Core.Void);
                case ("Task", "wait" or "wait_own"): return (SelectArmKind.TaskWait, call.Type);
                case ("CancellationToken", "cancelled"): return (SelectArmKind.TokenCancelled, Core.Void);
                case (null, "sleep"): return (SelectArmKind.Sleep, Core.Void);
            }
        }
        if (!IsError(operation.Type)) Report(FormErrors.NotAnArm(Source, At(arm.SourceOperation)));
        return (SelectArmKind.Receive, ErrorType.Instance);
    }
}
