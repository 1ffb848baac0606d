using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Exhaustiveness;

/// <summary>Checks of a typed body that every match covers its type (E4001), that no arm is idle (E4002), that binding patterns cannot fail (E4003), that no catch-all hides variants (W4001), and, if wanted, that no arms overlap partly (W4002).</summary>
public sealed class ExhaustivenessChecker : TypedTreeWalker
{
    private readonly ITypeSystem types;
    private readonly SourceText source;
    private readonly DiagnosticBag diagnostics;
    private bool reportsOverlaps;

    private ExhaustivenessChecker(ITypeSystem types, SourceText source, DiagnosticBag diagnostics)
    {
        this.types = types;
        this.source = source;
        this.diagnostics = diagnostics;
    }

    /// <summary>Checks every pattern of a body.</summary>
    public static void Check(TypedBody body, ITypeSystem types, SourceText source, DiagnosticBag diagnostics, bool reportsOverlaps = false)
    {
        var checker = new ExhaustivenessChecker(types, source, diagnostics) { reportsOverlaps = reportsOverlaps };
        foreach (var pattern in body.ParameterPatterns)
            if (pattern is not null) checker.RequireIrrefutable(pattern, "a parameter");
        checker.Visit(body.Root);
    }

    /// <inheritdoc/>
    public override void Visit(TypedExpression expression)
    {
        base.Visit(expression);
        switch (expression)
        {
            case MatchExpression match: CheckMatch(match); break;
            case ForExpression loop:
                foreach (var binding in loop.Bindings) RequireIrrefutable(binding.Pattern, "`for`");
                break;
            case LambdaExpression lambda:
                foreach (var pattern in lambda.ParameterPatterns)
                    if (pattern is not null) RequireIrrefutable(pattern, "a parameter");
                break;
            case SelectExpression select:
                foreach (var arm in select.Arms)
                    if (arm.Pattern is not null) RequireIrrefutable(arm.Pattern, "an arm of `select`");
                break;
        }
    }

    /// <inheritdoc/>
    protected override void VisitStatement(TypedStatement statement)
    {
        base.VisitStatement(statement);
        if (statement is LetStatement let) RequireIrrefutable(let.Pattern, "`let`", listsAlwaysFit: true);
    }

    /// <inheritdoc/>
    protected override void VisitFanOut(FanOut fanOut)
    {
        base.VisitFanOut(fanOut);
        foreach (var binding in fanOut.Bindings) RequireIrrefutable(binding.Pattern, "`for`");
    }

    private void RequireIrrefutable(TypedPattern pattern, string place, bool listsAlwaysFit = false)
    {
        if (pattern is WildcardPattern or BindingPattern { Inner: null } || HasErrorType(pattern.Type)) return;
        var shapes = new ShapeTable();
        var builder = new ShapeBuilder(types, shapes) { ListsAlwaysFit = listsAlwaysFit };
        var shape = builder.Build(pattern);
        if (!builder.IsComplete) return;
        try
        {
            if (new PatternMatrix(types, shapes).FindUncovered([[shape]], [pattern.Type]) is [var witness])
                diagnostics.Add(PatternErrors.Refutable(source, pattern.Span, new WitnessPrinter(types).Print(witness, pattern.Type), place));
        }
        catch (TooComplexException)
        {
            diagnostics.Add(PatternErrors.TooComplex(source, pattern.Span));
        }
        // What stands inside a list pattern must fit all the same: only the length is left to the run.
        foreach (var list in builder.AssumedLists)
            foreach (var element in list.Prefix.Concat(list.Suffix)) RequireIrrefutable(element, place, listsAlwaysFit);
    }

    private void CheckMatch(MatchExpression match)
    {
        var type = match.Scrutinee.Type;
        if (HasErrorType(type)) return;
        var shapes = new ShapeTable();
        var builder = new ShapeBuilder(types, shapes);
        var rows = match.Arms.Select(a => ImmutableArray.Create(builder.Build(a.Pattern))).ToList();
        if (!builder.IsComplete) return;
        ImmutableArray<SigilType> columns = [type];
        var matrix = new PatternMatrix(types, shapes);
        try
        {
            var before = new List<ImmutableArray<Shape>>();
            var seen = new RowIndex();
            for (var i = 0; i < rows.Count; i++)
            {
                var meeting = seen.Meeting(rows[i][0]);
                if (meeting.Count > 0 && !matrix.Adds([.. meeting.Select(k => before[k])], rows[i], columns)) ReportUnreachable(match, rows, i);
                else if (match.Arms[i].Guard is null) CheckCatchAll(match.Arms[i], type, rows[i][0], before);
                if (match.Arms[i].Guard is not null) continue;
                seen.Add(rows[i][0], before.Count);
                before.Add(rows[i]);
            }
            // A match without arms is an error of syntax already.
            if (rows.Count > 0 && matrix.FindUncovered(before, columns) is [var witness])
                diagnostics.Add(PatternErrors.NotExhaustive(source, HeadOf(match), new WitnessPrinter(types).Print(witness, type)));
            if (reportsOverlaps) CheckOverlaps(match, matrix, rows, columns);
        }
        catch (TooComplexException)
        {
            diagnostics.Add(PatternErrors.TooComplex(source, HeadOf(match)));
        }
    }

    /// <summary>Reports an arm that shares values with an earlier one while each has values of its own. (One inside the other is a special case before the general one.)</summary>
    private void CheckOverlaps(MatchExpression match, PatternMatrix matrix, List<ImmutableArray<Shape>> rows, ImmutableArray<SigilType> columns)
    {
        for (var i = 1; i < rows.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (match.Arms[i].Guard is not null || match.Arms[j].Guard is not null) continue;
                if (!matrix.Overlap(rows[i], rows[j], columns) || !matrix.Adds([rows[i]], rows[j], columns) || !matrix.Adds([rows[j]], rows[i], columns)) continue;
                diagnostics.Add(PatternErrors.ArmsOverlap(source, match.Arms[i].Pattern.Span, new SourceLocation(source, match.Arms[j].Pattern.Span)));
                break;
            }
        }
    }

    /// <summary>The part of a match that an error about all of it underlines: <c>match(scrutinee</c>.</summary>
    private static TextSpan HeadOf(MatchExpression match) => TextSpan.FromBounds(match.Span.Start, Math.Max(match.Scrutinee.Span.End, match.Span.Start));

    private void ReportUnreachable(MatchExpression match, List<ImmutableArray<Shape>> rows, int index)
    {
        // Named as the cause only when a single earlier arm suffices.
        TextSpan? cause = null;
        for (var i = 0; i < index && cause is null; i++)
            if (match.Arms[i].Guard is null && (rows[i][0].IsWildcard || rows[i][0] == rows[index][0])) cause = match.Arms[i].Pattern.Span;
        diagnostics.Add(PatternErrors.UnreachableArm(source, match.Arms[index].Pattern.Span, cause));
    }

    private void CheckCatchAll(MatchArm arm, SigilType type, Shape shape, List<ImmutableArray<Shape>> before)
    {
        if (arm.Pattern is not (WildcardPattern or BindingPattern { Inner: null }) || !shape.IsWildcard) return;
        if (Matched.TypeOf(type) is not NamedType { Definition: { Kind: TypeKind.Sum, Module: { IsStandardLibrary: false } } definition }) return;
        var named = new HashSet<VariantSymbol>();
        foreach (var row in before)
            foreach (var part in row[0].IsAlternative ? row[0].Parts : [row[0]])
                if (part.Constructor is VariantConstructor variant) named.Add(variant.Variant);
        var hidden = definition.Variants.Where(v => !named.Contains(v)).Select(v => v.Name).ToList();
        if (hidden.Count > 0) diagnostics.Add(PatternErrors.CatchAllHidesVariants(source, arm.Pattern.Span, definition.Name, hidden));
    }

    private static bool HasErrorType(SigilType type) => Matched.TypeOf(type) is ErrorType or TypeVariable;
}
