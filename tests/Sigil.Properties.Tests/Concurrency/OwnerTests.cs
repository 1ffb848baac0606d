using static Sigil.Properties.Tests.Concurrency.ProgramSelection;

namespace Sigil.Properties.Tests.Concurrency;

/// <summary>
/// Generated concurrent programs under the checking runtime (<see cref="Sigil.Runtime.Ownership.Owners"/>): an accepted one violates nothing, and
/// the mistakes show when the compiler is kept from rejecting them. The variables of <see cref="ConcurrentProgramTests"/> say which programs.
/// </summary>
[Collection("generated programs")]
public sealed class OwnerTests(ITestOutputHelper output)
{
    private const int LimitMillis = 20_000;

    [Fact]
    public void Accepted_programs_touch_only_what_is_theirs()
    {
        var wrong = new List<string>();
        foreach (var seed in Seeds(20))
        {
            var program = ConcurrentGenerator.Generate(seed);
            var (found, violations) = GeneratedRun.Checked(program.Text, isBypassed: false);
            if (violations.Count > 0) wrong.Add($"seed {seed}: {violations[0]}\n{program.Text}");
            else if (found != program.ExpectedOutput) wrong.Add($"seed {seed}: expected\n{program.ExpectedOutput}\nfound\n{found}\n{program.Text}");
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} failed\n{string.Join('\n', wrong.Select(w => w.Split('\n')[0]))}\n\n{string.Join('\n', wrong.Take(2))}");
    }

    [Fact]
    public void Mistakes_that_nobody_rejects_show_at_run_time()
    {
        var most = Number("SIGIL_MUTANTS", 10);
        var figures = new SortedDictionary<string, (int Run, int Seen)>(StringComparer.Ordinal);
        foreach (var seed in Seeds(10))
        {
            var program = ConcurrentGenerator.Generate(seed);
            var mutants = program.Mutants.Where(program.CanBeSeenAlone).ToArray();
            new Random(seed).Shuffle(mutants);
            if (Environment.GetEnvironmentVariable("SIGIL_KIND") is { } wanted) mutants = [.. mutants.Where(m => m.Kind == wanted)];
            foreach (var mutant in most == 0 ? mutants : mutants.OrderBy(m => figures.TryGetValue(m.Kind, out var f) ? f.Run : 0).Take(most))
            {
                var (text, expected) = program.With(mutant);
                if (!expected.TrueForAll(e => GeneratedRun.OwnershipRules.Contains(e[..5]))) continue;
                if (Violations(text, out var outcome) is not { } violations) continue;
                if (Number("SIGIL_SHOW", 0) > 0) output.WriteLine($"seed {seed}, {mutant.Kind}: {violations} violations\n{text}\n{outcome}");
                var figure = figures.GetValueOrDefault(mutant.Kind);
                figures[mutant.Kind] = (figure.Run + 1, figure.Seen + (violations > 0 ? 1 : 0));
            }
        }
        var crossing = figures.Where(f => Crosses(f.Key)).Select(f => f.Value).ToList();
        foreach (var (kind, (run, seen)) in figures) output.WriteLine($"{seen,4} of {run,4}  {kind}");
        var (shown, all) = (crossing.Sum(f => f.Seen), crossing.Sum(f => f.Run));
        output.WriteLine($"{shown} of {all} that cross tasks, {figures.Values.Sum(f => f.Seen)} of {figures.Values.Sum(f => f.Run)} in all");
        Assert.True(Number("SIGIL_SEED", -1) >= 0 || shown * 10 >= all * 6, $"only {shown} of {all} mistakes by which two tasks reach one object were seen");
    }

    // Most kinds break a rule inside one task, or in a function that nobody calls: nothing of that can be seen by watching tasks.
    private static bool Crosses(string kind) =>
        kind is "alias kept after send" or "sent twice" or "written after send" or "end used after a task took it" or "val written by a method"
        || kind.StartsWith("ref given to a task", StringComparison.Ordinal) || kind.StartsWith("ref captured by", StringComparison.Ordinal) || kind.StartsWith("ref in a", StringComparison.Ordinal) && kind.EndsWith("task", StringComparison.Ordinal)
        || (kind.Contains(" after ", StringComparison.Ordinal) && !kind.StartsWith("captured", StringComparison.Ordinal) && !kind.StartsWith("end ", StringComparison.Ordinal)
            && (kind.EndsWith("a task took it", StringComparison.Ordinal) || kind.EndsWith("a child took it", StringComparison.Ordinal) || kind.EndsWith("it was sent", StringComparison.Ordinal) || kind.EndsWith("it lost a race", StringComparison.Ordinal)));

    // Null when the program could not be run: the later phases may rely on what was passed over.
    private static int? Violations(string text, out string outcome)
    {
        outcome = "";
        (string Outcome, IReadOnlyList<string> Violations)? result = null;
        var run = new Thread(() =>
        {
            try
            {
                result = GeneratedRun.Checked(text, isBypassed: true);
            }
            catch (Exception)
            {
                // What a compiler does that was told to pass over its own rules is nobody's concern.
            }
        })
        { IsBackground = true };
        run.Start();
        if (!run.Join(LimitMillis)) return Sigil.Runtime.Ownership.Owners.Take().Count;
        if (result is { } finished) outcome = finished.Outcome;
        return result is not { } ended || ended.Outcome.StartsWith("rejected", StringComparison.Ordinal) ? null : ended.Violations.Count;
    }
}
