using System.Globalization;
using Sigil.Properties.Tests.Generation;

namespace Sigil.Properties.Tests;

/// <summary>
/// Generated programs are accepted, verified, and do the same emitted and interpreted. A failure names its seed: <c>SIGIL_SEED=n</c> runs
/// that program alone, <c>SIGIL_PROGRAMS=n</c> says how many are made.
/// </summary>
[Collection("generated programs")]
public sealed class AgreementTests(ITestOutputHelper output)
{
    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) ? n : otherwise;

    private static IEnumerable<int> Seeds()
    {
        if (Number("SIGIL_SEED", -1) is >= 0 and var seed) return [seed];
        return Enumerable.Range(Number("SIGIL_FIRST_SEED", 1), Number("SIGIL_PROGRAMS", 120));
    }

    [Fact]
    public void Emitted_programs_do_what_their_flow_graphs_say()
    {
        foreach (var seed in Seeds())
        {
            var program = ProgramGenerator.Generate(seed);
            if (GeneratedRun.Disagreement(program.Text) is not { } difference) continue;
            var kind = Kind(difference);
            var small = Shrinking.Shrink(program, text => GeneratedRun.Disagreement(text) is { } other && Kind(other) == kind);
            Assert.Fail($"seed {seed}\n{GeneratedRun.Disagreement(small)}\n\n{small}\n\nbefore it was made smaller: {difference}");
        }
    }

    [Fact]
    public void A_use_after_a_send_is_rejected_there()
    {
        var mutants = 0;
        foreach (var seed in Seeds())
        {
            var program = ProgramGenerator.Generate(seed);
            foreach (var block in program.Blocks.ToList())
                for (var i = 0; i < block.Statements.Count; i++)
                {
                    if (block.Statements[i].Sent is not { } sent) continue;
                    block.Statements.Insert(i + 1, Statement.Of(sent.Use));
                    var text = program.Text;
                    block.Statements.RemoveAt(i + 1);
                    var line = Array.FindIndex(text.Split('\n'), l => l.Trim() == sent.Use + ",") + 1;
                    var errors = GeneratedRun.Errors(text);
                    var found = errors.Select(e => $"{e.Code} at line {e.Source!.GetLinePosition(e.Span.Start).Line}").Distinct().ToList();
                    Assert.True(found is [var one] && one == $"E6001 at line {line}", $"seed {seed}: expected E6001 at line {line}, found {string.Join(", ", found)}\n{text}");
                    mutants++;
                }
        }
        output.WriteLine($"{mutants} mutants");
    }

    // What makes two failures the same: the first words.
    private static string Kind(string difference) => difference[..Math.Min(difference.Length, difference.IndexOfAny([':', ' ']) is > 0 and var end ? end : difference.Length)]
        + (difference.StartsWith("rejected", StringComparison.Ordinal) ? difference.Split(' ')[1] : "");
}

/// <summary>Generated programs replace the streams of this process.</summary>
[CollectionDefinition("generated programs", DisableParallelization = true)]
public sealed class GeneratedProgramsCollection;
