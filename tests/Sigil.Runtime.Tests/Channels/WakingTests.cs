using Sigil.Runtime.Channels;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Select;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Scheduling;
using Sigil.Runtime.Tests.Select;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Tests.Channels;

/// <summary>Nobody sleeps for ever, and nothing stays behind; a hang ends each test after 30 s.</summary>
[Collection(nameof(Alone))]
public class WakingTests
{
    private const string Site = Ends.Site;

    /// <summary>One reader, ten writers, fewer workers than tasks.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(4, 3)]
    public void Ten_writers_and_one_reader(int workers, long capacity)
    {
        const int writers = 10, each = 2_000;
        var channel = Channel.CreateSharedProducers<long>(capacity, Site);
        var mine = Enumerable.Range(0, writers).Select(_ => channel.Producer.Clone()).ToArray();
        channel.Producer.Close();
        var count = 0;
        Running.Run(workers, Body);
        Assert.Equal(writers * each, count);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            foreach (var producer in mine) scope.Spawn(new Script<int>(self => Writing(self, producer)), Site);
            scope.Spawn(new Script<int>(Reading), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Writing(Script<int> self, Producer<long> producer)
        {
            for (var i = 0; i < each; i++) yield return producer.Send(self.Task, i, Site);
            producer.Close();
        }

        IEnumerator<Status> Reading(Script<int> self)
        {
            while (true)
            {
                // By turns a plain receive and a select.
                if (count % 2 == 0)
                {
                    yield return channel.Consumer.Receive(self.Task, out var direct, Site);
                    if (!self.Take(direct).HasValue) break;
                }
                else
                {
                    var round = Selection.Begin(self.Task, 1, Selection.HasClosed, "reading");
                    round.AddReceive(0, channel.Consumer);
                    yield return round.Choose(self.Task, out var chosen, Site);
                    if (self.Take(chosen) == Selection.Closed) break;
                    round.Received<long>(0);
                }

                count++;
            }
        }
    }

    /// <summary>The last value and the close come together: the receive ends, with the value first.</summary>
    [Theory]
    [MemberData(nameof(Ends.Modes), MemberType = typeof(Ends))]
    public void The_close_races_the_last_receive(string mode, long capacity)
    {
        for (var repeat = 0; repeat < 60; repeat++)
        {
            var (producer, consumer) = Ends.Make(mode, capacity);
            var got = new List<long>();
            Running.Run(2, Body);
            Assert.Equal([1L], got);

            IEnumerator<Status> Body(Script<int> main)
            {
                var scope = ParallelScope.Open(main.Task);
                scope.Spawn(new Script<int>(Sending), Site);
                scope.Spawn(new Script<int>(Receiving), Site);
                yield return scope.Join(main.Task, Site);
            }

            IEnumerator<Status> Sending(Script<int> self)
            {
                yield return producer.Send(self.Task, 1, Site);
                producer.Close();
            }

            IEnumerator<Status> Receiving(Script<int> self)
            {
                while (true)
                {
                    yield return consumer.Receive(self.Task, out var direct, Site);
                    if (!self.Take(direct).HasValue) break;
                    got.Add(self.Take(direct).Value);
                }
            }
        }
    }

    /// <summary>A consumer that another task waits with later wakes that one, not the first.</summary>
    [Theory]
    [InlineData("Exclusive", 1)]
    [InlineData("Both", 0)]
    public void An_end_that_has_moved_wakes_its_new_task(string mode, long capacity)
    {
        var (producer, consumer) = Ends.Make(mode, capacity);
        var second = new Script<int>(Second);
        Running.Run(2, Body);

        IEnumerator<Status> Body(Script<int> main)
        {
            yield return consumer.ReceiveTimeout(main.Task, 100_000, out var direct, Site);
            Assert.Equal(Outcome.TimedOut, main.Take(direct).Code);
            var round = Selection.Begin(main.Task, 1, 0, "first");
            round.AddReceive(0, consumer);
            round.SetTimeout(100_000);
            yield return round.Choose(main.Task, out var chosen, Site);
            Assert.Equal(Selection.TimedOut, main.Take(chosen));
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(second, Site);
            scope.Spawn(new Script<int>(Sending), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Second(Script<int> self)
        {
            var round = Selection.Begin(self.Task, 1, 0, "second");
            round.AddReceive(0, consumer);
            yield return round.Choose(self.Task, out _, Site);
            Assert.Equal(5, round.Received<long>(0));
        }

        IEnumerator<Status> Sending(Script<int> self)
        {
            while (!second.IsParked) yield return Sleeping.YieldNow(self.Task, Site);
            yield return producer.Send(self.Task, 5, Site);
        }
    }

    /// <summary>What a woken task does at once may use the channel that woke it: no lock is held while tasks are let go.</summary>
    [Fact]
    public void A_woken_task_finds_the_channel_free()
    {
        var channels = Enumerable.Range(0, 2).Select(_ => Channel.CreateBoth<long>(0, Site)).ToArray();
        Running.Run(1, Body);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            for (var i = 0; i < 2; i++)
            {
                var index = i;
                scope.Spawn(new Script<int>(self => Player(self, index)), Site);
            }

            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Player(Script<int> self, int index)
        {
            for (var i = 0; i < 5_000; i++)
            {
                if (index == 0) yield return channels[0].Producer.Send(self.Task, i, Site);
                yield return channels[1 - index].Consumer.Receive(self.Task, out _, Site);
                if (index == 1) yield return channels[1].Producer.Send(self.Task, i, Site);
            }
        }
    }

    /// <summary>A million deadlines that never come leave no timer behind and no memory.</summary>
    [Fact]
    public void A_million_timeouts_that_never_fire()
    {
        const int n = 250_000;
        var forth = Channel.CreateBoth<long>(0, Site);
        var back = Channel.CreateExclusive<long>(1, Site);
        var growth = long.MaxValue;
        var timers = -1;
        Running.Run(1, Body);
        Assert.InRange(growth, long.MinValue, 400_000);
        Assert.InRange(timers, 0, 2);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(Asking), Site);
            scope.Spawn(new Script<int>(Answering), Site);
            yield return scope.Join(main.Task, Site);
        }

        // Four waits with a deadline a round.
        IEnumerator<Status> Asking(Script<int> self)
        {
            var before = 0L;
            for (var i = 0; i < n; i++)
            {
                if (i == 1_000) before = ManagedHeap.BytesAlive();
                yield return forth.Producer.SendTimeout(self.Task, i, 3_600_000_000_000, out _, Site);
                var round = Selection.Begin(self.Task, 1, 0, "asking");
                round.AddReceive(0, back.Consumer);
                round.SetTimeout(3_600_000_000_000);
                yield return round.Choose(self.Task, out var direct, Site);
                Assert.Equal(0, self.Take(direct));
                round.Received<long>(0);
            }

            timers = self.Task.Scheduler.Timers.Pending;
            growth = ManagedHeap.BytesAlive() - before;
            forth.Producer.Close();
        }

        IEnumerator<Status> Answering(Script<int> self)
        {
            while (true)
            {
                yield return forth.Consumer.ReceiveTimeout(self.Task, 3_600_000_000_000, out var direct, Site);
                if (self.Take(direct).Code != Outcome.Done) break;
                yield return back.Producer.SendTimeout(self.Task, 1, 3_600_000_000_000, out _, Site);
            }
        }
    }
}
