using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Semantics.Effects;

/// <summary>How something in a body comes to need a capability.</summary>
internal enum NeedKind
{
    /// <summary>The body itself uses it: <c>C.m()</c>, <c>C</c>, a waiting form.</summary>
    Own,
    /// <summary>A function called needs it.</summary>
    Call,
    /// <summary>A function used as a value needs it.</summary>
    FunctionValue,
}

/// <summary>One place that needs a capability.</summary>
/// <param name="Capability">What is needed.</param>
/// <param name="Span">Where.</param>
/// <param name="What">The operation in words, for messages: <c>`receive`</c>, <c>a loop over a channel</c>.</param>
/// <param name="Through">The function called, if any.</param>
internal sealed record Need(TraitReference Capability, TextSpan Span, NeedKind Kind, string What, FunctionSymbol? Through);

/// <summary>The order of capabilities.</summary>
internal static class Capabilities
{
    /// <summary>Whether having the first means having the second: they are the same, or the second is a supertrait.</summary>
    public static bool Covers(TraitReference provided, TraitReference needed) =>
        provided.Equals(needed) || Ancestors(provided.Trait).Contains(needed.Trait);

    /// <summary>Whether code that needs the capability may wait.</summary>
    public static bool Suspends(TraitReference capability, TraitSymbol async) =>
        capability.Trait == async || Ancestors(capability.Trait).Contains(async);

    private static HashSet<TraitSymbol> Ancestors(TraitSymbol trait)
    {
        var found = new HashSet<TraitSymbol>();
        var pending = new Stack<TraitSymbol>([trait]);
        while (pending.TryPop(out var next))
            foreach (var parent in next.Supertraits)
                if (found.Add(parent.Trait)) pending.Push(parent.Trait);
        return found;
    }
}
