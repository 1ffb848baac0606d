using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Sendability;

/// <summary>
/// A <c>?</c> in a task expression that is no call ends the whole scope, and its error goes on where the scope stands. So nothing that <c>?</c> leaves to
/// may begin between the scope and the spawn: not a function or lambda that was lent the group, and no <c>try</c> in the body. What such a place
/// yields is not what the scope would have to leave with (E3028).
/// </summary>
internal sealed class TaskExitChecker : TypedTreeWalker
{
    private readonly SourceText source;
    private readonly DiagnosticBag diagnostics;
    // What a `?` leaves to at this place, and where it has to for the tasks of a group.
    private object innermost = new();
    private readonly Dictionary<LocalSymbol, object> required = [];

    private TaskExitChecker(SourceText source, DiagnosticBag diagnostics)
    {
        this.source = source;
        this.diagnostics = diagnostics;
    }

    /// <summary>Checks a body.</summary>
    public static void Check(TypedBody body, SourceText source, DiagnosticBag diagnostics) => new TaskExitChecker(source, diagnostics).Visit(body.Root);

    /// <inheritdoc/>
    public override void Visit(TypedExpression expression)
    {
        switch (expression)
        {
            case GroupExpression e:
                VisitOptions(e.Options);
                required[e.Group] = e.IsNursery ? e.Boundary! : innermost;
                if (e.IsNursery) Inside(e.Boundary!, e.Body);
                else Visit(e.Body);
                return;
            case TryExpression e: Inside(e.Boundary, e.Body); return;
            case LambdaExpression e:
                var outside = innermost;
                innermost = e;
                VisitParts(e);
                innermost = outside;
                return;
            case SpawnExpression { Task.IsCall: false } e when !(e.Group is LocalExpression { Local: var group } && required.GetValueOrDefault(group) == innermost):
                foreach (var at in Exits.Of(e.Task.Body)) diagnostics.Add(TypeErrors.QuestionLeavesForeignScope(source, at));
                break;
        }
        base.Visit(expression);
    }

    private void Inside(object boundary, TypedExpression body)
    {
        var outside = innermost;
        innermost = boundary;
        Visit(body);
        innermost = outside;
    }

    /// <summary>The <c>?</c>s that end the scope of a task: those that leave to nothing inside of it.</summary>
    private sealed class Exits : TypedTreeWalker
    {
        private readonly List<TextSpan> found = [];
        private readonly HashSet<ExitBoundary> inside = [];

        public static List<TextSpan> Of(TypedExpression body)
        {
            var exits = new Exits();
            exits.Visit(body);
            return exits.found;
        }

        public override void Visit(TypedExpression expression)
        {
            if (expression is TryExpression attempt) inside.Add(attempt.Boundary);
            else if (expression is GroupExpression { Boundary: { } boundary }) inside.Add(boundary);
            else if (expression is LambdaExpression) return;
            else if (expression is QuestionExpression { LeavesTask: true } question && !inside.Contains(question.Boundary)) found.Add(question.Span);
            base.Visit(expression);
        }
    }
}
