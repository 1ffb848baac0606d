using System.Text.Json.Nodes;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>
/// The ahead-of-time compiled command compiles tests and hands them to the managed one. Here the managed command takes the part of both:
/// told that it cannot generate code, it does what the other one does.
/// </summary>
public sealed class HandedOverTestsTests
{
    private const string Good = "@f () -> int = 1\n@test_f tests @f () -> void = assert_eq(f(), 1)\n@test_two tests @f () -> void = assert_eq(f(), 2)\n";

    [Fact]
    public void Tests_run_in_the_managed_command_as_they_were_compiled()
    {
        using var folder = new Folder()
            .With("a.si", Good)
            .With("b.si", "@g () -> int = 1\n@test_g tests @g () -> void = assert_eq(g(), 1)\n#[skip(\"later\")]\n@test_later () -> void = ()\n")
            .With("bad.si", "// #compile-fail\n@f () -> int = true\n// #error: E3001\n");
        var plain = SigilCommand.Run(folder.Path, "test", "a.si", "bad.si", "b.si", "--format", "json");
        var handed = Run(folder, "test", "a.si", "bad.si", "b.si", "--format", "json");
        Assert.Equal(Comparable(plain.Output), Comparable(handed.Output));
        Assert.Equal((plain.ExitCode, plain.Error), (handed.ExitCode, handed.Error));
        // Each program was compiled by the first command alone: the other would have kept it under a name of its own.
        Assert.Equal(2, Directory.GetFiles(folder.At("cache"), "*.sigilc").Length);
    }

    [Fact]
    public void Errors_are_told_by_the_one_that_compiles()
    {
        using var folder = new Folder().With("a.si", "@f () -> int = true\n");
        var plain = SigilCommand.Run(folder.Path, "test", "a.si");
        Assert.Contains("E3001", plain.Error, StringComparison.Ordinal);
        Assert.Equal(plain, Run(folder, "test", "a.si"));
    }

    [Fact]
    public void What_is_no_compiled_program_is_compiled()
    {
        using var folder = new Folder().With("a.si", Good).With("junk", "no program");
        var run = SigilCommand.RunWithOpenFile(folder.Path, folder.At("junk"), "test", "--compiled", "7", "a.si", "--filter", "two");
        Assert.Contains("0 passed, 1 failed", run.Output, StringComparison.Ordinal);
    }

    private static CommandResult Run(Folder folder, params string[] arguments)
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.ChangeExtension(SigilCommand.Path, ".runtimeconfig.json")))!;
        config["runtimeOptions"]!["configProperties"]!["System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported"] = false;
        folder.With("ahead.runtimeconfig.json", config.ToJsonString());
        return SigilCommand.RunConfigured(folder.Path, folder.At("ahead.runtimeconfig.json"), folder.At("cache"), arguments);
    }

    // Without what the clock says.
    private static string Comparable(string report)
    {
        var node = JsonNode.Parse(report)!;
        Strip(node);
        return node.ToJsonString();

        static void Strip(JsonNode node)
        {
            if (node is JsonObject o)
            {
                foreach (var name in o.Select(p => p.Key).Where(k => k.Contains("duration", StringComparison.Ordinal) || k.EndsWith("_ms", StringComparison.Ordinal)).ToList()) o.Remove(name);
                foreach (var (_, value) in o) if (value is not null) Strip(value);
            }
            else if (node is JsonArray a)
                foreach (var value in a) if (value is not null) Strip(value);
        }
    }
}
