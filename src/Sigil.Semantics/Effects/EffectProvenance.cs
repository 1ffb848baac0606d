using System.Text;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Effects;

/// <summary>Tells in words why a function needs a capability, through every call in between.</summary>
internal sealed class EffectProvenance(ITypeSystem types, Func<FunctionSymbol, TypedBody?> bodyOf)
{
    // A longer chain says no more to the reader.
    private const int MaximumLength = 8;

    /// <summary>For example: <c>`Parallel` is needed because `f` (line 12) calls `g` (line 3), which uses `parallel`</c>; null when the function only declares it.</summary>
    public string? Explain(FunctionSymbol function, TraitReference capability)
    {
        if (function.Module.IsStandardLibrary || function.Body is null) return null;
        var text = new StringBuilder($"`{capability}` is needed because {Named(function)} ");
        var seen = new HashSet<FunctionSymbol> { function };
        for (var length = 0; ; length++)
        {
            var need = CauseIn(function, capability);
            if (need is null || length == MaximumLength) return text.Append("declares it").ToString();
            if (need.Through is not { } next) return text.Append($"uses {need.What}").ToString();
            text.Append($"calls {Named(next)}");
            if (next.Module.IsStandardLibrary || next.Body is null || !seen.Add(next)) return text.ToString();
            text.Append(", which ");
            function = next;
        }
    }

    private Need? CauseIn(FunctionSymbol function, TraitReference capability)
    {
        if (bodyOf(function) is not { } body) return null;
        var needs = EffectChecker.NeedsOf(body.Root, types);
        // A function that declares `Parallel` for its scopes needs no more than `Async` by itself.
        return needs.FirstOrDefault(n => n.Capability.Equals(capability))
            ?? needs.FirstOrDefault(n => Capabilities.Covers(n.Capability, capability))
            ?? needs.FirstOrDefault(n => Capabilities.Covers(capability, n.Capability));
    }

    private static string Named(FunctionSymbol function) => function.Source is { } source && !function.Module.IsStandardLibrary
        ? $"`{function.Name}` (line {source.GetLinePosition(function.Span.Start).Line})"
        : $"`{function.Name}`";
}
