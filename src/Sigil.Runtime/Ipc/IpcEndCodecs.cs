using Sigil.Runtime.Serialization;

namespace Sigil.Runtime.Ipc;

/// <summary>Ends inside values: their descriptors are attached to the frame, which holds their place and the number of a shared end.</summary>
internal static class IpcEnds
{
    internal static (int First, int Number) Attach(TransportEnd end, Attachments attachments)
    {
        if (!end.IsOpen) throw new FrameException("an end of a channel that is closed cannot travel");
        if (attachments.Count + end.Transport.DescriptorCount > Attachments.MaxDescriptors) throw new FrameException("a value holds more ends of channels than one message can carry");
        var first = attachments.Count;
        try
        {
            foreach (var descriptor in end.DuplicateDescriptors()) attachments.Add(descriptor);
        }
        catch (IpcSystemException fault)
        {
            throw new FrameException(fault.Message, fault);
        }

        // It leaves this process only when the message is out.
        attachments.WhenSent(end.Move);
        return (first, end.Number);
    }

    /// <summary>Another end of a shared side; E9203 when the system refuses.</summary>
    internal static TransportEnd Clone(TransportEnd end, string site)
    {
        try
        {
            return end.Clone();
        }
        catch (IpcSystemException fault)
        {
            throw new Panics.SigilPanic("E9203", fault.Message, site);
        }
    }

    internal static void Write(ref FrameWriter writer, (int First, int Number) place)
    {
        writer.BeginArray(2);
        writer.WriteInt(place.First);
        writer.WriteInt(place.Number);
        writer.End();
    }

    internal static TransportEnd Read(ref FrameReader reader, bool isProducer, bool isShared)
    {
        reader.BeginArray(2);
        var first = (int)reader.ReadInt(0, Attachments.MaxDescriptors, "place of a descriptor");
        var number = (int)reader.ReadInt(isShared ? 1 : 0, int.MaxValue, "number of an end");
        reader.End();
        var transport = IpcTransport.OfThisSystem ?? throw new FrameException("channels between processes need Linux");
        return transport.Receive(reader.Attachments.Take(first, transport.DescriptorCount), isProducer, number);
    }
}

/// <summary><c>IpcProducer&lt;T&gt;</c>, moved.</summary>
public sealed class IpcProducerCodec<T>(Codec<T> element) : Codec<IpcProducer<T>>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, IpcProducer<T> value) => IpcEnds.Write(ref writer, value.TravelWith(writer.Attachments));

    /// <inheritdoc/>
    public override IpcProducer<T> Read(ref FrameReader reader) => new(IpcEnds.Read(ref reader, isProducer: true, isShared: false), element);
}

/// <summary><c>SharedIpcProducer&lt;T&gt;</c>, moved.</summary>
public sealed class SharedIpcProducerCodec<T>(Codec<T> element) : Codec<SharedIpcProducer<T>>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, SharedIpcProducer<T> value) => IpcEnds.Write(ref writer, value.TravelWith(writer.Attachments));

    /// <inheritdoc/>
    public override SharedIpcProducer<T> Read(ref FrameReader reader) => new(IpcEnds.Read(ref reader, isProducer: true, isShared: true), element);
}

/// <summary><c>IpcConsumer&lt;T&gt;</c>, moved.</summary>
public sealed class IpcConsumerCodec<T>(Codec<T> element) : Codec<IpcConsumer<T>>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, IpcConsumer<T> value) => IpcEnds.Write(ref writer, value.TravelWith(writer.Attachments));

    /// <inheritdoc/>
    public override IpcConsumer<T> Read(ref FrameReader reader) => new(IpcEnds.Read(ref reader, isProducer: false, isShared: false), element);
}

/// <summary><c>SharedIpcConsumer&lt;T&gt;</c>, moved.</summary>
public sealed class SharedIpcConsumerCodec<T>(Codec<T> element) : Codec<SharedIpcConsumer<T>>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, SharedIpcConsumer<T> value) => IpcEnds.Write(ref writer, value.TravelWith(writer.Attachments));

    /// <inheritdoc/>
    public override SharedIpcConsumer<T> Read(ref FrameReader reader) => new(IpcEnds.Read(ref reader, isProducer: false, isShared: true), element);
}
