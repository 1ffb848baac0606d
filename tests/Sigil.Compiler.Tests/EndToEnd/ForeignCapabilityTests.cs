using Sigil.Runtime.Values;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>The C# class that the programs below name in their sigil.toml.</summary>
public sealed class Abacus
{
    private long total;

    /// <summary>Plain.</summary>
    public long Add(long left, long right) => checked(left + right);

    /// <summary>Without a value.</summary>
    public void Note(long number) => total += number;

    /// <summary>Remembers.</summary>
    public long Total() => total;

    /// <summary>Waits, and can be cancelled.</summary>
    public async ValueTask<Result<SigilList<string>, string>> Spell(SigilList<long> numbers, CancellationToken cancelled)
    {
        await Task.Delay(5, cancelled);
        return numbers.Length == 0 ? Result<SigilList<string>, string>.Err("nothing") : Result<SigilList<string>, string>.Ok(SigilList<string>.Of([.. numbers.Span.ToArray().Select(n => $"n{n}")]));
    }

    /// <summary>Waits for longer than anybody has.</summary>
    public async ValueTask Rest(CancellationToken cancelled)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancelled);
        }
        finally
        {
            total = -1;
        }
    }

    /// <summary>Fails.</summary>
    public async ValueTask<long> FailLate(CancellationToken cancelled)
    {
        await Task.Yield();
        throw new InvalidOperationException("broken bead");
    }
}

/// <summary>Capabilities that C# classes provide.</summary>
public sealed class ForeignCapabilityTests
{
    private const string Trait = """
        trait Abacus {
            @add (left: int, right: int) -> int
            @note (number: int) -> void
            @total () -> int
            @spell (numbers: [int]) -> Result<[str], str> uses Async
            @rest () -> void uses Async
            @fail_late () -> int uses Async
        }

        """;

    private static Folder Project(string main, string capability) => new Folder()
        .With("sigil.toml", $"[project]\nname = \"counting\"\n\n[capabilities]\n{capability}\n")
        .With("src/main.si", Trait + main);

    private static string Provided => $"Abacus = {{ assembly = \"{typeof(Abacus).Assembly.Location}\", type = \"{typeof(Abacus).FullName}\" }}";

    private const string Counting = """
        @plain () -> int uses Abacus = Abacus.add(40, 2)
        @main () -> void uses Abacus, Async = run(
            print(str(plain())),
            Abacus.note(5),
            Abacus.note(6),
            print(str(Abacus.total())),
            print(str(Abacus.spell([1, 2]))),
            print(str(Abacus.spell([]))),
            let r = parallel(.tasks: for i in 0..20 yield Abacus.spell([i])),
            print(str(r.len())),
            print(str(timeout(.op: Abacus.rest(), .after: 20ms).is_err())),
            print(str(Abacus.total())),
        )
        """;

    [Fact]
    public void A_class_provides_what_its_program_asks_for()
    {
        using var folder = Project(Counting, Provided);
        Assert.Equal(new CommandResult(0, "42\n11\nOk([\"n1\", \"n2\"])\nErr(\"nothing\")\n20\ntrue\n-1\n", ""), SigilCommand.Run(folder.Path, "run"));
        var contract = folder.Read("interop/IAbacus.cs");
        Assert.Contains("ValueTask<Result<SigilList<string>, string>> Spell(SigilList<long> numbers, CancellationToken cancelled);", contract, StringComparison.Ordinal);
        Assert.Contains("void Note(long number);", contract, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_class_throws_is_a_panic_that_names_the_method()
    {
        using var folder = Project("@main () -> void uses Abacus, Async = print(str(Abacus.fail_late()))", Provided);
        var run = SigilCommand.Run(folder.Path, "run");
        Assert.Equal(101, run.ExitCode);
        Assert.Contains("Abacus.fail_late threw InvalidOperationException: broken bead", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Abacus = { assembly = \"native/none.dll\", type = \"A\" }", "there is no native/none.dll")]
    [InlineData("Abacus = 1", "a capability is { assembly = ")]
    [InlineData("abacus = { assembly = \"a.dll\", type = \"A\" }", "'abacus' is not the name of a trait")]
    [InlineData("Abacus = { assembly = \"a.dll\" }", "the capability 'Abacus' needs an assembly and a type")]
    [InlineData("Abacus = { assembly = \"a.dll\", typ = \"A\" }", "a capability has no key 'typ'")]
    public void Mistakes_are_told_at_their_place(string capability, string message)
    {
        using var folder = Project("@main () -> void uses Abacus = print(str(Abacus.total()))", capability);
        var run = SigilCommand.Run(folder.Path, "run");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("E9103", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains("sigil.toml:5:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_without_the_method_is_told_when_the_program_starts()
    {
        using var folder = Project("@main () -> void uses Abacus = print(\"begun\")", $"Abacus = {{ assembly = \"{typeof(Abacus).Assembly.Location}\", type = \"{typeof(ForeignCapabilityTests).FullName}\" }}");
        var run = SigilCommand.Run(folder.Path, "run");
        Assert.Equal(101, run.ExitCode);
        Assert.Contains("has no method Add(Int64, Int64)", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void The_example_s_tests_need_no_database() =>
        Assert.Contains("2 passed, 0 failed", SigilCommand.Run(Repository.Root, "test", "examples/sqlite").Output, StringComparison.Ordinal);

    // A program that runs has its assemblies mapped: it would die when one is cut off under it.
    [Fact]
    public void Building_again_leaves_the_files_of_a_running_program_alone()
    {
        using var folder = Project("@main () -> void = print(\"x\")\n", "Abacus = { assembly = \"native/a.dll\", type = \"A\" }").With("native/a.dll", "first");
        Assert.Equal(0, SigilCommand.Run(folder.Path, "build").ExitCode);
        using (var running = File.OpenText(folder.At("out/capabilities/Abacus/a.dll")))
        {
            File.WriteAllText(folder.At("native/a.dll"), "2nd");
            Assert.Equal(0, SigilCommand.Run(folder.Path, "build").ExitCode);
            Assert.Equal("first", running.ReadToEnd());
        }

        Assert.Equal("2nd", folder.Read("out/capabilities/Abacus/a.dll"));
        Assert.Single(Directory.EnumerateFiles(folder.At("out/capabilities/Abacus")));
    }
}
