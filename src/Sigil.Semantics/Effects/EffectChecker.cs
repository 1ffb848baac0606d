using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Effects;

/// <summary>
/// Finds the capabilities that a body needs and compares them with those that its function declares. On the way it notes
/// which capabilities lambdas and tasks take along, which lambdas may wait, and which scopes do CPU work.
/// </summary>
public sealed partial class EffectChecker : TypedTreeWalker
{
    private readonly FunctionSymbol? function;
    private readonly CoreSymbols core;
    private readonly ITypeSystem types;
    private readonly SourceText? source;
    // Null while needs are only collected.
    private readonly DiagnosticBag? diagnostics;
    private readonly EffectProvenance? provenance;
    private readonly ImmutableArray<TraitReference> declared;
    private readonly HashSet<TraitReference> used = [];
    private readonly List<Need> needs = [];
    private readonly TraitSymbol async;
    private EffectScope? scope;
    private ParameterSymbol? parameterAtHand;
    private bool isBroken;

    private EffectChecker(FunctionSymbol? function, ITypeSystem types, SourceText? source, DiagnosticBag? diagnostics, EffectProvenance? provenance)
    {
        this.function = function;
        this.types = types;
        core = types.Core;
        this.source = source;
        this.diagnostics = diagnostics;
        this.provenance = provenance;
        async = core.Trait("Async");
        declared = function is null ? [] : DeclaredBy(function);
    }

    /// <summary>Checks a body and completes its tree.</summary>
    /// <param name="bodyOf">The typed body of another function where it is known already; messages tell from it where an effect comes from.</param>
    public static void Check(TypedBody body, ITypeSystem types, SourceText source, DiagnosticBag diagnostics, Func<FunctionSymbol, TypedBody?> bodyOf)
    {
        var checker = new EffectChecker(body.Function, types, source, diagnostics, new EffectProvenance(types, bodyOf));
        checker.Visit(body.Root);
        checker.CheckDeclared();
    }

    /// <summary>Reports E3041 when the default value of a field or parameter needs a capability.</summary>
    public static void CheckDefault(TypedExpression value, ITypeSystem types, SourceText source, DiagnosticBag diagnostics)
    {
        foreach (var need in NeedsOf(value, types))
            diagnostics.Add(EffectErrors.DefaultNeedsCapability(source, need.Span, need.Capability.ToString()));
    }

    /// <summary>What an expression needs from outside, in source order.</summary>
    internal static IReadOnlyList<Need> NeedsOf(TypedExpression expression, ITypeSystem types)
    {
        var checker = new EffectChecker(null, types, null, null, null);
        checker.Visit(expression);
        return checker.needs;
    }

    private ImmutableArray<TraitReference> DeclaredBy(FunctionSymbol f)
    {
        var result = f.Uses;
        if (f.IsTest)
            result = result.AddRange(new[] { "Async", "Parallel", "AsyncIO" }.Select(n => new TraitReference(core.Trait(n))));
        // The methods of a standard I/O capability may wait: their callers choose the mode.
        if (IsDualMode(f)) result = result.Add(new TraitReference(async));
        return result;
    }

    private static bool IsDualMode(FunctionSymbol f) =>
        f.Trait is { IsStandardCapability: true } || f.Impl is { Trait.Trait.IsStandardCapability: true };

    private string FunctionName => function is null ? "the default value" : $"`{function.Name}`";

    /// <summary>A capability is needed here: found in the constructs around, else in the function's declaration, else reported.</summary>
    private void Require(Need need)
    {
        var suspends = Capabilities.Suspends(need.Capability, async);
        for (var at = scope; at is not null; at = at.Outer)
        {
            switch (at)
            {
                case ProviderScope provider when Capabilities.Covers(provider.Capability, need.Capability):
                    return;
                case LambdaScope lambda:
                    if (suspends) lambda.Lambda.IsSuspending = true;
                    if (lambda.Type is { } type && type.Uses.Any(u => Capabilities.Covers(u, need.Capability))) return;
                    if (suspends && !lambda.IsBorrowed)
                    {
                        ReportSuspendingLambda(lambda, need);
                        return;
                    }
                    Capture(lambda.Captured, need.Capability);
                    if (!lambda.IsBorrowed && need.Kind != NeedKind.FunctionValue)
                        need = need with { Kind = NeedKind.FunctionValue, Span = lambda.Lambda.Span };
                    break;
                case TaskScope task:
                    Capture(task.Captured, need.Capability);
                    break;
                case ParallelRecursionScope when suspends:
                    diagnostics?.Add(EffectErrors.SuspendsInParallelRecursion(source!, need.Span, need.What));
                    return;
            }
        }
        RequireDeclared(need, suspends);
    }

    private static void Capture(List<TraitReference> captured, TraitReference capability)
    {
        if (!capability.Trait.IsMarkerCapability && !captured.Contains(capability)) captured.Add(capability);
    }

    private void RequireDeclared(Need need, bool suspends)
    {
        needs.Add(need);
        if (declared.Any(d => d.Equals(need.Capability)))
        {
            used.Add(need.Capability);
            return;
        }
        var covering = declared.Where(d => Capabilities.Covers(d, need.Capability)).ToList();
        used.UnionWith(covering);
        if (covering.Count > 0 || diagnostics is null) return;

        var name = need.Capability.ToString();
        var isMarker = need.Capability.Trait.IsMarkerCapability;
        var because = need.Through is { } through ? provenance?.Explain(through, need.Capability) : null;
        diagnostics.Add(need.Kind switch
        {
            _ when need.Capability.Trait == async => EffectErrors.SuspendsWithoutAsync(source!, need.Span, need.What, FunctionName, because),
            NeedKind.FunctionValue when !suspends => EffectErrors.FunctionValueNeeds(source!, need.Span, name, FunctionName, because),
            NeedKind.Own => EffectErrors.NotDeclared(source!, need.Span, name, FunctionName, isMarker),
            _ => EffectErrors.NeededThroughCall(source!, need.Span, name, need.What, FunctionName, because, isMarker),
        });
    }

    private void ReportSuspendingLambda(LambdaScope lambda, Need need)
    {
        if (lambda.IsReported || diagnostics is null) return;
        lambda.IsReported = true;
        diagnostics.Add(EffectErrors.SuspendingFunctionValue(source!, lambda.Lambda.Span, lambda.Lambda.Type.ToString(),
            new SourceLocation(source!, need.Span), EscapeOf(lambda.Parameter)));
    }

    private static SourceLocation? EscapeOf(ParameterSymbol? parameter) =>
        parameter is { EscapesAt: { } span, Source: { } at } ? new SourceLocation(at, span) : null;

    private void CheckDeclared()
    {
        // What a broken part would have needed is not known.
        if (function is null || diagnostics is null || isBroken || function.Module.IsStandardLibrary) return;
        // What a trait prescribes is not this function's choice, and the entry may ask for the markers freely.
        if (function.Trait is not null || function.Impl is { Trait: not null }) return;
        var isFree = function.IsTest || (function.Name == "main" && function.Container is null);
        for (var i = 0; i < function.Uses.Length; i++)
        {
            var capability = function.Uses[i];
            if (used.Contains(capability) || (isFree && capability.Trait.IsMarkerCapability)) continue;
            diagnostics.Add(EffectErrors.NeverNeeded(source!, SpanOfUse(function, capability), capability.ToString(), FunctionName));
        }
    }

    // Capabilities are kept in the order of their names, not in that of the clause; an import may have given one another name.
    private static TextSpan SpanOfUse(FunctionSymbol function, TraitReference capability)
    {
        var clause = function.Syntax switch
        {
            Ast.FunctionDeclaration f => f.Uses,
            Ast.TestDeclaration t => t.Uses,
            _ => null,
        };
        if (clause is null) return function.Span;
        return (clause.Capabilities.FirstOrDefault(c => c.Words.Last().Text == capability.Trait.Name)
            ?? clause.Capabilities.FirstOrDefault(c => function.Uses.All(u => u.Trait.Name != c.Words.Last().Text)))?.Span ?? clause.Span;
    }
}
