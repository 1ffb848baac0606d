using Sigil.Runtime.Channels;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Select;

/// <summary>What became of an attempt to take an arm.</summary>
internal enum ArmState
{
    /// <summary>It would have to wait; nothing has happened.</summary>
    Waits,

    /// <summary>It is done, and with it the select.</summary>
    Committed,

    /// <summary>It can never be taken: its channel is closed and drained.</summary>
    Out,

    /// <summary>It can be taken if somebody of another process agrees: <see cref="SelectArm.BeginOffer"/>.</summary>
    Offers,
}

/// <summary>
/// One arm of a select: an operation that can be tried, entered as a wait, and taken back. Arms are made once per task and
/// select expression and given their operands anew in every round.
/// </summary>
internal abstract class SelectArm
{
    /// <summary>As found by the last look.</summary>
    internal ArmState State;

    /// <summary>Whether the wait has been entered and not yet taken back.</summary>
    internal bool IsEnlisted;

    /// <summary>Whether the arm receives from a channel: when all such arms are out, the select is closed.</summary>
    internal virtual bool IsReceive => false;

    /// <summary>For arms that receive: whether nothing can come any more.</summary>
    internal virtual bool IsOut => false;

    /// <inheritdoc cref="Consumer{T}.Gate"/>
    internal virtual ChannelGate? Gate => null;

    /// <summary>What has happened is the end of the task that selects too: it is cancelled instead of going on with the arm.</summary>
    internal virtual bool EndsSelect => false;

    /// <summary>Takes the arm when that needs no waiting; the caller holds no lock.</summary>
    internal abstract ArmState Try();

    /// <inheritdoc cref="Consumer{T}.Waits"/>
    internal abstract bool Waits { get; }

    /// <inheritdoc cref="Consumer{T}.Enlist"/>
    internal virtual void Enlist(int ticket)
    {
    }

    /// <inheritdoc cref="Consumer{T}.Delist"/>
    internal virtual void Delist()
    {
    }

    /// <inheritdoc cref="Consumer{T}.StillWaits"/>
    internal virtual bool StillWaits() => Waits;

    /// <inheritdoc cref="Consumer{T}.DueNanos"/>
    internal virtual long DueNanos => long.MaxValue;

    /// <summary>Before the first wait of a round: durations begin to run.</summary>
    internal virtual void StartClock(long now)
    {
    }

    /// <summary>Makes the offer of an arm that was found to offer; whether its answer is worth waiting for (it may be there, or not come at all).</summary>
    internal virtual bool BeginOffer() => false;

    /// <summary>Whether an offer lies there.</summary>
    internal virtual bool IsOffering => false;

    /// <summary>The end of the offer: true when it has been taken; else it is withdrawn and has had no effect.</summary>
    internal virtual bool EndOffer() => false;

    /// <summary>After somebody has served the arm: whether that was the operation (and not the end of the channel).</summary>
    internal virtual bool Accept() => true;

    /// <summary>The arm has been taken; a send to nobody panics here.</summary>
    internal virtual void Complete(string site)
    {
    }

    /// <summary>Lets go of what the round has held.</summary>
    internal virtual void Clear()
    {
    }

    /// <summary>What the arm waits for, for reports.</summary>
    internal abstract string Awaited { get; }
}

/// <summary><c>sleep(d)</c> as an arm: ready when the round has lasted that long.</summary>
internal sealed class SleepArm(IClock clock) : SelectArm
{
    private long _nanos;
    private long _due;

    internal override string Awaited => "a time to come";

    internal override long DueNanos => _due;

    internal void Prepare(long nanos)
    {
        _nanos = nanos;
        _due = nanos <= 0 ? long.MinValue : long.MaxValue;
    }

    internal override void StartClock(long now)
    {
        if (_due == long.MaxValue) _due = Selection.DueAfter(now, _nanos);
    }

    internal override bool Waits => _due != long.MinValue && (_due == long.MaxValue || clock.NowNanos < _due);

    // The timer of the select ends the wait.
    internal override bool StillWaits() => true;

    internal override ArmState Try() => Waits ? ArmState.Waits : ArmState.Committed;
}
