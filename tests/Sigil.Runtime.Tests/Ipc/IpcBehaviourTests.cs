using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tests.Channels;

namespace Sigil.Runtime.Tests.Ipc;

/// <summary>Channels between processes behave as those within one; here both ends are in one.</summary>
public abstract class IpcBehaviour : ChannelBehaviour;

public sealed class ExclusiveIpcTests : IpcBehaviour
{
    private protected override (Producer<long> Producer, Consumer<long> Consumer) Make(long capacity)
    {
        var pair = IpcChannel.CreateExclusive(capacity, new IntCodec(), "here");
        return (pair.Producer, pair.Consumer);
    }
}

public sealed class SharedProducersIpcTests : IpcBehaviour
{
    private protected override (Producer<long> Producer, Consumer<long> Consumer) Make(long capacity)
    {
        var pair = IpcChannel.CreateSharedProducers(capacity, new IntCodec(), "here");
        return (pair.Producer, pair.Consumer);
    }
}

public sealed class SharedConsumersIpcTests : IpcBehaviour
{
    private protected override (Producer<long> Producer, Consumer<long> Consumer) Make(long capacity)
    {
        var pair = IpcChannel.CreateSharedConsumers(capacity, new IntCodec(), "here");
        return (pair.Producer, pair.Consumer);
    }
}

public sealed class SharedBothIpcTests : IpcBehaviour
{
    private protected override (Producer<long> Producer, Consumer<long> Consumer) Make(long capacity)
    {
        var pair = IpcChannel.CreateBoth(capacity, new IntCodec(), "here");
        return (pair.Producer, pair.Consumer);
    }
}
