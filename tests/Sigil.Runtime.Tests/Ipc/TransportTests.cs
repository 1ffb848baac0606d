using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Scheduling;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Ipc;

/// <summary>What is special about channels between processes: sizes, descriptors, and what a peer can do to the memory that it shares.</summary>
[Collection(nameof(Alone))]
public sealed unsafe class TransportTests
{
    private const string Site = "test.si:1:1 in @test";

    private static readonly BytesCodec s_bytes = new();

    private static SigilList<byte> Block(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return SigilList<byte>.Of(bytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Values_of_every_size_arrive(long capacity)
    {
        int[] sizes = [0, 1, 7, 8, 1000, 65_535, 65_536, 70_000, 1 << 20, (2 << 20) - 64, (2 << 20) + 1, 5 << 20, 12_000_000, 3];
        foreach (var share in (bool[])[false, true])
        {
            var pair = share
                ? Ends(IpcChannel.CreateBoth(capacity, s_bytes, "here"))
                : Ends(IpcChannel.CreateExclusive(capacity, s_bytes, "here"));
            var sender = new Script<int>(Sending);
            var receiver = new Script<int>(Receiving);
            Running.Run(2, Main);

            IEnumerator<Status> Main(Script<int> main)
            {
                var scope = Runtime.Scopes.ParallelScope.Open(main.Task);
                scope.Spawn(sender, Site);
                scope.Spawn(receiver, Site);
                yield return scope.Join(main.Task, Site);
            }

            IEnumerator<Status> Sending(Script<int> self)
            {
                for (var i = 0; i < 3 * sizes.Length; i++) yield return pair.Producer.Send(self.Task, Block(sizes[i % sizes.Length], i), Site);
                pair.Producer.Close();
            }

            IEnumerator<Status> Receiving(Script<int> self)
            {
                for (var i = 0; ; i++)
                {
                    yield return pair.Consumer.Receive(self.Task, out var direct, Site);
                    var received = self.Take(direct);
                    if (!received.HasValue)
                    {
                        Assert.Equal(3 * sizes.Length, i);
                        break;
                    }

                    Assert.True(received.Value.Span.SequenceEqual(Block(sizes[i % sizes.Length], i).Span), $"message {i}");
                }
            }
        }
    }

    [Fact]
    public void The_ring_wraps_with_frames_of_all_lengths()
    {
        var pair = IpcChannel.CreateExclusive(1000, s_bytes, "here");
        var random = new Random(3);
        var under = new Queue<int>();
        for (var i = 0; i < 30_000; i++)
        {
            if (random.Next(100) < 52 && pair.Producer.TrySend(Block(random.Next(i % 1000 == 0 ? 900_000 : 3_000), i)) == Outcome.Done) under.Enqueue(i);
            else if (under.TryDequeue(out var expected))
            {
                var received = pair.Consumer.TryReceive();
                Assert.Equal(Outcome.Done, received.Code);
                var block = Block(received.Value.Count, expected);
                Assert.True(received.Value.Span.SequenceEqual(block.Span));
            }
        }
    }

    [Fact]
    public void Ends_travel_with_their_messages_and_leave_the_sender()
    {
        var codec = new IpcConsumerCodec<long>(new IntCodec());
        var carrier = IpcChannel.CreateExclusive(10, codec, "here");
        var inner = IpcChannel.CreateExclusive(10, new IntCodec(), "here");
        inner.Producer.TrySend(41);
        Assert.Equal(Outcome.Done, carrier.Producer.TrySend(inner.Consumer));
        Assert.False(inner.Consumer.End.IsOpen);
        Assert.False(inner.Producer.IsClosed);
        inner.Producer.TrySend(42);
        var arrived = carrier.Consumer.TryReceive().Value;
        Assert.Equal([41L, 42L], [arrived.TryReceive().Value, arrived.TryReceive().Value]);
        arrived.Close();
        Assert.True(inner.Producer.IsClosed);
    }

    [Fact]
    public void An_end_whose_message_is_never_received_closes()
    {
        var carrier = IpcChannel.CreateExclusive(10, new IpcConsumerCodec<long>(new IntCodec()), "here");
        var inner = IpcChannel.CreateExclusive(10, new IntCodec(), "here");
        Assert.Equal(Outcome.Done, carrier.Producer.TrySend(inner.Consumer));
        carrier.Consumer.Close();
        carrier.Producer.Close();
        Assert.True(inner.Producer.IsClosed);
    }

    [Fact]
    public void A_send_that_fails_leaves_the_end_where_it_was()
    {
        var carrier = IpcChannel.CreateExclusive(1, new IpcConsumerCodec<long>(new IntCodec()), "here");
        var first = IpcChannel.CreateExclusive(1, new IntCodec(), "here");
        var second = IpcChannel.CreateExclusive(1, new IntCodec(), "here");
        Assert.Equal(Outcome.Done, carrier.Producer.TrySend(first.Consumer));
        Assert.Equal(Outcome.Full, carrier.Producer.TrySend(second.Consumer));
        second.Producer.TrySend(5);
        Assert.Equal(5, second.Consumer.TryReceive().Value);
    }

    [Fact]
    public void Each_side_can_write_only_its_own_words()
    {
        var pair = IpcChannel.CreateExclusive(1, new IntCodec(), "here");
        foreach (var end in (RingEnd[])[(RingEnd)pair.Producer.End, (RingEnd)pair.Consumer.End])
        {
            var maps = File.ReadAllLines("/proc/self/maps");
            Assert.StartsWith("rw-s", Permissions(maps, end.Own));
            Assert.StartsWith("r--s", Permissions(maps, end.Other));
        }
    }

    [Fact]
    public void Nonsense_in_the_producers_memory_ends_the_connection_only()
    {
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var pair = round % 2 == 0
                ? Ends(IpcChannel.CreateExclusive(8, PeerProcess.Codec, "here"))
                : Ends(IpcChannel.CreateBoth(8, PeerProcess.Codec, "here"));
            for (var i = 0; i < 5; i++) pair.Producer.TrySend(PeerProcess.Message(i + 30));
            var end = (RingEnd)((IpcProducer<SigilList<long>>)pair.Producer).End;
            var at = new RingPosition(Unsafe.ReadUnaligned<long>(((RingEnd)((IpcConsumer<SigilList<long>>)pair.Consumer).End).Own + RingLayout.PositionAt)).Offset;
            switch (random.Next(4))
            {
                case 0: *(long*)(end.Own + RingLayout.PositionAt) = random.NextInt64(); break;
                case 1: *(int*)(end.Ring + at) = random.Next(); break;
                case 2: *(int*)(end.Ring + at + 4) = random.Next(16); break;
                default:
                    for (var i = 0; i < 100; i++) *(end.Ring + ((at + random.Next(600)) % RingLayout.RingBytes)) = (byte)random.Next(256);
                    break;
            }

            try
            {
                for (var i = 0; i < 10; i++) _ = pair.Consumer.TryReceive();
            }
            catch (SigilPanic panic)
            {
                Assert.Equal("E9203", panic.Info.Code);
                Assert.Equal(Outcome.Closed, pair.Consumer.TryReceive().Code);
            }

            pair.Producer.Close();
            pair.Consumer.Close();
        }
    }

    [Fact]
    public void Nonsense_in_the_consumers_memory_ends_the_connection_only()
    {
        var random = new Random(12);
        for (var round = 0; round < 200; round++)
        {
            var pair = IpcChannel.CreateExclusive(4, PeerProcess.Codec, "here");
            *(long*)(((RingEnd)pair.Consumer.End).Own + RingLayout.PositionAt) = random.NextInt64();
            try
            {
                for (var i = 0; i < 10; i++) _ = pair.Producer.TrySend(PeerProcess.Message(i));
            }
            catch (SigilPanic panic)
            {
                Assert.Equal("E9203", panic.Info.Code);
            }

            pair.Producer.Close();
            pair.Consumer.Close();
        }
    }

    [Fact]
    public void Descriptors_that_are_no_end_are_refused()
    {
        var codec = new IpcConsumerCodec<long>(new IntCodec());
        using var attachments = new Attachments();
        var pair = IpcChannel.CreateExclusive(1, new IntCodec(), "here");
        var frame = Frames.Encode(codec, pair.Consumer, attachments);
        foreach (var wrong in (int[][])[[], [0, 0, 0, 0, 0], [2, 1, 0, 4, 3]])
        {
            using var given = new Attachments();
            foreach (var index in wrong) given.Add(wrong.Distinct().Count() == 5 ? Libc.Duplicate(attachments.Descriptors[index]) : Libc.Duplicate(0));
            Assert.Throws<FrameException>(() => Frames.Decode(codec, frame, given));
        }
    }

    [Fact]
    public void Waiting_costs_no_processor_time()
    {
        var pair = IpcChannel.CreateExclusive(1, new IntCodec(), "here");
        var before = TimeSpan.Zero;
        Running.Run(1, Body);
        Assert.InRange((Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds, 0, 400);

        IEnumerator<Status> Body(Script<int> self)
        {
            before = Process.GetCurrentProcess().TotalProcessorTime;
            yield return pair.Consumer.ReceiveTimeout(self.Task, 1_000_000_000, out var direct, Site);
            Assert.Equal(Outcome.TimedOut, self.Take(direct).Code);
        }
    }

    private static (Producer<T> Producer, Consumer<T> Consumer) Ends<T>(ChannelPair<IpcProducer<T>, IpcConsumer<T>> pair) => (pair.Producer, pair.Consumer);

    private static (Producer<T> Producer, Consumer<T> Consumer) Ends<T>(ChannelPair<SharedIpcProducer<T>, SharedIpcConsumer<T>> pair) => (pair.Producer, pair.Consumer);

    private static string Permissions(string[] maps, byte* address)
    {
        foreach (var line in maps)
        {
            var range = line[..line.IndexOf(' ')].Split('-');
            if ((ulong)address >= Convert.ToUInt64(range[0], 16) && (ulong)address < Convert.ToUInt64(range[1], 16)) return line[(line.IndexOf(' ') + 1)..];
        }

        return "";
    }
}
