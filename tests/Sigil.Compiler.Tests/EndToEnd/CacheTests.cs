namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>The cache of compiled programs, seen from the command line.</summary>
public sealed class CacheTests
{
    private static string Source(int n) => $"@value () -> int = {n}\n@test_value tests @value () -> void = assert_eq(value(), {n})\n@main () -> void = print(str(value()))\n";

    [Fact]
    public void A_change_shows_at_once()
    {
        using var folder = new Folder();
        for (var i = 0; i < 3; i++)
        {
            folder.With("main.si", Source(i));
            for (var again = 0; again < 2; again++)
            {
                Assert.Equal(new CommandResult(0, $"{i}\n", ""), Run(folder, "run", "main.si"));
                Assert.Contains("1 passed", Run(folder, "test", "main.si").Output, StringComparison.Ordinal);
            }
        }
        // The last of each kind.
        Assert.Equal(2, Directory.GetFiles(folder.At("cache"), "*.sigilc").Length);
    }

    [Fact]
    public void Processes_that_start_together_share_one_cache()
    {
        using var folder = new Folder().With("main.si", Source(7));
        var results = new CommandResult[8];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => results[i] = Run(folder, "run", "main.si"));
        Assert.All(results, r => Assert.Equal(new CommandResult(0, "7\n", ""), r));
        Assert.Single(Directory.GetFiles(folder.At("cache"), "*.sigilc"));
    }

    /// <summary>The tests of programs rely on it: what another process has compiled the same way is not compiled again.</summary>
    [Fact]
    public void The_command_finds_what_the_tests_have_compiled()
    {
        using var folder = new Folder().With("main.si", Source(5));
        using var cache = new Folder();
        Assert.Equal(new CommandResult(0, "5\n", ""), WarmCommand.Run(folder.Path, folder.At("main.si"), cache));
        Assert.Single(Directory.GetFiles(cache.Path, "*.sigilc"));
        Assert.Contains("1 passed", WarmCommand.Test(folder.Path, folder.At("main.si"), cache).Output, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(cache.Path, "*.sigilc").Length);
    }

    private static CommandResult Run(Folder folder, params string[] arguments) => SigilCommand.RunCached(folder.Path, folder.At("cache"), arguments);
}
