using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Cancellation;

/// <summary>A scope that owns tasks: it ends after they have.</summary>
public abstract class TaskScope : CancelScope
{
    private protected TaskScope(Scheduler scheduler, CancelScope? parent)
        : base(scheduler, parent, linked: parent is not null)
    {
    }

    /// <summary>
    /// A task of this scope has ended; with <see cref="Status.Panicked"/> its panic is in
    /// <see cref="SigilTask.PendingPanic"/>. Called once per task, on the worker that ran it last.
    /// </summary>
    internal abstract void TaskEnded(SigilTask task, Status status);

    /// <summary>The same for a task that has never been suspended.</summary>
    internal virtual void TaskEndedAtOnce(SigilTask task, Status status) => TaskEnded(task, status);
}
