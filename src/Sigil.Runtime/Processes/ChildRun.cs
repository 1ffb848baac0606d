using Sigil.Runtime.Panics;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Processes;

/// <summary>How a task ended in its own process.</summary>
internal sealed class ChildEnd
{
    internal Status Status { get; set; } = Status.Cancelled;

    /// <summary>Another task will follow in this process.</summary>
    internal bool IsRehearsal { get; init; }

    /// <summary>With <see cref="Status.Panicked"/>.</summary>
    internal SigilPanic? Panic { get; set; }

    /// <summary>With <see cref="Status.Completed"/>: the encoded result.</summary>
    internal byte[] Value { get; set; } = [];

    /// <summary>The channel ends in the result.</summary>
    internal Attachments Attachments { get; } = new();
}

/// <summary>Runs the one task of a child, as <c>@main</c> runs in its parent.</summary>
internal static class ChildRun
{
    private static WorkStealingScheduler? s_scheduler;

    internal static void ToEnd(Frame entry, ChildEnd end)
    {
        var scheduler = s_scheduler ??= Start();
        var root = new RootScope(scheduler);
        var task = new SigilTask(entry, root, null);
        scheduler.Deadlocked = () => root.End(RootScope.Deadlock);
        scheduler.Inject(task);
        // From here on it is a deadlock when nothing runs.
        if (!end.IsRehearsal) scheduler.AddOutstanding(-1);
        var how = root.AwaitEnd();
        if (how == RootScope.Deadlock)
        {
            end.Status = Status.Panicked;
            end.Panic = new SigilPanic("E9201", DeadlockReport.Describe(root).TrimEnd(), "<unknown>");
            return;
        }

        end.Status = (Status)how;
        if (end.Status == Status.Panicked) end.Panic = task.TakePanic();
    }

    private static WorkStealingScheduler Start()
    {
        var scheduler = new WorkStealingScheduler(WorkStealingScheduler.DefaultWorkers);
        scheduler.AddOutstanding(1);
        scheduler.StartThreads();
        return scheduler;
    }
}
