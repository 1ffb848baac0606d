namespace Sigil.Runtime.Tasks;

/// <summary>How a call of a suspending function, or one resumption of its frame, ended.</summary>
public enum Status
{
    /// <summary>The result has been stored.</summary>
    Completed = 0,

    /// <summary>The chain of frames from the waiting leaf up to this call is in <see cref="SigilTask.SuspendedFrame"/>.</summary>
    Suspended = 1,

    /// <summary>The task is unwinding to the cancelled scope; cleanup has run up to here.</summary>
    Cancelled = 2,

    /// <summary>A resumed callee panicked; the panic is in <see cref="SigilTask.PendingPanic"/>. Direct calls throw instead.</summary>
    Panicked = 3,
}
