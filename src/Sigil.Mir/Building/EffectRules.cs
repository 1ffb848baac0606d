using System.Collections.Immutable;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Building;

/// <summary>What a <c>uses</c> clause means for code: may it wait, which values does it pass.</summary>
internal static class EffectRules
{
    /// <summary>Whether one of the capabilities is <c>Async</c> or has it as supertrait.</summary>
    public static bool AllowsWaiting(CoreSymbols core, ImmutableArray<TraitReference> uses) =>
        core.FindTrait("Async") is { } async && uses.Any(u => Covers(u.Trait, async));

    /// <summary>Whether <paramref name="trait"/> is <paramref name="wanted"/> or has it among its supertraits.</summary>
    public static bool Covers(TraitSymbol trait, TraitSymbol wanted) => Covers(trait, wanted, []);

    private static bool Covers(TraitSymbol trait, TraitSymbol wanted, HashSet<TraitSymbol> visited) =>
        trait == wanted || (visited.Add(trait) && trait.Supertraits.Any(s => Covers(s.Trait, wanted, visited)));

    /// <summary>The capabilities that travel as values: all but the markers.</summary>
    public static IEnumerable<TraitReference> Values(ImmutableArray<TraitReference> uses) => uses.Where(u => !u.Trait.IsMarkerCapability);

    /// <summary>Whether calls of the function pass a receiver: methods with self, and capability methods, whose receiver is the provider.</summary>
    public static bool HasReceiver(FunctionSymbol function) =>
        function.SelfKind != SelfKind.None || function.IsCapabilityMethod || function.SelfType is not null;
}
