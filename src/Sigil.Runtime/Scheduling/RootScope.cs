using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>The outermost scope of a run: it owns the main task, and a thread outside the scheduler waits for it.</summary>
internal sealed class RootScope(Scheduler scheduler) : TaskScope(scheduler, null)
{
    /// <summary>An end that is no <see cref="Status"/>.</summary>
    internal const int Deadlock = -1;

    private readonly object _gate = new();
    private int? _end;

    internal override void TaskEnded(SigilTask task, Status status) => End((int)status);

    internal void End(int end)
    {
        lock (_gate)
        {
            _end ??= end;
            Monitor.PulseAll(_gate);
        }
    }

    internal int AwaitEnd()
    {
        lock (_gate)
        {
            while (_end is null) Monitor.Wait(_gate);
            return _end.Value;
        }
    }

    internal bool AwaitEnd(int millis)
    {
        lock (_gate)
        {
            return _end is not null || Monitor.Wait(_gate, millis);
        }
    }
}
