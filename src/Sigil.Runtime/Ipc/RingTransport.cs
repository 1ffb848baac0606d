using Sigil.Runtime.Serialization;

namespace Sigil.Runtime.Ipc;

/// <summary>Rings in shared memory, which Linux offers what they need for: sealed memory files, event counters, locks of open files.</summary>
internal sealed class RingTransport : IpcTransport
{
    internal override int DescriptorCount => RingEnd.DescriptorCount;

    internal override (TransportEnd Producer, TransportEnd Consumer) Create(int capacity, bool shareProducers, bool shareConsumers) =>
        RingEnd.Create(capacity, shareProducers, shareConsumers);

    internal override TransportEnd Receive(int[] descriptors, bool isProducer, int number) => RingEnd.Receive(descriptors, isProducer, number);

    internal override TransportSender<T> SenderAt<T>(TransportEnd end, Codec<T> codec) => new RingSender<T>(new RingWriter((RingEnd)end), codec);

    internal override TransportReceiver<T> ReceiverAt<T>(TransportEnd end, Codec<T> codec) => new RingReceiver<T>(new RingReader((RingEnd)end), codec);
}

/// <summary>Sends values of one type into a ring.</summary>
internal sealed class RingSender<T>(RingWriter writer, Codec<T> codec) : TransportSender<T>(writer.End)
{
    internal override bool IsReady => writer.IsReady;

    internal override long Count => writer.Count;

    internal override int TrySend(T value, ref PendingFrame? pending, bool comesBack) => writer.TrySend(codec, value, ref pending, comesBack);

    internal override bool IsReadyFor(PendingFrame? pending) => writer.IsReadyFor(pending);

    internal override bool WasDelivered(PendingFrame? pending) => writer.WasDelivered(pending);
}

/// <summary>Receives values of one type from a ring.</summary>
internal sealed class RingReceiver<T>(RingReader reader, Codec<T> codec) : TransportReceiver<T>(reader.End)
{
    internal override bool IsReady => reader.IsReady;

    internal override long Count => reader.Count;

    internal override int TryReceive(out T value) => reader.TryReceive(codec, out value);
}
