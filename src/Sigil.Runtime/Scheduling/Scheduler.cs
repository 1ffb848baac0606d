using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// What tasks need from whoever runs them. The product has one implementation, the work-stealing one; tests may
/// substitute a controlled one.
/// </summary>
public abstract class Scheduler
{
    private protected Scheduler(IClock clock) => Clock = clock;

    /// <summary>The only source of time.</summary>
    internal IClock Clock { get; }

    /// <summary>Deadlines and sleeps.</summary>
    internal abstract TimerQueue Timers { get; }

    /// <summary>How many tasks can run at the same time.</summary>
    internal abstract int Parallelism { get; }

    /// <summary>A new task may run.</summary>
    internal abstract void Start(SigilTask task);

    /// <summary>A task whose wait has been completed may run again; it is likely to be wanted soon.</summary>
    internal abstract void Wake(SigilTask task);

    /// <summary>Many tasks whose waits have been completed may run again, in this order.</summary>
    internal virtual void WakeAll(List<SigilTask> tasks)
    {
        foreach (var task in tasks) Wake(task);
    }

    /// <summary>A task that gives way goes behind all that are ready.</summary>
    internal abstract void Requeue(SigilTask task);

    /// <summary>Something outside the tasks (a blocking call, a signal) may still wake one: no deadlock meanwhile.</summary>
    internal abstract void AddOutstanding(int delta);
}
