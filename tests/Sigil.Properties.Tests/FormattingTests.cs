using System.Text.RegularExpressions;
using Sigil.Format;
using Sigil.Format.Tests;
using Sigil.Properties.Tests.Concurrency;
using Sigil.Properties.Tests.Generation;
using Sigil.Syntax;

namespace Sigil.Properties.Tests;

/// <summary>Formatting a program, however it was laid out, changes neither the program nor what it does nor where it is wrong.</summary>
[Collection("generated programs")]
public sealed partial class FormattingTests
{
    [Fact]
    public void Generated_programs_stay_the_same_programs()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var text = ProgramGenerator.Generate(seed).Text;
            var canonical = StaysTheSame(seed, text);
            // The formatted program passes every check that the program passed.
            if (seed % 10 == 0) Assert.Equal(GeneratedRun.Errors(text).Select(e => e.Code), GeneratedRun.Errors(canonical).Select(e => e.Code));
        }
    }

    [Fact]
    public void Generated_concurrent_programs_print_the_same()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var program = ConcurrentGenerator.Generate(seed);
            var canonical = StaysTheSame(seed, program.Text);
            if (seed % 10 == 0) Assert.Equal(program.ExpectedOutput, GeneratedRun.Outcome(canonical));
        }
    }

    /// <summary>Programs with marks of errors, and others: some of the repository, all of the folder that SIGIL_CONFORMANCE names.</summary>
    [Fact]
    public void Programs_are_right_and_wrong_as_before()
    {
        var programs = Files(Path.Combine(RepositoryFiles.Root, "tests", "programs")).Where((_, i) => i % 12 == 0).ToList();
        if (Environment.GetEnvironmentVariable("SIGIL_CONFORMANCE") is { Length: > 0 } conformance) programs.AddRange(Files(conformance));
        foreach (var file in programs)
        {
            var tree = SourceFormatter.Read(SourceText.FromString(file, File.ReadAllText(file)));
            if (tree.HasErrors || SourceFormatter.PointsIntoItsLines(tree)) continue;
            var text = tree.Source.Text;
            var canonical = SameProgram.Formatted(file, text);
            Assert.True(Found(text).SequenceEqual(Found(canonical)), $"{file}: other errors");
            var marks = Marks(text).ToList();
            if (marks.Count > 0 && marks.SequenceEqual(Located(text))) Assert.True(Marks(canonical).SequenceEqual(Located(canonical)), $"{file}: errors are not where they are marked\n{canonical}");
        }
    }

    private static string StaysTheSame(int seed, string text)
    {
        var canonical = SameProgram.Formatted($"seed {seed}", text);
        var tree = SourceFormatter.Read(SourceText.FromString("generated.si", text));
        var random = new Random(seed);
        SameProgram.Formatted($"seed {seed}, scrambled", SameProgram.Scrambled(tree, random, comments: false));
        SameProgram.Formatted($"seed {seed}, with comments", SameProgram.Scrambled(tree, random, comments: true));
        return canonical;
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.si", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Found(string text) => GeneratedRun.Errors(text).Select(e => e.Code).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Located(string text) =>
        GeneratedRun.Errors(text).Select(e => $"{e.Source!.GetLinePosition(e.Span.Start).Line} {e.Code}").Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> Marks(string text) => text.Split('\n')
        .SelectMany((line, i) => Mark().Match(line) is { Success: true } m ? Code().Matches(m.Value).Select(c => $"{i + 1} {c.Value}") : [])
        .Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"//~ .*$")] private static partial Regex Mark();
    [GeneratedRegex(@"E\d{4}")] private static partial Regex Code();
}
