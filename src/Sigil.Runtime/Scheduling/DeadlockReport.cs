using System.Text;
using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>Says who waits for what, with positions; made when no task can run any more, so nothing moves meanwhile.</summary>
internal static class DeadlockReport
{
    private const int MaxTasks = 100;

    internal static string Describe(CancelScope root)
    {
        var text = new StringBuilder("error[E9201]: deadlock: every task waits for another one\n");
        var count = 0;
        root.VisitWaiters((task, depth) =>
        {
            if (task.Leaf is null || ++count > MaxTasks) return;
            AppendTask(text, task, depth);
        });
        if (count > MaxTasks) text.Append($"  … and {count - MaxTasks} more tasks\n");
        return text.ToString();
    }

    internal static void AppendTask(StringBuilder text, SigilTask task, int depth)
    {
        text.Append(' ', 2 + (2 * Math.Min(depth, 20)));
        text.Append(task.SpawnSite is { } site ? $"the task created at {site}" : "the main task");
        text.Append(" waits for ").Append(task.Leaf?.WaitDescription ?? "something");
        if (task.Leaf?.WaitSite is { } place) text.Append("\n    ").Append(' ', 2 * Math.Min(depth, 20)).Append("at ").Append(place);
        for (var caller = task.Leaf?.Caller; caller is not null; caller = caller.Caller)
            if (caller.WaitSite is { } callSite) text.Append("\n    ").Append(' ', 2 * Math.Min(depth, 20)).Append("at ").Append(callSite);
        text.Append('\n');
    }
}
