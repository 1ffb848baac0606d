using System.Collections.Immutable;
using System.Diagnostics;
using Sigil.Emit;
using Sigil.Runtime.Exploring;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scheduling;

namespace Sigil.Compiler.Testing;

/// <summary>Runs compiled tests, each on a scheduler of its own, and collects what became of them in source order.</summary>
public static class TestRunner
{
    public static ImmutableArray<TestResult> Run(Executable executable, TimeSpan limit, bool sequential, ScheduleOptions? schedules = null)
    {
        var results = new List<(TestCase Test, TestResult Result)>();
        if (executable.Code is { } code)
        {
            var program = LoadedProgram.Load(code);
            var slots = new TestResult[executable.Tests.Length];
            var options = new ParallelOptions { MaxDegreeOfParallelism = sequential ? 1 : Environment.ProcessorCount };
            Parallel.For(0, slots.Length, options, i => slots[i] = schedules is null
                ? RunOne(executable.Tests[i], program, code.Tests[i], limit)
                : Explore(executable.Tests[i], program, code.Tests[i], limit, schedules));
            for (int i = 0; i < slots.Length; i++) results.Add((executable.Tests[i], slots[i]));
        }
        foreach (var s in executable.Skipped) results.Add((s, Describe(s, TestStatus.Skipped, 0, 0, null) with { Reason = s.SkipReason }));
        return [.. results.OrderBy(r => r.Test.File, StringComparer.Ordinal).ThenBy(r => r.Test.Line).ThenBy(r => r.Test.Column).Select(r => r.Result)];
    }

    private static TestResult RunOne(TestCase test, LoadedProgram program, EmittedTest emitted, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        var outcome = TestRun.Run(program.StartTest(emitted), limit);
        var failure = Failure(test, outcome, limit);
        return Describe(test, failure is null ? TestStatus.Passed : TestStatus.Failed, outcome.Assertions, clock.ElapsedMilliseconds, failure);
    }

    /// <summary>The same test under many schedules, up to the first one that fails.</summary>
    private static TestResult Explore(TestCase test, LoadedProgram program, EmittedTest emitted, TimeSpan limit, ScheduleOptions schedules)
    {
        var clock = Stopwatch.StartNew();
        using var explorer = new ScheduleExplorer();
        long assertions = 0;
        string? note = null;
        for (int i = 0; i < schedules.Count; i++)
        {
            long seed = schedules.Seed + i;
            var schedule = explorer.Run(program.StartTest(emitted), seed, limit);
            assertions = schedule.Outcome.Assertions;
            if (i == 0 && schedules.Trace is { } known && known != ScheduleOptions.Digest(schedule.Trace))
                note = "the replay diverged: this is not the schedule that the seed was printed for, because the program or what it depends on has changed";
            if (Failure(test, schedule.Outcome, limit) is not { } failure) continue;

            // A schedule that cannot be repeated is worth knowing about before anybody starts to search. One that hangs is not tried twice.
            if (schedule.Outcome.End != TestEnd.TimedOut && explorer.Run(program.StartTest(emitted), seed, limit) is var again
                && (again.Trace != schedule.Trace || again.Outcome.End != schedule.Outcome.End))
                note = "the replay diverged: the same seed gave two different runs, so the test depends on something besides the schedule (files, processes, the network, hashes of objects)";
            failure = failure with { Waiting = schedule.Waiting, Seed = ScheduleOptions.Write(seed, schedule.Trace) };
            return Describe(test, TestStatus.Failed, assertions, clock.ElapsedMilliseconds, failure) with { Schedules = i + 1, Note = note };
        }

        return Describe(test, TestStatus.Passed, assertions, clock.ElapsedMilliseconds, null) with { Schedules = schedules.Count, Note = note };
    }

    private static TestFailure? Failure(TestCase test, TestOutcome outcome, TimeSpan limit) => outcome.End switch
    {
        TestEnd.Passed => null,
        TestEnd.Panicked => OfPanic(outcome.Panic!),
        TestEnd.Deadlocked => Somewhere(test, "deadlock", "E9201", "every task waits and nothing can wake one"),
        _ => Somewhere(test, "timeout", "E7105", $"no end within {limit.TotalSeconds:0.###}s"),
    };

    private static TestFailure OfPanic(SigilPanic panic)
    {
        var at = new PanicInfo("", "", PanicReport.UserSite(panic));
        return panic.Assertion is { } a
            ? new TestFailure(a.Name, "E7101", a.Message, a.Actual, a.Expected, at.File, at.Line, at.Column)
            : new TestFailure("panic", panic.Info.Code, panic.Info.Message, "", "", at.File, at.Line, at.Column);
    }

    private static TestFailure Somewhere(TestCase test, string type, string code, string message) =>
        new(type, code, message, "", "", test.File, test.Line, test.Column);

    private static TestResult Describe(TestCase test, TestStatus status, long assertions, long milliseconds, TestFailure? failure) => new(
        "@" + test.Name, test.File, test.Line, [.. test.Targets.Select(t => "@" + t)], status, assertions, milliseconds, failure, null);
}
