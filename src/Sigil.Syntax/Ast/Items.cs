using System.Collections.Immutable;

namespace Sigil.Syntax.Ast;

/// <summary>A declaration at module level, or a member of a trait, impl, extend or struct body.</summary>
public abstract class Item(ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pubKeyword, ReadOnlySpan<SyntaxElement?> children) : SyntaxNode(children)
{
    public ImmutableArray<AttributeSyntax> Attributes { get; } = attributes;

    public SyntaxToken? PubKeyword { get; } = pubKeyword;

    /// <summary>The doc comments above the item.</summary>
    public DocComment? Documentation => DocComment.Before(this);

    /// <summary>Whether the item is visible outside its module.</summary>
    public bool IsPublic => PubKeyword is not null;
}

/// <summary><c>$name = literal</c>.</summary>
public sealed class ConfigDeclaration(
    ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pubKeyword, SyntaxToken dollar, SyntaxToken name,
    SyntaxToken? equalsToken, Expression value)
    : Item(attributes, pubKeyword, [.. attributes, pubKeyword, dollar, name, equalsToken, value])
{
    public SyntaxToken Dollar { get; } = dollar;

    public SyntaxToken Name { get; } = name;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    /// <summary>A literal, or a negated one.</summary>
    public Expression Value { get; } = value;
}

/// <summary><c>@name&lt;T&gt; (a: A) -&gt; R uses C where … = body</c>: a function, or a method of a trait, impl, extend or struct body (there without body).</summary>
public sealed class FunctionDeclaration(
    ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pubKeyword, SyntaxToken at, SyntaxToken name,
    TypeParameterList? typeParameters, ParameterList parameters, SyntaxToken? arrow, TypeSyntax returnType,
    UsesClause? uses, WhereClause? @where, SyntaxToken? equalsToken, Expression? body)
    : Item(attributes, pubKeyword, [.. attributes, pubKeyword, at, name, typeParameters, parameters, arrow, returnType, uses, @where, equalsToken, body])
{
    public SyntaxToken At { get; } = at;

    public SyntaxToken Name { get; } = name;

    public TypeParameterList? TypeParameters { get; } = typeParameters;

    public ParameterList Parameters { get; } = parameters;

    public SyntaxToken? Arrow { get; } = arrow;

    public TypeSyntax ReturnType { get; } = returnType;

    public UsesClause? Uses { get; } = uses;

    public WhereClause? Where { get; } = @where;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    /// <summary>Null for a signature.</summary>
    public Expression? Body { get; } = body;
}

/// <summary><c>@test_x tests @f tests @g () -&gt; void uses C = body</c>.</summary>
public sealed class TestDeclaration(
    ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pubKeyword, SyntaxToken at, SyntaxToken name,
    ImmutableArray<TestTarget> targets, ParameterList parameters, SyntaxToken? arrow, TypeSyntax returnType,
    UsesClause? uses, SyntaxToken? equalsToken, Expression? body)
    : Item(attributes, pubKeyword, [.. attributes, pubKeyword, at, name, .. targets, parameters, arrow, returnType, uses, equalsToken, body])
{
    public SyntaxToken At { get; } = at;

    public SyntaxToken Name { get; } = name;

    public ImmutableArray<TestTarget> Targets { get; } = targets;

    public ParameterList Parameters { get; } = parameters;

    public SyntaxToken? Arrow { get; } = arrow;

    public TypeSyntax ReturnType { get; } = returnType;

    public UsesClause? Uses { get; } = uses;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    public Expression? Body { get; } = body;
}

/// <summary><c>tests @name</c> or <c>tests @Type.method</c>.</summary>
public sealed class TestTarget(
    SyntaxToken testsWord, SyntaxToken? at, SyntaxToken? type, SyntaxToken? dot, SyntaxToken name)
    : SyntaxNode([testsWord, at, type, dot, name])
{
    public SyntaxToken TestsWord { get; } = testsWord;

    public SyntaxToken? At { get; } = at;

    public SyntaxToken? Type { get; } = type;

    public SyntaxToken? Dot { get; } = dot;

    public SyntaxToken Name { get; } = name;
}

/// <summary><c>type Name&lt;T&gt; where … = definition</c>.</summary>
public sealed class TypeDeclaration(
    ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pubKeyword, SyntaxToken typeKeyword, SyntaxToken name,
    TypeParameterList? typeParameters, WhereClause? @where, SyntaxToken? equalsToken, TypeDefinition definition)
    : Item(attributes, pubKeyword, [.. attributes, pubKeyword, typeKeyword, name, typeParameters, @where, equalsToken, definition])
{
    public SyntaxToken TypeKeyword { get; } = typeKeyword;

    public SyntaxToken Name { get; } = name;

    public TypeParameterList? TypeParameters { get; } = typeParameters;

    public WhereClause? Where { get; } = @where;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    public TypeDefinition Definition { get; } = definition;
}

/// <summary><c>trait Name&lt;T&gt;: Super + Other where … { members }</c>.</summary>
public sealed class TraitDeclaration(
    ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pubKeyword, SyntaxToken traitKeyword, SyntaxToken name,
    TypeParameterList? typeParameters, SyntaxToken? colon, BoundList? supertraits, WhereClause? @where,
    SyntaxToken? openBrace, SeparatedList<Item> members, SyntaxToken? closeBrace)
    : Item(attributes, pubKeyword, [.. attributes, pubKeyword, traitKeyword, name, typeParameters, colon, supertraits, @where, openBrace, .. members.Elements, closeBrace])
{
    public SyntaxToken TraitKeyword { get; } = traitKeyword;

    public SyntaxToken Name { get; } = name;

    public TypeParameterList? TypeParameters { get; } = typeParameters;

    public SyntaxToken? Colon { get; } = colon;

    public BoundList? Supertraits { get; } = supertraits;

    public WhereClause? Where { get; } = @where;

    public SyntaxToken? OpenBrace { get; } = openBrace;

    /// <summary>Functions and associated types.</summary>
    public SeparatedList<Item> Members { get; } = members;

    public SyntaxToken? CloseBrace { get; } = closeBrace;
}

/// <summary><c>impl&lt;T&gt; Trait for Type where … { members }</c>, <c>impl Type { … }</c>, <c>impl !Sendable for Type { }</c>.</summary>
public sealed class ImplDeclaration(
    ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pubKeyword, SyntaxToken implKeyword,
    TypeParameterList? typeParameters, SyntaxToken? bang, TypeSyntax? trait, SyntaxToken? forKeyword,
    TypeSyntax type, WhereClause? @where, SyntaxToken? openBrace, SeparatedList<Item> members,
    SyntaxToken? closeBrace)
    : Item(attributes, pubKeyword, [.. attributes, pubKeyword, implKeyword, typeParameters, bang, trait, forKeyword, type, @where, openBrace, .. members.Elements, closeBrace])
{
    public SyntaxToken ImplKeyword { get; } = implKeyword;

    public TypeParameterList? TypeParameters { get; } = typeParameters;

    public SyntaxToken? Bang { get; } = bang;

    /// <summary>Null in an inherent impl.</summary>
    public TypeSyntax? Trait { get; } = trait;

    public SyntaxToken? ForKeyword { get; } = forKeyword;

    /// <summary>The implementing type.</summary>
    public TypeSyntax Type { get; } = type;

    public WhereClause? Where { get; } = @where;

    public SyntaxToken? OpenBrace { get; } = openBrace;

    /// <summary>Functions and associated types.</summary>
    public SeparatedList<Item> Members { get; } = members;

    public SyntaxToken? CloseBrace { get; } = closeBrace;
}

/// <summary><c>extend Trait where … { methods }</c>.</summary>
public sealed class ExtendDeclaration(
    ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pubKeyword, SyntaxToken extendKeyword, TypePath trait,
    WhereClause? @where, SyntaxToken? openBrace, SeparatedList<Item> members, SyntaxToken? closeBrace)
    : Item(attributes, pubKeyword, [.. attributes, pubKeyword, extendKeyword, trait, @where, openBrace, .. members.Elements, closeBrace])
{
    public SyntaxToken ExtendKeyword { get; } = extendKeyword;

    public TypePath Trait { get; } = trait;

    public WhereClause? Where { get; } = @where;

    public SyntaxToken? OpenBrace { get; } = openBrace;

    /// <summary>Functions.</summary>
    public SeparatedList<Item> Members { get; } = members;

    public SyntaxToken? CloseBrace { get; } = closeBrace;
}

/// <summary><c>type Item: Bound = T</c> in a trait, <c>type Item = T</c> in an impl.</summary>
public sealed class AssociatedTypeDeclaration(
    ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pubKeyword, SyntaxToken typeKeyword, SyntaxToken name,
    SyntaxToken? colon, BoundList? bounds, SyntaxToken? equalsToken, TypeSyntax? type)
    : Item(attributes, pubKeyword, [.. attributes, pubKeyword, typeKeyword, name, colon, bounds, equalsToken, type])
{
    public SyntaxToken TypeKeyword { get; } = typeKeyword;

    public SyntaxToken Name { get; } = name;

    public SyntaxToken? Colon { get; } = colon;

    public BoundList? Bounds { get; } = bounds;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    public TypeSyntax? Type { get; } = type;
}

/// <summary>Something that stands where an item should, with the error already reported.</summary>
public sealed class InvalidItem(
    ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pubKeyword, ImmutableArray<SyntaxElement> parts)
    : Item(attributes, pubKeyword, [.. attributes, pubKeyword, .. parts])
{
    public ImmutableArray<SyntaxElement> Parts { get; } = parts;
}
