using Sigil.Runtime.Ownership;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Channels;

/// <summary>Makes channels; the sharing mode decides which ends may be cloned.</summary>
public static class Channel
{
    // Buffers up to this size exist from the start; larger ones grow with use.
    internal const int EagerCapacity = 4096;

    /// <summary>One producer, one consumer.</summary>
    public static ChannelPair<Producer<T>, Consumer<T>> CreateExclusive<T>(long capacity, string site)
    {
        if (capacity == 0)
        {
            var rendezvous = New<T>(capacity, site);
            return new(Owners.Exclusive<Producer<T>>(new LockedProducer<T>(rendezvous)), Owners.Exclusive<Consumer<T>>(new LockedConsumer<T>(rendezvous)));
        }

        CheckCapacity(capacity, site);
        var ring = RingChannel<T>.Create((int)capacity, site);
        var consumer = new RingConsumer<T>(ring);
        return new(Owners.Exclusive<Producer<T>>(new RingProducer<T>(ring)), Owners.Exclusive<Consumer<T>>(consumer));
    }

    /// <summary>Many producers, one consumer.</summary>
    public static ChannelPair<SharedProducer<T>, Consumer<T>> CreateSharedProducers<T>(long capacity, string site)
    {
        var channel = New<T>(capacity, site);
        return new(new LockedProducer<T>(channel), Owners.Exclusive<Consumer<T>>(new LockedConsumer<T>(channel)));
    }

    /// <summary>One producer, many consumers.</summary>
    public static ChannelPair<Producer<T>, SharedConsumer<T>> CreateSharedConsumers<T>(long capacity, string site)
    {
        var channel = New<T>(capacity, site);
        return new(Owners.Exclusive<Producer<T>>(new LockedProducer<T>(channel)), new LockedConsumer<T>(channel));
    }

    /// <summary>Many producers, many consumers.</summary>
    public static ChannelPair<SharedProducer<T>, SharedConsumer<T>> CreateBoth<T>(long capacity, string site)
    {
        var channel = New<T>(capacity, site);
        return new(new LockedProducer<T>(channel), new LockedConsumer<T>(channel));
    }

    /// <summary>
    /// One producer, and consumers that each see every value sent after they were made; the producer waits for the slowest, or lagging
    /// consumers lose the oldest values.
    /// </summary>
    public static ChannelPair<Producer<T>, SharedConsumer<T>> CreateBroadcast<T>(long capacity, bool dropsOldest, string site)
    {
        CheckCapacity(capacity, site);
        if (capacity == 0) throw new SigilPanic("E6009", "a broadcast needs a buffer of at least one value", site);
        var channel = new BroadcastChannel<T>((int)capacity, dropsOldest, site);
        return new(Owners.Exclusive<Producer<T>>(new BroadcastProducer<T>(channel)), new BroadcastConsumer<T>(channel));
    }

    private const long MaxCapacity = 1 << 30;

    internal static SigilPanic ClosedPanic(string site) =>
        new("ChannelClosed", "send on a channel whose consumers are all gone", site);

    internal static Status CancelledSend<T>(T value)
    {
        Undelivered<T>.Drop(value);
        return Status.Cancelled;
    }

    private static void CheckCapacity(long capacity, string site)
    {
        if (capacity < 0) throw new SigilPanic("E6009", $"the buffer of a channel cannot be negative: {capacity}", site);
        if (capacity > MaxCapacity) throw new SigilPanic("E6009", $"the buffer of a channel is too large: {capacity}", site);
    }

    private static LockedChannel<T> New<T>(long capacity, string site)
    {
        CheckCapacity(capacity, site);
        return new LockedChannel<T>((int)capacity, site);
    }
}
