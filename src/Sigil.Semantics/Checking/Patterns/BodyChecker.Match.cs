using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// match(e, p1 -> e1, …)
public sealed partial class BodyChecker
{
    internal partial TypedExpression CheckMatch(Ast.MatchExpression e, Expectation expected)
    {
        var scrutinee = Infer(e.Scrutinee);
        var join = new BranchJoin(this, expected);
        var arms = new List<MatchArm>(e.Arms.Count);
        foreach (var arm in e.Arms)
        {
            PushScope();
            var pattern = CheckPattern(arm.Pattern.Pattern, scrutinee.Type, LocalKind.Pattern);
            var guard = arm.Pattern.Guard is { } g ? Guard(g) : null;
            arms.Add(new MatchArm(pattern, guard, join.Add(arm.Body), At(arm)));
            PopScope();
        }
        return new MatchExpression
        {
            Scrutinee = scrutinee,
            Arms = [.. arms.Select(a => a with { Body = join.Fit(a.Body) })],
            Type = join.ResultType,
            Span = At(e),
        };
    }

    /// <summary>A guard, which must be bool (E4006).</summary>
    private TypedExpression Guard(Ast.Expression guard)
    {
        var value = InferValue(guard);
        RetryDeferred();
        if (IsError(value.Type) || IsNever(value.Type) || Unify(value.Type, Core.Bool)) return value;
        Report(PatternErrors.GuardNotBool(Source, At(guard), Zonk(value.Type).ToString()));
        return ErrorAt(At(guard));
    }
}
