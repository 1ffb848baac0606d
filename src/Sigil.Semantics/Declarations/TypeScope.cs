using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Declarations;

/// <summary>The names that types may use at a place: type parameters, <c>Self</c>, and the module's scope.</summary>
public sealed class TypeScope
{
    private readonly Dictionary<string, TypeParameterSymbol> parameters = [];

    public TypeScope(ModuleScope module) => Module = module;

    private TypeScope(TypeScope outer)
    {
        Outer = outer;
        Module = outer.Module;
        Self = outer.Self;
        Trait = outer.Trait;
        Impl = outer.Impl;
        Owner = outer.Owner;
    }

    public TypeScope? Outer { get; }
    public ModuleScope Module { get; }
    /// <summary>What <c>Self</c> means; null outside traits, impls, extensions and type declarations.</summary>
    public SigilType? Self { get; init; }
    /// <summary>The trait whose body (or extension) this is.</summary>
    public TraitSymbol? Trait { get; init; }
    /// <summary>The impl whose body this is.</summary>
    public ImplSymbol? Impl { get; init; }

    /// <summary>The innermost declaration around; its bounds hold here.</summary>
    public Symbol? Owner { get; init; }

    /// <summary>A scope inside this one with more type parameters.</summary>
    public TypeScope With(IEnumerable<TypeParameterSymbol> more, Symbol? owner = null) => Adding(new TypeScope(this) { Owner = owner ?? Owner }, more);

    /// <summary>The same with a meaning for <c>Self</c>.</summary>
    public TypeScope WithSelf(SigilType self, TraitSymbol? trait, ImplSymbol? impl) => new(this) { Self = self, Trait = trait, Impl = impl };

    /// <summary>The type parameter of a name, innermost first.</summary>
    public TypeParameterSymbol? FindParameter(string name)
    {
        for (var s = this; s is not null; s = s.Outer)
            if (s.parameters.TryGetValue(name, out var p)) return p;
        return null;
    }

    /// <summary>All type parameters in scope, innermost first.</summary>
    public IEnumerable<TypeParameterSymbol> Parameters
    {
        get
        {
            for (var s = this; s is not null; s = s.Outer)
                foreach (var p in s.parameters.Values) yield return p;
        }
    }

    private static TypeScope Adding(TypeScope scope, IEnumerable<TypeParameterSymbol> more)
    {
        foreach (var p in more) scope.parameters.TryAdd(p.Name, p);
        return scope;
    }
}
