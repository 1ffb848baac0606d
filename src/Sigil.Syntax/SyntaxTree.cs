using System.Collections.Immutable;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;
using Sigil.Syntax.Lexing;
using Sigil.Syntax.Parsing;

namespace Sigil.Syntax;

/// <summary>The tree of one text, with what is wrong in it. Every text has one.</summary>
public sealed class SyntaxTree
{
    private SyntaxTree(ModuleSyntax root, ImmutableArray<SyntaxToken> tokens, ImmutableArray<Diagnostic> diagnostics)
    {
        Root = root;
        Tokens = tokens;
        Diagnostics = diagnostics;
    }

    /// <summary>The text.</summary>
    public SourceText Source => Root.Source;

    /// <summary>The root.</summary>
    public ModuleSyntax Root { get; }

    /// <summary>All tokens of the text in order, the end of the file included; no missing ones.</summary>
    public ImmutableArray<SyntaxToken> Tokens { get; }

    /// <summary>Lexical and syntax errors in the order of report.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    /// <summary>Whether the text has errors.</summary>
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);

    /// <summary>Reads a text. Never fails.</summary>
    public static SyntaxTree Parse(SourceText source, ParseOptions? options = null)
    {
        options ??= ParseOptions.Module;
        var diagnostics = new DiagnosticBag();
        if (!options.IsSnippet && ModuleFileName.IsUnusable(source.Path))
            diagnostics.Add(LexicalErrors.UnusableFileName(source, Path.GetFileName(source.Path)));
        var tokens = Lexer.Lex(source, diagnostics);
        var root = new Parser(source, tokens, options, diagnostics).ParseModule();
        return new SyntaxTree(root, tokens, diagnostics.ToImmutable());
    }

    /// <summary>Prints the tree: the text, exactly.</summary>
    public string ToFullString()
    {
        var builder = new System.Text.StringBuilder(Source.Length);
        foreach (var token in Root.DescendantTokens())
            builder.Append(Source.Slice(token.LeadingTriviaSpan)).Append(Source.Slice(token.Span));
        return builder.ToString();
    }
}
