using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Supervision;

/// <summary>What a child is doing.</summary>
internal enum ChildState
{
    /// <summary>Nothing: not started yet, stopped, or ended for good.</summary>
    Down,

    /// <summary>It has not yet waited for anything.</summary>
    Starting,

    /// <summary>It runs.</summary>
    Up,

    /// <summary>It has been told to stop.</summary>
    Stopping,
}

/// <summary>The state of one child; the supervisor's task only.</summary>
internal sealed class SupervisedChild(ChildSpec spec, int index)
{
    internal ChildSpec Spec => spec;

    internal int Index => index;

    internal ChildState State { get; set; }

    /// <summary>It is to be started when <see cref="StartAt"/> has come and nobody has to stop first.</summary>
    internal bool WantsStart { get; set; } = true;

    /// <summary>It is to be stopped, in its turn.</summary>
    internal bool WantsStop { get; set; }

    internal long StartAt { get; set; }

    internal long StartedAt { get; set; }

    /// <summary>When it is late in stopping.</summary>
    internal long StopBy { get; set; } = long.MaxValue;

    /// <summary>Failures in a row, without a long run between them.</summary>
    internal int Failures { get; set; }

    internal Attempt? Current { get; set; }

    internal bool IsActive => State != ChildState.Down;
}

/// <summary>One run of a child: a scope of its own, so that it can be stopped alone.</summary>
internal sealed class Attempt : TaskScope
{
    private readonly Supervisor _supervisor;

    internal Attempt(Supervisor supervisor, SupervisedChild child)
        : base(supervisor.Scope.Scheduler, supervisor.Scope)
    {
        _supervisor = supervisor;
        Child = child;
    }

    internal SupervisedChild Child { get; }

    internal void Start(string site) =>
        Scheduler.Start(new SigilTask(new AttemptFrame(this), this, $"{site} as child `{Child.Spec.Name}`"));

    internal override void TaskEnded(SigilTask task, Status status)
    {
        Leave();
        var failure = status switch
        {
            Status.Completed => ((AttemptFrame)task.Entry).Result is { HasValue: true, Value: var why } ? why : null,
            Status.Panicked => task.TakePanic().Info.Message,
            _ => "it was cancelled",
        };
        _supervisor.Post(new ChildNews(this, HasEnded: true, failure));
    }

    /// <summary>Calls the child's function, and tells when it waits for the first time: it is up then.</summary>
    private sealed class AttemptFrame(Attempt attempt) : Frame<Option<string>>
    {
        private bool _isCalled;

        public override Status Resume(SigilTask task)
        {
            if (_isCalled)
            {
                if (CalleeStatus == Status.Panicked) throw task.TakePanic();
                if (CalleeStatus == Status.Completed) Result = ((Frame<Option<string>>)task.SuspendedFrame!).Result;
                return CalleeStatus;
            }

            _isCalled = true;
            var status = attempt.Child.Spec.Start.InvokeAsync(task, out Result, null);
            if (status != Status.Suspended) return status;
            attempt._supervisor.Post(new ChildNews(attempt, HasEnded: false, null));
            return Unwinding.Suspend(task, this, 1);
        }
    }
}

/// <summary>What a child tells its supervisor.</summary>
/// <param name="From">Which run of which child; null when it is the supervisor's token that tells of its cancellation.</param>
/// <param name="HasEnded">It has ended; otherwise it is up.</param>
/// <param name="Failure">Why it failed, if it did.</param>
internal readonly record struct ChildNews(Attempt? From, bool HasEnded, string? Failure);
