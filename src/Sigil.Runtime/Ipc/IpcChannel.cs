using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Serialization;

namespace Sigil.Runtime.Ipc;

/// <summary>Makes channels whose ends may move to other processes.</summary>
public static class IpcChannel
{
    private const long MaxCapacity = 1 << 30;

    /// <summary>One producer, one consumer.</summary>
    public static ChannelPair<IpcProducer<T>, IpcConsumer<T>> CreateExclusive<T>(long capacity, Codec<T> codec, string site)
    {
        var (producer, consumer) = Create(capacity, false, false, site);
        return new(new IpcProducer<T>(producer, codec), new IpcConsumer<T>(consumer, codec));
    }

    /// <summary>Many producers, one consumer.</summary>
    public static ChannelPair<SharedIpcProducer<T>, IpcConsumer<T>> CreateSharedProducers<T>(long capacity, Codec<T> codec, string site)
    {
        var (producer, consumer) = Create(capacity, true, false, site);
        return new(new SharedIpcProducer<T>(producer, codec), new IpcConsumer<T>(consumer, codec));
    }

    /// <summary>One producer, many consumers.</summary>
    public static ChannelPair<IpcProducer<T>, SharedIpcConsumer<T>> CreateSharedConsumers<T>(long capacity, Codec<T> codec, string site)
    {
        var (producer, consumer) = Create(capacity, false, true, site);
        return new(new IpcProducer<T>(producer, codec), new SharedIpcConsumer<T>(consumer, codec));
    }

    /// <summary>Many producers, many consumers.</summary>
    public static ChannelPair<SharedIpcProducer<T>, SharedIpcConsumer<T>> CreateBoth<T>(long capacity, Codec<T> codec, string site)
    {
        var (producer, consumer) = Create(capacity, true, true, site);
        return new(new SharedIpcProducer<T>(producer, codec), new SharedIpcConsumer<T>(consumer, codec));
    }

    private static (TransportEnd Producer, TransportEnd Consumer) Create(long capacity, bool shareProducers, bool shareConsumers, string site)
    {
        if (capacity < 0) throw new SigilPanic("E6009", $"the buffer of a channel cannot be negative: {capacity}", site);
        if (capacity > MaxCapacity) throw new SigilPanic("E6009", $"the buffer of a channel is too large: {capacity}", site);
        if (IpcTransport.OfThisSystem is not { } transport) throw new SigilPanic("E9203", "channels between processes need Linux", site);
        try
        {
            return transport.Create((int)capacity, shareProducers, shareConsumers);
        }
        catch (IpcSystemException fault)
        {
            throw new SigilPanic("E9203", fault.Message, site);
        }
    }
}
