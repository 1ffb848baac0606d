using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Channels;

/// <summary>
/// A lock that a <c>select</c> may have to hold together with others: it looks at all its channels and enters their lists as
/// one step, so that two crossing selects cannot each see the other half entered.
/// </summary>
internal abstract class ChannelGate
{
    private static long s_lastOrder;

    internal TinyLock Lock;
    private long _order;

    /// <summary>Gates are locked in this order; given to those that a select meets.</summary>
    internal long Order
    {
        get
        {
            var order = Atomic.Load(ref _order);
            if (order != 0) return order;
            Atomic.CompareExchange(ref _order, Atomic.Add(ref s_lastOrder, 1), 0);
            return Atomic.Load(ref _order);
        }
    }
}

/// <summary>Where parties wait to be served under a lock; see <see cref="LockedChannel{T}"/>.</summary>
internal interface IWaitRoom<TWait>
{
    /// <summary>Takes a wait that was cancelled or timed out off its list.</summary>
    void Withdraw(TWait wait);

    /// <summary>The channel and its state, for reports.</summary>
    string Describe();
}

/// <summary>Tasks whose waits were claimed under a lock, to be let go after it.</summary>
internal struct WakeList
{
    private SigilTask? _first;
    private List<SigilTask>? _others;

    internal void Add(SigilTask task)
    {
        if (_first is null) _first = task;
        else (_others ??= []).Add(task);
    }

    /// <summary>Lets the tasks go; the caller holds no lock.</summary>
    internal readonly void WakeAll()
    {
        _first?.CompleteWait(WakeReason.Signalled);
        if (_others is null) return;
        foreach (var task in _others) task.CompleteWait(WakeReason.Signalled);
    }
}
