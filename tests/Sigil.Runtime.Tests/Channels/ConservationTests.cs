using Sigil.Runtime.Channels;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;

namespace Sigil.Runtime.Tests.Channels;

/// <summary>Nothing is lost or doubled when operations time out and are cancelled all the time.</summary>
public class ConservationTests
{
    private const string Site = "test.si:1:1 in @test";

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(1, 4, 1)]
    [InlineData(1, 1, 4)]
    [InlineData(0, 4, 4)]
    [InlineData(2, 4, 4)]
    [InlineData(64, 4, 4)]
    public void Sent_equals_received(long capacity, int producers, int consumers)
    {
        const int perProducer = 4_000;
        var ends = Ends(capacity, producers, consumers);
        var received = new long[consumers];
        var sums = new long[consumers];
        var timeouts = 0;
        Running.Run(2, Body);
        Assert.Equal((long)producers * perProducer, received.Sum());
        Assert.Equal(producers * ((long)perProducer * (perProducer - 1) / 2), sums.Sum());

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            for (var i = 0; i < producers; i++)
            {
                var mine = ends.Producers[i];
                scope.Spawn(new Script<int>(self => Sending(self, mine)), Site);
            }

            for (var i = 0; i < consumers; i++)
            {
                var index = i;
                scope.Spawn(new Script<int>(self => Receiving(self, ends.Consumers[index], index)), Site);
            }

            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Sending(Script<int> self, Producer<long> producer)
        {
            var random = new Random(1);
            for (var i = 0; i < perProducer; i++)
            {
                while (true)
                {
                    yield return producer.SendTimeout(self.Task, i, random.Next(3) * 20_000, out var direct, Site);
                    var outcome = self.Take(direct);
                    if (outcome == Outcome.Done) break;
                    Assert.Equal(Outcome.TimedOut, outcome);
                    Interlocked.Increment(ref timeouts);
                }
            }

            producer.Close();
        }

        IEnumerator<Status> Receiving(Script<int> self, Consumer<long> consumer, int index)
        {
            var random = new Random(2);
            while (true)
            {
                yield return consumer.ReceiveTimeout(self.Task, random.Next(3) * 20_000, out var direct, Site);
                var got = self.Take(direct);
                if (got.Code == Outcome.Closed) break;
                if (got.Code == Outcome.TimedOut) continue;
                received[index]++;
                sums[index] += got.Value;
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_receive_that_is_cancelled_from_outside_has_taken_nothing(long capacity)
    {
        const int n = 3_000;
        foreach (var shared in (bool[])[false, true])
        {
            var ends = shared ? Ends(capacity, 2, 2) : Ends(capacity, 1, 1);
            if (shared)
            {
                ends.Producers[1].Close();
                ends.Consumers[1].Close();
            }

            var received = 0L;
            Running.Run(2, Body);
            Assert.Equal((long)n * (n - 1) / 2, received);

            IEnumerator<Status> Body(Script<int> main)
            {
                var scope = ParallelScope.Open(main.Task);
                scope.Spawn(new Script<int>(Sending), Site);
                scope.Spawn(new Script<int>(Receiving), Site);
                yield return scope.Join(main.Task, Site);
            }

            IEnumerator<Status> Sending(Script<int> self)
            {
                for (var i = 0; i < n; i++) yield return ends.Producers[0].Send(self.Task, i, Site);
                ends.Producers[0].Close();
            }

            IEnumerator<Status> Receiving(Script<int> self)
            {
                var done = false;
                while (!done)
                {
                    var attempt = new Script<int>(Attempt) { SeesCancellation = true };
                    yield return attempt.Resume(self.Task);
                }

                IEnumerator<Status> Attempt(Script<int> inner)
                {
                    var scope = inner.Task.PushScope(30_000);
                    yield return ends.Consumers[0].Receive(inner.Task, out var direct, Site);
                    if (inner.CalleeStatus == Status.Cancelled)
                    {
                        Assert.True(inner.Task.TryCatchCancellation(scope));
                        inner.CalleeStatus = Status.Completed;
                        yield break;
                    }

                    inner.Task.PopScope(scope);
                    var got = inner.Take(direct);
                    if (got.HasValue) received += got.Value;
                    else done = true;
                }
            }
        }
    }

    private static (Producer<long>[] Producers, Consumer<long>[] Consumers) Ends(long capacity, int producers, int consumers)
    {
        if (producers == 1 && consumers == 1)
        {
            var pair = Channel.CreateExclusive<long>(capacity, "here");
            return ([pair.Producer], [pair.Consumer]);
        }

        if (consumers == 1)
        {
            var pair = Channel.CreateSharedProducers<long>(capacity, "here");
            return ([pair.Producer, .. Enumerable.Range(1, producers - 1).Select(_ => pair.Producer.Clone())], [pair.Consumer]);
        }

        if (producers == 1)
        {
            var pair = Channel.CreateSharedConsumers<long>(capacity, "here");
            return ([pair.Producer], [pair.Consumer, .. Enumerable.Range(1, consumers - 1).Select(_ => pair.Consumer.Clone())]);
        }

        var both = Channel.CreateBoth<long>(capacity, "here");
        return (
            [both.Producer, .. Enumerable.Range(1, producers - 1).Select(_ => both.Producer.Clone())],
            [both.Consumer, .. Enumerable.Range(1, consumers - 1).Select(_ => both.Consumer.Clone())]);
    }
}
