using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>Projects, as somebody uses them from the first day on.</summary>
public sealed class ProjectTests
{
    [Fact]
    public void A_new_program_runs_passes_its_tests_and_is_formatted()
    {
        using var folder = new Folder();
        Assert.Equal(0, SigilCommand.Run(folder.Path, "new", "tide").ExitCode);
        var home = folder.At("tide");
        Assert.Equal(new CommandResult(0, "Hello, world!\n", ""), SigilCommand.Run(home, "run"));
        Assert.Contains("1 passed, 0 failed", SigilCommand.Run(home, "test").Output, StringComparison.Ordinal);
        // From below, all commands mean the project.
        var below = folder.At("tide/src/_test");
        Assert.Equal(new CommandResult(0, "", ""), SigilCommand.Run(below, "check", "--strict"));
        Assert.Equal("Hello, world!\n", SigilCommand.Run(below, "run").Output);
        Assert.Contains("1 passed", SigilCommand.Run(below, "test").Output, StringComparison.Ordinal);
        Assert.Equal(new CommandResult(0, "", ""), SigilCommand.Run(below, "fmt", "--check"));
    }

    [Fact]
    public void A_new_library_is_used_by_a_program()
    {
        using var folder = new Folder();
        SigilCommand.Run(folder.Path, "new", "shapes_lib", "--lib");
        SigilCommand.Run(folder.Path, "new", "app");
        Assert.Contains("1 passed", SigilCommand.Run(folder.At("shapes_lib"), "test").Output, StringComparison.Ordinal);
        Assert.Equal(new CommandResult(0, "", ""), SigilCommand.Run(folder.At("shapes_lib"), "fmt", "--check"));
        File.AppendAllText(folder.At("app/sigil.toml"), "\n[dependencies]\nshapes_lib = { path = \"../shapes_lib\" }\n");
        folder.With("app/src/main.si", "use shapes_lib.shapes { Shape, area }\n\n@main () -> void = print(str(area(Rectangle(width: 2.0, height: 4.0))))\n");
        Assert.Equal(new CommandResult(0, "8.0\n", ""), SigilCommand.Run(folder.At("app"), "run"));
    }

    [Fact]
    public void A_built_program_runs_by_its_launcher_and_by_dotnet()
    {
        using var folder = new Folder();
        SigilCommand.Run(folder.Path, "new", "tide");
        Assert.Equal(0, SigilCommand.Run(folder.At("tide"), "build").ExitCode);
        Assert.Equal("Hello, world!\n", Output(folder.At("tide/out/tide")));
        Assert.Equal("Hello, world!\n", Output("dotnet", folder.At("tide/out/tide.dll")));
    }

    [Theory]
    [InlineData("Tide", "sigil new tide")]
    [InlineData("my-app", "sigil new my_app")]
    [InlineData("std", "not a project name")]
    public void A_bad_name_is_wrong_usage(string name, string said)
    {
        using var folder = new Folder();
        var result = SigilCommand.Run(folder.Path, "new", name);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void What_is_there_is_not_overwritten()
    {
        using var folder = new Folder().With("tide/notes.txt", "mine");
        var result = SigilCommand.Run(folder.Path, "new", "tide");
        Assert.Equal(1, result.ExitCode);
        Assert.Equal("mine", folder.Read("tide/notes.txt"));
        Assert.False(File.Exists(folder.At("tide/sigil.toml")));
    }

    [Fact]
    public void Several_source_roots_are_one_package()
    {
        using var folder = new Folder()
            .With("sigil.toml", "[project]\nname = \"two\"\nsrc = [\"src\", \"generated\"]\n")
            .With("src/main.si", "use two.table { value }\n\n@main () -> void = print(str(value()))\n")
            .With("generated/table.si", "pub @value () -> int = 41 + 1\n");
        Assert.Equal(new CommandResult(0, "42\n", ""), SigilCommand.Run(folder.Path, "run"));
    }

    [Fact]
    public void Levels_of_warnings_come_from_the_manifest_and_the_command_line()
    {
        using var folder = new Folder()
            .With("sigil.toml", "[project]\nname = \"loud\"\n[warnings]\nW2001 = \"deny\"\nW7001 = \"allow\"\n")
            .With("src/main.si", "@main () -> void = run(\n    let unused = 1,\n    print(\"x\"),\n)\n");
        var denied = SigilCommand.Run(folder.Path, "check");
        Assert.Equal(1, denied.ExitCode);
        Assert.Contains("error[W2001]", denied.Error, StringComparison.Ordinal);
        Assert.Equal(1, SigilCommand.Run(folder.Path, "run").ExitCode);
        Assert.Equal(new CommandResult(0, "", ""), SigilCommand.Run(folder.Path, "check", "--allow", "W2001"));
        var warned = SigilCommand.Run(folder.Path, "check", "--warn", "W2001");
        Assert.Equal(0, warned.ExitCode);
        Assert.Contains("warning[W2001]", warned.Error, StringComparison.Ordinal);
        var unknown = SigilCommand.Run(folder.Path, "check", "--deny", "W2o01");
        Assert.Equal(2, unknown.ExitCode);
    }

    [Fact]
    public void Findings_are_written_as_sarif()
    {
        using var folder = new Folder().With("bad.si", "@main () -> int = run(\n    \"😀\" + x,\n)\n");
        var result = SigilCommand.Run(folder.Path, "check", "--format", "sarif", "bad.si");
        Assert.Equal(1, result.ExitCode);
        var run = JsonDocument.Parse(result.Output).RootElement.GetProperty("runs")[0];
        var first = run.GetProperty("results").EnumerateArray().First(r => r.GetProperty("message").GetProperty("text").GetString()!.Contains('x'));
        var place = first.GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("bad.si", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        Assert.Equal(2, place.GetProperty("region").GetProperty("startLine").GetInt32());
        Assert.Equal(11, place.GetProperty("region").GetProperty("startColumn").GetInt32());
        Assert.Equal(first.GetProperty("ruleId").GetString(), run.GetProperty("tool").GetProperty("driver").GetProperty("rules")[0].GetProperty("id").GetString());
    }

    [Fact]
    public void Reports_of_tests_are_written_as_junit()
    {
        using var folder = new Folder().With("t.si", "@test_good () -> void = assert(true)\n@test_bad () -> void = assert_eq(1, 2)\n#[skip(\"later\")]\n@test_skipped () -> void = ()\n");
        var result = SigilCommand.Run(folder.Path, "test", "--format", "junit", "t.si");
        Assert.Equal(1, result.ExitCode);
        var suites = XDocument.Parse(result.Output).Root!;
        Assert.Equal(("3", "1", "1"), (suites.Attribute("tests")!.Value, suites.Attribute("failures")!.Value, suites.Attribute("skipped")!.Value));
        var bad = suites.Descendants("testcase").Single(t => t.Attribute("name")!.Value == "@test_bad");
        Assert.Equal("E7101", bad.Element("failure")!.Attribute("type")!.Value);
        Assert.Contains("expected: 2", bad.Element("failure")!.Value, StringComparison.Ordinal);
        Assert.NotNull(suites.Descendants("testcase").Single(t => t.Attribute("name")!.Value == "@test_skipped").Element("skipped"));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Completions_name_every_command(string shell)
    {
        var script = SigilCommand.Run(Path.GetTempPath(), "completions", shell).Output;
        foreach (var command in new[] { "run", "check", "test", "build", "fmt", "new", "explain", "completions" })
            Assert.Contains(command, script, StringComparison.Ordinal);
        Assert.Contains("schedules", script, StringComparison.Ordinal);
    }

    private static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
