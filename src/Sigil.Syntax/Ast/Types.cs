using System.Collections.Immutable;

namespace Sigil.Syntax.Ast;

/// <summary>A type as written.</summary>
public abstract class TypeSyntax(ReadOnlySpan<SyntaxElement?> children) : SyntaxNode(children);

/// <summary><c>Name</c>, <c>module.Name</c>, <c>Self.Item</c>.</summary>
public sealed class TypePath(ImmutableArray<SyntaxToken> tokens) : SyntaxNode([.. tokens])
{
    /// <summary>Words and dots in turn.</summary>
    public ImmutableArray<SyntaxToken> Tokens { get; } = tokens;

    /// <summary>The words without the dots.</summary>
    public IEnumerable<SyntaxToken> Words => Tokens.Where(t => t.Kind != TokenKind.Dot);

    /// <summary>The first word.</summary>
    public SyntaxToken First => Tokens[0];

    /// <summary>The last word.</summary>
    public SyntaxToken Last => Tokens[^1];

    /// <summary>Whether the path is a single word.</summary>
    public bool IsSimple => Tokens.Length == 1;

    /// <summary>The words joined by dots.</summary>
    public string Text => IsSimple ? First.Text : string.Join('.', Words.Select(w => w.Text));
}

/// <summary><c>Name&lt;int, Item = str&gt;</c>; <c>Self</c> too.</summary>
public sealed class NamedType(TypePath path, TypeArgumentList? arguments) : TypeSyntax([path, arguments])
{
    public TypePath Path { get; } = path;

    public TypeArgumentList? Arguments { get; } = arguments;
}

/// <summary><c>&lt;int, Item = str&gt;</c>.</summary>
public sealed class TypeArgumentList(
    SyntaxToken less, SeparatedList<TypeArgument> arguments, SyntaxToken? greater)
    : SyntaxNode([less, .. arguments.Elements, greater])
{
    public SyntaxToken Less { get; } = less;

    public SeparatedList<TypeArgument> Arguments { get; } = arguments;

    public SyntaxToken? Greater { get; } = greater;
}

/// <summary><c>T</c>, or <c>Item = T</c>.</summary>
public sealed class TypeArgument(
    SyntaxToken? name, SyntaxToken? equalsToken, TypeSyntax type)
    : SyntaxNode([name, equalsToken, type])
{
    public SyntaxToken? Name { get; } = name;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    public TypeSyntax Type { get; } = type;
}

/// <summary><c>void</c>.</summary>
public sealed class VoidType(SyntaxToken voidKeyword) : TypeSyntax([voidKeyword])
{
    public SyntaxToken VoidKeyword { get; } = voidKeyword;
}

/// <summary><c>_</c>: asks for inference.</summary>
public sealed class InferredType(SyntaxToken underscore) : TypeSyntax([underscore])
{
    public SyntaxToken Underscore { get; } = underscore;
}

/// <summary><c>[T]</c>.</summary>
public sealed class ListType(
    SyntaxToken openBracket, TypeSyntax element, SyntaxToken? closeBracket)
    : TypeSyntax([openBracket, element, closeBracket])
{
    public SyntaxToken OpenBracket { get; } = openBracket;

    public TypeSyntax Element { get; } = element;

    public SyntaxToken? CloseBracket { get; } = closeBracket;
}

/// <summary><c>{K: V}</c>.</summary>
public sealed class MapType(
    SyntaxToken openBrace, TypeSyntax key, SyntaxToken? colon, TypeSyntax value, SyntaxToken? closeBrace)
    : TypeSyntax([openBrace, key, colon, value, closeBrace])
{
    public SyntaxToken OpenBrace { get; } = openBrace;

    public TypeSyntax Key { get; } = key;

    public SyntaxToken? Colon { get; } = colon;

    public TypeSyntax Value { get; } = value;

    public SyntaxToken? CloseBrace { get; } = closeBrace;
}

/// <summary><c>{ a: A, b: B }</c>; <c>{}</c> is the empty one.</summary>
public sealed class RecordType(
    SyntaxToken openBrace, SeparatedList<RecordTypeField> fields, SyntaxToken? closeBrace)
    : TypeSyntax([openBrace, .. fields.Elements, closeBrace])
{
    public SyntaxToken OpenBrace { get; } = openBrace;

    public SeparatedList<RecordTypeField> Fields { get; } = fields;

    public SyntaxToken? CloseBrace { get; } = closeBrace;
}

/// <summary><c>name: T</c> in a record type.</summary>
public sealed class RecordTypeField(
    SyntaxToken name, SyntaxToken? colon, TypeSyntax type)
    : SyntaxNode([name, colon, type])
{
    public SyntaxToken Name { get; } = name;

    public SyntaxToken? Colon { get; } = colon;

    public TypeSyntax Type { get; } = type;
}

/// <summary><c>()</c> (the unit type) or <c>(A, B, …)</c>.</summary>
public sealed class TupleType(
    SyntaxToken openParen, SeparatedList<TypeSyntax> elements, SyntaxToken? closeParen)
    : TypeSyntax([openParen, .. elements.Elements, closeParen])
{
    public SyntaxToken OpenParen { get; } = openParen;

    public SeparatedList<TypeSyntax> Elements { get; } = elements;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary><c>(T)</c>: grouping, or the parameter list of a function type with one parameter.</summary>
public sealed class ParenthesizedType(
    SyntaxToken openParen, TypeSyntax type, SyntaxToken? comma, SyntaxToken? closeParen)
    : TypeSyntax([openParen, type, comma, closeParen])
{
    public SyntaxToken OpenParen { get; } = openParen;

    public TypeSyntax Type { get; } = type;

    /// <summary>A trailing comma.</summary>
    public SyntaxToken? Comma { get; } = comma;

    public SyntaxToken? CloseParen { get; } = closeParen;
}

/// <summary><c>A -&gt; B</c>, <c>(A, B) -&gt; C uses X</c>. The arrow is right-associative.</summary>
public sealed class FunctionType(
    TypeSyntax left, SyntaxToken arrow, TypeSyntax result, UsesClause? uses)
    : TypeSyntax([left, arrow, result, uses])
{
    /// <summary>The part before the arrow as written.</summary>
    public TypeSyntax Left { get; } = left;

    public SyntaxToken Arrow { get; } = arrow;

    public TypeSyntax Result { get; } = result;

    public UsesClause? Uses { get; } = uses;

    /// <summary>
    /// The parameter types: those in the parentheses before the arrow, or the one type that stands there.
    /// <c>((A, B)) -> C</c> has one, a tuple.
    /// </summary>
    public ImmutableArray<TypeSyntax> ParameterTypes => Left switch
    {
        TupleType tuple => [.. tuple.Elements],
        ParenthesizedType group => [group.Type],
        _ => [Left],
    };
}

/// <summary><c>dyn A + B</c>.</summary>
public sealed class DynType(SyntaxToken dynKeyword, BoundList bounds) : TypeSyntax([dynKeyword, bounds])
{
    public SyntaxToken DynKeyword { get; } = dynKeyword;

    public BoundList Bounds { get; } = bounds;
}

/// <summary><c>&amp;T</c>, <c>&amp;mut T</c>.</summary>
public sealed class BorrowType(
    SyntaxToken ampersand, SyntaxToken? mutKeyword, TypeSyntax type)
    : TypeSyntax([ampersand, mutKeyword, type])
{
    public SyntaxToken Ampersand { get; } = ampersand;

    public SyntaxToken? MutKeyword { get; } = mutKeyword;

    public TypeSyntax Type { get; } = type;

    /// <summary>Whether the borrow allows writing.</summary>
    public bool IsMut => MutKeyword is not null;
}

/// <summary><c>iso T</c>, <c>val T</c>, <c>ref T</c>.</summary>
public sealed class CapabilityType(SyntaxToken word, TypeSyntax type) : TypeSyntax([word, type])
{
    public SyntaxToken Word { get; } = word;

    public TypeSyntax Type { get; } = type;

    /// <summary>The capability that the word names.</summary>
    public ReferenceCapability Capability => Word.Capability;
}

/// <summary>Something that is no type, with the error already reported.</summary>
public sealed class InvalidType(ImmutableArray<SyntaxElement> parts) : TypeSyntax([.. parts])
{
    public ImmutableArray<SyntaxElement> Parts { get; } = parts;
}
