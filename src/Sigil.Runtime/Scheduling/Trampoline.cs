using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Ownership;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>Runs a task from its leaf outwards until it waits again or ends.</summary>
internal static class Trampoline
{
    /// <summary>Runs the task; afterwards it has ended, is parked, or has been queued again, and must not be touched.</summary>
    /// <returns>True when it ended without ever having been suspended.</returns>
    internal static bool Run(SigilTask task)
    {
        if (!Owners.IsOn) return RunOnce(task);
        var before = Owners.Enter(task);
        try
        {
            return RunOnce(task);
        }
        finally
        {
            Owners.Leave(before);
        }
    }

    private static bool RunOnce(SigilTask task)
    {
        var fresh = !task.HasStarted;
        if (fresh && task.IsCancellationRequested)
        {
            End(task, Abandon(task), atOnce: true);
            return true;
        }

        if (fresh) task.NoteStarted();
        return GoOn(task, Climb(task), fresh);
    }

    /// <summary>
    /// The same for a new child that its scope runs on the spot, and that has not been cancelled just now; the scope itself notes one that has completed at once.
    /// </summary>
    internal static ChildRun RunChild(SigilTask task, TaskScope scope)
    {
        if (Owners.IsOn) return Run(task) ? ChildRun.Ended : ChildRun.Later;
        task.NoteStarted();
        var status = Climb(task);
        if (status == Status.Completed && task.CurrentScope == scope && !task.IsEnlisted) return ChildRun.Completed;
        return GoOn(task, status, fresh: true) ? ChildRun.Ended : ChildRun.Later;
    }

    private static bool GoOn(SigilTask task, Status status, bool fresh)
    {
        for (; ; status = Climb(task))
        {
            if (status != Status.Suspended)
            {
                End(task, status, fresh);
                return fresh;
            }

            fresh = false;
            if (task.TryPark()) return false;
            if (task.Wake != WakeReason.GaveWay) continue;
            task.Scheduler.Requeue(task);
            return false;
        }
    }

    /// <summary>Resumes the leaf, or starts the entry, and goes on with callers until one waits or the last has ended.</summary>
    private static Status Climb(SigilTask task)
    {
        var frame = task.Leaf!;
        var status = Status.Suspended;
        var isLeaf = true;
        while (true)
        {
            try
            {
                if (isLeaf)
                {
                    status = frame.Resume(task);
                    if (status == Status.Suspended) return status;
                    isLeaf = false;
                    if (frame.Caller is not null) task.Leaf = null;
                }

                while (frame.Caller is { } caller)
                {
                    caller.CalleeStatus = status;
                    if (status == Status.Panicked) task.PendingPanic?.PassedThrough(caller);
                    if (task.SuspendedFrame != frame) task.SuspendedFrame = frame;
                    frame = caller;
                    status = caller.Resume(task);
                    if (status == Status.Suspended) return status;
                }

                // The last frame is the entry, or what stands in for it: it holds the result.
                if (task.SuspendedFrame is not null) task.SuspendedFrame = null;
                if (task.Leaf != frame) task.Leaf = frame;
                return status;
            }
            catch (SigilPanic panic)
            {
                task.PendingPanic = panic;
            }
            catch (Exception fault)
            {
                task.PendingPanic = InternalFault.AsPanic(fault);
            }

            // The frame that panicked has ended; its callers are told.
            isLeaf = false;
            task.Leaf = null;
            task.SuspendedFrame = null;
            status = Status.Panicked;
        }
    }

    private static Status Abandon(SigilTask task)
    {
        try
        {
            task.Entry.Abandon();
            return Status.Cancelled;
        }
        catch (SigilPanic panic)
        {
            task.PendingPanic = panic;
            return Status.Panicked;
        }
    }

    private static bool IsOwn(SigilTask task, CancelScope scope)
    {
        if (scope is not Scopes.ChildScope { Owner: var owner } || owner != task) return false;
        scope.Cancel(CancelReason.ScopeFailed);
        return true;
    }

    private static void End(SigilTask task, Status status, bool atOnce)
    {
        // A panic may have left timeouts and shields behind, and a defect of the compiler a scope of its own: that one is cancelled, not waited for.
        while (task.CurrentScope is not TaskScope || IsOwn(task, task.CurrentScope)) task.PopScope(task.CurrentScope);
        if (task.IsEnlisted) task.CurrentScope.Delist(task);
        if (task.PendingPanic is { } panic) panic.Info.SpawnedAt ??= task.SpawnSite;
        var scope = (TaskScope)task.CurrentScope;
        if (Owners.IsOn) Owners.Ended(task, hasResult: status == Status.Completed);
        if (atOnce) scope.TaskEndedAtOnce(task, status);
        else scope.TaskEnded(task, status);
    }
}

/// <summary>What became of a child that its scope has run on the spot.</summary>
internal enum ChildRun
{
    /// <summary>It has completed without ever having been suspended, and its scope has not been told.</summary>
    Completed,

    /// <summary>It has ended without ever having been suspended, and its scope has been told.</summary>
    Ended,

    /// <summary>Its scope is told when it ends, or has been.</summary>
    Later,
}

/// <summary>Exceptions that are no panics of the program: exhausted memory, and mistakes in the compiler or runtime.</summary>
internal static class InternalFault
{
    internal static SigilPanic AsPanic(Exception fault) => fault switch
    {
        SigilPanic panic => panic,
        OutOfMemoryException => new SigilPanic("E9202", "out of memory", "<unknown>"),
        InsufficientExecutionStackException => new SigilPanic("E9009", "stack exhausted: the calls are nested too deeply", "<unknown>"),
        _ => new SigilPanic("E9999", $"internal error: {fault}", "<unknown>"),
    };
}
