using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Exploring;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Tests.Exploring;

/// <summary>Runs tasks under a chooser, with every atomic operation as a step.</summary>
internal static class Explored
{
    /// <summary>Where longer searches by hand are asked for: <c>SIGIL_EXPLORE=100</c> makes each suite a hundred times as long.</summary>
    internal static int Effort { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("SIGIL_EXPLORE"), out var effort) && effort > 0 ? effort : 1;

    /// <summary>Runs the entries as tasks of one scope; false when some of them wait for ever.</summary>
    internal static bool Tasks(Chooser chooser, Carriers carriers, bool timeIsFree, params Frame[] entries)
    {
        var run = new Interleaving(chooser, carriers, fine: true, maxSteps: 200_000) { TimeIsFree = timeIsFree };
        RootScope? root = null;
        run.OnStuck = () =>
        {
            if (root is null or { HasEnded: true }) return false;
            root.End(RootScope.Deadlock);
            return true;
        };
        var end = run.Execute(
            () =>
            {
                var scheduler = new ExploringScheduler(run);
                root = new RootScope(scheduler);
                var crowd = new Crowd(scheduler, root, entries.Length);
                foreach (var entry in entries) scheduler.Start(new SigilTask(entry, crowd, null));
                run.BlockUntil(() => root.HasEnded, -1);
                scheduler.Stop();
            },
            TimeSpan.FromSeconds(20));
        if (run.Fault is { } fault) throw new InvalidOperationException("a strand failed", fault);
        Assert.True(end == RunEnd.Ended, $"{end} after {run.Steps} steps at {run.NowNanos}: {run.Describe()}");
        return root!.AwaitEnd() != RootScope.Deadlock;
    }

    /// <summary>Runs a body on a strand of its own, and the threads that it starts on further ones.</summary>
    internal static RunEnd Threads(Chooser chooser, Carriers carriers, out string left, Action body)
    {
        var run = new Interleaving(chooser, carriers, fine: true, maxSteps: 2_000_000);
        var end = run.Execute(body, TimeSpan.FromSeconds(20));
        if (run.Fault is { } fault) throw new InvalidOperationException("a strand failed", fault);
        left = run.Describe();
        return end;
    }

    private sealed class Crowd(Scheduler scheduler, RootScope root, int count) : TaskScope(scheduler, root)
    {
        private int _left = count;

        internal override void TaskEnded(SigilTask task, Status status)
        {
            if (--_left == 0) root.End((int)Status.Completed);
        }
    }
}
