namespace Sigil.Runtime.Channels;

/// <summary>Both ends of a new channel; the sharing mode chooses the types of the ends.</summary>
public readonly struct ChannelPair<TProducer, TConsumer>
{
    /// <summary>The sending end.</summary>
    public readonly TProducer Producer;

    /// <summary>The receiving end.</summary>
    public readonly TConsumer Consumer;

    /// <summary>Pairs two ends.</summary>
    public ChannelPair(TProducer producer, TConsumer consumer)
    {
        Producer = producer;
        Consumer = consumer;
    }
}
