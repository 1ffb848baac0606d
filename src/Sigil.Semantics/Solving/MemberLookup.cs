using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Solving;

/// <summary>Where a method was found; in the order of precedence.</summary>
public enum MemberSource { Inherent, Opaque, Trait, Extension, Iterable }

/// <summary>A method that a call may mean.</summary>
/// <param name="TypeArguments">One per <see cref="FunctionSymbol.AllTypeParameters"/>: known parts filled in, the rest fresh variables.</param>
/// <param name="SelfType">The self type (or, for Iterable, the type of the parameter <c>over</c>) with these arguments; unify it with the receiver.</param>
/// <param name="Trait">For trait methods: the trait with its arguments.</param>
public sealed record MethodCandidate(FunctionSymbol Function, MemberSource Source, ImmutableArray<SigilType> TypeArguments, SigilType SelfType, TraitReference? Trait)
{
    /// <summary>Applies the type arguments to a part of the signature.</summary>
    public Substitution Substitution => field ??= new Substitution(Function.AllTypeParameters, TypeArguments);
}

/// <summary>Finds methods by name in the order of the language: inherent, opaque, trait (impls, bounds, dyn), imported extensions, iterable functions.</summary>
public sealed partial class MemberLookup
{
    /// <summary>The methods with self of a name on a receiver; all candidates of the first kind that has any. Several trait candidates are an ambiguity (E3027), several inherent ones overloads of std.</summary>
    public ImmutableArray<MethodCandidate> FindMethods(SigilType receiver, string name, ModuleScope scope, Unifier unifier) => throw new NotImplementedException();

    /// <summary><c>Type.name</c>: methods without self, and methods with self called as functions.</summary>
    public ImmutableArray<MethodCandidate> FindStatic(SigilType type, string name, ModuleScope scope, Unifier unifier) => throw new NotImplementedException();

    /// <summary><c>Trait.name</c> with self as the first argument; Self and the trait's parameters are fresh variables.</summary>
    public MethodCandidate? FindTraitMethod(TraitSymbol trait, string name, Unifier unifier) => throw new NotImplementedException();

    /// <summary>Names of methods on a receiver, for "did you mean".</summary>
    public IEnumerable<string> MethodNames(SigilType receiver, ModuleScope scope) => throw new NotImplementedException();
}
