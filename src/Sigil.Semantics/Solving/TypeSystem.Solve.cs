using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Solving;

// The search: bounds in scope, dyn, impls by head unification, then the rules of the language.
public sealed partial class TypeSystem
{
    private readonly HashSet<(SigilType, TraitReference)> inProgress = [];

    /// <summary>Decides a trait for a type that may hold unsolved variables. Binds nothing.</summary>
    public Solution Solve(SigilType type, TraitReference trait)
    {
        bool closed = trait.Bindings.IsEmpty && !TypeWalk.Any(type, IsOpen) && !trait.Arguments.Any(a => TypeWalk.Any(a, IsOpen));
        if (closed && solved.TryGetValue((type, trait), out var known)) return known;
        var mark = scratch.Snapshot();
        var solution = Search(type, trait, scratch, 0);
        if (solution.Match is { TypeArguments.IsEmpty: false } m) solution = solution with { Match = m with { TypeArguments = [.. m.TypeArguments.Select(scratch.Zonk)] } };
        scratch.Rollback(mark);
        // Inside a goal in progress an answer may lean on the assumption that the goal holds.
        if (closed && inProgress.Count == 0 && environment.IsEmpty) solved[(type, trait)] = solution;
        return solution;
    }

    private static bool IsOpen(SigilType t) => t is TypeVariable or TypeParameterType or ProjectionType or ErrorType;

    /// <summary>Solves and, when only one impl or bound can apply, binds variables of the type, the trait's arguments and its bindings to what that says.</summary>
    public Solution SolveAndBind(SigilType type, TraitReference trait, Unifier unifier)
    {
        var mark = unifier.Snapshot();
        var solution = Search(type, trait, unifier, 0, mayBind: true);
        if (solution.IsNo) unifier.Rollback(mark);
        return solution;
    }

    public bool Implements(SigilType type, TraitReference trait) => Solve(type, trait).IsYes;

    public ImplMatch? FindImpl(SigilType type, TraitReference trait) => Solve(type, trait) is { IsYes: true, Match: { } m } ? m : null;

    private Solution Search(SigilType type, TraitReference trait, Unifier u, int depth, bool mayBind = false)
    {
        type = NormalizeTop(type.Resolve());
        if (type is BorrowType borrow) type = borrow.Target.Resolve();
        if (type is ErrorType || trait.Arguments.Any(a => a.Resolve() is ErrorType)) return Solution.Structural;
        if (type is TypeVariable) return Solution.Ambiguous;
        if (depth > DepthLimit) return Solution.No;

        var key = (u.Zonk(type), Bare(trait));
        if (!inProgress.Add(key)) return trait.Trait.IsStructural || IsDerivable(trait.Trait) ? Solution.Structural : Solution.No;
        Solution solution;
        try
        {
            solution = FromBounds(type, trait, u);
            if (!solution.IsYes) solution = FromImpls(type, trait, u, depth, mayBind, or: solution);
            if (!solution.IsYes && Structural(type, trait, u, depth, mayBind) is var rule && (rule.IsYes || solution.IsNo)) solution = rule;
        }
        finally { inProgress.Remove(key); }
        // The projection of a bound type asks for the same goal again, so the goal is no longer in progress here.
        return solution.IsYes ? CheckBindings(type, trait, u, solution) : solution;
    }

    private bool IsDerivable(TraitSymbol t) => Declarations.DeriveRules.Names.Contains(t.Name) && Is(t, t.Name);

    private Solution FromBounds(SigilType type, TraitReference trait, Unifier u)
    {
        if (type is not (TypeParameterType or ProjectionType or DynType)) return Solution.No;
        bool maybe = type is ProjectionType && Unifier.HasVariables(type);
        foreach (var b in BoundsOf(type))
        {
            if (b.Trait != trait.Trait) continue;
            var mark = u.Snapshot();
            if (u.Unify(Bare(b), Bare(trait))) return Solution.Structural;
            u.Rollback(mark);
        }
        return maybe ? Solution.Ambiguous : Solution.No;
    }

    private Solution FromImpls(SigilType type, TraitReference trait, Unifier u, int depth, bool mayBind, Solution or)
    {
        bool open = Unifier.HasVariables(type) || trait.Arguments.Any(Unifier.HasVariables);
        var possible = new List<ImplSymbol>();
        foreach (var impl in ImplsFor(trait.Trait, type))
        {
            if (!HeadsMayMeet(impl.SelfType, type)) continue;
            var mark = u.Snapshot();
            var arguments = u.FreshFor(impl.TypeParameters);
            bool meets = UnifyHead(impl, arguments, type, trait, u);
            if (meets && !open)
            {
                var nested = Nested(impl, arguments, u, depth, mayBind: true);
                if (nested.IsYes) return new(SolveOutcome.Yes, new ImplMatch(impl, [.. arguments.Select(u.Zonk)]));
                meets = nested.IsAmbiguous;
            }
            u.Rollback(mark);
            if (meets) possible.Add(impl);
        }
        if (possible.Count == 0) return or;
        if (!open) return Solution.Ambiguous;
        // Drop impls whose bounds are known to fail; a sole survivor may say what the variables are.
        ImplSymbol? sole = null;
        foreach (var impl in possible)
        {
            var mark = u.Snapshot();
            var arguments = u.FreshFor(impl.TypeParameters);
            UnifyHead(impl, arguments, type, trait, u);
            bool fails = Nested(impl, arguments, u, depth, mayBind: false).IsNo;
            u.Rollback(mark);
            if (fails) continue;
            if (sole is not null) return Solution.Ambiguous;
            sole = impl;
        }
        if (sole is null) return or;
        if (or.IsAmbiguous) return or;
        // Reflexive From and automatic Into are further candidates that are not written as impls.
        if (Is(trait.Trait, "From") && u.CanUnify(type, trait.Arguments[0])) return Solution.Ambiguous;
        {
            var mark = u.Snapshot();
            var unknown = Variables(type, trait);
            var arguments = u.FreshFor(sole.TypeParameters);
            UnifyHead(sole, arguments, type, trait, u);
            bool bound = unknown.Any(v => v.Binding is not null);
            var nested = bound && !mayBind ? Solution.Ambiguous : Nested(sole, arguments, u, depth, mayBind);
            if (nested.IsYes) return new(SolveOutcome.Yes, new ImplMatch(sole, [.. arguments.Select(u.Zonk)]));
            if (!mayBind) u.Rollback(mark);
            return Solution.Ambiguous;
        }
    }

    private static List<TypeVariable> Variables(SigilType type, TraitReference trait)
    {
        var found = new List<TypeVariable>();
        foreach (var t in trait.Arguments.Prepend(type))
            TypeWalk.Any(t, x => { if (x is TypeVariable v) found.Add(v); return false; });
        return found;
    }

    internal static bool HeadsMayMeet(SigilType head, SigilType type) => (head, type) switch
    {
        (NamedType a, NamedType b) => a.Definition == b.Definition,
        (NamedType, TypeParameterType or TupleType or RecordType or FunctionType or DynType or CapabilityType) => false,
        _ => true,
    };

    private static bool UnifyHead(ImplSymbol impl, ImmutableArray<SigilType> arguments, SigilType type, TraitReference trait, Unifier u)
    {
        var s = new Substitution(impl.TypeParameters, arguments);
        if (!u.Unify(s.Apply(impl.SelfType), type)) return false;
        var head = impl.Trait!;
        for (int i = 0; i < head.Arguments.Length && i < trait.Arguments.Length; i++)
            if (!u.Unify(s.Apply(head.Arguments[i]), trait.Arguments[i])) return false;
        return true;
    }

    /// <summary>The bounds and where clauses of an impl for given arguments.</summary>
    private Solution Nested(ImplSymbol impl, ImmutableArray<SigilType> arguments, Unifier u, int depth, bool mayBind)
    {
        var s = new Substitution(impl.TypeParameters, arguments);
        bool ambiguous = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            var p = impl.TypeParameters[i];
            var argument = u.Zonk(arguments[i]);
            if (p.IsCopyable && argument is not TypeVariable && KindOf(argument) == ValueKind.Unique) return Solution.No;
            foreach (var b in p.Bounds)
            {
                var answer = Search(argument, s.Apply(b), u, depth + 1, mayBind);
                if (answer.IsNo) return answer;
                ambiguous |= answer.IsAmbiguous;
            }
        }
        foreach (var c in impl.Constraints)
        {
            var subject = Normalize(s.Apply(c.Subject));
            if (c.Equal is { } equal && !u.Unify(subject, Normalize(s.Apply(equal)))) return Solution.No;
            foreach (var b in c.Bounds)
            {
                var answer = Search(subject, s.Apply(b), u, depth + 1, mayBind);
                if (answer.IsNo) return answer;
                ambiguous |= answer.IsAmbiguous;
            }
        }
        return ambiguous ? Solution.Ambiguous : Solution.Structural;
    }

    // `Iterator<Item = int>`: what the associated types are must agree.
    private Solution CheckBindings(SigilType type, TraitReference trait, Unifier u, Solution yes)
    {
        foreach (var b in trait.Bindings)
        {
            var actual = Normalize(new ProjectionType(type, new TraitReference(trait.Trait, trait.Arguments, []), b.Associated));
            if (!u.Unify(actual, b.Type)) return Solution.No;
        }
        return yes;
    }

    /// <summary>Everything that a use of a declaration with given arguments asks for: bounds, copyability, where clauses, equalities.</summary>
    public IEnumerable<Requirement> RequirementsOf(Symbol declaration, ImmutableArray<TypeParameterSymbol> parameters, Substitution s)
    {
        foreach (var p in parameters)
        {
            if (s.Lookup(p) is not { } argument) continue;
            if (p.IsCopyable) yield return new Requirement(argument, null, null, p);
            // The bound of Self is the trait itself; whoever names the method has decided that already.
            foreach (var b in p.Bounds) yield return new Requirement(argument, s.Apply(b), null, p);
        }
        foreach (var c in ConstraintsOf(declaration))
        {
            var subject = s.Apply(c.Subject);
            if (c.Equal is { } equal) yield return new Requirement(subject, null, s.Apply(equal), null);
            foreach (var b in c.Bounds) yield return new Requirement(subject, s.Apply(b), null, null);
        }
    }
}

/// <summary>One thing asked of a type: a bound, an equality, or (neither) that it can be copied.</summary>
public readonly record struct Requirement(SigilType Type, TraitReference? Bound, SigilType? Equal, TypeParameterSymbol? Parameter);
