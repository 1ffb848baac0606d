using Sigil.Runtime.Channels;
using Sigil.Runtime.Processes.Sandbox;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Processes;

/// <summary>Gives tasks to processes: what <c>spawn_process</c> does.</summary>
public static class ProcessStart
{
    // The running processes of this one, against the limit that it was itself started with.
    private static readonly Lock s_gate = new();
    private static long s_running;
    private static long s_most = long.MaxValue;

    /// <summary>Starts a task. What prevents it becomes the outcome: a handle is always there.</summary>
    [Intrinsic("start_process")]
    public static ProcessHandle<R> Start<T, R>(
        ProcessTask<T, R> task, T input, long memory, long cpuNanos, long openFiles, long processes, long sandbox, string name, long timeoutNanos, Producer<string> output) =>
        Start(task, input, new ProcessLimits(memory, cpuNanos, openFiles, processes), (SandboxMode)sandbox, name, timeoutNanos, ProducerSink.Of(output));

    internal static ProcessHandle<R> Start<T, R>(
        ProcessTask<T, R> task, T input, ProcessLimits limits, SandboxMode mode, string name, long timeoutNanos, IOutputSink? output)
    {
        try
        {
            return new ProcessHandle<R>(Begin(task, input, limits, mode, name, timeoutNanos, output), task.ResultCodec);
        }
        catch (Exception problem) when (problem is ProcessStartException or FrameException)
        {
            Undelivered<T>.Drop(input);
            output?.Release();
            output?.Release();
            var run = new ProcessRun { Label = name };
            run.Decide(new ProcessOutcome { Kind = OutcomeKind.StartFailed, Text = problem.Message });
            return new ProcessHandle<R>(run, task.ResultCodec);
        }
    }

    private static ProcessRun Begin<T, R>(
        ProcessTask<T, R> task, T input, ProcessLimits limits, SandboxMode mode, string name, long timeoutNanos, IOutputSink? output)
    {
        if (!OperatingSystem.IsLinux()) throw new ProcessStartException("isolated processes need Linux");
        if (task.Obstacle is { } obstacle) throw new ProcessStartException(obstacle);
        if (limits.Mistake() is { } mistake) throw new ProcessStartException(mistake);
        var profile = ChildProfile.Of(task.Rights, mode);
        var image = ProgramImage.Of(task.GetType().Assembly);
        var taskClass = task.GetType().FullName!;
        image.Remember(taskClass);
        var pool = ChildPool.Of(image, profile);
        using var attachments = new Attachments();
        var order = new ProcessOrder(taskClass, task.Rights, mode, limits, Frames.Encode(task.InputCodec, input, attachments), task.Providers).Encode();
        if (order.Length > ControlSocket.MaxPayload) throw new ProcessStartException("the input is too large to cross between processes");
        CountStarted();
        try
        {
            while (true)
            {
                var child = pool.Take();
                var run = new ProcessRun
                {
                    Label = name.Length > 0 ? name : $"process {child.Id}",
                    Output = output,
                    HasMemoryLimit = limits.Memory != long.MaxValue,
                    Deadline = Deadline(timeoutNanos),
                    Ended = CountEnded,
                };
                if (!child.TryReserve(run)) continue;
                child.Assign(order, attachments.Count == 0 ? [] : attachments.Take(0, attachments.Count));
                attachments.Sent();
                // It need not look at what is under way already, only at what it has to send or to end.
                if (run.Deadline != long.MaxValue || child.HasUnsent) ProcessWatcher.Instance.Wake();
                return run;
            }
        }
        catch (ProcessStartException)
        {
            CountEnded();
            throw;
        }
    }

    private static long Deadline(long timeoutNanos)
    {
        if (timeoutNanos == long.MaxValue) return long.MaxValue;
        var now = MonotonicClock.Instance.NowNanos;
        return timeoutNanos > long.MaxValue - now ? long.MaxValue : now + Math.Max(0, timeoutNanos);
    }

    /// <summary>This process may itself have only so many children at a time.</summary>
    internal static void LimitTo(long most)
    {
        lock (s_gate) s_most = most;
    }

    private static void CountStarted()
    {
        lock (s_gate)
        {
            if (s_running >= s_most) throw new ProcessStartException($"the limit of {s_most} processes is reached");
            s_running++;
        }
    }

    private static void CountEnded()
    {
        lock (s_gate) s_running--;
    }
}
