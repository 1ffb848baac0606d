using Sigil.Semantics.Sendability;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Sendable and Serializable as bounds.
public sealed partial class BodyChecker
{
    private Diagnostic NotSendable(SigilType type, TextSpan at, string? neededBy)
    {
        var path = Types.WhyNotSendable(type) ?? [];
        return ConcurrencyErrors.NotSendable(Source, at, type.ToString(), SendablePath.Describe(type, path), neededBy is null ? "it must be Sendable here" : $"{neededBy} needs it to be");
    }

    private Diagnostic? NotSerializable(SigilType type, TextSpan at, string? neededBy, bool endsMove) =>
        Types.WhyNotSerializable(type, endsMove) is not { } path ? null
        : ConcurrencyErrors.NotSerializable(Source, at, type.ToString(), SendablePath.Describe(type, path), neededBy is null ? "it must be Serializable here" : $"{neededBy} needs it to be");

    /// <summary>Whether a bound follows from a channel end in the signature: whoever has such an end has proved it where the channel was made.</summary>
    private bool IsImpliedByEnds(FunctionSymbol f, TypeParameterSymbol parameter, TraitReference bound)
    {
        if (bound.Trait == Core.FindTrait("Sendable")) return HoldsEndOf(f, parameter, betweenProcesses: false);
        return bound.Trait == Core.FindTrait("Serializable") && HoldsEndOf(f, parameter, betweenProcesses: true);
    }

    private static bool HoldsEndOf(FunctionSymbol f, TypeParameterSymbol parameter, bool betweenProcesses)
    {
        if (f.SelfType is { } self && HoldsEndOf(self, parameter, betweenProcesses)) return true;
        foreach (var p in f.Parameters)
            if (HoldsEndOf(p.Type, parameter, betweenProcesses)) return true;
        return false;
    }

    private static bool HoldsEndOf(SigilType type, TypeParameterSymbol parameter, bool betweenProcesses) => TypeWalk.Any(type, t =>
        t is NamedType { Definition.End: { } end } named && (end.CrossesProcesses || !betweenProcesses)
        && TypeWalk.Any(named, part => part is TypeParameterType p && p.Symbol == parameter));
}
