using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;
using CancellationToken = Sigil.Runtime.Cancellation.CancellationToken;

namespace Sigil.Runtime.Supervision;

/// <summary>
/// Keeps children running, after Erlang's supervisors. One task drives it: it asks for the next event, which waits until
/// something has happened, and whoever leaves it early has all children stopped.
/// </summary>
/// <remarks>
/// Every decision is made on the supervisor's task, from the news in the inbox and the clock; children only ever post. What is to
/// happen stands in two marks of each child, <c>WantsStop</c> and <c>WantsStart</c>, and one rule works them off: stops first, last child first,
/// one at a time; then starts, first child first, each waiting until the one before is up.
/// The children's scopes hang below <see cref="Scope"/>, which cancellation from outside does not pass: it reaches the supervisor's
/// own wait, and the children are then stopped in order.
/// </remarks>
public sealed class Supervisor
{
    // A child that computes before it first waits holds up the next one no longer than this.
    private const long StartGraceNanos = 500_000_000;

    private readonly SupervisorStrategy _strategy;
    private readonly RestartBudget _budget;
    private readonly RestartDelay _delay;
    private readonly long _withinNanos;
    private readonly SupervisedChild[] _children;
    private readonly Queue<SupervisorEvent> _events = new();
    private readonly string _site;

    // Guarded by _lock: what the children have told, and the wait of the supervisor's task.
    private readonly List<ChildNews> _inbox = [];
    private TinyLock _lock;
    private SigilTask? _waiter;
    private int _ticket;
    private SupervisorEvent? _verdict;
    private bool _isOver;
    private readonly CancellationToken _token;
    private readonly TokenNews? _tokenNews;

    private Supervisor(SigilTask owner, SupervisorStrategy strategy, RestartBudget budget, RestartDelay delay, long withinNanos, SigilList<ChildSpec> specs, CancellationToken token, string site)
    {
        _strategy = strategy;
        _budget = budget;
        _delay = delay;
        _withinNanos = withinNanos;
        _site = site;
        Scope = new SupervisorScope(owner.Scheduler, owner.CurrentScope);
        _children = new SupervisedChild[specs.Count];
        for (var i = 0; i < _children.Length; i++) _children[i] = new SupervisedChild(specs.Span[i], i);
        _token = token;
        _tokenNews = new TokenNews(this);
        if (token.TryRegister(_tokenNews, owner.Scheduler)) return;
        _tokenNews = null;
        TokenCancelled();
    }

    internal CancelScope Scope { get; }

    // The moment of the latest look at the children. One moment for the whole look and for when to look again: what became due in between would be missed.
    private long _now;

    /// <summary>The intrinsic that begins <c>supervise</c>; the children start with the first <see cref="Next"/>.</summary>
    [Intrinsic("open_supervisor")]
    public static Status Open(
        SigilTask task, long strategy, long maxRestarts, long withinNanos, long delayKind, long delayFirst, long delaySecond, SigilList<ChildSpec> children, CancellationToken token, out Supervisor result, string site)
    {
        Ownership.Owners.Give(children, site);
        result = new Supervisor(task, (SupervisorStrategy)strategy, new RestartBudget(maxRestarts, withinNanos), new RestartDelay(delayKind, delayFirst, delaySecond), withinNanos, children, token, site);
        return Status.Completed;
    }

    /// <summary>Leaf operation: waits for the next thing to report.</summary>
    [Intrinsic("Supervisor.next")]
    public Status Next(SigilTask task, out (long, string, string, long) result, string site)
    {
        result = default;
        Advance();
        if (_events.TryDequeue(out var next))
        {
            result = next.AsTuple();
            return Status.Completed;
        }

        // After the end everything has been told.
        if (_isOver) return Status.Completed;
        return task.IsCancellationRequested ? Status.Cancelled : new WaitFrame(this, site).Wait(task);
    }

    /// <summary>The children are to be stopped, last one first; the events that follow tell when they are.</summary>
    [Intrinsic("Supervisor.begin_stop")]
    public void BeginStop() => GiveUp(new SupervisorEvent(SupervisorEventKind.Finished, "", "", 0));

    internal void Post(ChildNews news)
    {
        _lock.Enter();
        _inbox.Add(news);
        var waiter = _waiter;
        var ticket = _ticket;
        _waiter = null;
        _lock.Exit();
        if (waiter is not null && waiter.TryClaim(ticket)) waiter.CompleteWait(WakeReason.Signalled);
    }

    // ---------- decisions ----------

    private void Advance()
    {
        if (_isOver) return;
        _now = Scope.Scheduler.Clock.NowNanos;
        foreach (var news in TakeInbox())
        {
            if (news.From is null)
            {
                TokenCancelled();
                continue;
            }

            if (news.From != news.From.Child.Current) continue;
            if (news.HasEnded) Ended(news.From.Child, news.Failure);
            else IsUp(news.From.Child);
        }

        while (StopNext() || StartNext())
        {
            // Each step may make the next one possible.
        }

        foreach (var child in _children)
        {
            if (child.State != ChildState.Stopping || _now < child.StopBy) continue;
            child.StopBy = long.MaxValue;
            Report(SupervisorEventKind.Overdue, child);
        }

        if (Array.Exists(_children, static c => c.IsActive || c.WantsStart)) return;
        _isOver = true;
        Scope.Leave();
        foreach (var child in _children) child.Spec.Drop();
        if (_tokenNews is not null) _token.Deregister(_tokenNews);
        _events.Enqueue(_verdict ?? new SupervisorEvent(SupervisorEventKind.Finished, "", "", 0));
    }

    private ChildNews[] TakeInbox()
    {
        _lock.Enter();
        ChildNews[] news = [.. _inbox];
        _inbox.Clear();
        _lock.Exit();
        return news;
    }

    private void IsUp(SupervisedChild child)
    {
        if (child.State != ChildState.Starting) return;
        child.State = ChildState.Up;
        Report(SupervisorEventKind.Started, child);
    }

    private void Ended(SupervisedChild child, string? failure)
    {
        // It was up, if only for a moment.
        if (child.State == ChildState.Starting) IsUp(child);
        child.State = ChildState.Down;
        child.Current = null;
        if (child.WantsStop)
        {
            child.WantsStop = false;
            child.StopBy = long.MaxValue;
            Report(SupervisorEventKind.Stopped, child);
            return;
        }

        Report(failure is null ? SupervisorEventKind.Ended : SupervisorEventKind.Failed, child, failure ?? "");
        if (_verdict is not null) return;
        var restarts = child.Spec.Restart switch
        {
            RestartKind.Permanent => true,
            RestartKind.Transient => failure is not null,
            _ => false,
        };
        if (restarts) Restart(child, failure ?? "it ended, and it should not");
    }

    private void Restart(SupervisedChild child, string why)
    {
        if (!_budget.TrySpend(_now))
        {
            GiveUp(new SupervisorEvent(SupervisorEventKind.GaveUp, child.Spec.Name, why, _budget.Used));
            return;
        }

        child.Failures = _now - child.StartedAt > _withinNanos ? 1 : child.Failures + 1;
        var wait = Pausing.Vary(_delay.Nanos(child.Failures), true);
        Report(SupervisorEventKind.Restarting, child, why, wait);
        var at = wait > long.MaxValue - _now ? long.MaxValue : _now + wait;
        foreach (var other in _children)
        {
            if (other != child && !Follows(other, child)) continue;
            if (other != child && other.Spec.Restart == RestartKind.Temporary)
            {
                // It goes with the others and does not come back.
                other.WantsStop = other.IsActive;
                other.WantsStart = false;
                continue;
            }

            other.WantsStop = other.IsActive;
            other.WantsStart = true;
            other.StartAt = Math.Max(other.StartAt, at);
        }
    }

    private bool Follows(SupervisedChild other, SupervisedChild failed) => _strategy switch
    {
        SupervisorStrategy.OneForAll => true,
        SupervisorStrategy.RestForOne => other.Index > failed.Index,
        _ => false,
    };

    private void GiveUp(SupervisorEvent verdict)
    {
        if (_verdict is not null) return;
        _verdict = verdict;
        foreach (var child in _children)
        {
            child.WantsStart = false;
            child.WantsStop = child.IsActive;
        }
    }

    private void TokenCancelled() => GiveUp(new SupervisorEvent(SupervisorEventKind.Cancelled, "", _token.ReasonWords, _token.ReasonCode));

    private bool StopNext()
    {
        for (var i = _children.Length - 1; i >= 0; i--)
        {
            var child = _children[i];
            if (!child.WantsStop) continue;
            if (child.State == ChildState.Stopping) return false;
            // One that has not waited yet was up, if only for a moment: whoever counts must not see more go than come.
            IsUp(child);
            Report(SupervisorEventKind.Stopping, child);
            child.State = ChildState.Stopping;
            child.StopBy = child.Spec.ShutdownNanos > long.MaxValue - _now ? long.MaxValue : _now + child.Spec.ShutdownNanos;
            child.Current!.Cancel(CancelReason.Requested);
            return false;
        }

        return false;
    }

    private bool StartNext()
    {
        foreach (var child in _children)
        {
            // One that stops may be one that comes later in the same restart.
            if (child.WantsStop) return false;
            if (child.State == ChildState.Starting && _now - child.StartedAt < StartGraceNanos) return false;
        }

        foreach (var child in _children)
        {
            if (!child.WantsStart || child.IsActive) continue;
            if (child.StartAt > _now)
            {
                // Those that restart together do so in order; others need not wait for this one.
                if (_strategy == SupervisorStrategy.OneForOne) continue;
                return false;
            }

            child.WantsStart = false;
            child.StartAt = 0;
            child.StartedAt = _now;
            child.State = ChildState.Starting;
            child.Current = new Attempt(this, child);
            child.Current.Start(_site);
            return true;
        }

        return false;
    }

    private void Report(SupervisorEventKind kind, SupervisedChild child, string text = "", long number = 0) =>
        _events.Enqueue(new SupervisorEvent(kind, child.Spec.Name, text, number));

    /// <summary>When something happens by itself.</summary>
    private long NextDue()
    {
        var due = long.MaxValue;
        foreach (var child in _children)
        {
            if (child.WantsStart) Consider(child.StartAt);
            if (child.State == ChildState.Stopping) Consider(child.StopBy);
            if (child.State == ChildState.Starting) Consider(child.StartedAt + StartGraceNanos);
        }

        return due;

        // What is past has been looked at, and waits for something else.
        void Consider(long moment)
        {
            if (moment > _now) due = Math.Min(due, moment);
        }
    }

    private string Describe() => $"its children ({string.Join(", ", _children.Select(c => $"`{c.Spec.Name}` {StateOf(c)}"))})";

    private static string StateOf(SupervisedChild child) => child.State switch
    {
        ChildState.Starting => "starts",
        ChildState.Up => "is up",
        ChildState.Stopping => "is being stopped",
        _ => child.WantsStart ? "waits for its restart" : "has ended",
    };

    // ---------- waiting ----------

    /// <summary>Waits for news or for a moment, again and again until there is something to report.</summary>
    private sealed class WaitFrame(Supervisor supervisor, string site) : Frame<(long, string, string, long)>
    {
        private WaitDeadline? _deadline;

        public override string WaitDescription => supervisor.Describe();

        public override string WaitSite => site;

        internal Status Wait(SigilTask task)
        {
            task.SuspendedFrame = task.Leaf = this;
            var ticket = task.BeginWait();
            var due = supervisor.NextDue();
            _deadline = due == long.MaxValue ? null : new WaitDeadline(task, ticket, WakeReason.Signalled);
            if (_deadline is not null) task.Scheduler.Timers.Add(_deadline, Math.Max(0, due - task.Scheduler.Clock.NowNanos));
            supervisor._lock.Enter();
            var isEmpty = supervisor._inbox.Count == 0;
            if (isEmpty)
            {
                supervisor._waiter = task;
                supervisor._ticket = ticket;
            }

            supervisor._lock.Exit();
            Atomic.FullFence();
            if (!isEmpty && task.TryClaim(ticket)) task.CompleteWait(WakeReason.Signalled);
            else if (task.CurrentScope.IsCancelled && task.TryClaim(ticket)) task.CompleteWait(WakeReason.Cancelled);
            return Status.Suspended;
        }

        public override Status Resume(SigilTask task)
        {
            if (_deadline is not null) task.Scheduler.Timers.Remove(_deadline);
            supervisor._lock.Enter();
            supervisor._waiter = null;
            supervisor._lock.Exit();
            if (task.Wake == WakeReason.Cancelled) return Status.Cancelled;
            supervisor.Advance();
            if (!supervisor._events.TryDequeue(out var next)) return Wait(task);
            Result = next.AsTuple();
            return Status.Completed;
        }
    }
}

/// <summary>Tells a supervisor that its token was cancelled.</summary>
internal sealed class TokenNews(Supervisor supervisor) : EventWaiter
{
    internal override void Happened() => supervisor.Post(default);
}

/// <summary>Holds the children of a supervisor in the tree of scopes without passing cancellation on to them.</summary>
internal sealed class SupervisorScope(Scheduling.Scheduler scheduler, CancelScope parent) : CancelScope(scheduler, parent, linked: true)
{
    internal override bool IsCutOff => true;
}
