namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>Files that say themselves what is reported in them: compile-fail tests, tests of warnings, and snippets.</summary>
public sealed class AnnotatedFileTests
{
    [Fact]
    public void Statements_are_checked_in_order_as_one_body()
    {
        using var folder = new Folder().With("_test/compile-fail/snippet.si",
            "let x: int = \"s\"\n//           ^^^ E3001: a str\nlet y = 1\nprint(twice(y))\nprint(z)\n//    ^ E2014\nlet z = 2\n@twice (n: int) -> int = n * 2\n");
        var run = SigilCommand.Run(folder.Path, "test");
        Assert.Contains("✓ compile-fail/snippet.si (2 expected errors)", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void Ownership_holds_in_statements()
    {
        using var folder = new Folder().With("_test/compile-fail/moved.si",
            "let { producer, consumer: _ } = channel<int>(.buffer: 1)\nproducer.close()\nproducer.send(1)\n//^^^^^^ E6001\n");
        var run = SigilCommand.Run(folder.Path, "test");
        Assert.Contains("✓ compile-fail/moved.si (1 expected error)", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compile_fail_file_that_compiles_fails()
    {
        using var folder = new Folder().With("_test/compile-fail/fine.si", "@f () -> int = run(let a = 1, 2)\n//                     ^ W2001\n");
        var run = SigilCommand.Run(folder.Path, "test");
        Assert.Contains("✗ compile-fail/fine.si", run.Output, StringComparison.Ordinal);
        Assert.Contains("missing: an error: the file compiles", run.Output, StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public void A_file_of_warnings_must_compile()
    {
        using var folder = new Folder()
            .With("_test/warnings/arms.si", "@f (x: Option<int>) -> int = match(x, Some(v) -> 0, None -> 1)\n//                                         ^ W2001\n")
            .With("_test/warnings/used.si", "@f (x: Option<int>) -> int = match(x, Some(v) -> v, None -> 1)\n//                                         ^ W2001\n")
            .With("_test/warnings/wrong.si", "@f () -> int = true\n//             ^^^^ E3001\n");
        var run = SigilCommand.Run(folder.Path, "test");
        Assert.Contains("✓ warnings/arms.si (1 expected warning)", run.Output, StringComparison.Ordinal);
        Assert.Contains("✗ warnings/used.si (1 expected warning)", run.Output, StringComparison.Ordinal);
        Assert.Contains("missing: line 1: W2001", run.Output, StringComparison.Ordinal);
        Assert.Contains("unexpected: line 1: E3001", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 passed, 2 failed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_reads_snippets_when_told_to()
    {
        using var folder = new Folder().With("a.si", "let x = 1\nprint(x + y)\n").With("b.si", "let x = 1\nprint(x)\n");
        var run = SigilCommand.Run(folder.Path, "check", "--snippet", "a.si");
        Assert.Contains("E2001", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("E1011", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, SigilCommand.Run(folder.Path, "check", "--snippet", "b.si").ExitCode);
        Assert.Contains("E1011", SigilCommand.Run(folder.Path, "check", "b.si").Error, StringComparison.Ordinal);
    }
}
