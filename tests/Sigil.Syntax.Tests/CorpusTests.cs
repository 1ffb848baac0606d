namespace Sigil.Syntax.Tests;

public sealed class CorpusTests
{
    [Fact]
    public void Modules_parse_without_diagnostics_and_print_back()
    {
        foreach (var (path, text) in TestCorpus.Modules())
        {
            var tree = SyntaxTree.Parse(SourceText.FromString(path, text));
            Assert.True(tree.Diagnostics.IsEmpty, string.Join('\n', tree.Diagnostics));
            Assert.Equal(text, tree.ToFullString());
            TreeInvariants.Check(tree);
        }
    }

    [Fact]
    public void Every_kind_of_node_occurs()
    {
        var seen = TestCorpus.Modules()
            .SelectMany(m => SyntaxTree.Parse(SourceText.FromString(m.Path, m.Text)).Root.DescendantNodesAndSelf())
            .Select(n => n.GetType())
            .ToHashSet();
        var all = typeof(SyntaxNode).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(SyntaxNode)) && !t.IsAbstract);
        Type[] onlyAfterErrors = [typeof(SkippedTokens), typeof(MissingExpression), typeof(MissingPattern), typeof(InvalidType), typeof(InvalidItem)];
        Assert.Empty(all.Except(onlyAfterErrors).Except(seen));
    }

    [Fact]
    public void Lines_separate_the_statements_of_a_snippet()
    {
        var text = TestCorpus.Snippet();
        var tree = SyntaxTree.Parse(SourceText.FromString("snippet.si", text), ParseOptions.Snippet);
        Assert.Empty(tree.Diagnostics);
        Assert.Equal(text, tree.ToFullString());
        var firstLines = tree.Root.Members.Select(m => m.ToString().Split('\n')[0]);
        Assert.Equal(
            [
                "use std.math { pi }", "let a = 1", "let b = a +", "let c = f", "(3)", "let d = f(", "[1, 2].len()", "let e = if a == 1",
                "@f (n: int) -> int", "@f(1)", "type T =", "{ x: 1 }", "a = 2", "for x in xs", "with C = v", "$limit", "$other = 5",
            ],
            firstLines);
    }
}
