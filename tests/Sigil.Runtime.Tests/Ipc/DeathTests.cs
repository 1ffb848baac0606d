using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Ipc;

/// <summary>
/// A peer that dies, at any step of the protocol or at any moment, leaves the other side with every complete message and then
/// closed: never a hang, a torn message or a corrupt ring.
/// </summary>
public sealed class DeathTests
{
    private const string Site = "test.si:1:1 in @test";

    public static TheoryData<string, int> ProducerFaults()
    {
        var data = new TheoryData<string, int>();
        foreach (var point in FaultPoints.All.Where(p => p.StartsWith("send.", StringComparison.Ordinal) && p != FaultPoints.SendAttached))
            foreach (var time in (int[])[1, 30]) data.Add(point, time);
        data.Add(FaultPoints.WaitAnnounced, 1);
        data.Add(FaultPoints.CloseCounted, 1);
        return data;
    }

    public static TheoryData<string, int> ConsumerFaults()
    {
        var data = new TheoryData<string, int>();
        foreach (var point in FaultPoints.All.Where(p => p.StartsWith("receive.", StringComparison.Ordinal) && p != FaultPoints.ReceiveAttached))
            foreach (var time in (int[])[1, 30]) data.Add(point, time);
        data.Add(FaultPoints.WaitAnnounced, 1);
        return data;
    }

    [Theory]
    [MemberData(nameof(ProducerFaults))]
    public void A_producer_that_dies_leaves_what_it_completed(string point, int time) => ProducerDies(4, point, time);

    [Theory]
    [MemberData(nameof(ProducerFaults))]
    public void Without_a_buffer_too(string point, int time) => ProducerDies(0, point, time);

    private static void ProducerDies(int capacity, string point, int time)
    {
        const int total = 500;
        var pair = IpcChannel.CreateExclusive(capacity, PeerProcess.Codec, "here");
        using var peer = PeerProcess.Producing(pair.Producer, total, $"{point}:{time}");
        var received = Receiver.All(pair.Consumer, PeerProcess.NumberOf, []);
        Assert.Equal(Enumerable.Range(0, received.Count).Select(i => (long)i), received);
        if (point == FaultPoints.SendCommitted) Assert.Equal(time, received.Count);
        if (point == FaultPoints.SendWritten) Assert.Equal(time - 1, received.Count);
        if (point == FaultPoints.CloseCounted) Assert.Equal(total, received.Count);
        Assert.InRange(received.Count, 0, total);
    }

    [Theory]
    [MemberData(nameof(ConsumerFaults))]
    public void A_consumer_that_dies_closes_the_channel(string point, int time) => ConsumerDies(4, point, time);

    [Theory]
    [MemberData(nameof(ConsumerFaults))]
    public void A_consumer_that_dies_closes_a_channel_without_buffer(string point, int time) => ConsumerDies(0, point, time);

    private static void ConsumerDies(int capacity, string point, int time)
    {
        var pair = IpcChannel.CreateExclusive(capacity, PeerProcess.Codec, "here");
        using var peer = PeerProcess.Consuming(pair.Consumer, int.MaxValue, $"{point}:{time}");
        Running.Run(1, Body);
        pair.Producer.Close();

        IEnumerator<Status> Body(Script<int> self)
        {
            for (var i = 0L; ; i++)
            {
                yield return pair.Producer.SendTimeout(self.Task, PeerProcess.Message(i), Receiver.Patience, out var outcome, Site);
                outcome = self.Take(outcome);
                if (outcome == Outcome.Closed) break;
                Assert.Equal(Outcome.Done, outcome);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ProducerFaults))]
    public void One_of_several_producers_dies_and_the_others_go_on(string point, int time)
    {
        const int mine = 300;
        var pair = IpcChannel.CreateSharedProducers(8, PeerProcess.Codec, "here");
        using var peer = PeerProcess.Producing(pair.Producer.Clone(Site), 200, $"{point}:{time}");
        var received = Receiver.All(pair.Consumer, PeerProcess.NumberOf, [], self => SendMine(self, pair.Producer, mine));
        Assert.Equal(Enumerable.Range(0, mine).Select(i => 1_000_000L + i), received.Where(n => n >= 1_000_000));
        var theirs = received.Where(n => n < 1_000_000).ToList();
        Assert.Equal(Enumerable.Range(0, theirs.Count).Select(i => (long)i), theirs);
    }

    [Theory]
    [MemberData(nameof(ConsumerFaults))]
    public void One_of_several_consumers_dies_with_what_it_had_taken_only(string point, int time) => OneConsumerDies(4, 2_000, point, time);

    [Theory]
    [MemberData(nameof(ConsumerFaults))]
    public void One_of_several_that_meet_dies_with_what_it_had_taken_only(string point, int time) => OneConsumerDies(0, 300, point, time);

    private static void OneConsumerDies(int capacity, int total, string point, int time)
    {
        var pair = IpcChannel.CreateSharedConsumers(capacity, PeerProcess.Codec, "here");
        using var peer = PeerProcess.Consuming(pair.Consumer.Clone(Site), int.MaxValue, $"{point}:{time}");
        var received = Receiver.All(pair.Consumer, PeerProcess.NumberOf, [], self => Send(self, pair.Producer, total));
        Assert.Equal(received.Order(), received);
        Assert.Equal(received.Distinct().Count(), received.Count);
        Assert.InRange(total - received.Count, 0, point == FaultPoints.WaitAnnounced ? total : time);
    }

    /// <summary><c>SIGIL_IPC_KILLS</c> asks for more rounds.</summary>
    [Fact]
    public void Killed_at_any_moment()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("SIGIL_IPC_KILLS"), out var wanted) ? wanted : 12;
        var random = new Random();
        for (var round = 0; round < rounds; round++)
        {
            var capacity = random.Next(0, 20);
            // A small buffer takes a turn of both sides for every few values.
            var mine = 1_000 * (capacity + 1);
            var pair = IpcChannel.CreateBoth(capacity, PeerProcess.Codec, "here");
            using var producer = PeerProcess.Producing(pair.Producer.Clone(Site), int.MaxValue);
            using var consumer = PeerProcess.Consuming(pair.Consumer.Clone(Site), int.MaxValue);
            var delay = random.Next(0, 60_000);
            var isProducerFirst = random.Next(2) == 0;
            var killer = new Thread(() =>
            {
                Pause(50_000 + delay);
                (isProducerFirst ? producer : consumer).Kill();
                Pause(random.Next(0, 20_000));
                (isProducerFirst ? consumer : producer).Kill();
            });
            killer.Start();
            List<long> received = [];
            try
            {
                Receiver.All(pair.Consumer, PeerProcess.NumberOf, received, self => SendMine(self, pair.Producer, mine));
            }
            catch (TimeoutException fault)
            {
                // Whether it hangs or is slow shows in what moves meanwhile.
                var before = $"{received.Count} received; {RingState.Of(pair.Producer, pair.Consumer)}";
                Thread.Sleep(2_000);
                throw new TimeoutException($"round {round}, capacity {capacity}: {before}; 2 s later {received.Count} received; {RingState.Of(pair.Producer, pair.Consumer)}", fault);
            }

            killer.Join();
            Assert.Equal(received.Distinct().Count(), received.Count);
            foreach (var side in (IEnumerable<long>[])[received.Where(n => n < 1_000_000), received.Where(n => n >= 1_000_000)]) Assert.Equal(side.Order(), side);
        }
    }

    private static void Pause(int micros)
    {
        var until = DateTime.UtcNow.AddMicroseconds(micros);
        while (DateTime.UtcNow < until) Thread.Yield();
    }

    private static IEnumerator<Status> SendMine(Script<int> self, Producer<SigilList<long>> producer, int count)
    {
        for (var i = 0; i < count; i++) yield return producer.Send(self.Task, PeerProcess.Message(1_000_000 + i), Site);
        producer.Close();
    }

    private static IEnumerator<Status> Send(Script<int> self, Producer<SigilList<long>> producer, int count)
    {
        for (var i = 0; i < count; i++) yield return producer.Send(self.Task, PeerProcess.Message(i), Site);
        producer.Close();
    }
}
