using Sigil.Semantics.Symbols;
using Sigil.Syntax;
using Sigil.Syntax.Ast;

namespace Sigil.Semantics.Modules;

/// <summary>A parsed file with its symbol, its imports and its scope.</summary>
internal sealed class LoadedModule(ModuleSymbol symbol, ModuleSyntax syntax, SourceText source, string path)
{
    public ModuleSymbol Symbol { get; } = symbol;
    public ModuleSyntax Syntax { get; } = syntax;
    public SourceText Source { get; } = source;
    /// <summary>The path of the file; for the library a path made from the module's name.</summary>
    public string Path { get; } = path;
    /// <summary>Imports in source order.</summary>
    public List<ResolvedImport> Imports { get; } = [];
    /// <summary>Set once all modules are loaded.</summary>
    public ModuleScope Scope { get; set; } = null!;
    public bool IsLibrary => Symbol.IsStandardLibrary;
    /// <summary>A file below <c>_test/</c> or named <c>*.test.si</c>.</summary>
    public bool IsTestFile => Path.EndsWith(".test.si", StringComparison.Ordinal) || Path.Contains("_test/", StringComparison.Ordinal);
    public SourceLocation At(TextSpan span) => new(Source, span);
    public SourceLocation At(SyntaxElement element) => new(Source, element.Span);

    /// <summary>Whether private items of the target may be imported without <c>::</c>: from <c>_test/*.test.si</c> for the directory above.</summary>
    public bool MaySeePrivateItemsOf(LoadedModule target)
    {
        var directory = ModulePaths.DirectoryOf(Path);
        return Path.EndsWith(".test.si", StringComparison.Ordinal)
            && (directory == "_test" || directory.EndsWith("/_test", StringComparison.Ordinal))
            && ModulePaths.DirectoryOf(directory) == ModulePaths.DirectoryOf(target.Path);
    }
}

/// <summary>An import and the module it names.</summary>
internal sealed record ResolvedImport(SyntaxNode Syntax, ModulePath Path, LoadedModule? Target);
