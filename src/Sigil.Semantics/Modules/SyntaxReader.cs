using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Modules;

/// <summary>The door to the parser.</summary>
internal static class SyntaxReader
{
    public static ModuleSyntax Parse(SourceText source, ParseOptions options, DiagnosticBag diagnostics)
    {
        var tree = SyntaxTree.Parse(source, options);
        diagnostics.AddRange(tree.Diagnostics);
        return tree.Root;
    }
}
