using System.Runtime.CompilerServices;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Modules;

/// <summary>The door to the parser.</summary>
internal static class SyntaxReader
{
    private static readonly ConditionalWeakTable<SourceText, SyntaxTree> library = [];

    public static ModuleSyntax Parse(SourceText source, ParseOptions options, DiagnosticBag diagnostics)
    {
        // The library is the same text in every program of a process: an editor's, a test run's.
        var tree = options.IsStandardLibrary ? library.GetValue(source, text => SyntaxTree.Parse(text, ParseOptions.StandardLibrary)) : SyntaxTree.Parse(source, options);
        diagnostics.AddRange(tree.Diagnostics);
        return tree.Root;
    }
}
