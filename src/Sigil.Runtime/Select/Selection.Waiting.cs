using Sigil.Runtime.Channels;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Select;

// Entering the waits of all arms at once, and taking them back.
public sealed partial class Selection
{
    private readonly ChannelGate[] _gates;
    private int _gateCount;
    private WaitDeadline? _deadline;
    private bool _isTimed;

    /// <inheritdoc/>
    public override string WaitDescription => _arms.Length == 1
        ? _arms[0].Awaited
        : "the first of: " + string.Join("; ", _arms.Where(a => a.State != ArmState.Out).Select(a => a.Awaited));

    /// <inheritdoc/>
    public override string WaitSite => Site;

    /// <summary>Enters the waits: suspended, cancelled, or completed when looking again is worth while.</summary>
    private Status Enter()
    {
        Served = None;
        StartClocks(out var due);
        if (!TryEnterGates(out var ticket)) return Status.Completed;

        foreach (var arm in _arms)
        {
            if (arm.State != ArmState.Waits || arm.IsEnlisted || arm.Gate is not null) continue;
            arm.IsEnlisted = true;
            arm.Enlist(ticket);
        }

        // Pairs with the fences of those who would wake (rings), and of who cancels.
        Atomic.FullFence();
        foreach (var arm in _arms)
        {
            if (arm.State != ArmState.Waits || arm.Gate is not null || arm.StillWaits()) continue;
            if (!Task.TryRetract(ticket)) break;
            Withdraw();
            return Status.Completed;
        }

        if (Task.RetractIfCancelled(ticket))
        {
            Withdraw();
            return Status.Cancelled;
        }

        return Suspend(ticket, due);
    }

    private Status Suspend(int ticket, long due)
    {
        if (due != long.MaxValue)
        {
            _isTimed = true;
            if (_deadline is null) _deadline = new WaitDeadline(Task, ticket, WakeReason.TimedOut);
            else _deadline.Follow(ticket);
            Task.Scheduler.Timers.Add(_deadline, due - Task.Scheduler.Clock.NowNanos);
        }

        Task.SuspendedFrame = Task.Leaf = this;
        return Status.Suspended;
    }

    /// <summary>Makes the offer of the arm whose turn it is, and waits for the answer; false when there is nothing to wait for.</summary>
    private bool BeginOffer() => _arms[_offering].BeginOffer() && WaitsForAnswer();

    // Invariant: no other arm is entered meanwhile, so nothing but the offer can be taken.
    private bool WaitsForAnswer()
    {
        var arm = _arms[_offering];
        if (!arm.IsOffering || Task.Scheduler.Clock.NowNanos >= arm.DueNanos) return false;
        Served = None;
        foreach (var other in _arms) if (other != arm) other.State = ArmState.Out;
        arm.State = ArmState.Waits;
        StartClocks(out var due);
        var ticket = Task.BeginWait();
        arm.IsEnlisted = true;
        arm.Enlist(ticket);
        Atomic.FullFence();
        if ((!arm.StillWaits() && Task.TryRetract(ticket)) || Task.RetractIfCancelled(ticket))
        {
            Withdraw();
            return false;
        }

        return Suspend(ticket, due) == Status.Suspended;
    }

    /// <summary>The arm whose offer has been taken; <see cref="None"/> when it had to be withdrawn, or none was made.</summary>
    private int EndOffer()
    {
        var arm = _offering;
        _offering = None;
        return _arms[arm].EndOffer() ? arm : None;
    }

    private void StartClocks(out long due)
    {
        due = long.MaxValue;
        var now = long.MinValue;
        if (_timeout >= 0)
        {
            now = Task.Scheduler.Clock.NowNanos;
            if (_timeoutDue == long.MinValue) _timeoutDue = DueAfter(now, _timeout);
            due = _timeoutDue;
        }

        foreach (var arm in _arms)
        {
            if (arm is SleepArm)
            {
                if (now == long.MinValue) now = Task.Scheduler.Clock.NowNanos;
                arm.StartClock(now);
            }

            if (arm.State == ArmState.Waits) due = Math.Min(due, arm.DueNanos);
        }
    }

    /// <summary>Holds all gates at once, asks a last time, and enters what waits behind them; false when something need not wait any more.</summary>
    private bool TryEnterGates(out int ticket)
    {
        CollectGates();
        if (_gateCount == 0)
        {
            ticket = Task.BeginWait();
            return true;
        }

        ticket = 0;
        for (var i = 0; i < _gateCount; i++) _gates[i].Lock.Enter();
        var mayWait = true;
        foreach (var arm in _arms)
        {
            if (arm.State != ArmState.Waits || arm.Gate is null || arm.StillWaits()) continue;
            mayWait = false;
            break;
        }

        if (mayWait)
        {
            ticket = Task.BeginWait();
            foreach (var arm in _arms)
            {
                if (arm.State != ArmState.Waits || arm.Gate is null) continue;
                arm.IsEnlisted = true;
                arm.Enlist(ticket);
            }
        }

        for (var i = 0; i < _gateCount; i++)
        {
            _gates[i].Lock.Exit();
            _gates[i] = null!;
        }

        return mayWait;
    }

    private void CollectGates()
    {
        _gateCount = 0;
        foreach (var arm in _arms)
        {
            if (arm.State != ArmState.Waits || arm.Gate is not { } gate) continue;
            var order = gate.Order;
            var place = _gateCount;
            while (place > 0 && _gates[place - 1].Order > order) place--;
            if (place > 0 && _gates[place - 1] == gate) continue;
            Array.Copy(_gates, place, _gates, place + 1, _gateCount - place);
            _gates[place] = gate;
            _gateCount++;
        }
    }

    /// <summary>Takes back whatever has been entered; nobody can serve the select any more.</summary>
    private void Withdraw()
    {
        foreach (var arm in _arms)
        {
            if (!arm.IsEnlisted) continue;
            arm.IsEnlisted = false;
            arm.Delist();
        }

        if (!_isTimed) return;
        _isTimed = false;
        Task.Scheduler.Timers.Remove(_deadline!);
    }
}
