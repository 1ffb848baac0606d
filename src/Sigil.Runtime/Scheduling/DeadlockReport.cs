using System.Text;
using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>Says who waits for what, with positions: for deadlocks, and on request.</summary>
internal static class DeadlockReport
{
    // More kinds of waiting tasks than this do not help anybody to find the mistake.
    private const int MaxKinds = 50;

    /// <summary>Made when no task can run any more, so nothing moves meanwhile.</summary>
    internal static string Describe(CancelScope root) =>
        "error[E9201]: deadlock: every task waits for another one\n" + Waiting(root);

    /// <summary>The tree of waiting tasks; a snapshot, in which a task that runs just now may be missing.</summary>
    internal static string Waiting(CancelScope root)
    {
        // A thousand tasks of one pool wait alike: they are told once, with their number.
        var kinds = new List<string>();
        var counts = new Dictionary<string, int>();
        root.VisitWaiters((task, depth) =>
        {
            if (task.Leaf is not { } leaf) return;
            var kind = Kind(task, leaf, Math.Clamp(depth, 0, 20));
            if (!counts.TryGetValue(kind, out var count)) kinds.Add(kind);
            counts[kind] = count + 1;
        });
        var text = new StringBuilder();
        foreach (var kind in kinds.Take(MaxKinds))
        {
            text.Append(kind);
            if (counts[kind] > 1) text.Append("    ").Append($"({counts[kind] - 1} more tasks wait like this one)\n");
        }

        if (kinds.Count > MaxKinds) text.Append($"  … and {kinds.Skip(MaxKinds).Sum(kind => counts[kind])} more tasks\n");
        return text.ToString();
    }

    private static string Kind(SigilTask task, Frame leaf, int depth)
    {
        var text = new StringBuilder();
        var indent = new string(' ', 2 + (2 * depth));
        text.Append(indent).Append(task.SpawnSite is { } site ? $"the task created at {site}" : "the main task");
        text.Append(" waits for ").Append(leaf.WaitDescription ?? "something").Append('\n');
        string? last = null;
        for (var frame = leaf; frame is not null; frame = frame.Caller)
            if (frame.WaitSite is { } place && place != last && !place.Contains(" in entry.", StringComparison.Ordinal)) text.Append(indent).Append("  at ").Append(last = place).Append('\n');
        return text.ToString();
    }
}
