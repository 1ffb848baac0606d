using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>How a test ended.</summary>
public enum TestEnd { Passed, Panicked, Deadlocked, TimedOut }

/// <summary>The end of one test.</summary>
/// <param name="End">How.</param>
/// <param name="Panic">The panic, if that is how it ended.</param>
/// <param name="Assertions">How many assertions were evaluated.</param>
public sealed record TestOutcome(TestEnd End, SigilPanic? Panic, long Assertions);

/// <summary>Runs one test as the main task of a scheduler of its own, so that tests do not meet.</summary>
public static class TestRun
{
    private const int Workers = 2;
    private const int GraceMillis = 2000;

    /// <summary>Runs the test to its end, or until the limit is over and its cleanup has had a moment.</summary>
    public static TestOutcome Run(Frame entry, TimeSpan limit)
    {
        var assertions = Panics.Assertions.StartCounting();
        var scheduler = new WorkStealingScheduler(Workers);
        var root = new RootScope(scheduler);
        var task = new SigilTask(entry, root, null);
        scheduler.Deadlocked = () => root.End(RootScope.Deadlock);
        scheduler.Inject(task);
        scheduler.StartThreads();
        if (!root.AwaitEnd((int)Math.Min(limit.TotalMilliseconds, int.MaxValue)))
        {
            root.Cancel(CancelReason.ScopeTimedOut);
            root.AwaitEnd(GraceMillis);
            scheduler.Stop();
            return new TestOutcome(TestEnd.TimedOut, null, assertions());
        }
        var end = root.AwaitEnd();
        scheduler.Stop();
        return end == RootScope.Deadlock
            ? new TestOutcome(TestEnd.Deadlocked, null, assertions())
            : (Status)end == Status.Panicked
                ? new TestOutcome(TestEnd.Panicked, task.TakePanic(), assertions())
                : new TestOutcome(TestEnd.Passed, null, assertions());
    }
}
