using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// Keeps blocking work off the workers: calls made by suspending code run on threads of their own while the task
/// waits; calls made by plain code hand the worker's queue to a spare worker first.
/// </summary>
public static class Blocking
{
    /// <summary>
    /// Leaf operation: runs <paramref name="work"/> on a thread that may block, and completes with its result or its
    /// exception. When <paramref name="abandonable"/>, cancellation ends the wait at once and the result is thrown
    /// away; otherwise the task waits for the end.
    /// </summary>
    public static Status Run<R>(SigilTask task, Func<R> work, out R result, string site, bool abandonable = false)
    {
        result = default!;
        if (task.IsCancellationRequested) return Status.Cancelled;
        var call = new BlockingCall<R>(task, work, site);
        return call.Start(abandonable) ? Status.Suspended : Status.Cancelled;
    }

    /// <summary>
    /// Around a call by plain code that may block its thread for long: <c>using (Blocking.Section()) …</c>. On a worker, a
    /// spare one takes its place meanwhile; on other threads it has no effect.
    /// </summary>
    public static BlockingSection Section()
    {
        PendingOutput.WriteOut();
        var worker = Worker.Current;
        worker?.Scheduler.BeginBlocking(worker);
        return new BlockingSection(worker?.Scheduler);
    }
}

/// <summary>See <see cref="Blocking.Section"/>.</summary>
public readonly ref struct BlockingSection
{
    private readonly WorkStealingScheduler? _scheduler;

    internal BlockingSection(WorkStealingScheduler? scheduler) => _scheduler = scheduler;

    /// <summary>The call has returned.</summary>
    public void Dispose() => _scheduler?.EndBlocking();
}

/// <summary>The leaf of <see cref="Blocking.Run"/>.</summary>
internal sealed class BlockingCall<R>(SigilTask task, Func<R> work, string site) : Frame<R>, IBlockingJob
{
    private readonly Scheduler _scheduler = task.Scheduler;
    private int _ticket;
    private Exception? _fault;
    private R _outcome = default!;

    public override string? WaitDescription => "a blocking call";

    public override string? WaitSite => site;

    internal bool Start(bool abandonable)
    {
        _ticket = task.BeginWait(abandonable);
        Atomic.FullFence();
        if (abandonable && task.RetractIfCancelled(_ticket)) return false;
        task.SuspendedFrame = task.Leaf = this;
        _scheduler.AddOutstanding(1);
        BlockingThreads.Submit(this);
        return true;
    }

    public void Execute()
    {
        try
        {
            _outcome = work();
        }
        catch (Exception fault)
        {
            _fault = fault;
        }

        if (task.TryClaim(_ticket)) task.CompleteWait(WakeReason.Signalled);
        _scheduler.AddOutstanding(-1);
    }

    public override Status Resume(SigilTask resumed)
    {
        if (resumed.Wake == WakeReason.Cancelled) return Status.Cancelled;
        if (_fault is not null) throw InternalFault.AsPanic(_fault);
        Result = _outcome;
        return Status.Completed;
    }
}

/// <summary>Work for a thread that may block.</summary>
internal interface IBlockingJob
{
    void Execute();
}

/// <summary>An elastic set of threads: one more whenever none is idle, each ending after a while without work.</summary>
internal static class BlockingThreads
{
    private const int IdleMillis = 10_000;

    // Like Tokio's default: beyond it jobs queue up.
    private const int MaxThreads = 512;

    private static readonly Gate s_gate = new();
    private static readonly Queue<IBlockingJob> s_jobs = new();
    private static int s_idle;
    private static int s_threads;

    internal static void Submit(IBlockingJob job)
    {
        // Threads that outlive a controlled run cannot be part of it.
        if (Control.Strand is { } strand)
        {
            strand.Run.Add("blocking call", job.Execute);
            return;
        }

        using (s_gate.Hold())
        {
            s_jobs.Enqueue(job);
            if (s_idle >= s_jobs.Count || s_threads == MaxThreads)
            {
                s_gate.Pulse();
                return;
            }

            s_threads++;
        }

        Threads.Start("sigil blocking", 1024 * 1024, Run);
    }

    private static void Run()
    {
        while (true)
        {
            IBlockingJob? job;
            using (s_gate.Hold())
            {
                s_idle++;
                while (!s_jobs.TryDequeue(out job))
                {
                    if (s_gate.Wait(IdleMillis) || s_jobs.Count > 0) continue;
                    s_idle--;
                    s_threads--;
                    return;
                }

                s_idle--;
            }

            job.Execute();
        }
    }
}
