using Sigil.Semantics.Sendability;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Sendable as a bound.
public sealed partial class BodyChecker
{
    private static readonly HashSet<string> ChannelEnds = ["Producer", "Consumer", "SharedProducer", "SharedConsumer"];

    private Diagnostic NotSendable(SigilType type, TextSpan at, string? neededBy)
    {
        var path = Types.WhyNotSendable(type) ?? [];
        return ConcurrencyErrors.NotSendable(Source, at, type.ToString(), SendablePath.Describe(type, path), neededBy is null ? "it must be Sendable here" : $"{neededBy} needs it to be");
    }

    /// <summary>Whether a bound follows from a channel end in the signature: whoever has such an end has proved it where the channel was made.</summary>
    private bool IsImpliedByEnds(FunctionSymbol f, TypeParameterSymbol parameter, TraitReference bound)
    {
        if (bound.Trait != Core.FindTrait("Sendable")) return false;
        if (f.SelfType is { } self && HoldsEndOf(self, parameter)) return true;
        foreach (var p in f.Parameters)
            if (HoldsEndOf(p.Type, parameter)) return true;
        return false;
    }

    private static bool HoldsEndOf(SigilType type, TypeParameterSymbol parameter) => TypeWalk.Any(type, t =>
        t is NamedType { Definition: { Module.IsStandardLibrary: true } end } named && ChannelEnds.Contains(end.Name)
        && TypeWalk.Any(named, part => part is TypeParameterType p && p.Symbol == parameter));
}
