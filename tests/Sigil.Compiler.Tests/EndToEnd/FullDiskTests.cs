namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>Output that cannot be written is never lost in silence, and leaves nothing half-written.</summary>
public class FullDiskTests
{
    [Theory]
    [InlineData("for i in 0..100000 do print(i)")]
    [InlineData("print(1)")]
    public void A_program_whose_output_is_lost_fails(string body)
    {
        if (!File.Exists("/dev/full")) return;
        InFolder(folder =>
        {
            File.WriteAllText(Path.Combine(folder, "main.si"), $"@main () -> void = {body}\n");
            var run = SigilCommand.RunOnFullDisk(folder, "run", "main.si");
            Assert.Equal(1, run.ExitCode);
            Assert.StartsWith("error[E9104]: cannot write to standard output", run.Error);
        });
    }

    [Fact]
    public void A_panic_keeps_its_exit_code()
    {
        if (!File.Exists("/dev/full")) return;
        InFolder(folder =>
        {
            File.WriteAllText(Path.Combine(folder, "main.si"), "@main () -> void = run(print(1), panic(\"stop\"))\n");
            var run = SigilCommand.RunOnFullDisk(folder, "run", "main.si");
            Assert.Equal(101, run.ExitCode);
            Assert.Contains("panic[E9001]: stop", run.Error);
        });
    }

    [Theory]
    [InlineData("check", "--format", "json", "main.si")]
    [InlineData("explain", "E3001")]
    [InlineData("test", "main.si")]
    public void A_command_whose_output_is_lost_says_so(params string[] arguments)
    {
        if (!File.Exists("/dev/full")) return;
        InFolder(folder =>
        {
            File.WriteAllText(Path.Combine(folder, "main.si"), "@f () -> int = run(let x = 2, 1)\n@test_f tests @f () -> void = assert_eq(f(), 1)\n");
            var run = SigilCommand.RunOnFullDisk(folder, arguments);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("error[E9104]", run.Error);
        });
    }

    [Fact]
    public void A_build_that_cannot_write_leaves_nothing_behind()
    {
        InFolder(folder =>
        {
            File.WriteAllText(Path.Combine(folder, "main.si"), "@main () -> void = print(1)\n");
            File.WriteAllText(Path.Combine(folder, "taken"), "a file");
            var run = SigilCommand.Run(folder, "build", "main.si", "-o", "taken");
            Assert.Equal(1, run.ExitCode);
            Assert.StartsWith("error[E9104]: cannot write to taken", run.Error);
            // The system's words, not the names under which it keeps them.
            Assert.Contains("already exists", run.Error);
            Assert.Equal(["main.si", "taken"], Directory.EnumerateFileSystemEntries(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
            Assert.Equal("a file", File.ReadAllText(Path.Combine(folder, "taken")));
        });
    }

    private static void InFolder(Action<string> test)
    {
        var folder = Directory.CreateTempSubdirectory("sigil-full-disk").FullName;
        try
        {
            test(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
