namespace Sigil.Syntax.Tests;

/// <summary>What holds for every tree, however broken its text.</summary>
internal static class TreeInvariants
{
    public static void Check(SyntaxTree tree)
    {
        var tokens = tree.Root.DescendantTokens().Where(t => !t.IsMissing).ToList();
        Assert.Equal(tree.Tokens.Length, tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
            Assert.Same(tree.Tokens[i], tokens[i]);

        foreach (var node in tree.Root.DescendantNodesAndSelf())
        {
            var position = node.FullSpan.Start;
            foreach (var child in node.Children())
            {
                Assert.Same(node, child.Parent);
                Assert.True(child.Span.IsEmpty || child.FullSpan.Start >= position, $"{node.GetType().Name} has children out of order");
                if (!child.Span.IsEmpty)
                    position = child.FullSpan.End;
            }
            Assert.True(node.FullSpan.Contains(node.Span), $"{node.GetType().Name}: {node.FullSpan} {node.Span}");
        }
        foreach (var diagnostic in tree.Diagnostics)
        {
            Assert.True(diagnostic.Span.Start >= 0 && diagnostic.Span.End <= tree.Source.Length);
            Assert.NotNull(DiagnosticCatalogue.Find(diagnostic.Code));
        }
    }
}
