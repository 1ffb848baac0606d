using System.Diagnostics;
using static Sigil.Properties.Tests.Concurrency.ProgramSelection;

namespace Sigil.Properties.Tests.Concurrency;

/// <summary>
/// Generated concurrent programs are accepted and print what the generator knows they must; every mistake that is put into one is rejected with its
/// code on its line, and nothing else is reported. <c>SIGIL_SEED=n</c> runs that program alone, <c>SIGIL_PROGRAMS=n</c> says how many are made,
/// <c>SIGIL_MUTANTS=n</c> how many of each program's mutants are tried (all: 0),
/// <c>SIGIL_SHRINK=1</c> makes programs smaller that fail.
/// </summary>
[Collection("generated programs")]
public sealed class ConcurrentProgramTests(ITestOutputHelper output)
{
    [Fact]
    public void Programs_print_what_they_must()
    {
        var wrong = new List<string>();
        foreach (var seed in Seeds(60))
        {
            var program = ConcurrentGenerator.Generate(seed);
            var found = Outcome(program.Text);
            if (found == program.ExpectedOutput) continue;
            var text = Kind(found) is { } kind && Number("SIGIL_SHRINK", 0) > 0 ? LineShrinking.Shrink(program.Text, t => Kind(Outcome(t)) == kind) : program.Text;
            wrong.Add($"seed {seed}: {found.Split('\n')[0]}\nexpected:\n{program.ExpectedOutput}\nfound:\n{found}\n\n{text}");
        }
        Report(wrong);
    }

    // A defect of the compiler must not hide which program shows it.
    private static string Outcome(string text)
    {
        try
        {
            return GeneratedRun.Outcome(text);
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message}\n{e.StackTrace}";
        }
    }

    // What makes two failures the same; a wrong output is not made smaller.
    private static string? Kind(string found)
    {
        var words = found.Split('\n')[0].Split(' ');
        return words[0] == "rejected:" && words.Length > 1 ? words[1] : words[0].EndsWith("Exception:", StringComparison.Ordinal) ? words[0] : null;
    }

    [Fact]
    public void Mistakes_are_rejected_where_they_are()
    {
        var (tried, kinds, wrong) = (0, new HashSet<string>(), new List<string>());
        var most = Number("SIGIL_MUTANTS", 12);
        foreach (var seed in Seeds(30))
        {
            var program = ConcurrentGenerator.Generate(seed);
            var mutants = program.Mutants.Where(program.CanBeSeenAlone).ToArray();
            new Random(seed).Shuffle(mutants);
            // Of each kind one first, then others.
            var chosen = mutants.GroupBy(m => m.Kind).OrderBy(g => kinds.Contains(g.Key)).Select(g => g.First()).ToList();
            if (most == 0) chosen = [.. mutants];
            foreach (var mutant in most == 0 ? chosen : chosen.Take(most))
            {
                var (text, expected) = program.With(mutant);
                var found = GeneratedRun.Errors(text).Select(e => $"{e.Code} at line {e.Source!.GetLinePosition(e.Span.Start).Line}").Distinct().Order(StringComparer.Ordinal).ToList();
                tried++;
                kinds.Add(mutant.Kind);
                if (!found.SequenceEqual(expected.Order(StringComparer.Ordinal)))
                    wrong.Add($"seed {seed}, {mutant.Kind}: expected {string.Join(", ", expected)}, found {(found.Count == 0 ? "nothing" : string.Join(", ", found))}\n{text}");
            }
        }
        output.WriteLine($"{tried} mutants of {kinds.Count} kinds");
        Report(wrong);
    }

    // The first lines of all, then the first ones in full.
    private static void Report(List<string> wrong) => Assert.True(
        wrong.Count == 0, $"{wrong.Count} failed\n{string.Join('\n', wrong.Select(w => w.Split('\n')[0]))}\n\n{string.Join('\n', wrong.Take(Number("SIGIL_SHOW", 2)))}");
}
