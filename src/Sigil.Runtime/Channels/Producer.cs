using Sigil.Runtime.Select;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Channels;

/// <summary>
/// The sending end of a channel. Operations that take a task may suspend it: they are leaf operations of the
/// suspension protocol, with <c>site</c> in the place where other suspending calls have their frame.
/// An operation that was cancelled, or that panics, has dropped the value; one with an outcome other than
/// <see cref="Outcome.Done"/> leaves it to the caller.
/// </summary>
public abstract class Producer<T> : IDroppable, Ownership.IExclusive
{
    private protected Producer()
    {
    }

    /// <summary>Waits while the buffer is full; panics with <c>ChannelClosed</c> when no consumer is left.</summary>
    public abstract Status Send(SigilTask task, T value, string site);

    /// <summary>Waits like <see cref="Send"/>; the outcome is <see cref="Outcome.Done"/> or <see cref="Outcome.Closed"/>.</summary>
    public abstract Status Offer(SigilTask task, T value, out int outcome, string site);

    /// <summary>Like <see cref="Offer"/>, or <see cref="Outcome.TimedOut"/> after <paramref name="afterNanos"/>.</summary>
    public abstract Status SendTimeout(SigilTask task, T value, long afterNanos, out int outcome, string site);

    /// <summary>Never waits: <see cref="Outcome.Done"/>, <see cref="Outcome.Full"/> or <see cref="Outcome.Closed"/>.</summary>
    public abstract int TrySend(T value);

    /// <summary>Closes this end; the channel closes when the last producer is gone.</summary>
    public abstract void Close();

    /// <summary>Whether no consumer is left.</summary>
    public abstract bool IsClosed { get; }

    /// <summary>How many values are buffered; a snapshot.</summary>
    public abstract long Length { get; }

    /// <summary>The size of the buffer.</summary>
    public abstract long Capacity { get; }

    /// <summary>What happens to an end that goes out of scope: it closes.</summary>
    public void Drop() => Close();

    // ---- the seam for select; see Consumer ----

    /// <inheritdoc cref="Consumer{T}.Gate"/>
    internal virtual ChannelGate? Gate => null;

    /// <summary>Whether a select has to make an offer and wait for the answer: <see cref="OfferArm{T}"/>.</summary>
    internal virtual bool MakesOffers => false;

    /// <summary>Sends when that needs no waiting; the caller holds no lock.</summary>
    internal virtual int TryGive(T value) => TrySend(value);

    /// <inheritdoc cref="Consumer{T}.Enlist"/>
    internal abstract void Enlist(SelectSend<T> wait, int ticket);

    /// <inheritdoc cref="Consumer{T}.Delist"/>
    internal abstract void Delist(SelectSend<T> wait);

    /// <inheritdoc cref="Consumer{T}.Waits"/>
    internal abstract bool Waits { get; }

    /// <inheritdoc cref="Consumer{T}.StillWaits"/>
    internal virtual bool StillWaits() => Waits;

    /// <inheritdoc cref="Consumer{T}.Awaited"/>
    internal abstract string Awaited { get; }
}

/// <summary>A sending end that may be cloned; the channel closes for consumers when all clones are gone.</summary>
public abstract class SharedProducer<T> : Producer<T>
{
    private protected SharedProducer()
    {
    }

    /// <summary>Another end of the same channel, to be closed on its own.</summary>
    public abstract SharedProducer<T> Clone();
}
