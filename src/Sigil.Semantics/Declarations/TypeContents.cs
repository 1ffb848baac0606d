using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Pass 4: what stands in types and traits: supertraits, associated types, bounds, fields, variants, alias targets (E2005).</summary>
internal sealed class TypeContents(DeclarationContext context)
{
    private readonly Bounds bounds = new(context);

    public void Run()
    {
        foreach (var m in context.Modules)
            foreach (var t in m.Symbol.Traits) Supertraits(t);
        foreach (var m in context.Modules)
        {
            foreach (var t in m.Symbol.Traits) Associated(t);
            foreach (var t in m.Symbol.Types) TypeBounds(t);
        }
        foreach (var m in context.Modules)
            foreach (var t in m.Symbol.Types) Contents(t);
    }

    private void Supertraits(TraitSymbol trait)
    {
        var syntax = trait.Syntax!;
        var scope = context.Scopes[trait];
        if (syntax.Supertraits is { } written)
        {
            trait.Self.IsCopyable = !written.Bounds.Any(b => b.Tilde is not null && b.Type.Path.Text == "Copyable");
            trait.Supertraits = context.Resolver.ResolveBounds(written, scope, new TypeParameterType(trait.Self));
        }
        // A capability is lent to everyone below: its provider need not be copyable. So says the language of every such trait.
        if (trait.IsStandardCapability || trait.Methods.Any(m => m.Syntax is FunctionDeclaration { Parameters.Self: null } f && !MentionsSelf(f))) trait.Self.IsCopyable = false;
        bounds.OfParameters(syntax.TypeParameters, trait.TypeParameters, scope);
        trait.Self.Bounds = [new TraitReference(trait, [.. trait.TypeParameters.Select(p => (SigilType)new TypeParameterType(p))], [])];
    }

    internal static bool MentionsSelf(FunctionDeclaration f) =>
        f.Parameters.DescendantTokens().Concat(f.ReturnType.DescendantTokens()).Any(t => t.Kind == TokenKind.SelfTypeKeyword);

    private void Associated(TraitSymbol trait)
    {
        var scope = context.Scopes[trait];
        var self = new TypeParameterType(trait.Self);
        var reference = trait.Self.Bounds[0];
        foreach (var syntax in trait.Syntax!.Members.OfType<AssociatedTypeDeclaration>())
        {
            if (TypeResolver.FindAssociated(trait, syntax.Name.Text) is not { } a) continue;
            if (syntax.Bounds is { } written)
            {
                a.IsCopyable = !written.Bounds.Any(b => b.Tilde is not null && b.Type.Path.Text == "Copyable");
                a.Bounds = context.Resolver.ResolveBounds(written, scope, new ProjectionType(self, reference, a));
            }
            if (syntax.Type is { } value) a.Default = context.Resolver.Resolve(value, scope);
        }
        trait.Constraints = bounds.OfWhere(trait.Syntax.Where, trait, scope);
    }

    private void TypeBounds(TypeSymbol type)
    {
        var scope = context.Scopes[type];
        bounds.OfParameters(type.Syntax!.TypeParameters, type.TypeParameters, scope);
        bounds.OfWhere(type.Syntax.Where, type, scope);
    }

    private void Contents(TypeSymbol type)
    {
        var scope = context.Scopes[type];
        switch (type.Syntax!.Definition)
        {
            case StructDefinition s: type.Fields = Fields(type, s, scope); break;
            case SumDefinition s: Variants(type, s, scope); break;
            case AliasDefinition when type.Kind == TypeKind.Alias: context.Resolver.AliasTarget(type, new(type.Source!, type.Span)); break;
            case AliasDefinition a: type.Target = context.Resolver.Resolve(a.Type, scope); break;
        }
    }

    private ImmutableArray<FieldSymbol> Fields(TypeSymbol type, StructDefinition syntax, TypeScope scope)
    {
        var result = ImmutableArray.CreateBuilder<FieldSymbol>();
        foreach (var f in syntax.Fields)
        {
            var fieldType = context.Resolver.Resolve(f.Type, scope);
            if (f.Name.IsMissing) continue;
            if (result.FirstOrDefault(o => o.Name == f.Name.Text) is { } first)
            {
                context.Report(NameErrors.DuplicatePart(f.Name.Location, "field", f.Name.Text, DeclarationContext.Place(first)));
                continue;
            }
            var field = new FieldSymbol(f.Name.Text, result.Count) { Owner = type, Type = fieldType, Default = f.Default, Source = f.Name.Source, Span = f.Name.Span };
            context.Scopes[field] = scope;
            result.Add(field);
        }
        return result.ToImmutable();
    }

    private void Variants(TypeSymbol type, SumDefinition syntax, TypeScope scope)
    {
        foreach (var v in syntax.Variants)
        {
            if (v.Name.IsMissing || type.FindVariant(v.Name.Text) is not { } symbol || symbol.Span != v.Name.Span) continue;
            var fields = ImmutableArray.CreateBuilder<VariantField>();
            foreach (var f in v.Fields)
            {
                var fieldType = context.Resolver.Resolve(f.Type, scope);
                if (f.Name is { } name && fields.Any(o => o.Name == name.Text))
                    context.Report(NameErrors.DuplicatePart(name.Location, "field", name.Text, v.Fields.First(o => o.Name?.Text == name.Text).Name!.Location));
                fields.Add(new VariantField(f.Name?.Text, fieldType));
            }
            symbol.Fields = fields.ToImmutable();
        }
    }
}
