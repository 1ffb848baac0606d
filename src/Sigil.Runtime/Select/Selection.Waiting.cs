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

    /// <summary>
    /// Enters the waits. The arm that could be taken at the last look under the gates; else -1 with the status: suspended, cancelled, or
    /// completed when looking again is worth while.
    /// </summary>
    private int Enter(out Status status)
    {
        status = Status.Completed;
        Served = None;
        StartClocks(out var due);
        if (!TryEnterGates(out var taken, out var ticket)) return taken;

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
            if (arm.State != ArmState.Waits || arm.StillWaits()) continue;
            if (!Task.TryRetract(ticket)) break;
            Withdraw();
            return None;
        }

        if (Task.RetractIfCancelled(ticket))
        {
            Withdraw();
            status = Status.Cancelled;
            return None;
        }

        if (due != long.MaxValue)
        {
            _isTimed = true;
            if (_deadline is null) _deadline = new WaitDeadline(Task, ticket, WakeReason.TimedOut);
            else _deadline.Follow(ticket);
            Task.Scheduler.Timers.Add(_deadline, due - Task.Scheduler.Clock.NowNanos);
        }

        Task.SuspendedFrame = Task.Leaf = this;
        status = Status.Suspended;
        return None;
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

    /// <summary>
    /// Holds all gates at once, looks a last time, and enters what waits behind them. False when there was something: an arm was taken, or
    /// a channel closed and all must be looked at again.
    /// </summary>
    private bool TryEnterGates(out int taken, out int ticket)
    {
        taken = None;
        CollectGates();
        if (_gateCount == 0)
        {
            ticket = Task.BeginWait();
            return true;
        }

        ticket = 0;
        for (var i = 0; i < _gateCount; i++) _gates[i].Lock.Enter();
        var wake = default(WakeList);
        var mayWait = LookHeld(ref wake, ref taken);
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

        wake.WakeAll();
        return mayWait;
    }

    private bool LookHeld(ref WakeList wake, ref int taken)
    {
        var isFair = (_flags & IsFair) != 0;
        for (var place = 0; place < _arms.Length; place++)
        {
            var index = isFair ? _order.At(place) : place;
            var arm = _arms[index];
            if (arm.State != ArmState.Waits || arm.Gate is null) continue;
            switch (arm.TryHeld(ref wake))
            {
                case ArmState.Committed:
                    taken = index;
                    if (isFair) _order.Took(place);
                    return false;
                case ArmState.Out: return false;
            }
        }

        return true;
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
