using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Calls of a name that several functions have.
public sealed partial class BodyChecker
{
    private TypedExpression CallOverloaded(string name, List<(FunctionSymbol Function, CallRoute Route, ImmutableArray<SigilType> Arguments)> candidates, CallSite e, TextSpan nameAt, Expectation expected)
    {
        var written = e.Arguments;
        Span<int> parameterOf = stackalloc int[written.Length];
        var first = candidates[0];
        for (int i = candidates.Count - 1; i >= 0; i--)
            if (!AssignArguments(candidates[i].Function, candidates[i].Route.FirstParameter, e, nameAt, report: false, parameterOf)) candidates.RemoveAt(i);
        if (candidates.Count == 0)
        {
            AssignArguments(first.Function, first.Route.FirstParameter, e, nameAt, report: true, parameterOf);
            foreach (var a in written) InferLoosely(a.Value);
            return ErrorAt(e.At);
        }
        if (candidates.Count == 1) return CallFunction(candidates[0].Function, candidates[0].Arguments, candidates[0].Route, e, nameAt, expected);

        // The types of the plain arguments decide.
        var known = new Dictionary<Ast.Expression, TypedExpression>();
        foreach (var a in written)
        {
            if (NeedsExpectation(a.Value) || a.Value is Ast.LendExpression) continue;
            var value = Infer(a.Value);
            if (IsError(value.Type))
            {
                foreach (var other in written) if (other != a && !known.ContainsKey(other.Value)) InferLoosely(other.Value);
                return ErrorAt(e.At);
            }
            known[a.Value] = value;
        }
        foreach (var a in written) MentionAll(a);
        return DeferExpression(e.At, force =>
        {
            foreach (var (_, value) in known) if (IsUnknown(Underlying(value.Type)) && !force) return null;
            var fitting = candidates.FindAll(c => FitsAll(c.Function, c.Route, c.Arguments, e, nameAt, known));
            if (fitting.Count == 0 && written.Any(a => IsNumberList(a.Value)))
            {
                // `[72, 105]` is a list of int by itself, and one of bytes where only that fits.
                known = known.Where(k => !IsNumberList(k.Key)).ToDictionary();
                fitting = candidates.FindAll(c => FitsAll(c.Function, c.Route, c.Arguments, e, nameAt, known) && TakesLists(c.Function, c.Route, e, nameAt));
            }
            if (fitting.Count > 1 && expected.Known is { } wanted)
            {
                var exact = fitting.FindAll(c => CanEqual(new Substitution(c.Function.AllTypeParameters, c.Arguments).Apply(c.Function.ReturnType), wanted));
                if (exact.Count > 0) fitting = exact;
            }
            if (fitting.Count == 0)
            {
                var given = string.Join(", ", written.Select(a => known.TryGetValue(a.Value, out var v) ? Zonk(v.Type).ToString() : "…"));
                Report(TypeErrors.NoFittingOverload(Source, written.Length == 1 ? At(written[0]) : e.At, name, given,
                    candidates.Select(c => $"({string.Join(", ", c.Function.Parameters.Skip(c.Route.FirstParameter).Select(p => p.Type))})")));
                return ErrorAt(e.At);
            }
            var chosen = fitting[0];
            return CallFunction(chosen.Function, chosen.Arguments, chosen.Route, e, nameAt, expected, known);
        });
    }

    private bool FitsAll(FunctionSymbol f, CallRoute route, ImmutableArray<SigilType> arguments, CallSite e, TextSpan nameAt, Dictionary<Ast.Expression, TypedExpression> known)
    {
        var written = e.Arguments;
        Span<int> parameterOf = stackalloc int[written.Length];
        AssignArguments(f, route.FirstParameter, e, nameAt, report: false, parameterOf);
        var s = new Substitution(f.AllTypeParameters, arguments);
        for (int i = 0; i < written.Length; i++)
        {
            if (!known.TryGetValue(written[i].Value, out var value)) continue;
            var type = s.Apply(f.Parameters[parameterOf[i]].Type).Resolve();
            // An int literal is a byte only where nothing else fits.
            if (value is LiteralExpression && !CanEqual(value.Type, Underlying(type)) && type is not DynType) return false;
            if (!Fits(value, type)) return false;
            if (type is TypeParameterType or TypeVariable or BorrowType && !BoundsHold(f, s, type, value)) return false;
        }
        return true;
    }

    private static bool IsNumberList(Ast.Expression e) =>
        e is Ast.ListExpression { Elements: { Count: > 0 } elements } && elements.All(x => x is Ast.LiteralExpression { LiteralKind: Ast.LiteralKind.Int });

    private bool TakesLists(FunctionSymbol f, CallRoute route, CallSite e, TextSpan nameAt)
    {
        Span<int> parameterOf = stackalloc int[e.Arguments.Length];
        AssignArguments(f, route.FirstParameter, e, nameAt, report: false, parameterOf);
        for (int i = 0; i < parameterOf.Length; i++)
            if (IsNumberList(e.Arguments[i].Value) && !(Underlying(f.Parameters[parameterOf[i]].Type) is NamedType { Definition: var d } && d == Core.ListSymbol)) return false;
        return true;
    }

    // Overloads may differ in bounds only: min(values: [T]) and min(a: T, b: T) do not, but find(over, …) and find(text, …) do.
    private bool BoundsHold(FunctionSymbol f, Substitution s, SigilType parameter, TypedExpression value)
    {
        if (Underlying(parameter) is not TypeVariable open) return true;
        foreach (var p in f.AllTypeParameters)
        {
            if (s.Lookup(p)?.Resolve() != (SigilType)open) continue;
            foreach (var bound in p.Bounds) if (Types.Solve(Underlying(value.Type), s.Apply(bound)).IsNo) return false;
        }
        return true;
    }
}
