using System.Collections.Immutable;

namespace Sigil.Compiler.Testing;

public enum TestStatus { Passed, Failed, Skipped }

/// <summary>Why a test failed.</summary>
/// <param name="Type">The assertion's name, or panic, deadlock, timeout.</param>
public sealed record TestFailure(string Type, string Code, string Message, string Actual, string Expected, string File, long Line, long Column)
{
    /// <summary>Who waits for what, after a deadlock.</summary>
    public string Waiting { get; init; } = "";

    /// <summary>The seed of the schedule that failed, when schedules were explored.</summary>
    public string? Seed { get; init; }
}

/// <summary>What became of one test.</summary>
public sealed record TestResult(string Name, string File, int Line, ImmutableArray<string> Targets, TestStatus Status, long Assertions, long Milliseconds, TestFailure? Failure, string? Reason)
{
    /// <summary>How many schedules it ran under; 0 when it ran once, as the machine would have it.</summary>
    public int Schedules { get; init; }

    /// <summary>What else is to be said, such as that a replay diverged.</summary>
    public string? Note { get; init; }
}

/// <summary>What became of a file that must not compile.</summary>
public sealed record CompileFailResult(string File, bool Passed, int Expected, int Matched, ImmutableArray<string> Missing, ImmutableArray<string> Unexpected);

/// <summary>A whole run.</summary>
public sealed record TestReport(ImmutableArray<TestResult> Tests, ImmutableArray<CompileFailResult> CompileFail, long Milliseconds)
{
    public int Passed => Tests.Count(t => t.Status == TestStatus.Passed) + CompileFail.Count(c => c.Passed);
    public int Failed => Tests.Count(t => t.Status == TestStatus.Failed) + CompileFail.Count(c => !c.Passed);
    public int Skipped => Tests.Count(t => t.Status == TestStatus.Skipped);
}
