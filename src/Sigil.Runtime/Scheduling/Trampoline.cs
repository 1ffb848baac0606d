using Sigil.Runtime.Cancellation;
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
        var fresh = task.Leaf is null;
        if (fresh && task.IsCancellationRequested)
        {
            End(task, Abandon(task));
            return true;
        }

        while (true)
        {
            var frame = task.Leaf ?? task.Entry;
            var status = Resume(frame, task);
            if (status != Status.Suspended) task.Leaf = null;
            while (status != Status.Suspended)
            {
                var caller = frame.Caller;
                if (caller is null)
                {
                    End(task, status);
                    return fresh;
                }

                caller.CalleeStatus = status;
                status = Resume(caller, task);

                // An ended frame may live on for its result; what it had called must not.
                if (status != Status.Suspended) caller.Callee = null;
                frame = caller;
            }

            fresh = false;
            if (task.TryPark()) return false;
            if (!task.GivesWay) continue;
            task.GivesWay = false;
            task.Scheduler.Requeue(task);
            return false;
        }
    }

    private static Status Resume(Frame frame, SigilTask task)
    {
        try
        {
            return frame.Resume(task);
        }
        catch (SigilPanic panic)
        {
            task.PendingPanic = panic;
        }
        catch (Exception fault)
        {
            task.PendingPanic = InternalFault.AsPanic(fault);
        }

        return Status.Panicked;
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

    private static void End(SigilTask task, Status status)
    {
        // A panic may have left timeouts and shields behind.
        while (task.CurrentScope is not TaskScope) task.PopScope(task.CurrentScope);
        task.EnlistedIn?.Delist(task);
        if (task.PendingPanic is { } panic) panic.Info.SpawnedAt ??= task.SpawnSite;
        ((TaskScope)task.CurrentScope).TaskEnded(task, status);
    }
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
