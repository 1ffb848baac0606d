using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;

namespace Sigil.Runtime.Select;

/// <summary><c>c.receive()</c> as an arm.</summary>
internal sealed class ReceiveArm<T>(Selection selection, int index) : SelectArm
{
    private readonly SelectReceive<T> _wait = new(selection, index);
    private Consumer<T> _consumer = null!;
    private T _received = default!;

    internal override bool IsReceive => true;

    internal override bool IsOut => _consumer.IsClosed;

    internal override ChannelGate? Gate => _consumer.Gate;

    internal override long DueNanos => _consumer.DueNanos;

    internal override string Awaited => _consumer.Awaited;

    internal void Prepare(Consumer<T> consumer)
    {
        // Mostly the same as in the round before: then nothing is written.
        if (_consumer != consumer) _consumer = consumer;
    }

    /// <summary>Hands out what the committed arm has received.</summary>
    internal T Take()
    {
        var value = _received;
        _received = default!;
        return value;
    }

    internal override ArmState Try() => Outcomes(_consumer.TryTake(out _received));

    internal override bool Waits => _consumer.Waits;

    internal override void Enlist(int ticket) => _consumer.Enlist(_wait, ticket);

    internal override void Delist() => _consumer.Delist(_wait);

    internal override bool StillWaits() => _consumer.StillWaits();

    internal override bool Accept()
    {
        var result = _wait.Result;
        _wait.Result = default;
        if (result.HasValue) _received = result.Value;
        return result.HasValue;
    }

    private static ArmState Outcomes(int outcome) => outcome switch
    {
        Outcome.Done => ArmState.Committed,
        Outcome.Closed => ArmState.Out,
        _ => ArmState.Waits,
    };
}

/// <summary>The wait of a receiving arm, as it stands in the list of its channel.</summary>
internal sealed class SelectReceive<T>(Selection selection, int index) : ReceiveWait<T>(selection.Task)
{
    /// <summary>What a channel of another kind than those with rooms has registered for this wait.</summary>
    internal IpcArmWait? AtOtherProcess;

    /// <summary>The caller holds the room's lock and lists the wait.</summary>
    internal void Begin(IWaitRoom<ReceiveWait<T>> room, int ticket)
    {
        Room = room;
        Ticket = ticket;
    }

    /// <summary>Takes the wait back; whoever served it has taken it off already.</summary>
    internal void End()
    {
        if (IsListed) Room!.Withdraw(this);
        Room = null;
    }

    internal override void Served() => selection.Served = index;
}
