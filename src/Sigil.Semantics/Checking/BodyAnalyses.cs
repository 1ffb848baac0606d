using Sigil.Semantics.Effects;
using Sigil.Semantics.Exhaustiveness;
using Sigil.Semantics.Sendability;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Checking;

/// <summary>What is checked of a body once all its types are known.</summary>
public static class BodyAnalyses
{
    /// <summary>Checks patterns, effects and sendability; adds the findings to the body and completes its tree.</summary>
    /// <param name="bodyOf">The typed body of another function if it is known already, else null; it must not start a check of one that is being checked.</param>
    public static void Run(TypedBody body, ITypeSystem types, SourceText source, Func<FunctionSymbol, TypedBody?> bodyOf)
    {
        var diagnostics = new DiagnosticBag();
        diagnostics.AddRange(body.Diagnostics);
        ExhaustivenessChecker.Check(body, types, source, diagnostics);
        EffectChecker.Check(body, types, source, diagnostics, bodyOf);
        SendabilityChecker.Check(body, types, source, diagnostics);
        body.Diagnostics = diagnostics.ToImmutable();
    }
}
