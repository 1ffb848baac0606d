using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Channels;

/// <summary>What every channel does, whatever its sharing mode and capacity.</summary>
public abstract class ChannelBehaviour
{
    private const string Site = "test.si:1:1 in @test";

    public static TheoryData<long> Capacities => [0, 1, 2, 10, 1024];

    private protected abstract (Producer<long> Producer, Consumer<long> Consumer) Make(long capacity);

    [Theory]
    [MemberData(nameof(Capacities))]
    public void Values_arrive_in_order_and_then_the_end(long capacity)
    {
        const int n = 5_000;
        foreach (var workers in (int[])[1, 2])
        {
            var (producer, consumer) = Make(capacity);
            Running.Together(workers, Filling(producer, n), Checking);

            IEnumerator<Status> Checking(Script<int> self)
            {
                for (var i = 0; ; i++)
                {
                    yield return consumer.Receive(self.Task, out var direct, Site);
                    var got = self.Take(direct);
                    Assert.Equal(i < n, got.HasValue);
                    if (!got.HasValue) break;
                    Assert.Equal(i, got.Value);
                }

                Assert.True(consumer.IsClosed);
                yield return consumer.Receive(self.Task, out var again, Site);
                Assert.False(self.Take(again).HasValue);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void Without_waiting(long capacity)
    {
        var (producer, consumer) = Make(capacity);
        Assert.Equal(capacity, producer.Capacity);
        Assert.Equal(capacity, consumer.Capacity);
        Assert.Equal(Outcome.Empty, consumer.TryReceive().Code);
        for (var i = 0; i < capacity; i++) Assert.Equal(Outcome.Done, producer.TrySend(i));
        Assert.Equal(Outcome.Full, producer.TrySend(-1));
        Assert.Equal(capacity, producer.Length);
        Assert.Equal(capacity, consumer.Length);
        for (var i = 0; i < capacity; i++) Assert.Equal(ReceiveOutcome<long>.Received(i), consumer.TryReceive());
        Assert.Equal(Outcome.Empty, consumer.TryReceive().Code);
        producer.Close();
        producer.Close();
        Assert.Equal(Outcome.Closed, consumer.TryReceive().Code);
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void Closing_the_producer_keeps_what_is_buffered(long capacity)
    {
        var (producer, consumer) = Make(capacity);
        for (var i = 0; i < capacity; i++) producer.TrySend(i);
        producer.Drop();
        for (var i = 0; i < capacity; i++) Assert.Equal(ReceiveOutcome<long>.Received(i), consumer.TryReceive());
        Assert.Equal(Outcome.Closed, consumer.TryReceive().Code);
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void Closing_the_consumer_refuses_sends(long capacity)
    {
        var (producer, consumer) = Make(capacity);
        producer.TrySend(1);
        Assert.False(producer.IsClosed);
        consumer.Close();
        consumer.Close();
        Assert.True(producer.IsClosed);
        Assert.Equal(Outcome.Closed, producer.TrySend(2));
        var panic = Assert.Throws<SigilPanic>(() => Running.Together(1, Body));
        Assert.Equal("ChannelClosed", panic.Info.Code);
        Assert.Equal(Site, panic.Info.Site);

        IEnumerator<Status> Body(Script<int> self)
        {
            yield return producer.Offer(self.Task, 3, out var outcome, Site);
            Assert.Equal(Outcome.Closed, self.Take(outcome));
            yield return producer.SendTimeout(self.Task, 3, 1_000_000, out outcome, Site);
            Assert.Equal(Outcome.Closed, self.Take(outcome));
            yield return producer.Send(self.Task, 4, Site);
        }
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void A_waiting_send_learns_that_the_consumer_has_closed(long capacity)
    {
        foreach (var workers in (int[])[1, 2])
        {
            var (producer, consumer) = Make(capacity);
            for (var i = 0; i < capacity; i++) producer.TrySend(i);
            var sender = new Script<int>(Offering);
            Running.Together(workers, sender, new Script<int>(Closing));

            IEnumerator<Status> Offering(Script<int> self)
            {
                yield return producer.Offer(self.Task, -1, out var outcome, Site);
                Assert.Equal(Outcome.Closed, self.Take(outcome));
            }

            IEnumerator<Status> Closing(Script<int> self)
            {
                while (!sender.IsParked) yield return Sleeping.YieldNow(self.Task, Site);
                consumer.Close();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void A_waiting_send_panics_when_the_consumer_closes(long capacity)
    {
        var (producer, consumer) = Make(capacity);
        for (var i = 0; i < capacity; i++) producer.TrySend(i);
        var sender = new Script<int>(Sending);
        var panic = Assert.Throws<SigilPanic>(() => Running.Together(2, sender, new Script<int>(Closing)));
        Assert.Equal("ChannelClosed", panic.Info.Code);

        IEnumerator<Status> Sending(Script<int> self)
        {
            yield return producer.Send(self.Task, -1, Site);
            Assert.Fail("sent into nowhere");
        }

        IEnumerator<Status> Closing(Script<int> self)
        {
            while (!sender.IsParked) yield return Sleeping.YieldNow(self.Task, Site);
            consumer.Close();
        }
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void A_waiting_receive_learns_that_the_producer_has_closed(long capacity)
    {
        foreach (var workers in (int[])[1, 2])
        {
            var (producer, consumer) = Make(capacity);
            var receiver = new Script<int>(Receiving);
            Running.Together(workers, receiver, new Script<int>(Closing));

            IEnumerator<Status> Receiving(Script<int> self)
            {
                yield return consumer.Receive(self.Task, out var direct, Site);
                Assert.False(self.Take(direct).HasValue);
            }

            IEnumerator<Status> Closing(Script<int> self)
            {
                while (!receiver.IsParked) yield return Sleeping.YieldNow(self.Task, Site);
                producer.Close();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void Timeouts_have_no_effect_on_the_channel(long capacity)
    {
        var (producer, consumer) = Make(capacity);
        Running.Together(1, Body);

        IEnumerator<Status> Body(Script<int> self)
        {
            foreach (var after in (long[])[0, 1_000_000])
            {
                yield return consumer.ReceiveTimeout(self.Task, after, out var direct, Site);
                Assert.Equal(Outcome.TimedOut, self.Take(direct).Code);
                for (var i = 0; i < capacity; i++) Assert.Equal(Outcome.Done, producer.TrySend(i));
                yield return producer.SendTimeout(self.Task, -1, after, out var outcome, Site);
                Assert.Equal(Outcome.TimedOut, self.Take(outcome));
                for (var i = 0; i < capacity; i++) Assert.Equal(ReceiveOutcome<long>.Received(i), consumer.TryReceive());
                Assert.Equal(Outcome.Empty, consumer.TryReceive().Code);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void A_deadline_that_is_not_reached_delivers(long capacity)
    {
        var (producer, consumer) = Make(capacity);
        Running.Together(2, Sending, Receiving);

        IEnumerator<Status> Sending(Script<int> self)
        {
            for (var i = 0; i < 100; i++)
            {
                yield return producer.SendTimeout(self.Task, i, 20_000_000_000, out var outcome, Site);
                Assert.Equal(Outcome.Done, self.Take(outcome));
            }

            producer.Close();
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            for (var i = 0; i < 100; i++)
            {
                yield return consumer.ReceiveTimeout(self.Task, 20_000_000_000, out var direct, Site);
                Assert.Equal(ReceiveOutcome<long>.Received(i), self.Take(direct));
            }

            yield return consumer.ReceiveTimeout(self.Task, 20_000_000_000, out var end, Site);
            Assert.Equal(Outcome.Closed, self.Take(end).Code);
        }
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void Many_values_at_once(long capacity)
    {
        const int n = 3_000;
        var (producer, consumer) = Make(capacity);
        Running.Together(2, Filling(producer, n), Body);

        IEnumerator<Status> Body(Script<int> self)
        {
            var next = 0L;
            while (true)
            {
                yield return consumer.ReceiveMany(self.Task, 7, out var direct, Site);
                var values = self.Take(direct);
                Assert.InRange(values.Length, 0, 7);
                if (values.Length == 0) break;
                foreach (var value in values) Assert.Equal(next++, value);
            }

            Assert.Equal(n, next);
        }
    }

    [Theory]
    [MemberData(nameof(Capacities))]
    public void Cancelling_a_wait_leaves_the_channel_as_it_was(long capacity)
    {
        var (producer, consumer) = Make(capacity);
        Running.Together(2, Body);

        IEnumerator<Status> Body(Script<int> self)
        {
            for (var i = 0; i < capacity; i++) Assert.Equal(Outcome.Done, producer.TrySend(i));
            yield return CancelledAfter(self, inner => producer.Send(inner, -1, Site));
            Assert.Equal(capacity, consumer.Length);
            for (var i = 0; i < capacity; i++) Assert.Equal(ReceiveOutcome<long>.Received(i), consumer.TryReceive());
            yield return CancelledAfter(self, inner => consumer.Receive(inner, out _, Site));
            Assert.Equal(capacity == 0 ? Outcome.Full : Outcome.Done, producer.TrySend(5));
        }
    }

    /// <summary>Runs an operation under a deadline, as <c>timeout</c> does, and expects that the deadline ends it.</summary>
    private static Status CancelledAfter(Script<int> self, Func<SigilTask, Status> operation)
    {
        var timeout = new Script<int>(Body) { SeesCancellation = true };
        var status = timeout.Resume(self.Task);
        return status;

        IEnumerator<Status> Body(Script<int> inner)
        {
            var scope = inner.Task.PushScope(1_000_000);
            yield return operation(inner.Task);
            Assert.Equal(Status.Cancelled, inner.CalleeStatus);
            Assert.True(inner.Task.TryCatchCancellation(scope));
            inner.CalleeStatus = Status.Completed;
        }
    }

    private protected static Func<Script<int>, IEnumerator<Status>> Filling(Producer<long> producer, int n)
    {
        return Body;

        IEnumerator<Status> Body(Script<int> self)
        {
            for (var i = 0; i < n; i++) yield return producer.Send(self.Task, i, Site);
            producer.Close();
        }
    }
}

public sealed class ExclusiveChannelTests : ChannelBehaviour
{
    private protected override (Producer<long> Producer, Consumer<long> Consumer) Make(long capacity)
    {
        var pair = Channel.CreateExclusive<long>(capacity, "here");
        return (pair.Producer, pair.Consumer);
    }
}

public sealed class SharedProducersChannelTests : ChannelBehaviour
{
    private protected override (Producer<long> Producer, Consumer<long> Consumer) Make(long capacity)
    {
        var pair = Channel.CreateSharedProducers<long>(capacity, "here");
        return (pair.Producer, pair.Consumer);
    }
}

public sealed class SharedConsumersChannelTests : ChannelBehaviour
{
    private protected override (Producer<long> Producer, Consumer<long> Consumer) Make(long capacity)
    {
        var pair = Channel.CreateSharedConsumers<long>(capacity, "here");
        return (pair.Producer, pair.Consumer);
    }
}

public sealed class SharedBothChannelTests : ChannelBehaviour
{
    private protected override (Producer<long> Producer, Consumer<long> Consumer) Make(long capacity)
    {
        var pair = Channel.CreateBoth<long>(capacity, "here");
        return (pair.Producer, pair.Consumer);
    }
}
