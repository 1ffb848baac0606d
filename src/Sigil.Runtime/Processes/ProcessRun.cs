using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Processes;

/// <summary>One task given to a process: what was asked for, and how it ended. Everybody waits and kills through it.</summary>
internal sealed class ProcessRun
{
    private readonly object _gate = new();
    private ProcessOutcome? _outcome;
    private OutcomeKind? _ending;
    private (SigilTask Task, int Ticket)? _waiter;

    internal required string Label { get; init; }

    internal IOutputSink? Output { get; init; }

    internal bool HasMemoryLimit { get; init; }

    /// <summary>The process; set before anybody else sees the run.</summary>
    internal ChildProcess Process { get; set; } = null!;

    /// <summary>When the time is up, on the monotonic clock; the largest value for never.</summary>
    internal long Deadline { get; init; } = long.MaxValue;

    /// <summary>Called once, when the outcome is decided.</summary>
    internal Action? Ended { get; init; }

    internal ProcessOutcome? Outcome
    {
        get
        {
            lock (_gate) return _outcome;
        }
    }

    /// <summary>Ends the process unless the task has ended; the outcome says who did it.</summary>
    internal void Kill(OutcomeKind ending)
    {
        lock (_gate)
        {
            if (_outcome is not null) return;
            _ending ??= ending;
        }

        Process.Kill();
    }

    /// <summary>The watcher's word on how it ended; only the first counts.</summary>
    internal void Decide(ProcessOutcome outcome)
    {
        (SigilTask Task, int Ticket)? waiter;
        lock (_gate)
        {
            if (_outcome is not null)
            {
                outcome.Discard();
                return;
            }

            // A process that we have killed ends by our signal, not by somebody's.
            if (_ending is { } ending && (outcome.Kind is OutcomeKind.Signalled or OutcomeKind.Exited))
                outcome = new ProcessOutcome { Kind = ending };
            _outcome = outcome;
            waiter = _waiter;
            _waiter = null;
            Monitor.PulseAll(_gate);
        }

        Ended?.Invoke();
        if (waiter is { } waiting && waiting.Task.TryClaim(waiting.Ticket)) waiting.Task.CompleteWait(WakeReason.Signalled);
    }

    /// <summary>Blocks until the task has ended.</summary>
    internal ProcessOutcome Await()
    {
        lock (_gate)
        {
            while (_outcome is null) Monitor.Wait(_gate);
            return _outcome;
        }
    }

    /// <summary>Blocks until the task has ended or the time is up.</summary>
    internal bool Await(int millis)
    {
        lock (_gate)
        {
            return _outcome is not null || (Monitor.Wait(_gate, millis) && _outcome is not null);
        }
    }

    /// <summary>Has the outcome wake a waiting task; false when there is one already.</summary>
    internal bool TryRegister(SigilTask task, int ticket)
    {
        lock (_gate)
        {
            if (_outcome is not null) return false;
            _waiter = (task, ticket);
            return true;
        }
    }

    /// <summary>A wait has ended otherwise.</summary>
    internal void Forget(SigilTask task)
    {
        lock (_gate)
        {
            if (_waiter?.Task == task) _waiter = null;
        }
    }
}

/// <summary>The leaf that waits for the end of a task in a process. It holds no result: whoever waits reads the outcome.</summary>
internal sealed class ProcessEndFrame(ProcessRun run, string site) : Frame
{
    public override string WaitDescription => $"process {run.Process.Id} ({run.Label}) to end";

    public override string WaitSite => site;

    /// <summary>Begins the wait, or finds that there is nothing to wait for.</summary>
    internal static Status Begin(SigilTask task, ProcessRun run, string site)
    {
        if (run.Outcome is not null) return Status.Completed;
        if (task.IsCancellationRequested) return Status.Cancelled;
        var frame = new ProcessEndFrame(run, site);
        var ticket = task.BeginWait();
        task.SuspendedFrame = task.Leaf = frame;
        // A process can always still wake somebody.
        task.Scheduler.AddOutstanding(1);
        var registered = run.TryRegister(task, ticket);
        Atomic.FullFence();
        if (!registered && task.TryRetract(ticket))
        {
            Retreat(task);
            return Status.Completed;
        }

        if (registered && task.RetractIfCancelled(ticket))
        {
            run.Forget(task);
            Retreat(task);
            return Status.Cancelled;
        }

        return Status.Suspended;
    }

    private static void Retreat(SigilTask task)
    {
        task.Leaf = null;
        task.Scheduler.AddOutstanding(-1);
    }

    public override Status Resume(SigilTask task)
    {
        task.Scheduler.AddOutstanding(-1);
        if (task.Wake != WakeReason.Cancelled) return Status.Completed;
        run.Forget(task);
        return Status.Cancelled;
    }
}
