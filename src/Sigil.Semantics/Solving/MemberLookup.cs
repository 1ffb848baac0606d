using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Solving;

/// <summary>Where a method was found; in the order of precedence.</summary>
public enum MemberSource { Inherent, Opaque, Trait, Extension, Iterable }

/// <summary>A method that a call may mean.</summary>
/// <param name="TypeArguments">One per <see cref="FunctionSymbol.AllTypeParameters"/>: known parts filled in, the rest fresh variables.</param>
/// <param name="SelfType">The self type (or, for Iterable, the type of the first parameter) with these arguments; unify it with the receiver.</param>
/// <param name="Trait">For trait methods: the trait with its arguments.</param>
public sealed record MethodCandidate(FunctionSymbol Function, MemberSource Source, ImmutableArray<SigilType> TypeArguments, SigilType SelfType, TraitReference? Trait)
{
    /// <summary>Applies the type arguments to a part of the signature.</summary>
    public Substitution Substitution => field ??= new Substitution(Function.AllTypeParameters, TypeArguments);
}

/// <summary>Finds methods by name in the order of the language: inherent, opaque, trait (impls, bounds, dyn), imported extensions, iterable functions.</summary>
public sealed class MemberLookup
{
    private readonly TypeSystem types;
    private readonly Dictionary<string, List<(ImplSymbol Impl, FunctionSymbol Method)>> inherent = [];
    private readonly Dictionary<string, List<FunctionSymbol>> traitMethods = [];
    private readonly Dictionary<string, List<FunctionSymbol>> iterable = [];

    internal MemberLookup(TypeSystem types, IEnumerable<ModuleSymbol> modules)
    {
        this.types = types;
        foreach (var m in modules)
        {
            foreach (var i in m.Impls)
                if (i.Trait is null)
                    foreach (var f in i.Methods) Add(inherent, f.Name, (i, f));
            foreach (var t in m.Traits)
                foreach (var f in t.Methods) Add(traitMethods, f.Name, f);
            if (m.Name == "std.iter")
                foreach (var f in m.Functions)
                    if (f.IsPublic && f.Parameters.Length > 0) Add(iterable, f.Name, f);
        }
    }

    private static void Add<T>(Dictionary<string, List<T>> table, string name, T value)
    {
        if (!table.TryGetValue(name, out var list)) table[name] = list = [];
        list.Add(value);
    }

    /// <summary>The methods with self of a name on a receiver; all candidates of the first kind that has any. Several trait candidates are an ambiguity (E3027), several others overloads of std.</summary>
    public ImmutableArray<MethodCandidate> FindMethods(SigilType receiver, string name, ModuleScope scope, Unifier unifier)
    {
        var type = Strip(receiver);
        if (type is TypeVariable or ErrorType) return [];
        var found = Inherent(type, name, unifier, wantSelf: true);
        if (found.IsEmpty) found = Opaque(type, name, unifier);
        if (found.IsEmpty) found = OfTraits(type, name, unifier, wantSelf: true);
        if (found.IsEmpty) found = Extensions(type, name, scope, unifier);
        if (found.IsEmpty) found = Iterable(type, name, unifier);
        return found;
    }

    /// <summary><c>Type.name</c>: methods without self, and methods with self called as functions.</summary>
    public ImmutableArray<MethodCandidate> FindStatic(SigilType type, string name, ModuleScope scope, Unifier unifier)
    {
        type = Strip(type);
        if (type is TypeVariable or ErrorType) return [];
        var found = Inherent(type, name, unifier, wantSelf: false);
        if (found.IsEmpty) found = Opaque(type, name, unifier);
        if (found.IsEmpty) found = OfTraits(type, name, unifier, wantSelf: false);
        if (found.IsEmpty) found = Extensions(type, name, scope, unifier);
        return found;
    }

    /// <summary><c>Trait.name</c>, also of a supertrait; Self and the trait's parameters are fresh variables.</summary>
    public MethodCandidate? FindTraitMethod(TraitSymbol trait, string name, Unifier unifier)
    {
        var self = unifier.Fresh();
        var start = new TraitReference(trait, unifier.FreshFor(trait.TypeParameters), []);
        foreach (var t in TypeSystem.WithSupertraits(start, self))
            if (t.Trait.FindMethod(name) is { } m)
                return new MethodCandidate(m, MemberSource.Trait, [self, .. t.Arguments, .. unifier.FreshFor(m.TypeParameters)], self, t);
        return null;
    }

    /// <summary>Names of methods on a receiver, for "did you mean".</summary>
    public IEnumerable<string> MethodNames(SigilType receiver, ModuleScope scope)
    {
        var type = Strip(receiver);
        var unifier = new Unifier();
        foreach (var (name, list) in inherent)
            if (list.Any(e => Meets(e.Impl, type, unifier))) yield return name;
        if (type is NamedType n)
            foreach (var m in n.Definition.OpaqueMethods) yield return m.Name;
        foreach (var (name, list) in traitMethods)
            if (list.Any(m => !types.Solve(type, new TraitReference(m.Trait!, unifier.FreshFor(m.Trait!.TypeParameters), [])).IsNo)) yield return name;
        foreach (var name in scope.ExtensionMethods.Keys) yield return name;
        if (types.Iteration(type) is not null)
            foreach (var name in iterable.Keys) yield return name;
    }

    private SigilType Strip(SigilType type)
    {
        type = type.Resolve();
        while (true)
        {
            if (type is ProjectionType or TypeParameterType) { var n = types.Normalize(type).Resolve(); if (n.Equals(type)) return type; type = n; }
            else if (type is BorrowType b) type = b.Target.Resolve();
            else if (type is CapabilityType c) type = c.Target.Resolve();
            else return type;
        }
    }

    private ImmutableArray<MethodCandidate> Inherent(SigilType type, string name, Unifier unifier, bool wantSelf)
    {
        if (!inherent.TryGetValue(name, out var list)) return [];
        var found = ImmutableArray.CreateBuilder<MethodCandidate>();
        Collect(type, type);
        // A shared end has the methods of the plain role.
        if (found.Count == 0 && PlainRole(type) is { } role) Collect(role, type);
        return Preferring(found.ToImmutable());

        void Collect(SigilType meant, SigilType self)
        {
            foreach (var (impl, method) in list)
            {
                if ((wantSelf && method.SelfType is null) || !TypeSystem.HeadsMayMeet(impl.SelfType, meant)) continue;
                var mark = unifier.Snapshot();
                var arguments = unifier.FreshFor(impl.TypeParameters);
                var head = new Substitution(impl.TypeParameters, arguments).Apply(impl.SelfType);
                bool meets = unifier.Unify(head, meant);
                unifier.Rollback(mark);
                if (!meets) continue;
                // For a role the arguments are fixed here: the caller cannot unify the shared end with it.
                if (!ReferenceEquals(meant, self)) unifier.Unify(head, meant);
                found.Add(new MethodCandidate(method, impl.Opaque is null ? MemberSource.Inherent : MemberSource.Opaque,
                    [.. arguments, .. unifier.FreshFor(method.TypeParameters)], ReferenceEquals(meant, self) ? head : self, null));
            }
        }
    }

    // A method of the type itself hides one that it gives to an opaque type.
    private static ImmutableArray<MethodCandidate> Preferring(ImmutableArray<MethodCandidate> found) =>
        found.Any(f => f.Source == MemberSource.Inherent) ? [.. found.Where(f => f.Source == MemberSource.Inherent)] : found;

    private NamedType? PlainRole(SigilType type) => type is NamedType n && types.Core.PlainRoleOf(n.Definition) is { } plain ? new NamedType(plain, n.Arguments) : null;

    private static bool Meets(ImplSymbol impl, SigilType type, Unifier unifier) =>
        TypeSystem.HeadsMayMeet(impl.SelfType, type) && unifier.CanUnify(new Substitution(impl.TypeParameters, unifier.FreshFor(impl.TypeParameters)).Apply(impl.SelfType), type);

    private static ImmutableArray<MethodCandidate> Opaque(SigilType type, string name, Unifier unifier)
    {
        if (type is not NamedType { Definition.OpaqueMethods: { IsEmpty: false } methods } n) return [];
        return [.. methods.Where(m => m.Name == name).Select(m => new MethodCandidate(m, MemberSource.Opaque, [.. n.Arguments, .. unifier.FreshFor(m.TypeParameters)], n, null))];
    }

    private ImmutableArray<MethodCandidate> OfTraits(SigilType type, string name, Unifier unifier, bool wantSelf)
    {
        if (!traitMethods.TryGetValue(name, out var methods)) return [];
        var found = ImmutableArray.CreateBuilder<MethodCandidate>();
        var bounds = type is TypeParameterType or ProjectionType or DynType ? types.BoundsOf(type).ToList() : [];
        foreach (var m in methods)
        {
            if (wantSelf && m.SelfType is null) continue;
            var trait = m.Trait!;
            var bound = bounds.FirstOrDefault(b => b.Trait == trait);
            var reference = new TraitReference(trait, bound is not null ? bound.Arguments : unifier.FreshFor(trait.TypeParameters), []);
            if (bound is null && types.Solve(type, reference).IsNo) continue;
            found.Add(new MethodCandidate(m, MemberSource.Trait, [type, .. reference.Arguments, .. unifier.FreshFor(m.TypeParameters)], type, reference));
        }
        // A bound in scope says more than an impl for every type.
        if (found.Count > 1 && bounds.Count > 0 && found.Any(f => bounds.Any(b => b.Trait == f.Trait!.Trait)))
            return [.. found.Where(f => bounds.Any(b => b.Trait == f.Trait!.Trait))];
        return found.ToImmutable();
    }

    private ImmutableArray<MethodCandidate> Extensions(SigilType type, string name, ModuleScope scope, Unifier unifier)
    {
        if (!scope.ExtensionMethods.TryGetValue(name, out var methods)) return [];
        var found = ImmutableArray.CreateBuilder<MethodCandidate>();
        foreach (var m in methods)
        {
            if (m.Container is not ExtensionSymbol { Trait: { } trait } e) continue;
            var bound = new Substitution([e.Self], [type]).Apply(e.Self.Bounds[0]);
            // Methods for iterators serve everything that `for` takes.
            bool applies = !types.Solve(type, bound).IsNo || (trait.Name is "Iterator" or "Iterable" && trait.Module is { IsStandardLibrary: true } && types.Iteration(type) is not null);
            if (applies) found.Add(new MethodCandidate(m, MemberSource.Extension, [type, .. unifier.FreshFor(m.TypeParameters)], type, null));
        }
        return found.ToImmutable();
    }

    private ImmutableArray<MethodCandidate> Iterable(SigilType type, string name, Unifier unifier)
    {
        if (!iterable.TryGetValue(name, out var functions) || types.Iteration(type) is null) return [];
        return [.. functions.Select(f =>
        {
            var arguments = unifier.FreshFor(f.AllTypeParameters);
            var first = new Substitution(f.AllTypeParameters, arguments).Apply(f.Parameters[0].Type);
            return new MethodCandidate(f, MemberSource.Iterable, arguments, first is BorrowType b ? b.Target : first, null);
        })];
    }
}
