using System.Text.RegularExpressions;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>
/// Programs with their expectation: <c>//~ CODE</c> at the end of a line (rejected there, and nowhere else), or an <c>.out</c> file beside
/// the program and <c>//? exit: N</c>, <c>//? stderr: TEXT</c> lines (runs so). <c>//? tests: passed</c>: it has tests, and they pass; so do those of the examples.
/// </summary>
internal static partial class ExpectedPrograms
{
    /// <summary>The programs below a folder, without those that belong to projects.</summary>
    public static TheoryData<string> Below(string folder, Func<string, bool>? wanted = null)
    {
        var data = new TheoryData<string>();
        if (Directory.Exists(folder))
            foreach (var f in Directory.EnumerateFiles(folder, "*.si", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                if (!f.Contains("/_support/", StringComparison.Ordinal) && !IsOfProject(f, folder) && (wanted is null || wanted(Path.GetRelativePath(folder, f)))) data.Add(f);
        return data;
    }

    private static bool IsOfProject(string file, string folder)
    {
        for (var d = Path.GetDirectoryName(file)!; d.Length > folder.Length; d = Path.GetDirectoryName(d)!)
            if (File.Exists(Path.Combine(d, "sigil.toml"))) return true;
        return false;
    }

    /// <summary>Checks or runs a program and compares.</summary>
    public static void Expect(string path, string directory)
    {
        var text = File.ReadAllText(path);
        var wanted = text.Split('\n')
            .SelectMany((line, i) => Mark().Match(line) is { Success: true } m ? Code().Matches(m.Value).Select(c => $"{i + 1} {c.Value}") : [])
            .Order(StringComparer.Ordinal).ToList();
        if (wanted.Count > 0)
        {
            var found = WarmCommand.Check(path)
                .Select(d => (IsError: d.Severity == Severity.Error, At: $"{d.Source.GetLineIndex(d.Span.Start) + 1} {d.Code}"))
                .Where(d => d.IsError || wanted.Contains(d.At))
                .Select(d => d.At).Distinct().Order(StringComparer.Ordinal).ToList();
            Assert.Equal(wanted.Distinct(), found);
            return;
        }
        var run = WarmCommand.Run(directory, path);
        var exit = Exit().Match(text) is { Success: true } e ? int.Parse(e.Groups[1].Value) : 0;
        Assert.True(run.ExitCode == exit, $"exit code {run.ExitCode}, expected {exit}\n{run.Error}");
        var output = Path.ChangeExtension(path, ".out");
        if (File.Exists(output)) Assert.Equal(File.ReadAllText(output), run.Output);
        foreach (Match m in Stderr().Matches(text)) Assert.Contains(m.Groups[1].Value, run.Error);
        if (text.Contains("//? tests: passed", StringComparison.Ordinal)) ExpectPassingTests(path, directory);
    }

    /// <summary>Its tests pass.</summary>
    public static void ExpectPassingTests(string path, string directory)
    {
        var tests = WarmCommand.Test(directory, path);
        Assert.True(tests.ExitCode == 0, tests.Output + tests.Error);
    }

    [GeneratedRegex(@"//~ .*$")] private static partial Regex Mark();
    [GeneratedRegex(@"[EW]\d{4}")] private static partial Regex Code();
    [GeneratedRegex(@"^//\? exit: (\d+)", RegexOptions.Multiline)] private static partial Regex Exit();
    [GeneratedRegex(@"^//\? stderr: (.*)$", RegexOptions.Multiline)] private static partial Regex Stderr();
}
