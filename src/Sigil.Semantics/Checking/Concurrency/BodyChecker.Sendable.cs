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
    private static readonly HashSet<string> InterProcessEnds = ["IpcProducer", "IpcConsumer", "SharedIpcProducer", "SharedIpcConsumer"];
    private static readonly HashSet<string> ChannelEnds = ["Producer", "Consumer", "SharedProducer", "SharedConsumer", .. InterProcessEnds];

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
        if (bound.Trait == Core.FindTrait("Sendable")) return HoldsEndOf(f, parameter, ChannelEnds);
        return bound.Trait == Core.FindTrait("Serializable") && HoldsEndOf(f, parameter, InterProcessEnds);
    }

    private static bool HoldsEndOf(FunctionSymbol f, TypeParameterSymbol parameter, HashSet<string> ends)
    {
        if (f.SelfType is { } self && HoldsEndOf(self, parameter, ends)) return true;
        foreach (var p in f.Parameters)
            if (HoldsEndOf(p.Type, parameter, ends)) return true;
        return false;
    }

    private static bool HoldsEndOf(SigilType type, TypeParameterSymbol parameter, HashSet<string> ends) => TypeWalk.Any(type, t =>
        t is NamedType { Definition: { Module.IsStandardLibrary: true } end } named && ends.Contains(end.Name)
        && TypeWalk.Any(named, part => part is TypeParameterType p && p.Symbol == parameter));
}
