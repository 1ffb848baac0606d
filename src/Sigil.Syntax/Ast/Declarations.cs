using System.Collections.Immutable;

namespace Sigil.Syntax.Ast;

// The parts of which items are made: bodies of types, parameters, generics, uses and where clauses.

/// <summary>What follows the <c>=</c> of a type declaration.</summary>
public abstract class TypeDefinition(ReadOnlySpan<SyntaxElement?> children) : SyntaxNode(children);

/// <summary><c>{ field: T = default, @method () -&gt; R }</c>; one with methods is an opaque type.</summary>
public sealed class StructDefinition(
    SyntaxToken openBrace, SeparatedList<Item> members, SyntaxToken? closeBrace)
    : TypeDefinition([openBrace, .. members.Elements, closeBrace])
{
    public SyntaxToken OpenBrace { get; } = openBrace;

    /// <summary>Fields and method signatures.</summary>
    public SeparatedList<Item> Members { get; } = members;

    public SyntaxToken? CloseBrace { get; } = closeBrace;

    /// <summary>The fields.</summary>
    public IEnumerable<FieldDeclaration> Fields => Members.OfType<FieldDeclaration>();

    /// <summary>The method signatures.</summary>
    public IEnumerable<FunctionDeclaration> Methods => Members.OfType<FunctionDeclaration>();
}

/// <summary><c>A | B(int) | C(x: int)</c>; the first bar is optional.</summary>
public sealed class SumDefinition(
    SyntaxToken? leadingBar, SeparatedList<VariantDeclaration> variants)
    : TypeDefinition([leadingBar, .. variants.Elements])
{
    public SyntaxToken? LeadingBar { get; } = leadingBar;

    public SeparatedList<VariantDeclaration> Variants { get; } = variants;
}

/// <summary>Any other type: a newtype, or an alias of a function or iso/val/ref type.</summary>
public sealed class AliasDefinition(TypeSyntax type) : TypeDefinition([type])
{
    public TypeSyntax Type { get; } = type;
}

/// <summary><c>name: Type = default</c> of a struct.</summary>
public sealed class FieldDeclaration(
    ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pubKeyword, SyntaxToken name, SyntaxToken? colon,
    TypeSyntax type, SyntaxToken? equalsToken, Expression? @default)
    : Item(attributes, pubKeyword, [.. attributes, pubKeyword, name, colon, type, equalsToken, @default])
{
    public SyntaxToken Name { get; } = name;

    public SyntaxToken? Colon { get; } = colon;

    public TypeSyntax Type { get; } = type;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    public Expression? Default { get; } = @default;
}

/// <summary><c>Name</c>, <c>Name(T, U)</c>, <c>Name(a: T)</c>.</summary>
public sealed class VariantDeclaration(
    SyntaxToken name, SyntaxToken? openParen, SeparatedList<VariantField> fields, SyntaxToken? closeParen)
    : SyntaxNode([name, openParen, .. fields.Elements, closeParen])
{
    public SyntaxToken Name { get; } = name;

    public SyntaxToken? OpenParen { get; } = openParen;

    public SeparatedList<VariantField> Fields { get; } = fields;

    public SyntaxToken? CloseParen { get; } = closeParen;

    /// <summary>The doc comments above the variant.</summary>
    public DocComment? Documentation => DocComment.Before(this);
}

/// <summary><c>T</c> or <c>name: T</c>.</summary>
public sealed class VariantField(
    SyntaxToken? name, SyntaxToken? colon, TypeSyntax type)
    : SyntaxNode([name, colon, type])
{
    public SyntaxToken? Name { get; } = name;

    public SyntaxToken? Colon { get; } = colon;

    public TypeSyntax Type { get; } = type;
}

/// <summary><c>(a: A, .b: B = c)</c>.</summary>
public sealed class ParameterList(
    SyntaxToken? openParen, SeparatedList<ParameterSyntax> parameters, SyntaxToken? closeParen)
    : SyntaxNode([openParen, .. parameters.Elements, closeParen])
{
    public SyntaxToken? OpenParen { get; } = openParen;

    public SeparatedList<ParameterSyntax> Parameters { get; } = parameters;

    public SyntaxToken? CloseParen { get; } = closeParen;

    /// <summary>The <c>self</c> parameter, or null.</summary>
    public SelfParameter? Self => Parameters.Count > 0 ? Parameters[0] as SelfParameter : null;
}

/// <summary>A parameter.</summary>
public abstract class ParameterSyntax(ReadOnlySpan<SyntaxElement?> children) : SyntaxNode(children);

/// <summary><c>self</c>, <c>mut self</c>, <c>own self</c>.</summary>
public sealed class SelfParameter(
    SyntaxToken? modifier, SyntaxToken selfKeyword)
    : ParameterSyntax([modifier, selfKeyword])
{
    /// <summary><c>mut</c> or <c>own</c>.</summary>
    public SyntaxToken? Modifier { get; } = modifier;

    public SyntaxToken SelfKeyword { get; } = selfKeyword;

    /// <summary>Whether the method updates its receiver.</summary>
    public bool IsMut => Modifier?.Kind == TokenKind.MutKeyword;

    /// <summary>Whether the method consumes its receiver.</summary>
    public bool IsOwn => Modifier is { Kind: TokenKind.Identifier };
}

/// <summary><c>name: T</c>, <c>.word: T</c>, <c>(a, b): (A, B)</c>, each with an optional default.</summary>
public sealed class Parameter(
    SyntaxToken? dot, Pattern pattern, SyntaxToken? colon, TypeSyntax type, SyntaxToken? equalsToken,
    Expression? @default)
    : ParameterSyntax([dot, pattern, colon, type, equalsToken, @default])
{
    public SyntaxToken? Dot { get; } = dot;

    /// <summary>For <c>.word</c> and plain names a <c>BindingPattern</c> (or a wildcard).</summary>
    public Pattern Pattern { get; } = pattern;

    public SyntaxToken? Colon { get; } = colon;

    public TypeSyntax Type { get; } = type;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    public Expression? Default { get; } = @default;

    /// <summary>The name by which an argument can name this parameter; null for a pattern.</summary>
    public SyntaxToken? Name => (Pattern as BindingPattern)?.Name;
}

/// <summary><c>&lt;T: Bound, U = int&gt;</c>.</summary>
public sealed class TypeParameterList(
    SyntaxToken less, SeparatedList<TypeParameter> parameters, SyntaxToken? greater)
    : SyntaxNode([less, .. parameters.Elements, greater])
{
    public SyntaxToken Less { get; } = less;

    public SeparatedList<TypeParameter> Parameters { get; } = parameters;

    public SyntaxToken? Greater { get; } = greater;
}

/// <summary><c>T: Bound + ~Copyable = Default</c>.</summary>
public sealed class TypeParameter(
    SyntaxToken name, SyntaxToken? colon, BoundList? bounds, SyntaxToken? equalsToken, TypeSyntax? @default)
    : SyntaxNode([name, colon, bounds, equalsToken, @default])
{
    public SyntaxToken Name { get; } = name;

    public SyntaxToken? Colon { get; } = colon;

    public BoundList? Bounds { get; } = bounds;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    public TypeSyntax? Default { get; } = @default;
}

/// <summary><c>A + B&lt;int&gt; + ~Copyable</c>.</summary>
public sealed class BoundList(SeparatedList<Bound> bounds) : SyntaxNode([.. bounds.Elements])
{
    public SeparatedList<Bound> Bounds { get; } = bounds;
}

/// <summary>One bound.</summary>
public sealed class Bound(SyntaxToken? tilde, NamedType type) : SyntaxNode([tilde, type])
{
    public SyntaxToken? Tilde { get; } = tilde;

    public NamedType Type { get; } = type;
}

/// <summary><c>uses A, B</c>.</summary>
public sealed class UsesClause(
    SyntaxToken usesKeyword, SeparatedList<TypePath> capabilities)
    : SyntaxNode([usesKeyword, .. capabilities.Elements])
{
    public SyntaxToken UsesKeyword { get; } = usesKeyword;

    public SeparatedList<TypePath> Capabilities { get; } = capabilities;
}

/// <summary><c>where T: A, T.Item = int</c>.</summary>
public sealed class WhereClause(
    SyntaxToken whereKeyword, SeparatedList<WhereConstraint> constraints)
    : SyntaxNode([whereKeyword, .. constraints.Elements])
{
    public SyntaxToken WhereKeyword { get; } = whereKeyword;

    public SeparatedList<WhereConstraint> Constraints { get; } = constraints;
}

/// <summary><c>path: bounds</c> or <c>path = type</c>.</summary>
public sealed class WhereConstraint(
    TypePath path, SyntaxToken? colon, BoundList? bounds, SyntaxToken? equalsToken, TypeSyntax? type)
    : SyntaxNode([path, colon, bounds, equalsToken, type])
{
    public TypePath Path { get; } = path;

    public SyntaxToken? Colon { get; } = colon;

    public BoundList? Bounds { get; } = bounds;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    public TypeSyntax? Type { get; } = type;
}
