using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Sendability;

/// <summary>Completes the task expressions of a finished body: what they capture, and whether they are calls after all.</summary>
internal sealed class TaskCompletion(ITypeSystem types, SourceText source, DiagnosticBag diagnostics) : TypedTreeWalker
{
    /// <inheritdoc/>
    protected override void VisitTask(TaskExpression task)
    {
        // A call may have turned out to be something else: a variant, the opening of a newtype.
        if (task.IsCall && !IsCall(task.Body)) task.IsCall = false;
        if (task.IsCall) CheckReceiver(task.Body);
        else task.Captures = CapturesOf(task.Body);
        base.VisitTask(task);
    }

    /// <inheritdoc/>
    protected override void VisitFanOut(FanOut fanOut)
    {
        var mentions = new MentionCollector();
        mentions.VisitElements(fanOut);
        fanOut.Captures = Outer(mentions);
        base.VisitFanOut(fanOut);
    }

    private static bool IsCall(TypedExpression body) => body is CallExpression or DynCallExpression or CapabilityCallExpression or IndirectCallExpression;

    private static ImmutableArray<LocalSymbol> CapturesOf(TypedExpression body)
    {
        var mentions = new MentionCollector();
        mentions.Visit(body);
        return Outer(mentions);
    }

    private static ImmutableArray<LocalSymbol> Outer(MentionCollector mentions) => [.. mentions.First.Keys.Where(l => !mentions.Declared.Contains(l))];

    /// <summary>The receiver moves into the task: what a <c>mut self</c> method writes there, nobody sees (E6005).</summary>
    private void CheckReceiver(TypedExpression call)
    {
        var arguments = call switch
        {
            CallExpression c => c.Arguments,
            DynCallExpression c => c.Arguments,
            _ => [],
        };
        foreach (var argument in arguments)
            if (argument is { Parameter: < 0, Mode: PassMode.BorrowMutable } && PlaceRoot.Of(argument.Value) is { } root && types.KindOf(root.Type) != ValueKind.Unique)
                diagnostics.Add(ConcurrencyErrors.AssignmentInTask(source, argument.Value.Span, root.Name, new SourceLocation(root.Source ?? source, root.Span)));
    }
}
