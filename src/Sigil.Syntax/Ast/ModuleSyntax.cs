using System.Collections.Immutable;

namespace Sigil.Syntax.Ast;

/// <summary>The root: a whole module, or a snippet.</summary>
public sealed class ModuleSyntax(
    ImmutableArray<AttributeSyntax> innerAttributes, ImmutableArray<SyntaxNode> members, SyntaxToken endOfFile)
    : SyntaxNode([.. innerAttributes, .. members, endOfFile])
{
    /// <summary><c>#![…]</c> at the head of the file.</summary>
    public ImmutableArray<AttributeSyntax> InnerAttributes { get; } = innerAttributes;

    /// <summary>Imports, items and (in snippets, or misplaced) statements, in source order.</summary>
    public ImmutableArray<SyntaxNode> Members { get; } = members;

    /// <summary>The end of the file, with the trivia before it.</summary>
    public SyntaxToken EndOfFile { get; } = endOfFile;

    /// <summary>The <c>use</c> declarations.</summary>
    public IEnumerable<ImportDeclaration> Imports => Members.OfType<ImportDeclaration>();

    /// <summary>The <c>extension … { … }</c> imports.</summary>
    public IEnumerable<ExtensionImportDeclaration> ExtensionImports => Members.OfType<ExtensionImportDeclaration>();

    /// <summary>The items.</summary>
    public IEnumerable<Item> Items => Members.OfType<Item>();

    /// <summary>The statements; a module that has any was reported (E1011), a snippet may have them.</summary>
    public IEnumerable<Statement> Statements => Members.OfType<Statement>();

    /// <summary>The statements of a snippet as one body, in which they stand from then on; null when there are none.</summary>
    public RunExpression? BodyOfStatements()
    {
        var statements = Statements.ToImmutableArray<SyntaxElement>();
        if (statements.IsEmpty) return null;
        int start = statements[0].Span.Start, end = statements[^1].Span.End;
        return new RunExpression(
            SyntaxToken.Missing(Source, TokenKind.Identifier, start), SyntaxToken.Missing(Source, TokenKind.OpenParen, start),
            new SeparatedList<Statement>(statements), SyntaxToken.Missing(Source, TokenKind.CloseParen, end))
        {
            Parent = this,
        };
    }
}

/// <summary><c>use path { a, b as c }</c>, <c>use path as m</c>, <c>use path</c>.</summary>
public sealed class ImportDeclaration(
    SyntaxToken? pubKeyword, SyntaxToken useKeyword, ModulePath path, SyntaxToken? openBrace,
    SeparatedList<ImportItem> items, SyntaxToken? closeBrace, SyntaxToken? asKeyword, SyntaxToken? alias)
    : SyntaxNode([pubKeyword, useKeyword, path, openBrace, .. items.Elements, closeBrace, asKeyword, alias])
{
    public SyntaxToken? PubKeyword { get; } = pubKeyword;

    public SyntaxToken UseKeyword { get; } = useKeyword;

    public ModulePath Path { get; } = path;

    public SyntaxToken? OpenBrace { get; } = openBrace;

    /// <summary>Empty when there are no braces.</summary>
    public SeparatedList<ImportItem> Items { get; } = items;

    public SyntaxToken? CloseBrace { get; } = closeBrace;

    public SyntaxToken? AsKeyword { get; } = asKeyword;

    /// <summary>The name bound by <c>as</c>.</summary>
    public SyntaxToken? Alias { get; } = alias;
}

/// <summary><c>'./relative'</c> or <c>std.math</c>.</summary>
public sealed class ModulePath(ImmutableArray<SyntaxToken> tokens) : SyntaxNode([.. tokens])
{
    /// <summary>One path literal, or words and dots in turn.</summary>
    public ImmutableArray<SyntaxToken> Tokens { get; } = tokens;

    /// <summary>Whether the path is a quoted one, relative to the importing file.</summary>
    public bool IsRelative => Tokens is [{ Kind: TokenKind.PathLiteral }, ..];

    /// <summary>The quoted path without its quotes; null for a dotted path.</summary>
    public string? RelativePath => IsRelative ? (string?)Tokens[0].Value : null;

    /// <summary>The words of a dotted path; empty for a quoted one.</summary>
    public IEnumerable<SyntaxToken> Words => IsRelative ? [] : Tokens.Where(t => t.Kind != TokenKind.Dot);
}

/// <summary><c>name</c>, <c>::private</c>, <c>$config</c>, each with an optional <c>as</c>.</summary>
public sealed class ImportItem(
    SyntaxToken? privateMarker, SyntaxToken? dollar, SyntaxToken name, SyntaxToken? asKeyword,
    SyntaxToken? aliasDollar, SyntaxToken? alias)
    : SyntaxNode([privateMarker, dollar, name, asKeyword, aliasDollar, alias])
{
    /// <summary><c>::</c>, asking for a private item.</summary>
    public SyntaxToken? PrivateMarker { get; } = privateMarker;

    public SyntaxToken? Dollar { get; } = dollar;

    public SyntaxToken Name { get; } = name;

    public SyntaxToken? AsKeyword { get; } = asKeyword;

    public SyntaxToken? AliasDollar { get; } = aliasDollar;

    public SyntaxToken? Alias { get; } = alias;

    /// <summary>Whether a config is imported.</summary>
    public bool IsConfig => Dollar is not null;

    /// <summary>The name under which the item is bound here.</summary>
    public SyntaxToken BoundName => Alias ?? Name;
}

/// <summary><c>extension path { Trait.method, … }</c>.</summary>
public sealed class ExtensionImportDeclaration(
    SyntaxToken extensionKeyword, ModulePath path, SyntaxToken? openBrace, SeparatedList<ExtensionImportItem> items,
    SyntaxToken? closeBrace)
    : SyntaxNode([extensionKeyword, path, openBrace, .. items.Elements, closeBrace])
{
    public SyntaxToken ExtensionKeyword { get; } = extensionKeyword;

    public ModulePath Path { get; } = path;

    public SyntaxToken? OpenBrace { get; } = openBrace;

    public SeparatedList<ExtensionImportItem> Items { get; } = items;

    public SyntaxToken? CloseBrace { get; } = closeBrace;
}

/// <summary><c>Trait.method</c> in an extension import.</summary>
public sealed class ExtensionImportItem(
    SyntaxToken trait, SyntaxToken? dot, SyntaxToken method)
    : SyntaxNode([trait, dot, method])
{
    public SyntaxToken Trait { get; } = trait;

    public SyntaxToken? Dot { get; } = dot;

    public SyntaxToken Method { get; } = method;
}

/// <summary><c>#[name(arguments)]</c> or <c>#![name(arguments)]</c>.</summary>
public sealed class AttributeSyntax(
    SyntaxToken hash, SyntaxToken? bang, SyntaxToken? openBracket, SyntaxToken name, SyntaxToken? openParen,
    SeparatedList<AttributeArgument> arguments, SyntaxToken? closeParen, SyntaxToken? closeBracket)
    : SyntaxNode([hash, bang, openBracket, name, openParen, .. arguments.Elements, closeParen, closeBracket])
{
    public SyntaxToken Hash { get; } = hash;

    public SyntaxToken? Bang { get; } = bang;

    public SyntaxToken? OpenBracket { get; } = openBracket;

    public SyntaxToken Name { get; } = name;

    public SyntaxToken? OpenParen { get; } = openParen;

    public SeparatedList<AttributeArgument> Arguments { get; } = arguments;

    public SyntaxToken? CloseParen { get; } = closeParen;

    public SyntaxToken? CloseBracket { get; } = closeBracket;
}

/// <summary><c>Eq</c>, <c>\"why\"</c>, <c>name = \"n\"</c>.</summary>
public sealed class AttributeArgument(
    SyntaxToken? name, SyntaxToken? equalsToken, Expression? value)
    : SyntaxNode([name, equalsToken, value])
{
    public SyntaxToken? Name { get; } = name;

    public SyntaxToken? EqualsToken { get; } = equalsToken;

    /// <summary>A literal, possibly negative; null for a bare name.</summary>
    public Expression? Value { get; } = value;
}
