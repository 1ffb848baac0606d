using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Sendability;

/// <summary>Completes the task expressions and lambdas of a finished body: what they capture, and whether tasks are calls after all.</summary>
internal sealed class TaskCompletion(ITypeSystem types, SourceText source, DiagnosticBag diagnostics) : TypedTreeWalker
{
    private int recursions;

    /// <inheritdoc/>
    public override void Visit(TypedExpression expression)
    {
        if (expression is LambdaExpression lambda && recursions > 0)
        {
            // A call of a recursion from around takes along what that mentions.
            var mentions = new MentionCollector();
            mentions.Visit(lambda);
            lambda.Captures = [.. lambda.Captures.Union(Outer(mentions))];
            CheckAssigned(mentions, LocalNameErrors.AssignedCapture);
        }
        if (expression is RecurseExpression) recursions++;
        base.Visit(expression);
        if (expression is RecurseExpression) recursions--;
    }

    /// <inheritdoc/>
    protected override void VisitTask(TaskExpression task)
    {
        // A call may have turned out to be something else: a variant, the opening of a newtype.
        if (task.IsCall && !IsCall(task.Body)) task.IsCall = false;
        if (task.IsCall) CheckLent(task.Body);
        else Complete(task);
        base.VisitTask(task);
    }

    /// <inheritdoc/>
    protected override void VisitFanOut(FanOut fanOut)
    {
        var mentions = new MentionCollector();
        mentions.VisitElements(fanOut);
        fanOut.Captures = Outer(mentions);
        CheckAssigned(mentions, LocalNameErrors.AssignedTaskCapture);
        base.VisitFanOut(fanOut);
    }

    private static bool IsCall(TypedExpression body) => body is CallExpression or DynCallExpression or CapabilityCallExpression or IndirectCallExpression;

    private void Complete(TaskExpression task)
    {
        var mentions = new MentionCollector();
        mentions.Visit(task.Body);
        task.Captures = Outer(mentions);
        CheckAssigned(mentions, LocalNameErrors.AssignedTaskCapture);
    }

    // E2017, E6005: a recursion from around would assign to the copy that the lambda or task has.
    private void CheckAssigned(MentionCollector mentions, Func<SourceText, TextSpan, string, SourceLocation?, Diagnostic> error)
    {
        foreach (var (name, at) in mentions.AssignedBySelf.Distinct())
            if (!mentions.Declared.Contains(name)) diagnostics.Add(error(source, at, name.Name, new SourceLocation(name.Source ?? source, name.Span)));
    }

    private static ImmutableArray<LocalSymbol> Outer(MentionCollector mentions) => [.. mentions.First.Keys.Where(l => !mentions.Declared.Contains(l))];

    /// <summary>Receiver and arguments move into the task: nothing can be lent there (E6008), and what is written there, nobody sees (E6005).</summary>
    private void CheckLent(TypedExpression call)
    {
        var (arguments, function) = call switch
        {
            CallExpression c => (c.Arguments, c.Function),
            DynCallExpression c => (c.Arguments, c.Method),
            CapabilityCallExpression c => (c.Arguments, c.Method),
            _ => ([], null),
        };
        foreach (var argument in arguments)
        {
            var isUnique = types.KindOf(argument.Value.Type) == ValueKind.Unique;
            var root = PlaceRoot.Of(argument.Value);
            if (argument.Mode == PassMode.BorrowMutable && !isUnique && root is not null)
                diagnostics.Add(ConcurrencyErrors.AssignmentInTask(source, argument.Value.Span, root.Name, new SourceLocation(root.Source ?? source, root.Span)));
            else if (isUnique && argument.Mode is PassMode.Borrow or PassMode.BorrowMutable && argument.Parameter >= 0
                && root is not null && function is not null && function.Parameters[argument.Parameter].Type.Resolve() is BorrowType)
                diagnostics.Add(ConcurrencyErrors.LentToTask(source, argument.Value.Span, argument.Value.Type.ToString()));
        }
    }
}
