using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;

namespace Sigil.Runtime.Select;

/// <summary>
/// <c>p.send(v)</c> as an arm. The value stays its owner's until the arm is taken: an arm that loses, is cancelled, or finds
/// that nobody can receive any more has not touched it.
/// </summary>
internal sealed class SendArm<T>(Selection selection, int index) : SelectArm
{
    private readonly SelectSend<T> _wait = new(selection, index);
    private Producer<T> _producer = null!;
    private bool _isClosed;

    internal override ChannelGate? Gate => _producer.Gate;

    internal override string Awaited => _producer.Awaited;

    internal void Prepare(Producer<T> producer, T value)
    {
        if (_producer != producer) _producer = producer;
        _wait.Value = value;
        _isClosed = false;
    }

    internal override ArmState Try() => Outcomes(_producer.TryGive(_wait.Value));

    internal override bool Waits => _producer.Waits;

    internal override void Enlist(int ticket) => _producer.Enlist(_wait, ticket);

    internal override void Delist() => _producer.Delist(_wait);

    internal override bool StillWaits() => _producer.StillWaits();

    internal override bool Accept()
    {
        _isClosed = _wait.Result == Outcome.Closed;
        return true;
    }

    internal override void Complete(string site)
    {
        if (_isClosed) throw Channel.ClosedPanic(site);
    }

    internal override void Clear() => _wait.Value = default!;

    // A send to nobody is taken, like one outside of a select, and fails like it.
    private ArmState Outcomes(int outcome)
    {
        _isClosed = outcome == Outcome.Closed;
        return outcome == Outcome.Full ? ArmState.Waits : ArmState.Committed;
    }
}

/// <summary>The wait of a sending arm, as it stands in the list of its channel.</summary>
internal sealed class SelectSend<T>(Selection selection, int index) : SendWait<T>(selection.Task, selection.Site)
{
    /// <inheritdoc cref="SelectReceive{T}.AtOtherProcess"/>
    internal IpcArmWait? AtOtherProcess;

    /// <inheritdoc cref="SelectReceive{T}.Begin"/>
    internal void Begin(IWaitRoom<SendWait<T>> room, int ticket)
    {
        Room = room;
        Ticket = ticket;
    }

    /// <inheritdoc cref="SelectReceive{T}.End"/>
    internal void End()
    {
        if (IsListed) Room!.Withdraw(this);
        Room = null;
    }

    internal override void Served() => selection.Served = index;
}
