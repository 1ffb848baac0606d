using System.Collections.Immutable;
using System.Diagnostics;
using Sigil.Emit;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scheduling;
using Sigil.Semantics.Symbols;

namespace Sigil.Compiler.Testing;

/// <summary>Runs compiled tests, each on a scheduler of its own, and collects what became of them in source order.</summary>
public static class TestRunner
{
    public static ImmutableArray<TestResult> Run(Executable executable, IEnumerable<FunctionSymbol> skipped, TimeSpan limit, bool sequential)
    {
        var results = new List<(FunctionSymbol Test, TestResult Result)>();
        if (executable.Code is { } code)
        {
            var program = LoadedProgram.Load(code);
            var slots = new TestResult[executable.Tests.Length];
            var options = new ParallelOptions { MaxDegreeOfParallelism = sequential ? 1 : Environment.ProcessorCount };
            Parallel.For(0, slots.Length, options, i => slots[i] = RunOne(executable.Tests[i], program, code.Tests[i], limit));
            for (int i = 0; i < slots.Length; i++) results.Add((executable.Tests[i], slots[i]));
        }
        foreach (var s in skipped) results.Add((s, Describe(s, TestStatus.Skipped, 0, 0, null) with { Reason = s.SkipReason }));
        return [.. results.OrderBy(r => r.Test.Source!.Path, StringComparer.Ordinal).ThenBy(r => r.Test.Span.Start).Select(r => r.Result)];
    }

    private static TestResult RunOne(FunctionSymbol test, LoadedProgram program, EmittedTest emitted, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        var outcome = TestRun.Run(program.StartTest(emitted), limit);
        var failure = outcome.End switch
        {
            TestEnd.Passed => null,
            TestEnd.Panicked => OfPanic(outcome.Panic!),
            TestEnd.Deadlocked => Somewhere(test, "deadlock", "E9201", "every task waits and nothing can wake one"),
            _ => Somewhere(test, "timeout", "E7105", $"no end within {limit.TotalSeconds:0.###}s"),
        };
        return Describe(test, failure is null ? TestStatus.Passed : TestStatus.Failed, outcome.Assertions, clock.ElapsedMilliseconds, failure);
    }

    private static TestFailure OfPanic(SigilPanic panic)
    {
        var at = new PanicInfo("", "", PanicReport.UserSite(panic));
        return panic.Assertion is { } a
            ? new TestFailure(a.Name, "E7101", a.Message, a.Actual, a.Expected, at.File, at.Line, at.Column)
            : new TestFailure("panic", panic.Info.Code, panic.Info.Message, "", "", at.File, at.Line, at.Column);
    }

    private static TestFailure Somewhere(FunctionSymbol test, string type, string code, string message)
    {
        var at = test.Source!.GetLinePosition(test.Span.Start);
        return new TestFailure(type, code, message, "", "", test.Source.Path, at.Line, at.Column);
    }

    private static TestResult Describe(FunctionSymbol test, TestStatus status, long assertions, long milliseconds, TestFailure? failure) => new(
        "@" + test.Name, test.Source!.Path, test.Source.GetLinePosition(test.Span.Start).Line, [.. test.TestTargets.Select(t => "@" + t.Name)], status, assertions, milliseconds, failure, null);
}
