using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Select;

/// <summary>
/// A <c>select</c>: what one task keeps for one select expression, used again in every round, so that a warm select allocates
/// nothing. A round is <see cref="Begin"/>, one call per arm, and <see cref="Choose"/>, the leaf operation that waits.
/// </summary>
/// <remarks>
/// Looking: arms are tried in their order without waiting; the first that can be taken is taken, which is the whole select.
/// Waiting: all arms are entered with one ticket of the task's wait word. Whoever claims the ticket commits the select, so exactly
/// one arm is taken and the others have had no effect; it has either done an arm's operation (channels with a gate: <see cref="Served"/> says
/// which) or only hints that looking again is worth while (rings, timers, tokens). Channels with gates are asked a last time and
/// entered while all their gates are held: of two crossing selects the second finds the first one completely entered, looks again, and
/// takes its offer, so they neither miss nor chase each other. Arms that need the consent of another process are waited for on their own (<see cref="OfferArm{T}"/>).
/// </remarks>
public sealed partial class Selection : Frame<long>
{
    /// <summary>The choice of <c>.timeout</c>.</summary>
    public const long TimedOut = -1;

    /// <summary>The choice of <c>.closed</c>.</summary>
    public const long Closed = -2;

    /// <summary>The choice of <c>.default</c>.</summary>
    public const long Default = -3;

    /// <summary>Flag: the arms are taken in random order, not in the order written.</summary>
    public const long IsFair = 1;

    /// <summary>Flag: there is a <c>.closed</c>.</summary>
    public const long HasClosed = 2;

    /// <summary>Flag: there is a <c>.default</c>.</summary>
    public const long HasDefault = 4;

    private const int None = -1;
    private const int AllOut = -2;
    private const int Offering = -3;

    private static int s_seed = Environment.TickCount;

    internal readonly SigilTask Task;
    internal readonly string Site;

    /// <summary>The arm whose operation somebody else has done, having claimed the wait; -1: none.</summary>
    internal int Served = None;

    /// <summary>Whether the select waits when no arm can be taken at once.</summary>
    internal bool MayWait => (_flags & HasDefault) == 0 && _timeout != 0;

    private readonly Selection? _next;
    private SelectArm[] _arms;
    private FairOrder _order;
    private int _receiving;
    private int _offering = None;
    private long _flags;
    private long _timeout;
    private long _timeoutDue;

    private Selection(SigilTask task, string site, int arms, Selection? next)
    {
        Task = task;
        Site = site;
        _next = next;
        _arms = new SelectArm[arms];
        _gates = new ChannelGate[arms];
        _order = new FairOrder(Seed());
    }

    private static uint Seed() => Control.Strand is { } strand ? (uint)strand.Run.NextRandom() : (uint)Atomic.Add(ref s_seed, 0x3779B9) * 2654435761;

    /// <summary>Begins a round.</summary>
    [Intrinsic("select_begin")]
    public static Selection Begin(SigilTask task, long arms, long flags, string site)
    {
        var found = task.Selections;
        while (found is not null && !(ReferenceEquals(found.Site, site) && found._arms.Length == arms)) found = found._next;
        found ??= task.Selections = new Selection(task, site, (int)arms, task.Selections);
        found._flags = flags;
        found._timeout = -1;
        found._offering = None;
        found._receiving = 0;
        return found;
    }

    /// <summary>The arm <c>consumer.receive()</c>.</summary>
    [Intrinsic("select_receive_arm")]
    public void AddReceive<T>(long index, Consumer<T> consumer)
    {
        if (_arms[index] is not ReceiveArm<T> arm) _arms[index] = arm = new ReceiveArm<T>(this, (int)index);
        arm.Prepare(consumer);
        _receiving++;
    }

    /// <summary>The arm <c>producer.send(value)</c>.</summary>
    [Intrinsic("select_send_arm")]
    public void AddSend<T>(long index, Producer<T> producer, T value)
    {
        if (producer.MakesOffers)
        {
            if (_arms[index] is not OfferArm<T> offers) _arms[index] = offers = new OfferArm<T>(this, Seed());
            offers.Prepare((IpcProducer<T>)producer, value);
            return;
        }

        if (_arms[index] is not SendArm<T> arm) _arms[index] = arm = new SendArm<T>(this, (int)index);
        arm.Prepare(producer, value);
    }

    /// <summary>The arm <c>sleep(d)</c>.</summary>
    [Intrinsic("select_sleep_arm")]
    public void AddSleep(long index, long nanos)
    {
        if (_arms[index] is not SleepArm arm) _arms[index] = arm = new SleepArm(Task.Scheduler.Clock);
        arm.Prepare(nanos);
    }

    /// <summary>The arm <c>token.cancelled()</c>.</summary>
    [Intrinsic("select_token_arm")]
    public void AddToken(long index, Cancellation.CancellationToken token)
    {
        if (_arms[index] is not TokenArm arm) _arms[index] = arm = new TokenArm(Task);
        arm.Prepare(token);
    }

    /// <summary>The arm <c>task.wait()</c>.</summary>
    [Intrinsic("select_task_arm")]
    public void AddTask(long index, GroupTask awaited)
    {
        if (_arms[index] is not TaskArm arm) _arms[index] = arm = new TaskArm(Task);
        arm.Prepare(awaited);
    }

    /// <summary>The option <c>.timeout</c>.</summary>
    [Intrinsic("select_timeout")]
    public void SetTimeout(long nanos) => _timeout = Math.Max(0, nanos);

    /// <summary>What the arm that was taken has received.</summary>
    [Intrinsic("select_received")]
    public T Received<T>(long index) => ((ReceiveArm<T>)_arms[index]).Take();

    /// <summary>Waits until an arm can be taken, and takes it: its number, or one of the constants above.</summary>
    [Intrinsic("select_choose")]
    public Status Choose(SigilTask task, out long chosen, string site)
    {
        Control.Point();
        _timeoutDue = long.MinValue;
        var status = task.IsCancellationRequested ? GiveUp() : Run();
        chosen = Result;
        return status;
    }

    /// <inheritdoc/>
    public override Status Resume(SigilTask task)
    {
        Withdraw();
        if (_offering != None)
        {
            if (task.Wake == WakeReason.Signalled && WaitsForAnswer()) return Status.Suspended;
            if (EndOffer() is >= 0 and var accepted) return Finish(accepted);
        }

        if (task.Wake == WakeReason.Cancelled) return GiveUp();
        if (Served != None && _arms[Served].Accept()) return Finish(Served);
        return task.IsCancellationRequested ? GiveUp() : Run();
    }

    private Status Run()
    {
        while (true)
        {
            switch (Look())
            {
                case AllOut: return FinishClosed();
                case >= 0 and var taken: return Finish(taken);
                case Offering:
                    if (BeginOffer()) return Status.Suspended;
                    if (EndOffer() is >= 0 and var accepted) return Finish(accepted);
                    if (Task.IsCancellationRequested) return GiveUp();
                    continue;
            }

            if ((_flags & HasDefault) != 0) return Finish(Default);
            if (_timeout >= 0 && (_timeout == 0 || (_timeoutDue != long.MinValue && Task.Scheduler.Clock.NowNanos >= _timeoutDue))) return Finish(TimedOut);
            switch (Enter())
            {
                case Status.Suspended: return Status.Suspended;
                case Status.Cancelled: return GiveUp();
            }
        }
    }

    /// <summary>Takes an arm that need not wait, if there is one.</summary>
    private int Look()
    {
        if (_receiving > 0 && _receiving < _arms.Length && ReceiversAreOut()) return AllOut;
        return (_flags & IsFair) != 0 ? LookFairly() : LookInOrder();
    }

    private int LookInOrder()
    {
        var isOut = 0;
        for (var index = 0; index < _arms.Length; index++)
        {
            var arm = _arms[index];
            arm.State = arm.Try();
            if (arm.State == ArmState.Committed) return index;
            if (arm.State == ArmState.Offers) return Offers(index);
            if (arm.State == ArmState.Out) isOut++;
        }

        return Nothing(isOut);
    }

    private int LookFairly()
    {
        // First those that were ready when the round began, and have not had their turn.
        if (TakeNext(out _) is not None and var index) return index;
        var ready = 0UL;
        var arms = _arms;
        for (var i = 0; i < arms.Length; i++)
        {
            arms[i].State = ArmState.Waits;
            ready |= arms[i].Waits ? 0 : 1UL << i;
        }

        _order.Begin(ready);
        index = TakeNext(out var isOut);
        return index != None ? index : Nothing(isOut);
    }

    // An arm of the round may not be ready any more, because somebody else was quicker, or its channel may be closed.
    private int TakeNext(out int isOut)
    {
        isOut = 0;
        while (_order.HasNext)
        {
            var index = _order.Next();
            var arm = _arms[index];
            arm.State = arm.Try();
            if (arm.State == ArmState.Committed) return index;
            if (arm.State == ArmState.Offers) return Offers(index);
            if (arm.State == ArmState.Out) isOut++;
        }

        return None;
    }

    private int Offers(int index)
    {
        _offering = index;
        return Offering;
    }

    private int Nothing(int isOut) => isOut == _receiving && _receiving > 0 ? AllOut : None;

    // When nothing can be received any more, that comes before the arms of another kind: a loop that forwards ends.
    private bool ReceiversAreOut()
    {
        foreach (var arm in _arms)
            if (arm.IsReceive && !arm.IsOut) return false;
        return true;
    }

    private Status Finish(long choice)
    {
        if (choice >= 0 && _arms[choice].EndsSelect) return GiveUp();
        Result = choice;
        try
        {
            if (choice >= 0) _arms[choice].Complete(Site);
        }
        finally
        {
            Release();
        }

        return Status.Completed;
    }

    private Status FinishClosed()
    {
        if ((_flags & HasClosed) != 0) return Finish(Closed);
        Release();
        throw new SigilPanic("E9001", "every channel that this select receives from is closed, and it has no `.closed`", Site);
    }

    private Status GiveUp()
    {
        Release();
        return Status.Cancelled;
    }

    private void Release()
    {
        foreach (var arm in _arms) arm.Clear();
    }

    internal static long DueAfter(long now, long nanos) => nanos > long.MaxValue - now ? long.MaxValue - 1 : now + nanos;
}
