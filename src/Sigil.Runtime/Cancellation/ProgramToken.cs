using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Cancellation;

/// <summary>A token that the program made: under a source, as a child of another one, or with a deadline.</summary>
internal sealed class ProgramToken : CancellationToken
{
    private readonly CancellationToken? _parent;
    private readonly long _dueNanos;
    private readonly TokenLink? _link;
    private Scheduler? _timing;
    private ScopeDeadline? _timer;

    internal ProgramToken(CancellationToken? parent, long dueNanos = long.MaxValue)
    {
        // What cannot be cancelled any more, or is not later than the parent, needs no entry of its own.
        _parent = parent;
        _dueNanos = parent is ProgramToken above ? Math.Min(dueNanos, above._dueNanos) : dueNanos;
        if (parent is not null) _link = new TokenLink(this);
        LooksUp = parent is not null || dueNanos != long.MaxValue;
    }

    private static IClock Clock => Worker.Current?.Scheduler.Clock ?? MonotonicClock.Instance;

    /// <summary>A token that is cancelled with its parent, and after a time at the latest.</summary>
    internal static ProgramToken After(CancellationToken parent, long nanos)
    {
        var now = Clock.NowNanos;
        return new ProgramToken(parent, nanos > long.MaxValue - now ? long.MaxValue : now + Math.Max(0, nanos));
    }

    private protected override bool LookUp()
    {
        if (_parent is { IsCancelled: true }) Cancel(_parent.Reason, _parent.ReasonText);
        else if (_dueNanos != long.MaxValue && Clock.NowNanos >= _dueNanos) Cancel(CancelReason.ScopeTimedOut);
        return IsMarked;
    }

    private protected override CancellationToken? OnFirstRegistered(Scheduler scheduler)
    {
        if (_dueNanos != long.MaxValue)
        {
            _timing = scheduler;
            _timer = new ScopeDeadline(this);
            scheduler.Timers.Add(_timer, Math.Max(0, _dueNanos - scheduler.Clock.NowNanos));
        }

        return _parent is null || _parent.TryRegister(_link!, scheduler) ? null : _parent;
    }

    private protected override void OnLastDeregistered()
    {
        if (_timer is not null) _timing!.Timers.Remove(_timer);
        _timer = null;
        _parent?.Deregister(_link!);
    }
}
