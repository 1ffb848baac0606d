using Sigil.Runtime.Ownership;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// The plain entry of a suspending body: plain code calls a capability whose implementation waits, so the call blocks. The body runs
/// in a task of its own, first on the caller's stack; once it waits, the worker's queue goes to a spare worker and the thread blocks.
/// Cancellation from outside does not reach it: a blocking call is no cancellation point.
/// </summary>
public static class BlockingEntry
{
    /// <summary>The task in which the body is to run.</summary>
    public static SigilTask Begin()
    {
        if (Worker.Current is { } worker) return Owners.RunsFor(new BridgeTask(new RootScope(worker.Scheduler), null));

        // A plain main has no scheduler: what waits below it gets one for the call.
        var own = new WorkStealingScheduler(WorkStealingScheduler.DefaultWorkers);
        var root = new RootScope(own);
        own.Deadlocked = () => root.End(RootScope.Deadlock);
        return Owners.RunsFor(new BridgeTask(root, own));
    }

    /// <summary>Waits for a body that has not completed at once, and gives the frame that holds its result.</summary>
    /// <param name="task">The task of <see cref="Begin"/>.</param>
    /// <param name="status">What the body has returned.</param>
    public static Frame Finish(SigilTask task, Status status)
    {
        var bridge = (BridgeTask)task;
        var outermost = task.SuspendedFrame;
        var end = status == Status.Suspended ? bridge.Await() : (int)status;
        return end switch
        {
            (int)Status.Completed => outermost!,
            (int)Status.Panicked => throw task.TakePanic(),
            _ => throw new SigilPanic("E9201", "a blocking call waits for something that cannot happen any more", "<unknown>"),
        };
    }

    private sealed class BridgeTask(RootScope root, WorkStealingScheduler? own) : SigilTask(new Start(), root, null)
    {
        internal int Await()
        {
            // This thread may still run the task: until it has parked, sleeping workers are no deadlock.
            Scheduler.AddOutstanding(1);
            own?.StartThreads();
            if (!TryPark())
            {
                if (Wake == WakeReason.GaveWay) Scheduler.Requeue(this);
                else Trampoline.Run(this);
            }

            root.Scheduler.AddOutstanding(-1);
            using (Blocking.Section())
            {
                var end = root.AwaitEnd();
                own?.Stop();
                return end;
            }
        }
    }

    /// <summary>The body is called directly; there is nothing to start.</summary>
    private sealed class Start : Frame
    {
        public override Status Resume(SigilTask task) => Status.Completed;
    }
}
