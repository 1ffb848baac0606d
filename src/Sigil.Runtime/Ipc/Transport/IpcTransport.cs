using Sigil.Runtime.Serialization;

namespace Sigil.Runtime.Ipc;

/// <summary>
/// How channels between processes carry their messages. Everything above it (the ends that programs hold, waiting, select, codecs of ends) knows only
/// this class, <see cref="TransportEnd"/>, <see cref="TransportSender{T}"/> and <see cref="TransportReceiver{T}"/>.
/// </summary>
/// <remarks>
/// What every transport keeps: messages arrive whole, once, and in order of each producer, or not at all; a peer that dies at any instruction leaves
/// the other side with the complete messages and then closed; at most the capacity is under way; without one, a send ends when its value has been
/// taken; nothing that a peer does ends this process.
/// </remarks>
internal abstract class IpcTransport
{
    /// <summary>The transport of this system; null where there is none yet.</summary>
    internal static IpcTransport? OfThisSystem { get; } = OperatingSystem.IsLinux() ? new RingTransport() : null;

    /// <summary>How many descriptors an end is made of when it travels.</summary>
    internal abstract int DescriptorCount { get; }

    /// <summary>Both ends of a new channel.</summary>
    /// <exception cref="IpcSystemException">The system refuses.</exception>
    internal abstract (TransportEnd Producer, TransportEnd Consumer) Create(int capacity, bool shareProducers, bool shareConsumers);

    /// <summary>An end that came from another process, of which nothing is believed; it owns the descriptors from here on.</summary>
    /// <param name="descriptors">As many as <see cref="DescriptorCount"/>.</param>
    /// <param name="isProducer">Which side.</param>
    /// <param name="number">Of an end of a shared side, or 0.</param>
    /// <exception cref="FrameException">They are not what an end has.</exception>
    internal abstract TransportEnd Receive(int[] descriptors, bool isProducer, int number);

    /// <summary>Sends values through an end that this transport has made.</summary>
    internal abstract TransportSender<T> SenderAt<T>(TransportEnd end, Codec<T> codec);

    /// <summary>Receives values from an end that this transport has made.</summary>
    internal abstract TransportReceiver<T> ReceiverAt<T>(TransportEnd end, Codec<T> codec);
}

/// <summary>What one end of a channel between processes holds of the system.</summary>
internal abstract class TransportEnd
{
    /// <summary>The transport that has made it.</summary>
    internal abstract IpcTransport Transport { get; }

    /// <summary>How many messages may be under way.</summary>
    internal int Capacity { get; private protected init; }

    /// <summary>Whether it has neither closed nor moved away.</summary>
    internal abstract bool IsOpen { get; }

    /// <summary>Distinguishes the ends of a shared side; 0 for the only end of an exclusive one.</summary>
    internal abstract int Number { get; }

    /// <summary>Whether other ends of this side exist or may exist.</summary>
    internal bool IsShared => Number != 0;

    /// <summary>Whether all ends of the other side have closed or died.</summary>
    internal abstract bool IsOtherSideGone { get; }

    /// <summary>Whether an end of the other side is just changing something that it has not told of: nobody sleeps meanwhile.</summary>
    internal abstract bool IsOtherSideAtWork { get; }

    /// <summary>Asks the system now whether the other side is gone, for callers that do not wait.</summary>
    internal abstract void LookForOtherSide();

    /// <summary>Another end of a side that is shared.</summary>
    /// <exception cref="IpcSystemException">The system refuses.</exception>
    internal abstract TransportEnd Clone();

    /// <summary>Copies of the descriptors, to be sent: the end stays whole should the sending fail.</summary>
    internal abstract int[] DuplicateDescriptors();

    /// <summary>A task is about to wait: from now on it is woken whenever something may have changed. Whoever calls looks once more afterwards.</summary>
    internal abstract void AddWaiter(IEndWaiter waiter);

    /// <summary>The wait has ended.</summary>
    internal abstract void RemoveWaiter(IEndWaiter waiter);

    /// <summary>Closes in good order; a second call has no effect.</summary>
    internal abstract void Close();

    /// <summary>The end has gone to another process.</summary>
    internal abstract void Move();
}

/// <summary>A task that waits at an end.</summary>
internal interface IEndWaiter
{
    /// <summary>Whether another look is worthwhile now.</summary>
    bool IsReady { get; }

    /// <summary>Lets the task look again, unless its wait has ended meanwhile.</summary>
    void Wake();
}
