using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Solving;

/// <summary>The answer to "does this type implement this trait".</summary>
public enum SolveOutcome
{
    No,
    Yes,
    /// <summary>Not known before more inference variables are solved.</summary>
    Ambiguous,
}

/// <summary>An answer; <see cref="Match"/> is given with Yes.</summary>
public readonly record struct Solution(SolveOutcome Outcome, ImplMatch? Match = null)
{
    public static Solution No { get; } = new(SolveOutcome.No);
    public static Solution Ambiguous { get; } = new(SolveOutcome.Ambiguous);
    /// <summary>Yes by a rule of the compiler or a bound in scope.</summary>
    public static Solution Structural { get; } = new(SolveOutcome.Yes, new ImplMatch(null, []));
    public bool IsYes => Outcome == SolveOutcome.Yes;
    public bool IsNo => Outcome == SolveOutcome.No;
    public bool IsAmbiguous => Outcome == SolveOutcome.Ambiguous;
}

/// <summary>
/// Answers questions about types and traits. The parts: Solve (impls, bounds, dyn), Structural (rules of the language),
/// Kinds (copy, value, unique), Sendable, Projections (associated types), Queries (fields, iteration, methods to run).
/// Not safe for concurrent use.
/// </summary>
public sealed partial class TypeSystem : ITypeSystem
{
    // Types of programs are shallow; goals nest deeper only when an impl needs ever larger types.
    private const int DepthLimit = 96;

    private readonly Dictionary<TraitSymbol, List<ImplSymbol>> implsByTrait = [];
    // By trait and type constructor; null for blanket impls and those for tuples, records, functions.
    private readonly Dictionary<(TraitSymbol Trait, TypeSymbol? Head), List<ImplSymbol>> implsByHead = [];
    private readonly Dictionary<string, List<TraitSymbol>> traitsByAssociated = [];
    private readonly Dictionary<(SigilType, TraitReference), Solution> solved = [];
    private readonly HashSet<TypeSymbol> optedOut = [];
    private readonly HashSet<TypeSymbol> vouchedFor = [];
    private readonly Unifier scratch;
    private ImmutableArray<Constraint> environment = [];

    internal TypeSystem(CoreSymbols core)
    {
        Core = core;
        scratch = new Unifier(p => Normalize(p));
    }

    public CoreSymbols Core { get; }

    /// <summary>Makes the declarations of a module known.</summary>
    internal void Add(ModuleSymbol module)
    {
        foreach (var i in module.Impls)
        {
            if (i.Trait is not { } t || i.SelfType is ErrorType) continue;
            if (t.Trait == Core.FindTrait("Sendable") && i.SelfType is NamedType n)
            {
                (i.IsNegative ? optedOut : vouchedFor).Add(n.Definition);
                continue;
            }
            if (i.IsNegative) continue;
            if (!implsByTrait.TryGetValue(t.Trait, out var list)) implsByTrait[t.Trait] = list = [];
            list.Add(i);
            var head = (t.Trait, (i.SelfType as NamedType)?.Definition);
            if (!implsByHead.TryGetValue(head, out var same)) implsByHead[head] = same = [];
            same.Add(i);
        }
        foreach (var t in module.Traits)
            foreach (var a in t.AssociatedTypes)
            {
                if (!traitsByAssociated.TryGetValue(a.Name, out var list)) traitsByAssociated[a.Name] = list = [];
                list.Add(t);
            }
    }

    /// <summary>The impls of a trait that have a body or are derived.</summary>
    public IReadOnlyList<ImplSymbol> ImplsOf(TraitSymbol trait) => implsByTrait.TryGetValue(trait, out var list) ? list : [];

    // The impls whose heads can meet a type.
    private IEnumerable<ImplSymbol> ImplsFor(TraitSymbol trait, SigilType type)
    {
        if (type is not NamedType n) return ImplsOf(trait);
        var named = implsByHead.GetValueOrDefault((trait, n.Definition));
        var others = implsByHead.GetValueOrDefault((trait, null));
        return named is null ? others ?? [] : others is null ? named : named.Concat(others);
    }

    internal IEnumerable<TraitSymbol> TraitsWithAssociatedType(string name) => traitsByAssociated.TryGetValue(name, out var list) ? list : [];

    /// <summary>Makes the where clauses of a declaration and of its container known until the result is disposed of.</summary>
    public IDisposable Within(Symbol? owner)
    {
        var before = environment;
        environment = ConstraintsOf(owner);
        return new Scope(this, before);
    }

    private static ImmutableArray<Constraint> ConstraintsOf(Symbol? owner) => owner switch
    {
        FunctionSymbol f => f.Container is null ? f.Constraints : f.Constraints.AddRange(ConstraintsOf(f.Container)),
        ImplSymbol i => i.Constraints,
        TraitSymbol t => t.Constraints,
        ExtensionSymbol e => e.Constraints,
        _ => [],
    };

    private sealed class Scope(TypeSystem system, ImmutableArray<Constraint> before) : IDisposable
    {
        public void Dispose() => system.environment = before;
    }

    private bool Is(TraitSymbol trait, string name) => ReferenceEquals(Core.FindTrait(name), trait);

    private static TraitReference Bare(TraitReference trait) => trait.Bindings.IsEmpty ? trait : new(trait.Trait, trait.Arguments, []);

    /// <summary>A trait reference and all its supertraits, said of a type.</summary>
    public static IEnumerable<TraitReference> WithSupertraits(TraitReference trait, SigilType self)
    {
        var pending = new Queue<TraitReference>([trait]);
        var seen = new HashSet<TraitReference>();
        while (pending.TryDequeue(out var t))
        {
            if (!seen.Add(t)) continue;
            yield return t;
            var substitution = new Substitution([t.Trait.Self, .. t.Trait.TypeParameters], [self, .. t.Arguments]);
            foreach (var s in t.Trait.Supertraits)
            {
                // `dyn Child<Item = int>` fixes the associated type of the supertrait too.
                var super = substitution.Apply(s);
                var inherited = t.Bindings.Where(b => b.Associated.Trait == s.Trait && !super.Bindings.Any(o => o.Associated == b.Associated)).ToImmutableArray();
                pending.Enqueue(inherited.IsEmpty ? super : new(super.Trait, super.Arguments, super.Bindings.AddRange(inherited)));
            }
        }
    }

    /// <summary>What is known of a type parameter or an open associated type: declared bounds and where clauses in force, with supertraits.</summary>
    public IEnumerable<TraitReference> BoundsOf(SigilType type)
    {
        type = type.Resolve();
        IEnumerable<TraitReference> declared = type switch
        {
            TypeParameterType p => p.Symbol.Bounds,
            ProjectionType q => new Substitution([q.Trait.Trait.Self, .. q.Trait.Trait.TypeParameters], [q.Self, .. q.Trait.Arguments]) is var s
                ? q.Associated.Bounds.Select(s.Apply) : [],
            DynType d => d.Traits,
            _ => [],
        };
        foreach (var c in environment)
            if (c.Equal is null && c.Subject.Equals(type)) declared = declared.Concat(c.Bounds);
        return declared.SelectMany(b => WithSupertraits(b, type));
    }
}
