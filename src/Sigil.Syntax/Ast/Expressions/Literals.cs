namespace Sigil.Syntax.Ast;

// Struct, record and map literals.

/// <summary><c>Name&lt;T&gt; { a: 1, b, ...old }</c>.</summary>
public sealed class StructLiteral(
    NamedType type, SyntaxToken openBrace, SeparatedList<FieldInitializer> fields, SyntaxToken? closeBrace)
    : Expression([type, openBrace, .. fields.Elements, closeBrace])
{
    public NamedType Type { get; } = type;

    public SyntaxToken OpenBrace { get; } = openBrace;

    public SeparatedList<FieldInitializer> Fields { get; } = fields;

    public SyntaxToken? CloseBrace { get; } = closeBrace;
}

/// <summary><c>{ a: 1, b, ...old }</c>.</summary>
public sealed class RecordLiteral(
    SyntaxToken openBrace, SeparatedList<FieldInitializer> fields, SyntaxToken? closeBrace)
    : Expression([openBrace, .. fields.Elements, closeBrace])
{
    public SyntaxToken OpenBrace { get; } = openBrace;

    public SeparatedList<FieldInitializer> Fields { get; } = fields;

    public SyntaxToken? CloseBrace { get; } = closeBrace;
}

/// <summary>An entry of a struct or record literal.</summary>
public abstract class FieldInitializer(ReadOnlySpan<SyntaxElement?> children) : SyntaxNode(children);

/// <summary><c>name: value</c>, or <c>name</c> for <c>name: name</c>.</summary>
public sealed class NamedFieldInitializer(
    SyntaxToken name, SyntaxToken? colon, Expression? value)
    : FieldInitializer([name, colon, value])
{
    public SyntaxToken Name { get; } = name;

    public SyntaxToken? Colon { get; } = colon;

    /// <summary>Null in the short form.</summary>
    public Expression? Value { get; } = value;
}

/// <summary><c>...value</c>.</summary>
public sealed class SpreadFieldInitializer(SyntaxToken ellipsis, Expression value) : FieldInitializer([ellipsis, value])
{
    public SyntaxToken Ellipsis { get; } = ellipsis;

    public Expression Value { get; } = value;
}

/// <summary><c>{}</c> or <c>{ key: value, … }</c>.</summary>
public sealed class MapLiteral(
    SyntaxToken openBrace, SeparatedList<MapEntry> entries, SyntaxToken? closeBrace)
    : Expression([openBrace, .. entries.Elements, closeBrace])
{
    public SyntaxToken OpenBrace { get; } = openBrace;

    public SeparatedList<MapEntry> Entries { get; } = entries;

    public SyntaxToken? CloseBrace { get; } = closeBrace;
}

/// <summary><c>key: value</c>.</summary>
public sealed class MapEntry(Expression key, SyntaxToken? colon, Expression value) : SyntaxNode([key, colon, value])
{
    public Expression Key { get; } = key;

    public SyntaxToken? Colon { get; } = colon;

    public Expression Value { get; } = value;
}
