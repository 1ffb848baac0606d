using Sigil.Compiler.Caching;
using Sigil.Compiler.Projects;
using Sigil.Compiler.Tests.EndToEnd;

namespace Sigil.Compiler.Tests.Projects;

public sealed class ProgramCacheTests
{
    private const string Main = "use './other' { value }\n\n@main () -> void = print(str(value()))\n";

    private static Folder Program() => new Folder().With("main.si", Main).With("other.si", "pub @value () -> int = 1\n");

    private static ProgramTarget Target(Folder folder, string file = "main.si") => ProgramTarget.Find(folder.At(file), TargetPurpose.Run, new EmbeddedLibrary());

    /// <summary>Compiles into the cache, or out of it.</summary>
    /// <returns>The program, and whether it was compiled.</returns>
    private static (Executable Program, bool Compiled) Load(ProgramCache cache, Folder folder, string file = "main.si")
    {
        var compiled = false;
        var target = Target(folder, file);
        var program = Executable.Cached(cache, "run", target, input =>
        {
            compiled = true;
            return Executable.OfMain(input, target.Name);
        });
        return (program, compiled);
    }

    [Fact]
    public void An_unchanged_program_is_compiled_once()
    {
        using var folder = Program();
        var cache = new ProgramCache(folder.At("cache"));
        var (first, compiled) = Load(cache, folder);
        Assert.True(compiled);
        var (second, again) = Load(cache, folder);
        Assert.False(again);
        Assert.Equal(first.Code!.Image, second.Code!.Image);
        Assert.Equal(first.Code.Symbols, second.Code.Symbols);
        Assert.Equal((first.Code.AssemblyName, first.Code.HasMain), (second.Code.AssemblyName, second.Code.HasMain));
    }

    [Fact]
    public void What_a_program_reads_decides_and_nothing_else()
    {
        using var folder = Program().With("unrelated.si", "pub @x () -> int = 1\n");
        var cache = new ProgramCache(folder.At("cache"));
        Load(cache, folder);
        folder.With("unrelated.si", "pub @x () -> int = 2\n");
        Assert.False(Load(cache, folder).Compiled);
        folder.With("other.si", "pub @value () -> int = 2\n");
        Assert.True(Load(cache, folder).Compiled);
        Assert.False(Load(cache, folder).Compiled);
        folder.With("other.si", "pub @value () -> int = true\n");
        Assert.Null(Load(cache, folder).Program.Code);
        // A program with errors is not kept.
        Assert.True(Load(cache, folder).Compiled);
    }

    [Fact]
    public void A_file_that_takes_part_in_finding_modules_counts_even_if_it_is_new()
    {
        using var folder = Program();
        var cache = new ProgramCache(folder.At("cache"));
        Load(cache, folder);
        // Two files for one module name: an error.
        folder.With("other/mod.si", "pub @value () -> int = 3\n");
        Assert.True(Load(cache, folder).Compiled);
    }

    [Fact]
    public void Levels_of_warnings_are_part_of_the_name()
    {
        using var folder = new Folder().With("main.si", "@main () -> void = run(\n    let unused = 1,\n    print(\"x\"),\n)\n").With("sigil.toml", "[project]\nname = \"p\"\nsrc = \".\"\n");
        var cache = new ProgramCache(folder.At("cache"));
        Load(cache, folder);
        Assert.False(Load(cache, folder).Compiled);
        folder.With("sigil.toml", "[project]\nname = \"p\"\nsrc = \".\"\n[warnings]\nW2001 = \"deny\"\n");
        Assert.True(Load(cache, folder).Compiled);
        Assert.True(Load(cache, folder).Compiled);
    }

    [Fact]
    public void A_damaged_entry_is_a_miss()
    {
        using var folder = Program();
        var cache = new ProgramCache(folder.At("cache"));
        Load(cache, folder);
        var file = Assert.Single(Directory.GetFiles(folder.At("cache"), "*.sigilc"));
        foreach (var _ in DamagedFile.Each(file, 200))
        {
            Assert.Null(cache.Find(Path.GetFileNameWithoutExtension(file)));
            // It is gone, so that the next one to compile writes a good one.
            Assert.False(File.Exists(file));
        }
        Assert.True(Load(cache, folder).Compiled);
        Assert.False(Load(cache, folder).Compiled);
    }

    [Fact]
    public void Many_readers_and_writers_see_whole_programs()
    {
        using var folder = Program();
        var cache = new ProgramCache(folder.At("cache"));
        var target = Target(folder);
        var key = ProgramCache.KeyOf("run", target.Input!);
        var sources = new RecordingSources(target.Input!.Sources);
        var program = Executable.OfMain(target.Input with { Sources = sources }, "main");
        var hits = 0;
        cache.Store(key, sources, program);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, worker =>
        {
            for (var i = 0; i < 60; i++)
            {
                if (worker % 2 == 0) cache.Store(key, sources, program);
                else if (cache.Find(key) is { } found)
                {
                    Assert.True(found.Code!.Image.AsSpan().SequenceEqual(program.Code!.Image.AsSpan()));
                    Interlocked.Increment(ref hits);
                }
            }
        });
        Assert.True(hits > 0);
        Assert.Single(Directory.GetFiles(folder.At("cache"), "*.sigilc"));
    }

    [Fact]
    public void The_size_is_bounded_and_what_was_used_last_stays()
    {
        using var folder = Program();
        Load(new ProgramCache(folder.At("probe")), folder);
        var size = new FileInfo(Directory.GetFiles(folder.At("probe"), "*.sigilc").Single()).Length;
        var cache = new ProgramCache(folder.At("cache"), size * 5);
        for (var i = 0; i < 12; i++)
        {
            folder.With($"p{i}.si", Main);
            Load(cache, folder, $"p{i}.si");
        }
        Assert.True(Directory.GetFiles(folder.At("cache"), "*.sigilc").Sum(f => new FileInfo(f).Length) <= size * 5);
        Assert.False(Load(cache, folder, "p11.si").Compiled);
        Assert.True(Load(cache, folder, "p0.si").Compiled);
    }

    [Fact]
    public void A_directory_that_cannot_be_written_is_no_cache()
    {
        using var folder = Program().With("cache", "a file");
        Assert.True(Load(new ProgramCache(folder.At("cache")), folder).Program.Code is not null);
        Assert.True(Load(new ProgramCache(folder.At("cache")), folder).Compiled);
    }

    [Fact]
    public void Tests_come_out_of_the_cache_as_they_went_in()
    {
        using var folder = new Folder().With("t.si", "@f () -> int = 1\n@test_f tests @f () -> void = assert_eq(f(), 1)\n#[skip(\"later\")]\n@test_g () -> void = ()\n");
        var cache = new ProgramCache(folder.At("cache"));
        var target = ProgramTarget.Find(folder.At("t.si"), TargetPurpose.Test, new EmbeddedLibrary());
        Executable Of() => Executable.Cached(cache, "test", target, input => Executable.OfTests(input, _ => true));
        var first = Of();
        var second = Of();
        Assert.NotSame(first, second);
        Assert.Single(Directory.GetFiles(folder.At("cache"), "*.sigilc"));
        Assert.Equal(first.Code!.Tests, second.Code!.Tests);
        Assert.Equal(first.Tests.Select(Described), second.Tests.Select(Described));
        Assert.Equal(["test_g later"], second.Skipped.Select(t => $"{t.Name} {t.SkipReason}"));
        static string Described(Sigil.Compiler.Testing.TestCase t) => $"{t.Name} {t.File} {t.Line} {t.Column} {string.Join(',', t.Targets)}";
    }
}
