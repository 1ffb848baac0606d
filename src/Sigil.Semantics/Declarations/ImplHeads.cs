using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Pass 5: the heads of impls and extensions, and the scopes of their methods; derives become impls (E3026 is decided later).</summary>
internal sealed class ImplHeads(DeclarationContext context)
{
    private readonly Bounds bounds = new(context);
    private readonly TypeParameters parameters = new(context);

    public void Run()
    {
        foreach (var m in context.Modules)
        {
            foreach (var i in m.Symbol.Impls.ToList()) Impl(i, m);
            foreach (var e in m.Symbol.Extensions) Extension(e, m);
            foreach (var t in m.Symbol.Types) Derives(t);
        }
    }

    private void Impl(ImplSymbol impl, Modules.LoadedModule module)
    {
        var syntax = impl.Syntax!;
        var scope = parameters.OfImpl(impl, module);
        bounds.OfParameters(syntax.TypeParameters, impl.TypeParameters, scope);
        impl.SelfType = context.Resolver.Resolve(syntax.Type, scope);
        if (syntax.Trait is { } head) Head(impl, head, scope);
        scope = scope.WithSelf(impl.SelfType, impl.Trait?.Trait, impl);
        context.Scopes[impl] = scope;
        impl.Constraints = bounds.OfWhere(syntax.Where, impl, scope);
        AssociatedTypes(impl, scope);
        foreach (var m in impl.Methods) parameters.OfFunction(m, scope, impl.TypeParameters);
    }

    private void Head(ImplSymbol impl, TypeSyntax head, TypeScope scope)
    {
        if (head is not Ast.NamedType named)
        {
            if (head is not InvalidType) context.Report(NameErrors.UnknownTrait(head.Location, head.ToString(), null));
            impl.SelfType = ErrorType.Instance;
            return;
        }
        // `impl Opaque<T> for S`: the type gives the methods of an opaque type.
        if (context.Resolver.FindTypeSymbol([.. named.Path.Words], scope) is TypeSymbol { Kind: TypeKind.Opaque } opaque)
        {
            impl.Opaque = context.Resolver.Apply(opaque, named.Arguments, named.Location, scope) as NamedType;
            if (impl.Opaque is null) impl.SelfType = ErrorType.Instance;
            return;
        }
        if (context.Resolver.ResolveTrait(named.Path, named.Arguments, scope) is { } trait) impl.Trait = TypeResolver.About(trait, impl.SelfType);
        else impl.SelfType = ErrorType.Instance;
    }

    private void AssociatedTypes(ImplSymbol impl, TypeScope scope)
    {
        foreach (var a in impl.Syntax!.Members.OfType<AssociatedTypeDeclaration>())
        {
            var type = a.Type is { } written ? context.Resolver.Resolve(written, scope) : ErrorType.Instance;
            if (a.Name.IsMissing || impl.Trait is not { } trait) continue;
            if (TypeResolver.FindAssociated(trait.Trait, a.Name.Text) is not { } symbol)
            {
                context.Report(DeclarationErrors.ExtraMember(a.Name.Location, trait.Trait.Name, a.Name.Text,
                    Modules.Spelling.Closest(a.Name.Text, trait.Trait.AssociatedTypes.Select(t => t.Name))));
                continue;
            }
            if (!impl.AssociatedTypes.TryAdd(symbol, type))
                context.Report(NameErrors.DuplicateMember(a.Name.Location, a.Name.Text, "this impl", impl.Syntax.Members.OfType<AssociatedTypeDeclaration>().First(o => o.Name.Text == a.Name.Text).Name.Location));
        }
    }

    private void Extension(ExtensionSymbol extension, Modules.LoadedModule module)
    {
        var syntax = extension.Syntax!;
        var root = new TypeScope(module.Scope);
        var trait = context.Resolver.FindTrait(syntax.Trait, root);
        extension.Trait = trait;
        if (trait is not null)
        {
            extension.Self.IsCopyable = trait.Self.IsCopyable;
            var arguments = trait.TypeParameters.Select(p => p.Default is { } d ? d : ErrorType.Instance).ToImmutableArray();
            extension.Self.Bounds = [TypeResolver.About(new TraitReference(trait, arguments, []), new TypeParameterType(extension.Self))];
        }
        var scope = root.With([], extension).WithSelf(new TypeParameterType(extension.Self), trait, null);
        context.Scopes[extension] = scope;
        extension.Constraints = bounds.OfWhere(syntax.Where, extension, scope);
        foreach (var m in extension.Methods)
        {
            parameters.OfFunction(m, scope, [extension.Self]);
            if (trait?.FindMethod(m.Name) is { } hidden)
                context.Report(DeclarationErrors.ExtensionHidesMethod(new(m.Source!, m.Span), trait.Name, m.Name, DeclarationContext.Place(hidden)));
        }
    }

    private void Derives(TypeSymbol type)
    {
        var traits = ImmutableArray.CreateBuilder<TraitSymbol>();
        foreach (var attribute in type.Syntax!.Attributes)
        {
            if (attribute.Name.Text != "derive") continue;
            foreach (var argument in attribute.Arguments)
            {
                if (argument.Name is not { IsMissing: false } name || argument.Value is not null) continue;
                var found = context.Resolver.FindTypeSymbol([name], context.Scopes[type]);
                if (found is not TraitSymbol trait)
                {
                    context.Report(NameErrors.UnknownTrait(name.Location, name.Text, Modules.Spelling.Closest(name.Text, DeriveRules.Names)));
                    continue;
                }
                if (DeriveRules.WhyNot(context.Core, trait, type) is { } reason)
                {
                    context.Report(DeclarationErrors.CannotDerive(name.Location, trait.Name, type.Name, reason));
                    continue;
                }
                if (traits.Contains(trait))
                {
                    context.Report(DeclarationErrors.OverlappingImpl(name.Location, trait.Name, type.Name, attribute.Location, derived: true));
                    continue;
                }
                traits.Add(trait);
                AddDerived(type, trait, name);
            }
        }
        type.Derives = traits.ToImmutable();
    }

    // A derived impl is generic over the type's parameters, each bounded by the trait besides its own bounds.
    private void AddDerived(TypeSymbol type, TraitSymbol trait, SyntaxToken name)
    {
        var module = type.Module!;
        var impl = new ImplSymbol { Module = module, IsDerived = true, Source = name.Source, Span = name.Span };
        var fresh = type.TypeParameters.Select((p, i) => new TypeParameterSymbol(p.Name, i) { Owner = impl, IsCopyable = p.IsCopyable, Source = p.Source, Span = p.Span }).ToImmutableArray();
        var arguments = fresh.Select(p => (SigilType)new TypeParameterType(p)).ToImmutableArray();
        var substitution = new Substitution(type.TypeParameters, arguments);
        var reference = new TraitReference(trait);
        for (int i = 0; i < fresh.Length; i++)
        {
            var own = type.TypeParameters[i].Bounds.Select(substitution.Apply).ToImmutableArray();
            fresh[i].Bounds = own.Contains(reference) ? own : own.Add(reference);
        }
        impl.TypeParameters = fresh;
        impl.SelfType = new NamedType(type, arguments);
        impl.Trait = reference;
        context.Scopes[impl] = new TypeScope(context.ByModule[module].Scope).With(fresh, impl).WithSelf(impl.SelfType, trait, impl);
        module.Impls.Add(impl);
    }
}

/// <summary>Which traits can be derived for what.</summary>
internal static class DeriveRules
{
    public static IReadOnlyList<string> Names { get; } = ["Eq", "Comparable", "Hashable", "Printable", "Debug", "Clone", "Default", "Serializable"];

    /// <summary>Why a trait cannot be derived for a type at all, or null.</summary>
    public static string? WhyNot(CoreSymbols core, TraitSymbol trait, TypeSymbol type)
    {
        if (!Names.Contains(trait.Name) || core.FindTrait(trait.Name) != trait) return $"only {string.Join(", ", Names)} can be derived";
        if (type.Kind == TypeKind.Alias) return "it is only another name for a type";
        if (type.Kind == TypeKind.Opaque && !(type.Module?.IsStandardLibrary ?? false)) return "it is an opaque type";
        if (trait.Name == "Default" && type.Kind == TypeKind.Sum) return "it is a sum type, which has no default variant";
        return null;
    }
}
