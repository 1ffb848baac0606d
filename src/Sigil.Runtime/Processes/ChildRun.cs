using Sigil.Runtime.Panics;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Processes;

/// <summary>How a task ended in its own process.</summary>
/// <param name="Status">Completed or panicked.</param>
/// <param name="Panic">With <see cref="Status.Panicked"/>.</param>
/// <param name="Value">With <see cref="Status.Completed"/>: the encoded result.</param>
internal readonly record struct ChildEnd(Status Status, SigilPanic? Panic, Crossing Value);

/// <summary>Runs the one task of a child, as <c>@main</c> runs in its parent.</summary>
internal static class ChildRun
{
    internal static ChildEnd ToEnd(Frame entry)
    {
        var scheduler = new WorkStealingScheduler(WorkStealingScheduler.DefaultWorkers);
        var root = new RootScope(scheduler);
        var task = new SigilTask(entry, root, null);
        scheduler.Deadlocked = () => root.End(RootScope.Deadlock);
        scheduler.Inject(task);
        scheduler.StartThreads();
        var end = root.AwaitEnd();
        if (end == RootScope.Deadlock)
        {
            var report = DeadlockReport.Describe(root).TrimEnd();
            return new ChildEnd(Status.Panicked, new SigilPanic("E9201", report, "<unknown>"), default);
        }

        var status = (Status)end;
        return new ChildEnd(status, status == Status.Panicked ? task.TakePanic() : null, default);
    }
}
