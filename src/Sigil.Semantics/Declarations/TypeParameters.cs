using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Pass 3: type parameters of types, traits, impls and functions, with their scopes (E2005, E2022). Bounds come later.</summary>
internal sealed class TypeParameters(DeclarationContext context)
{
    public void Run()
    {
        foreach (var m in context.Modules)
        {
            var root = new TypeScope(m.Scope);
            foreach (var t in m.Symbol.Types) OfType(t, root);
            foreach (var t in m.Symbol.Traits) OfTrait(t, root);
            foreach (var f in m.Symbol.Functions) OfFunction(f, root, []);
        }
    }

    private void OfType(TypeSymbol type, TypeScope root)
    {
        type.TypeParameters = Make(type.Syntax!.TypeParameters, type);
        var scope = root.With(type.TypeParameters, type);
        context.Scopes[type] = scope;
        NoteBounds(type.Syntax.TypeParameters, type.TypeParameters, type.Syntax.Where, scope);
        if (type.Syntax.Definition is not StructDefinition s) return;
        var methods = new List<FunctionSymbol>();
        foreach (var f in s.Methods)
            new SymbolCollection(context).AddMethod(context.ByModule[type.Module!], methods, f, type, $"`{type.Name}`", isRequirement: true);
        type.OpaqueMethods = [.. methods];
        foreach (var m in methods) OfFunction(m, scope, type.TypeParameters);
    }

    private void OfTrait(TraitSymbol trait, TypeScope root)
    {
        var syntax = trait.Syntax!;
        trait.TypeParameters = Make(syntax.TypeParameters, trait);
        var scope = root.With(trait.TypeParameters, trait).WithSelf(new TypeParameterType(trait.Self), trait, null);
        context.Scopes[trait] = scope;
        NoteBounds(syntax.TypeParameters, trait.TypeParameters, syntax.Where, scope);
        if (syntax.Supertraits is { } supertraits)
            context.WrittenSupertraits[trait] = [.. supertraits.Bounds.Where(b => b.Tilde is null).Select(b => (b, scope))];
        ImmutableArray<TypeParameterSymbol> all = [trait.Self, .. trait.TypeParameters];
        foreach (var m in trait.Methods) OfFunction(m, scope, all);
    }

    /// <summary>Makes the parameters of an impl and a scope in which its head is resolved.</summary>
    public TypeScope OfImpl(ImplSymbol impl, LoadedModule module)
    {
        impl.TypeParameters = Make(impl.Syntax!.TypeParameters, impl);
        var scope = new TypeScope(module.Scope).With(impl.TypeParameters, impl);
        NoteBounds(impl.Syntax.TypeParameters, impl.TypeParameters, impl.Syntax.Where, scope);
        return scope;
    }

    /// <summary>Makes the parameters of a function or method inside the scope of its container.</summary>
    public void OfFunction(FunctionSymbol function, TypeScope outer, ImmutableArray<TypeParameterSymbol> inherited)
    {
        var syntax = function.Syntax as FunctionDeclaration;
        function.TypeParameters = Make(syntax?.TypeParameters, function);
        function.AllTypeParameters = [.. inherited, .. function.TypeParameters];
        var scope = outer.With(function.TypeParameters, function);
        context.Scopes[function] = scope;
        if (syntax is not null) NoteBounds(syntax.TypeParameters, function.TypeParameters, syntax.Where, scope);
    }

    private ImmutableArray<TypeParameterSymbol> Make(TypeParameterList? list, Symbol owner)
    {
        if (list is null) return [];
        var result = ImmutableArray.CreateBuilder<TypeParameterSymbol>();
        foreach (var p in list.Parameters)
        {
            if (p.Name.IsMissing) continue;
            if (!char.IsUpper(p.Name.Text[0])) context.Report(NameErrors.WrongCase(p.Name.Location, "type parameter", p.Name.Text, wantUpper: true));
            if (result.FirstOrDefault(o => o.Name == p.Name.Text) is { } first)
                context.Report(NameErrors.DuplicatePart(p.Name.Location, "type parameter", p.Name.Text, DeclarationContext.Place(first)));
            // The order of arguments follows the list as written, so a repeated one keeps its place.
            result.Add(new TypeParameterSymbol(p.Name.Text, result.Count) { Owner = owner, Source = p.Name.Source, Span = p.Name.Span });
        }
        return result.ToImmutable();
    }

    /// <summary>Remembers the bounds as written, so that the associated types of a parameter can be found before bounds are resolved.</summary>
    private void NoteBounds(TypeParameterList? list, ImmutableArray<TypeParameterSymbol> parameters, WhereClause? where, TypeScope scope)
    {
        if (list is not null)
        {
            int i = 0;
            foreach (var p in list.Parameters)
            {
                if (p.Name.IsMissing) continue;
                if (p.Bounds is { } bounds) Note(parameters[i], bounds, scope);
                i++;
            }
        }
        if (where is null) return;
        foreach (var c in where.Constraints)
            if (c.Bounds is { } bounds && c.Path.IsSimple && scope.FindParameter(c.Path.First.Text) is { } p) Note(p, bounds, scope);
    }

    private void Note(TypeParameterSymbol p, BoundList bounds, TypeScope scope)
    {
        if (!context.WrittenBounds.TryGetValue(p, out var list)) context.WrittenBounds[p] = list = [];
        foreach (var b in bounds.Bounds)
        {
            if (b.Tilde is null) list.Add((b, scope));
            else if (b.Type.Path.Text == "Copyable") p.IsCopyable = false;
        }
    }
}
