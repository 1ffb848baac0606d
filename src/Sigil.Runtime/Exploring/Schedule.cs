using Sigil.Runtime.Panics;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Exploring;

/// <summary>How one explored schedule of a test ended.</summary>
/// <param name="Outcome">The test's end.</param>
/// <param name="Waiting">Who waited for what, after a deadlock; else empty.</param>
/// <param name="Steps">How many steps the schedule had.</param>
/// <param name="Trace">A digest of all choices: the same for the same schedule of the same program.</param>
public sealed record ScheduleOutcome(TestOutcome Outcome, string Waiting, long Steps, ulong Trace);

/// <summary>
/// Runs one test under many schedules, each determined by a seed, on a virtual clock. Threads are kept from one schedule to
/// the next; dispose of it on the thread that made it.
/// </summary>
public sealed class ScheduleExplorer : IDisposable
{
    private readonly Carriers _carriers;
    private readonly Func<long> _assertions;

    /// <summary>Explores on behalf of the calling thread: assertions count for it.</summary>
    public ScheduleExplorer()
    {
        if (!Control.IsOn) throw new InvalidOperationException($"the switch {Control.Switch} is off");
        _assertions = Assertions.StartCounting();
        _carriers = new Carriers();
    }

    /// <summary>Allows explored schedules in this process; before anything else of the runtime is used.</summary>
    public static void Allow() => AppContext.SetSwitch(Control.Switch, true);

    /// <summary>Runs one schedule; <paramref name="limit"/> is real time, for a test that computes without end.</summary>
    public ScheduleOutcome Run(Frame entry, long seed, TimeSpan limit)
    {
        var before = _assertions();
        var run = new Interleaving(Chooser.Of(seed), _carriers, fine: false);
        SigilTask? task = null;
        RootScope? root = null;
        var waiting = "";
        run.OnStuck = () =>
        {
            if (root is null or { HasEnded: true }) return false;
            waiting = DeadlockReport.Waiting(root);
            root.End(RootScope.Deadlock);
            return true;
        };
        var end = run.Execute(Main, limit);
        var assertions = _assertions() - before;
        if (run.Fault is { } fault) return Ended(TestEnd.Panicked, InternalFault.AsPanic(fault));
        if (end != RunEnd.Ended || root is not { HasEnded: true }) return Ended(TestEnd.TimedOut, null);
        return root.AwaitEnd() switch
        {
            RootScope.Deadlock => Ended(TestEnd.Deadlocked, null),
            (int)Status.Panicked => Ended(TestEnd.Panicked, task!.TakePanic()),
            _ => Ended(TestEnd.Passed, null),
        };

        void Main()
        {
            var scheduler = new ExploringScheduler(run);
            root = new RootScope(scheduler);
            task = new SigilTask(entry, root, null);
            scheduler.Start(task);
            run.BlockUntil(() => root.HasEnded, -1);
            scheduler.Stop();
        }

        ScheduleOutcome Ended(TestEnd how, SigilPanic? panic) => new(new TestOutcome(how, panic, assertions), waiting, run.Steps, run.Trace);
    }

    /// <inheritdoc/>
    public void Dispose() => _carriers.Dispose();
}
