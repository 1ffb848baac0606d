using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Select;

/// <summary>
/// <c>p.send(v)</c> as an arm, where a value changes hands only when both sides agree and the other side is a process of its own: a channel between processes
/// without a buffer. When it is the arm's turn and somebody waits for a value, the select makes an offer and waits for that alone, for a moment; then the
/// offer has been taken, which is the whole select, or it is withdrawn and has had no effect.
/// </summary>
/// <remarks>
/// Nothing else can commit the select while an offer lies there, so exactly one arm is taken. Two selects that offer to each other wait in vain; both take turns of random length, so
/// one of them soon finds the offer of the other. Who waits may also have been killed, or be stopped: after vain offers the arm pauses, each time for longer.
/// </remarks>
internal sealed class OfferArm<T>(Selection selection, uint seed) : SelectArm, IEndWaiter
{
    private const long FirstNanos = 200_000;
    private const int MostDoublings = 5;

    private readonly IpcArmWait _wait = new(selection.Task);
    private FastRandom _random = new(seed);
    private IpcProducer<T> _producer = null!;
    private T _value = default!;
    private PendingFrame? _offer;
    private bool _isClosed;
    private int _vain;
    private long _pausedUntil = long.MinValue;
    private long _due = long.MinValue;

    internal override string Awaited => _producer.Awaited;

    internal override long DueNanos => _offer is not null ? _due : IsPausing ? _pausedUntil : long.MaxValue;

    internal override bool Waits => IsPausing || _producer.Waits;

    private bool IsPausing => _pausedUntil != long.MinValue && Now < _pausedUntil;

    private long Now => selection.Task.Scheduler.Clock.NowNanos;

    bool IEndWaiter.IsReady => _producer.Sender.IsReadyFor(_offer);

    void IEndWaiter.Wake()
    {
    }

    internal void Prepare(IpcProducer<T> producer, T value)
    {
        if (_producer != producer)
        {
            _producer = producer;
            _vain = 0;
            _pausedUntil = long.MinValue;
        }

        _value = value;
        _isClosed = false;
    }

    internal override ArmState Try()
    {
        if (_producer.End.IsOtherSideGone) return Taken(isClosed: true);
        if (Waits) return ArmState.Waits;
        if (selection.MayWait) return ArmState.Offers;
        return _producer.TrySend(_value) switch
        {
            Outcome.Done => Taken(isClosed: false),
            Outcome.Closed => Taken(isClosed: true),
            _ => ArmState.Waits,
        };
    }

    internal override bool BeginOffer()
    {
        var outcome = _producer.Attempt(_value, ref _offer, comesBack: true, selection.Site);
        if (outcome != Outcome.Full || _offer is not { IsOffered: true })
        {
            // Somebody else's offer came first, or nobody is left: the next look says so.
            Forget();
            return false;
        }

        _due = Selection.DueAfter(Now, Lasts());
        return !_producer.Sender.Spin(this);
    }

    internal override bool IsOffering => _offer is not null;

    internal override bool EndOffer()
    {
        if (_offer is null) return false;
        var isTaken = _producer.Sender.WasDelivered(_offer);
        Forget();
        _vain = isTaken ? 0 : Math.Min(_vain + 1, MostDoublings);
        _pausedUntil = isTaken ? long.MinValue : Selection.DueAfter(Now, Lasts());
        return isTaken;
    }

    internal override bool StillWaits()
    {
        if (_offer is not null) return !_producer.Sender.MayNotSleepFor(this);
        return IsPausing || _producer.StillWaits();
    }

    internal override void Enlist(int ticket) => _wait.Enter(_producer.End, ticket);

    internal override void Delist() => _wait.Leave(_producer.End);

    internal override void Complete(string site)
    {
        if (_isClosed) throw Channel.ClosedPanic(site);
    }

    internal override void Clear() => _value = default!;

    private ArmState Taken(bool isClosed)
    {
        _isClosed = isClosed;
        return ArmState.Committed;
    }

    private void Forget()
    {
        _offer?.Dispose();
        _offer = null;
    }

    // From half to one and a half of what the vain offers before it have earned.
    private long Lasts()
    {
        var nanos = FirstNanos << _vain;
        return (nanos / 2) + (_random.Next() % nanos);
    }
}
