using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Scheduling;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Ipc;

/// <summary>A peer dies between the descriptors of a message and the message itself, or after it has taken them: nothing is torn, lost twice or left open.</summary>
[Collection(nameof(Alone))]
public sealed class AttachedDeathTests
{
    private const string Site = "test.si:1:1 in @test";

    public static TheoryData<string, int> ProducerFaults() => Times(FaultPoints.SendAttached, FaultPoints.SendWritten, FaultPoints.SendCommitted);

    public static TheoryData<string, int> ConsumerFaults() => Times(FaultPoints.ReceiveFound, FaultPoints.ReceiveAttached, FaultPoints.ReceiveCopied, FaultPoints.ReceiveReleased);

    private static TheoryData<string, int> Times(params string[] points)
    {
        var data = new TheoryData<string, int>();
        foreach (var point in points)
            foreach (var time in (int[])[1, 2, 7]) data.Add(point, time);
        return data;
    }

    private static int Complete(string point, int time) => point == FaultPoints.SendCommitted ? time : time - 1;

    // The number inside an end is sent before the end is, by the same process; it has no descriptors.
    private static int CompleteEnds(string point, int time) => point switch
    {
        FaultPoints.SendCommitted => time / 2,
        FaultPoints.SendWritten => (time - 1) / 2,
        _ => time - 1,
    };

    [Theory]
    [MemberData(nameof(ProducerFaults))]
    public void Ends_of_a_producer_that_dies_arrive_whole_or_not_at_all(string point, int time)
    {
        var before = OpenFiles();
        var pair = IpcChannel.CreateExclusive(3, PeerProcess.Ends, "here");
        using (PeerProcess.ProducingEnds(pair.Producer, 50, $"{point}:{time}"))
        {
            var numbers = Receiver.All(pair.Consumer, PeerProcess.NumberIn, []);
            Assert.Equal(Enumerable.Range(0, CompleteEnds(point, time)).Select(i => (long)i), numbers);
        }

        Assert.InRange(OpenFiles() - before, int.MinValue, 2);
    }

    [Theory]
    [MemberData(nameof(ProducerFaults))]
    public void Large_values_of_a_producer_that_dies_arrive_whole_or_not_at_all(string point, int time)
    {
        var pair = IpcChannel.CreateExclusive(3, PeerProcess.Blocks, "here");
        using var peer = PeerProcess.ProducingBlocks(pair.Producer, 50, $"{point}:{time}");
        var blocks = Receiver.All(pair.Consumer, b => b, []);
        Assert.Equal(Complete(point, time), blocks.Count);
        for (var i = 0; i < blocks.Count; i++) Assert.True(blocks[i].Span.SequenceEqual(PeerProcess.Block(i).Span), $"block {i}");
    }

    /// <summary>The descriptors that it left behind must not be taken for those of the next message.</summary>
    [Theory]
    [MemberData(nameof(ProducerFaults))]
    public void Other_producers_go_on_behind_what_a_dead_one_left(string point, int time)
    {
        const int mine = 20;
        var pair = IpcChannel.CreateSharedProducers(4, PeerProcess.Ends, "here");
        using var peer = PeerProcess.ProducingEnds(pair.Producer.Clone(Site), 50, $"{point}:{time}");
        var ends = Receiver.All(pair.Consumer, m => m, [], self => SendMine(self, pair.Producer));
        var numbers = ends.ConvertAll(PeerProcess.NumberIn);
        Assert.Equal(Enumerable.Range(0, mine).Select(i => 1_000L + i), numbers.Where(n => n >= 1_000));
        Assert.Equal(Enumerable.Range(0, CompleteEnds(point, time)).Select(i => (long)i), numbers.Where(n => n < 1_000));

        static IEnumerator<Status> SendMine(Script<int> self, Producer<IpcConsumer<long>> producer)
        {
            for (var i = 0; i < mine; i++) yield return producer.Send(self.Task, PeerProcess.EndWith(1_000 + i), Site);
            producer.Close();
        }
    }

    [Theory]
    [MemberData(nameof(ConsumerFaults))]
    public void A_consumer_that_dies_with_ends_in_hand_closes_them(string point, int time)
    {
        var before = OpenFiles();
        var pair = IpcChannel.CreateExclusive(3, PeerProcess.Ends, "here");
        var inner = new List<IpcProducer<long>>();
        using (PeerProcess.ConsumingEnds(pair.Consumer, $"{point}:{time}"))
        {
            Running.Run(1, Body);
            pair.Producer.Close();
        }

        // What it had, and what it never got, is closed; the end that could not be sent is still ours.
        foreach (var producer in inner)
        {
            Assert.True(SpinWait.SpinUntil(() => producer.IsClosed, 10_000));
            producer.Close();
        }

        Assert.InRange(OpenFiles() - before, int.MinValue, 2);

        IEnumerator<Status> Body(Script<int> self)
        {
            while (true)
            {
                var next = IpcChannel.CreateExclusive(1, new IntCodec(), "here");
                next.Producer.TrySend(inner.Count);
                var held = next.Consumer;
                inner.Add(next.Producer);
                // A consumer reads until it is told that no more will come.
                yield return pair.Producer.SendTimeout(self.Task, held, Receiver.Patience, out var outcome, Site);
                outcome = self.Take(outcome);
                if (outcome == Outcome.Done)
                {
                    next.Producer.Close();
                    inner.RemoveAt(inner.Count - 1);
                    continue;
                }

                Assert.Equal(Outcome.Closed, outcome);
                held.Close();
                break;
            }
        }
    }

    [Theory]
    [MemberData(nameof(ConsumerFaults))]
    public void A_consumer_that_dies_with_a_large_value_in_hand_leaves_the_rest_to_the_others(string point, int time)
    {
        const int total = 12;
        var pair = IpcChannel.CreateSharedConsumers(2, PeerProcess.Blocks, "here");
        using var peer = PeerProcess.ConsumingBlocks(pair.Consumer.Clone(Site), $"{point}:{time}");
        var received = Receiver.All(pair.Consumer, m => m, [], self => SendBlocks(self, pair.Producer));
        var sums = Enumerable.Range(0, total).Select(i => Checksum(PeerProcess.Block(i))).ToList();
        var places = received.ConvertAll(b => sums.IndexOf(Checksum(b)));
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.InRange(total - places.Count, 0, time);

        static IEnumerator<Status> SendBlocks(Script<int> self, Producer<SigilList<byte>> producer)
        {
            for (var i = 0; i < total; i++) yield return producer.Send(self.Task, PeerProcess.Block(i), Site);
            producer.Close();
        }
    }

    private static long Checksum(SigilList<byte> block)
    {
        var sum = 17L;
        foreach (var b in block.Span) sum = (sum * 31) + b;
        return sum;
    }

    private static int OpenFiles() => Directory.GetFiles("/proc/self/fd").Length;
}
