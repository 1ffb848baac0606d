using Sigil.Runtime.Select;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Channels;

/// <summary>
/// The receiving end of a channel. Operations that take a task may suspend it; see <see cref="Producer{T}"/>.
/// </summary>
public abstract class Consumer<T> : IDroppable, Ownership.IExclusive
{
    private protected Consumer()
    {
    }

    /// <summary>Waits while the buffer is empty; <c>None</c> when all producers are gone and the buffer is drained.</summary>
    public abstract Status Receive(SigilTask task, out Option<T> result, string site);

    /// <summary>Like <see cref="Receive"/>, or <see cref="Outcome.TimedOut"/> after <paramref name="afterNanos"/>.</summary>
    public abstract Status ReceiveTimeout(SigilTask task, long afterNanos, out ReceiveOutcome<T> result, string site);

    /// <summary>
    /// Waits for the first value and takes what is there, at most <paramref name="max"/> values; empty only when the
    /// channel is closed and drained (or when <paramref name="max"/> is not positive).
    /// </summary>
    public abstract Status ReceiveMany(SigilTask task, long max, out T[] result, string site);

    /// <summary>Never waits: a value, <see cref="Outcome.Empty"/> or <see cref="Outcome.Closed"/>.</summary>
    public abstract ReceiveOutcome<T> TryReceive();

    /// <summary>Refuses further sends once the last consumer is closed; undelivered values are dropped.</summary>
    public abstract void Close();

    /// <summary>Whether all producers are gone and the buffer is drained.</summary>
    public abstract bool IsClosed { get; }

    /// <summary>How many values are buffered; a snapshot.</summary>
    public abstract long Length { get; }

    /// <summary>The size of the buffer.</summary>
    public abstract long Capacity { get; }

    /// <summary>What happens to an end that goes out of scope: it closes.</summary>
    public void Drop() => Close();

    // ---- the seam for select: reserve (enlist with a ticket), then commit (whoever claims the ticket) ----

    /// <summary>The lock under which waits are entered and served; null when waking is only a hint and the woken party looks again.</summary>
    internal virtual ChannelGate? Gate => null;

    /// <summary>Receives when that needs no waiting; the caller holds no lock.</summary>
    internal abstract int TryTake(out T value);

    /// <summary>Makes the wait known; the caller holds the gate, if there is one.</summary>
    internal abstract void Enlist(SelectReceive<T> wait, int ticket);

    /// <summary>Takes the wait back; the caller holds no lock.</summary>
    internal abstract void Delist(SelectReceive<T> wait);

    /// <summary>Whether a receive would have to wait, as seen a moment ago; the caller holds no lock.</summary>
    internal abstract bool Waits { get; }

    /// <summary>The same, asked for the last time before the task suspends, and exact: the caller holds the gate, or (without gate) has enlisted and fenced.</summary>
    internal virtual bool StillWaits() => Waits;

    /// <summary>When a value comes by itself; <see cref="long.MaxValue"/> when that takes a sender.</summary>
    internal virtual long DueNanos => long.MaxValue;

    /// <summary>What is waited for, for reports.</summary>
    internal abstract string Awaited { get; }
}

/// <summary>A receiving end that may be cloned: each value goes to exactly one of the clones.</summary>
public abstract class SharedConsumer<T> : Consumer<T>
{
    private protected SharedConsumer()
    {
    }

    /// <summary>Another end of the same channel, to be closed on its own.</summary>
    public abstract SharedConsumer<T> Clone();
}
