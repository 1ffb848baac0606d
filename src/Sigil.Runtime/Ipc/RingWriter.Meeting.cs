using Sigil.Runtime.Channels;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Ipc;

// Without a buffer: a send offers its value and waits until somebody has taken it, or takes the offer back.
internal sealed unsafe partial class RingWriter
{
    private bool IsEmpty => Atomic.Load(ref OwnPosition) == Atomic.Load(ref OtherPosition);

    private bool SomebodyWaits => Atomic.Load(ref System.Runtime.CompilerServices.Unsafe.AsRef<int>(End.Other + RingLayout.WillingAt)) > 0;

    /// <summary>Whether a send that waits should go on: its offer has been taken, or it can be made.</summary>
    internal bool IsReadyFor(PendingFrame? pending)
    {
        if (End.Meeting is null) return IsReady;
        if (End.IsOtherSideGone) return true;
        if (pending is { IsOffered: true }) return IsTaken(pending);
        return IsEmpty && (pending is not { NeedsDescriptors: true } || SomebodyWaits);
    }

    /// <summary>An attempt; <see cref="Outcome.Full"/> when there is nobody to take the value now, or the offer has not been taken yet.</summary>
    private int Meet<T>(MeetingLock meeting, Codec<T> codec, T value, ref PendingFrame? pending, bool comesBack)
    {
        if (pending is { IsOffered: true })
        {
            if (IsTaken(pending)) return Delivered(pending);
            if (!End.IsOtherSideGone) return Outcome.Full;
            return TryWithdraw(pending) ? Outcome.Closed : Delivered(pending);
        }

        if (End.IsOtherSideGone) return Outcome.Closed;
        // Without waiting, a value goes only to somebody who waits for it.
        if (!comesBack && !(IsEmpty && SomebodyWaits)) return Outcome.Full;
        pending ??= PendingFrame.Of(codec, value);
        FaultPoints.Reach(FaultPoints.SendEncoded);
        Enter();
        meeting.Enter();
        try
        {
            FaultPoints.Reach(FaultPoints.SendEntered);
            _tail = new RingPosition(Atomic.Load(ref OwnPosition));
            RefreshHead();
            if (_tail.CountSince(_head) > 0 || ((!comesBack || pending.NeedsDescriptors) && !SomebodyWaits)) return Full(0);
            var before = _tail;
            var outcome = SendPending(pending, isOffer: comesBack);
            if (outcome != Outcome.Done || !comesBack) return outcome;
            pending.Offered(before, _tail);
            return Outcome.Full;
        }
        finally
        {
            meeting.Exit();
            Exit();
        }
    }

    /// <summary>Takes an offer back; false when it has been taken.</summary>
    internal bool TryWithdraw(PendingFrame pending)
    {
        if (pending is not { IsOffered: true }) return true;
        Enter();
        End.Meeting!.Enter();
        try
        {
            if (IsTaken(pending)) return false;
            _tail = pending.Before;
            Atomic.Store(ref OwnPosition, _tail.Word);
        }
        finally
        {
            End.Meeting.Exit();
            Exit();
        }

        // Others of this side may have waited for the place.
        if (End.Lock is not null) End.RingOwnSide();
        return true;
    }

    private bool IsTaken(PendingFrame pending) => new RingPosition(Atomic.Load(ref OtherPosition)).Reaches(pending.After);

    private static int Delivered(PendingFrame pending)
    {
        pending.Attachments.Sent();
        return Outcome.Done;
    }

    /// <summary>After a wait that ended otherwise: true when the value has been taken all the same.</summary>
    internal bool WasDelivered(PendingFrame? pending)
    {
        if (pending is not { IsOffered: true } || TryWithdraw(pending)) return false;
        Delivered(pending);
        return true;
    }
}
