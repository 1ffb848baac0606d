using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler;

/// <summary>
/// What can still be said about bodies when declarations have errors. An error that refuses something whose meaning is plain (a bound, a
/// hand-written Sendable, a borrow in a field) leaves flow graphs possible; one after which names or types are unknown does not.
/// </summary>
internal static class FlawedDeclarations
{
    /// <summary>Whether bodies can be lowered although a declaration has this error.</summary>
    public static bool LeaveGraphs(Diagnostic found) =>
        found.Severity != Severity.Error || found.Code is
            "E2025" or // how main and tests are declared
            "E3016" or "E3017" or "E3018" or "E3019" or "E3022" or "E3023" or "E3024" or "E3026" or "E3041"
            || found.Code.StartsWith("E5", StringComparison.Ordinal) || found.Code.StartsWith("E6", StringComparison.Ordinal);

    /// <summary>Whether an error is one of reading the text, inside of a function: that function is not understood, the others are.</summary>
    public static bool IsMisread(FunctionSymbol function, Diagnostic found) =>
        (found.Code.StartsWith("E0", StringComparison.Ordinal) || found.Code.StartsWith("E1", StringComparison.Ordinal))
        && found.Source == function.Source && function.Syntax is { } syntax && syntax.Span.Start <= found.Span.Start && found.Span.End <= syntax.Span.End;

    /// <summary>Whether every type of a function without errors of its own is known: those of wrong declarations are not.</summary>
    public static bool IsTyped(FunctionSymbol function, TypedExpression body) =>
        !IsUnknown(function.ReturnType) && !function.Parameters.Any(p => IsUnknown(p.Type)) && !new UnknownTypes().AreIn(body);

    private static bool IsUnknown(SigilType type) => TypeWalk.Any(type, t => t is ErrorType || (t is NamedType n && HasUnknownParts(n)));

    private static bool HasUnknownParts(NamedType type) =>
        type.Definition.Fields.Any(f => f.Type is ErrorType) || type.Definition.Variants.Any(v => v.Fields.Any(f => f.Type is ErrorType));

    private sealed class UnknownTypes : TypedTreeWalker
    {
        private bool found;

        public bool AreIn(TypedExpression body)
        {
            Visit(body);
            return found;
        }

        public override void Visit(TypedExpression expression)
        {
            if (found) return;
            found = IsUnknown(expression.Type);
            if (!found) base.Visit(expression);
        }
    }
}
