using System.Diagnostics;
using System.Net.Sockets;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Ipc;

/// <summary>
/// The other process of the tests: this very assembly, started with a role in its environment. It gets its end of a channel over a
/// Unix socket.
/// </summary>
internal sealed class PeerProcess : IDisposable
{
    private const string Role = "SIGIL_TEST_PEER";
    private const string Site = "peer.si:1:1 in @peer";

    private readonly Process _process;
    private readonly string _path;

    private PeerProcess(Process process, string path)
    {
        _process = process;
        _path = path;
    }

    /// <summary>Messages whose content can be checked: the number, and as many values derived from it as it says.</summary>
    internal static Codec<SigilList<long>> Codec { get; } = new ListCodec<long>(new IntCodec());

    internal bool HasExited => _process.HasExited;

    internal static SigilList<long> Message(long number) =>
        SigilList<long>.Of([number, .. Enumerable.Range(1, (int)(number % 40)).Select(i => number * i)]);

    /// <summary>The number of an untorn message.</summary>
    internal static long NumberOf(SigilList<long> message)
    {
        var number = message.Span[0];
        Assert.True(message.Span.SequenceEqual(Message(number).Span), "a torn message");
        return number;
    }

    /// <summary>Starts a process that sends <paramref name="count"/> messages and closes.</summary>
    internal static PeerProcess Producing(IpcProducer<SigilList<long>> end, int count, string? fault = null) =>
        Start("produce", new IpcProducerCodec<SigilList<long>>(Codec), end, count, fault);

    /// <summary>Starts a process that receives at most <paramref name="count"/> messages and closes.</summary>
    internal static PeerProcess Consuming(IpcConsumer<SigilList<long>> end, int count, string? fault = null) =>
        Start("consume", new IpcConsumerCodec<SigilList<long>>(Codec), end, count, fault);

    // ---- messages with descriptors ----

    internal static Codec<SigilList<byte>> Blocks { get; } = new BytesCodec();

    internal static Codec<IpcConsumer<long>> Ends { get; } = new IpcConsumerCodec<long>(new IntCodec());

    /// <summary>A value larger than a ring takes; it goes through a file of its own.</summary>
    internal static SigilList<byte> Block(int number)
    {
        var bytes = new byte[(2 << 20) + 4096];
        new Random(number).NextBytes(bytes);
        return SigilList<byte>.Of(bytes);
    }

    /// <summary>An end that holds one number, and whose other side is closed.</summary>
    internal static IpcConsumer<long> EndWith(int number)
    {
        var pair = IpcChannel.CreateExclusive(1, new IntCodec(), "here");
        pair.Producer.TrySend(number);
        pair.Producer.Close();
        return pair.Consumer;
    }

    /// <summary>The number in an end that is whole.</summary>
    internal static long NumberIn(IpcConsumer<long> end)
    {
        var number = end.TryReceive().Value;
        Assert.Equal(Outcome.Closed, end.TryReceive().Code);
        end.Close();
        return number;
    }

    internal static PeerProcess ProducingBlocks(IpcProducer<SigilList<byte>> end, int count, string fault) =>
        Start("produce-blocks", new IpcProducerCodec<SigilList<byte>>(Blocks), end, count, fault);

    internal static PeerProcess ConsumingBlocks(IpcConsumer<SigilList<byte>> end, string fault) =>
        Start("consume-blocks", new IpcConsumerCodec<SigilList<byte>>(Blocks), end, 0, fault);

    internal static PeerProcess ProducingEnds(IpcProducer<IpcConsumer<long>> end, int count, string fault) =>
        Start("produce-ends", new IpcProducerCodec<IpcConsumer<long>>(Ends), end, count, fault);

    internal static PeerProcess ConsumingEnds(IpcConsumer<IpcConsumer<long>> end, string fault) =>
        Start("consume-ends", new IpcConsumerCodec<IpcConsumer<long>>(Ends), end, 0, fault);

    private static IEnumerator<Status> ProduceBlocks(Script<int> self, IpcProducer<SigilList<byte>> end, int count)
    {
        for (var i = 0; i < count; i++) yield return end.Send(self.Task, Block(i), Site);
        end.Close();
    }

    private static IEnumerator<Status> ConsumeBlocks(Script<int> self, IpcConsumer<SigilList<byte>> end)
    {
        while (true)
        {
            yield return end.Receive(self.Task, out var direct, Site);
            if (!self.Take(direct).HasValue) break;
        }

        end.Close();
    }

    private static IEnumerator<Status> ProduceEnds(Script<int> self, IpcProducer<IpcConsumer<long>> end, int count)
    {
        for (var i = 0; i < count; i++) yield return end.Send(self.Task, EndWith(i), Site);
        end.Close();
    }

    private static IEnumerator<Status> ConsumeEnds(Script<int> self, IpcConsumer<IpcConsumer<long>> end)
    {
        while (true)
        {
            yield return end.Receive(self.Task, out var direct, Site);
            var received = self.Take(direct);
            if (!received.HasValue) break;
            NumberIn(received.Value);
        }

        end.Close();
    }

    internal void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(_path);
    }

    private static PeerProcess Start<E>(string role, Codec<E> codec, E end, int count, string? fault)
    {
        var path = Path.Combine(Path.GetTempPath(), $"sigil-peer-{Guid.NewGuid():N}");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(PeerProcess).Assembly.Location);
        start.Environment[Role] = $"{role}|{count}|{path}";
        start.Environment["SIGIL_IPC_FAULT"] = fault ?? "";
        start.Environment["DOTNET_TieredPGO"] = "0";
        var peer = new PeerProcess(Process.Start(start)!, path);
        using var connection = listener.Accept();
        using var attachments = new Attachments();
        var frame = Frames.Encode(codec, end, attachments);
        Assert.True(DescriptorSocket.TrySend((int)connection.Handle, frame, attachments.Descriptors));
        attachments.Sent();
        return peer;
    }

    /// <summary>Plays the role that the environment names; false when it names none.</summary>
    internal static bool TryPlay()
    {
        if (Environment.GetEnvironmentVariable(Role)?.Split('|') is not [var role, var count, var path]) return false;
        using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        connection.Connect(new UnixDomainSocketEndPoint(path));
        using var attachments = new Attachments();
        var bytes = new byte[4096];
        connection.Blocking = true;
        var length = DescriptorSocket.Receive((int)connection.Handle, bytes, attachments, wait: true);
        var frame = bytes.AsMemory(0, length);
        try
        {
            if (role == "produce-blocks") Running.Run(1, self => ProduceBlocks(self, Frames.Decode(new IpcProducerCodec<SigilList<byte>>(Blocks), frame, attachments), int.Parse(count)));
            else if (role == "consume-blocks") Running.Run(1, self => ConsumeBlocks(self, Frames.Decode(new IpcConsumerCodec<SigilList<byte>>(Blocks), frame, attachments)));
            else if (role == "produce-ends") Running.Run(1, self => ProduceEnds(self, Frames.Decode(new IpcProducerCodec<IpcConsumer<long>>(Ends), frame, attachments), int.Parse(count)));
            else if (role == "consume-ends") Running.Run(1, self => ConsumeEnds(self, Frames.Decode(new IpcConsumerCodec<IpcConsumer<long>>(Ends), frame, attachments)));
            else if (role == "produce") Produce(Frames.Decode(new IpcProducerCodec<SigilList<long>>(Codec), frame, attachments), int.Parse(count));
            else Consume(Frames.Decode(new IpcConsumerCodec<SigilList<long>>(Codec), frame, attachments), int.Parse(count));
        }
        catch (SigilPanic)
        {
            // The other side has gone.
        }

        return true;
    }

    private static void Produce(IpcProducer<SigilList<long>> end, int count) => Running.Run(1, self => Produce(self, end, count));

    private static void Consume(IpcConsumer<SigilList<long>> end, int count) => Running.Run(1, self => Consume(self, end, count));

    private static IEnumerator<Status> Produce(Script<int> self, IpcProducer<SigilList<long>> end, int count)
    {
        for (var i = 0; i < count; i++) yield return end.Send(self.Task, Message(i), Site);
        end.Close();
    }

    private static IEnumerator<Status> Consume(Script<int> self, IpcConsumer<SigilList<long>> end, int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return end.Receive(self.Task, out var direct, Site);
            var received = self.Take(direct);
            if (!received.HasValue) break;
            NumberOf(received.Value);
        }

        end.Close();
    }
}
