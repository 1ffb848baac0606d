namespace Sigil.Format.Tests;

public sealed class CorpusTests
{
    [Fact]
    public void Formatting_changes_no_program_and_is_idempotent()
    {
        var count = 0;
        foreach (var (path, text) in RepositoryFiles.Readable())
        {
            SameProgram.Formatted(path, text);
            count++;
        }
        Assert.True(count > 150, $"only {count} files");
    }

    [Fact]
    public void Formatting_changes_no_snippet_of_the_documentation()
    {
        var count = 0;
        foreach (var (path, text) in RepositoryFiles.ReadableSnippets())
        {
            SameProgram.Formatted(path, text);
            count++;
        }
        Assert.True(count > 500, $"only {count} snippets");
    }

    [Fact]
    public void Every_source_of_the_repository_is_in_canonical_form()
    {
        var others = new List<string>();
        foreach (var (path, text) in RepositoryFiles.Readable().Where(f => RepositoryFiles.IsCanonical(f.Path)))
            if (SourceFormatter.Format(SourceFormatter.Read(SourceText.FromString(path, text))) != text) others.Add(path);
        Assert.True(others.Count == 0, $"run `sigil fmt {string.Join(' ', others)}`");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void However_a_program_is_laid_out_formatting_changes_nothing_but_that(bool comments)
    {
        var count = 0;
        var random = new Random(20_26);
        foreach (var (path, text) in RepositoryFiles.Readable().Concat(RepositoryFiles.ReadableSnippets().Where((_, i) => i % 8 == 0)))
        {
            var tree = SourceFormatter.Read(SourceText.FromString(path, text));
            if (SourceFormatter.PointsIntoItsLines(tree)) continue;
            for (var i = 0; i < 2; i++)
            {
                var scrambled = SameProgram.Scrambled(tree, random, comments);
                // A line break can mean something in a snippet, and in a template.
                if (SourceFormatter.Read(SourceText.FromString(path, scrambled)).HasErrors) continue;
                SameProgram.Formatted(path, scrambled);
                count++;
            }
        }
        Assert.True(count > 250, $"only {count} texts");
    }

    [Fact]
    public void Deep_and_long_constructs_take_linear_time()
    {
        var deep = string.Concat(Enumerable.Repeat("f(a, x -> run(g(x), ", 40)) + "1" + string.Concat(Enumerable.Repeat("))", 40));
        var wide = string.Join(" + ", Enumerable.Range(0, 300));
        var chain = "a" + string.Concat(Enumerable.Repeat(".m(x -> x)", 150));
        var large = "run(" + string.Concat(Enumerable.Repeat("let x = f(1, y -> [y, 2, 3]), ", 5_000)) + "x)";
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var body in new[] { deep, wide, chain, large }) SameProgram.Formatted("wide.si", $"@f () -> int = {body}\n");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{clock.Elapsed}");
    }
}
