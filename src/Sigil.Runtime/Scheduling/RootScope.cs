using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>The outermost scope of a run: it owns the main task, and a thread outside the scheduler waits for it.</summary>
internal sealed class RootScope(Scheduler scheduler) : TaskScope(scheduler, null)
{
    /// <summary>An end that is no <see cref="Status"/>.</summary>
    internal const int Deadlock = -1;

    private readonly Gate _gate = new();
    private int? _end;

    internal bool HasEnded => _end is not null;

    internal override void TaskEnded(SigilTask task, Status status) => End((int)status);

    internal void End(int end)
    {
        using (_gate.Hold())
        {
            _end ??= end;
            _gate.PulseAll();
        }
    }

    internal int AwaitEnd()
    {
        using (_gate.Hold())
        {
            while (_end is null) _gate.Wait();
            return _end.Value;
        }
    }

    internal bool AwaitEnd(int millis)
    {
        using (_gate.Hold())
        {
            return _end is not null || _gate.Wait(millis);
        }
    }
}
