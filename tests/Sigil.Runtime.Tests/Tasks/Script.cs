using Sigil.Runtime.Panics;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Tests.Tasks;

/// <summary>
/// A frame whose body is a C# iterator: each suspending call is yielded as its status, and <see cref="Take{R}"/> reads
/// its result from where the protocol left it. What emitted code does with states and saved locals, the C# compiler
/// does here.
/// </summary>
internal sealed class Script<R>(Func<Script<R>, IEnumerator<Status>> body) : Frame<R>
{
    private IEnumerator<Status>? _steps;
    private bool _suspended;

    /// <summary>The frame of the call that was suspended last.</summary>
    internal Frame? Callee { get; private set; }

    internal SigilTask Task { get; private set; } = null!;

    /// <summary>A body that handles cancellation of its callees itself, as code with cleanup does.</summary>
    internal bool SeesCancellation { get; init; }

    /// <summary>Whether the task that runs this entry is parked in a wait.</summary>
    internal bool IsParked => Task is { IsParked: true };

    internal Action? OnAbandon { get; init; }

    public override void Abandon() => OnAbandon?.Invoke();

    /// <summary>The result of the call just yielded: out of its frame when it was suspended, else what it returned directly.</summary>
    internal T Take<T>(T direct) => _suspended ? ((Frame<T>)Callee!).Result : direct;

    public override Status Resume(SigilTask task)
    {
        Task = task;
        if (_steps is null)
        {
            _steps = body(this);
        }
        else
        {
            _suspended = true;
            if (CalleeStatus == Status.Panicked || (CalleeStatus == Status.Cancelled && !SeesCancellation))
            {
                _steps.Dispose();
                return CalleeStatus;
            }
        }

        try
        {
            while (_steps.MoveNext())
            {
                var status = _steps.Current;
                _suspended = false;
                CalleeStatus = status;
                if (status == Status.Suspended)
                {
                    Callee = task.SuspendedFrame;
                    task.SuspendedFrame!.Caller = this;
                    task.SuspendedFrame = this;
                    return status;
                }

                if (status != Status.Completed && !SeesCancellation)
                {
                    _steps.Dispose();
                    return status;
                }
            }
        }
        catch (SigilPanic)
        {
            _steps.Dispose();
            throw;
        }

        return SeesCancellation && CalleeStatus == Status.Cancelled ? Status.Cancelled : Status.Completed;
    }
}

/// <summary>Runs scripts as main tasks.</summary>
internal static class Running
{
    /// <summary>Runs a script to its end and returns its result; panics and deadlocks are exceptions.</summary>
    internal static R Run<R>(int workers, Func<Script<R>, IEnumerator<Status>> body)
    {
        var main = new Script<R>(body);
        Assert.Equal(Status.Completed, Frame(workers, main));
        return main.Result;
    }

    internal static void Run(int workers, Func<Script<int>, IEnumerator<Status>> body) => Run<int>(workers, body);

    /// <summary>Runs the bodies as children of one <c>parallel</c>.</summary>
    internal static void Together(int workers, params Func<Script<int>, IEnumerator<Status>>[] bodies) =>
        Together(workers, [.. bodies.Select(body => new Script<int>(body))]);

    /// <inheritdoc cref="Together(int, Func{Script{int}, IEnumerator{Status}}[])"/>
    internal static void Together(int workers, params Frame[] children)
    {
        Run(workers, Body);

        IEnumerator<Status> Body(Script<int> main)
        {
            const string site = "test.si:1:1 in @together";
            var scope = ParallelScope.Open(main.Task);
            foreach (var child in children) scope.Spawn(child, site);
            yield return scope.Join(main.Task, site);
        }
    }

    /// <summary>Runs any entry frame as a main task; the panic is thrown.</summary>
    internal static Status Frame(int workers, Frame entry, Action<RootScope>? onStart = null, int limitMillis = 30_000)
    {
        var scheduler = new WorkStealingScheduler(workers);
        var root = new RootScope(scheduler);
        var task = new SigilTask(entry, root, null);
        scheduler.Deadlocked = () => root.End(RootScope.Deadlock);
        scheduler.Inject(task);
        scheduler.StartThreads();
        onStart?.Invoke(root);
        if (!root.AwaitEnd(limitMillis)) throw new TimeoutException("hangs:\n" + DeadlockReport.Describe(root));
        var end = root.AwaitEnd();
        if (end == RootScope.Deadlock) throw new InvalidOperationException(DeadlockReport.Describe(root));
        scheduler.Stop();
        if ((Status)end == Status.Panicked) throw task.TakePanic();
        return (Status)end;
    }
}
