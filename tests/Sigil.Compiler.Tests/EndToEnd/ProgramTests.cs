using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>
/// Programs with their expectation: <c>//~ CODE</c> at the end of a line (rejected there, and nowhere else), or an <c>.out</c> file beside
/// the program and <c>//? exit: N</c>, <c>//? stderr: TEXT</c> lines (runs so). <c>//? tests: passed</c>: it has tests, and they pass; so do those of the examples.
/// </summary>
public sealed partial class ProgramTests
{
    public static TheoryData<string> Corpus() => Programs(Path.Combine(Repository.Root, "tests", "programs"));
    public static TheoryData<string> Examples() => Programs(Path.Combine(Repository.Root, "examples"));

    /// <summary>A folder of conformance programs named by the environment, with the parts of their paths that are to be run.</summary>
    public static TheoryData<string> Conformance()
    {
        var folder = Environment.GetEnvironmentVariable("SIGIL_CONFORMANCE");
        return folder is null ? [""] : Programs(folder);
    }

    private static TheoryData<string> Programs(string folder)
    {
        var data = new TheoryData<string>();
        if (Directory.Exists(folder))
            foreach (var f in Directory.EnumerateFiles(folder, "*.si", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                if (!f.Contains("/_support/", StringComparison.Ordinal) && !IsOfProject(f, folder)) data.Add(f);
        return data;
    }

    private static bool IsOfProject(string file, string folder)
    {
        for (var d = Path.GetDirectoryName(file)!; d.Length > folder.Length; d = Path.GetDirectoryName(d)!)
            if (File.Exists(Path.Combine(d, "sigil.toml"))) return true;
        return false;
    }

    [Theory, MemberData(nameof(Corpus))]
    public void Corpus_program_behaves_as_it_says(string path) => Expect(path, Repository.Root);

    [Theory, MemberData(nameof(Examples))]
    public void Example_prints_what_it_says(string path)
    {
        Assert.True(File.Exists(Path.ChangeExtension(path, ".out")), "what it prints is missing");
        Expect(path, Repository.Root);
        if (File.ReadAllText(path).Contains(" tests @", StringComparison.Ordinal)) ExpectPassingTests(path, Repository.Root);
    }

    [Theory, MemberData(nameof(Conformance))]
    public void Conformance_program_behaves_as_it_says(string path)
    {
        if (path.Length > 0) Expect(path, Repository.Root);
    }

    private static void Expect(string path, string directory)
    {
        var text = File.ReadAllText(path);
        var wanted = text.Split('\n')
            .SelectMany((line, i) => Mark().Match(line) is { Success: true } m ? Code().Matches(m.Value).Select(c => $"{i + 1} {c.Value}") : [])
            .Order(StringComparer.Ordinal).ToList();
        if (wanted.Count > 0)
        {
            var check = SigilCommand.Run(directory, "check", "--format", "json", path);
            var found = check.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Select(d => (Severity: d.GetProperty("severity").GetString(), At: $"{d.GetProperty("line").GetInt32()} {d.GetProperty("code").GetString()}"))
                .Where(d => d.Severity == "error" || wanted.Contains(d.At))
                .Select(d => d.At).Distinct().Order(StringComparer.Ordinal).ToList();
            Assert.Equal(wanted.Distinct(), found);
            return;
        }
        var run = SigilCommand.Run(directory, "run", path);
        var exit = Exit().Match(text) is { Success: true } e ? int.Parse(e.Groups[1].Value) : 0;
        Assert.True(run.ExitCode == exit, $"exit code {run.ExitCode}, expected {exit}\n{run.Error}");
        var output = Path.ChangeExtension(path, ".out");
        if (File.Exists(output)) Assert.Equal(File.ReadAllText(output), run.Output);
        foreach (Match m in Stderr().Matches(text)) Assert.Contains(m.Groups[1].Value, run.Error);
        if (text.Contains("//? tests: passed", StringComparison.Ordinal)) ExpectPassingTests(path, directory);
    }

    private static void ExpectPassingTests(string path, string directory)
    {
        var tests = SigilCommand.Run(directory, "test", path);
        Assert.True(tests.ExitCode == 0, tests.Output + tests.Error);
    }

    [GeneratedRegex(@"//~ .*$")] private static partial Regex Mark();
    [GeneratedRegex(@"[EW]\d{4}")] private static partial Regex Code();
    [GeneratedRegex(@"^//\? exit: (\d+)", RegexOptions.Multiline)] private static partial Regex Exit();
    [GeneratedRegex(@"^//\? stderr: (.*)$", RegexOptions.Multiline)] private static partial Regex Stderr();
}
