using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;

namespace Sigil.Runtime.Tests.Channels;

public class BroadcastTests
{
    private const string Site = "test.si:1:1 in @test";

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 3, 2)]
    [InlineData(16, 4, 2)]
    [InlineData(10_000, 3, 2)]
    public void Every_consumer_sees_every_value(long capacity, int consumers, int workers)
    {
        const int n = 12_000;
        var (producer, first) = Channel.CreateBroadcast<long>(capacity, dropsOldest: false, Site) is var pair ? (pair.Producer, pair.Consumer) : default;
        var ends = Enumerable.Range(0, consumers - 1).Select(_ => first.Clone()).Append(first).ToArray();
        var sums = new long[consumers];
        Running.Run(workers, Body);
        Assert.All(sums, sum => Assert.Equal((long)n * (n - 1) / 2, sum));

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(Sending), Site);
            for (var i = 0; i < consumers; i++)
            {
                var index = i;
                scope.Spawn(new Script<int>(self => Receiving(self, index)), Site);
            }

            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Sending(Script<int> self)
        {
            for (var i = 0; i < n; i++) yield return producer.Send(self.Task, i, Site);
            producer.Close();
        }

        IEnumerator<Status> Receiving(Script<int> self, int index)
        {
            for (var i = 0; ; i++)
            {
                yield return ends[index].Receive(self.Task, out var direct, Site);
                var got = self.Take(direct);
                if (!got.HasValue) break;
                Assert.Equal(i, got.Value);
                sums[index] += got.Value;
            }
        }
    }

    [Fact]
    public void A_clone_sees_what_is_sent_later()
    {
        var pair = Channel.CreateBroadcast<long>(4, dropsOldest: false, Site);
        pair.Producer.TrySend(1);
        var late = pair.Consumer.Clone();
        pair.Producer.TrySend(2);
        Assert.Equal(2, pair.Consumer.Length);
        Assert.Equal(ReceiveOutcome<long>.Received(2), late.TryReceive());
        Assert.Equal(ReceiveOutcome<long>.Received(1), pair.Consumer.TryReceive());
        pair.Producer.Close();
        Assert.Equal(Outcome.Closed, late.TryReceive().Code);
        Assert.False(pair.Consumer.IsClosed);
        Assert.Equal(ReceiveOutcome<long>.Received(2), pair.Consumer.TryReceive());
        Assert.True(pair.Consumer.IsClosed);
    }

    [Fact]
    public void The_slowest_consumer_holds_the_producer_until_it_closes()
    {
        var pair = Channel.CreateBroadcast<long>(2, dropsOldest: false, Site);
        var slow = pair.Consumer.Clone();
        pair.Producer.TrySend(1);
        pair.Producer.TrySend(2);
        pair.Consumer.TryReceive();
        pair.Consumer.TryReceive();
        Assert.Equal(Outcome.Full, pair.Producer.TrySend(3));
        slow.Close();
        Assert.Equal(Outcome.Done, pair.Producer.TrySend(3));
        Assert.Equal(ReceiveOutcome<long>.Received(3), pair.Consumer.TryReceive());
        pair.Consumer.Close();
        Assert.Equal(Outcome.Closed, pair.Producer.TrySend(4));
    }

    [Fact]
    public void Lagging_consumers_lose_the_oldest()
    {
        var pair = Channel.CreateBroadcast<long>(3, dropsOldest: true, Site);
        var quick = pair.Consumer.Clone();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(Outcome.Done, pair.Producer.TrySend(i));
            Assert.Equal(ReceiveOutcome<long>.Received(i), quick.TryReceive());
        }

        Assert.Equal(3, pair.Consumer.Length);
        for (var i = 7; i < 10; i++) Assert.Equal(ReceiveOutcome<long>.Received(i), pair.Consumer.TryReceive());
        Assert.Equal(Outcome.Empty, pair.Consumer.TryReceive().Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void The_buffer_holds_at_least_one(long capacity) =>
        Assert.Equal("E6009", Assert.Throws<SigilPanic>(() => Channel.CreateBroadcast<long>(capacity, dropsOldest: false, Site)).Info.Code);
}
