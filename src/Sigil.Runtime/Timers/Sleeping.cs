using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Timers;

/// <summary>Leaf operations that wait for time to pass or give way.</summary>
public static class Sleeping
{
    /// <summary>Waits for <paramref name="nanos"/>; not at all when it is not positive, but still a cancellation point.</summary>
    public static Status Sleep(SigilTask task, long nanos, string site)
    {
        if (task.IsCancellationRequested) return Status.Cancelled;
        if (nanos <= 0) return YieldNow(task, site);
        var frame = new SleepFrame(site);
        var ticket = task.BeginWait();
        frame.Deadline = new WaitDeadline(task, ticket, WakeReason.Signalled);
        task.SuspendedFrame = task.Leaf = frame;
        task.Scheduler.Timers.Add(frame.Deadline, nanos);
        Atomic.FullFence();
        if (!task.RetractIfCancelled(ticket)) return Status.Suspended;
        task.Scheduler.Timers.Remove(frame.Deadline);
        task.Leaf = null;
        return Status.Cancelled;
    }

    /// <summary>Lets every other ready task run first.</summary>
    public static Status YieldNow(SigilTask task, string site)
    {
        if (task.IsCancellationRequested) return Status.Cancelled;
        var ticket = task.BeginWait(cancellable: false);
        task.TryClaim(ticket);
        task.CompleteWait(WakeReason.GaveWay);
        task.SuspendedFrame = task.Leaf = new YieldFrame();
        return Status.Suspended;
    }

    private sealed class YieldFrame : Frame
    {
        public override Status Resume(SigilTask task) => Status.Completed;
    }

    private sealed class SleepFrame(string site) : Frame
    {
        internal WaitDeadline? Deadline;

        public override string? WaitDescription => "a sleep to end";

        public override string? WaitSite => site;

        public override Status Resume(SigilTask task)
        {
            task.Scheduler.Timers.Remove(Deadline!);
            return task.Wake == WakeReason.Cancelled ? Status.Cancelled : Status.Completed;
        }
    }
}
