using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Select;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Tests.Select;

/// <summary>What a select does over channels of every mode and capacity.</summary>
public class SelectBehaviour
{
    private const string Site = Ends.Site;

    [Theory]
    [MemberData(nameof(Ends.Modes), MemberType = typeof(Ends))]
    public void Receives_everything_in_order_and_then_sees_the_end(string mode, long capacity)
    {
        const int n = 2_000;
        foreach (var workers in (int[])[1, 2])
        {
            var (producer, consumer) = Ends.Make(mode, capacity);
            var (quiet, idle) = Ends.Make(mode, capacity);
            quiet.Close();
            Running.Together(workers, new Script<int>(Sending), new Script<int>(Receiving));

            IEnumerator<Status> Sending(Script<int> self)
            {
                for (var i = 0; i < n; i++) yield return producer.Send(self.Task, i, Site);
                producer.Close();
            }

            IEnumerator<Status> Receiving(Script<int> self)
            {
                for (var i = 0; i < n; i++)
                {
                    var round = Selection.Begin(self.Task, 2, Selection.HasClosed, "recv");
                    round.AddReceive(0, idle);
                    round.AddReceive(1, consumer);
                    yield return round.Choose(self.Task, out var direct, Site);
                    Assert.Equal(1, self.Take(direct));
                    Assert.Equal(i, round.Received<long>(1));
                }

                var last = Selection.Begin(self.Task, 2, Selection.HasClosed, "recv");
                last.AddReceive(0, idle);
                last.AddReceive(1, consumer);
                yield return last.Choose(self.Task, out var end, Site);
                Assert.Equal(Selection.Closed, self.Take(end));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ends.Modes), MemberType = typeof(Ends))]
    public void Sends_everything_in_order(string mode, long capacity)
    {
        const int n = 2_000;
        foreach (var workers in (int[])[1, 2])
        {
            var (producer, consumer) = Ends.Make(mode, capacity);
            var (full, _) = Ends.Make(mode, capacity);
            for (var i = 0; i < capacity; i++) full.TrySend(i);
            Running.Together(workers, new Script<int>(Sending), new Script<int>(Receiving));

            IEnumerator<Status> Sending(Script<int> self)
            {
                for (var i = 0; i < n; i++)
                {
                    var round = Selection.Begin(self.Task, 2, 0, "send");
                    round.AddSend(0, full, -1);
                    round.AddSend(1, producer, i);
                    yield return round.Choose(self.Task, out var direct, Site);
                    Assert.Equal(1, self.Take(direct));
                }

                producer.Close();
            }

            IEnumerator<Status> Receiving(Script<int> self)
            {
                for (var i = 0; ; i++)
                {
                    yield return consumer.Receive(self.Task, out var direct, Site);
                    var got = self.Take(direct);
                    Assert.Equal(i < n, got.HasValue);
                    if (!got.HasValue) break;
                    Assert.Equal(i, got.Value);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ends.Modes), MemberType = typeof(Ends))]
    public void A_losing_arm_has_no_effect(string mode, long capacity)
    {
        if (capacity == 0) return;
        var (winner, wins) = Ends.Make(mode, capacity);
        var (loser, loses) = Ends.Make(mode, capacity);
        var (target, _) = Ends.Make(mode, capacity);
        winner.TrySend(1);
        loser.TrySend(2);
        Running.Run(1, Body);
        Assert.Equal(ReceiveOutcome<long>.Received(2), loses.TryReceive());
        Assert.Equal(0, target.Length);

        IEnumerator<Status> Body(Script<int> self)
        {
            var round = Selection.Begin(self.Task, 3, 0, "lose");
            round.AddReceive(0, wins);
            round.AddReceive(1, loses);
            round.AddSend(2, target, 3);
            yield return round.Choose(self.Task, out var direct, Site);
            Assert.Equal(0, self.Take(direct));
            Assert.Equal(1, round.Received<long>(0));
        }
    }

    [Theory]
    [MemberData(nameof(Ends.Modes), MemberType = typeof(Ends))]
    public void Default_timeout_and_sleep(string mode, long capacity)
    {
        var (producer, consumer) = Ends.Make(mode, capacity);
        for (var i = 0; i < capacity; i++) producer.TrySend(i);
        var (_, empty) = Ends.Make(mode, capacity);
        Running.Run(1, Body);
        Assert.Equal(capacity, producer.Length);
        GC.KeepAlive(consumer);

        IEnumerator<Status> Body(Script<int> self)
        {
            var round = Selection.Begin(self.Task, 2, Selection.HasDefault, "default");
            round.AddReceive(0, empty);
            round.AddSend(1, producer, 9);
            yield return round.Choose(self.Task, out var direct, Site);
            Assert.Equal(Selection.Default, self.Take(direct));

            round = Selection.Begin(self.Task, 2, 0, "timeout");
            round.AddReceive(0, empty);
            round.AddSend(1, producer, 9);
            round.SetTimeout(300_000);
            yield return round.Choose(self.Task, out direct, Site);
            Assert.Equal(Selection.TimedOut, self.Take(direct));

            round = Selection.Begin(self.Task, 3, 0, "sleep");
            round.AddReceive(0, empty);
            round.AddSleep(1, 3_600_000_000_000);
            round.AddSleep(2, 300_000);
            round.SetTimeout(3_600_000_000_000);
            yield return round.Choose(self.Task, out direct, Site);
            Assert.Equal(2, self.Take(direct));

            round = Selection.Begin(self.Task, 1, 0, "at once");
            round.AddReceive(0, empty);
            round.SetTimeout(0);
            yield return round.Choose(self.Task, out direct, Site);
            Assert.Equal(Selection.TimedOut, self.Take(direct));
            Assert.True(Ends.HasNoTimers(self.Task));
        }
    }

    [Theory]
    [MemberData(nameof(Ends.Modes), MemberType = typeof(Ends))]
    public void A_send_arm_whose_consumer_has_gone_panics(string mode, long capacity)
    {
        foreach (var waits in (bool[])[false, true])
        {
            var (producer, consumer) = Ends.Make(mode, capacity);
            for (var i = 0; i < capacity; i++) producer.TrySend(i);
            if (!waits) consumer.Close();
            var sender = new Script<int>(Sending);
            var panic = Assert.Throws<SigilPanic>(() => Running.Together(2, sender, new Script<int>(Closing)));
            Assert.Equal("ChannelClosed", panic.Info.Code);

            IEnumerator<Status> Sending(Script<int> self)
            {
                var round = Selection.Begin(self.Task, 1, 0, Site);
                round.AddSend(0, producer, 1);
                yield return round.Choose(self.Task, out _, Site);
            }

            IEnumerator<Status> Closing(Script<int> self)
            {
                while (waits && !sender.IsParked) yield return Sleeping.YieldNow(self.Task, Site);
                consumer.Close();
            }
        }
    }

    [Fact]
    public void Closed_without_an_answer_is_a_panic()
    {
        var pair = Channel.CreateExclusive<long>(1, Site);
        pair.Producer.Close();
        var panic = Assert.Throws<SigilPanic>(() => Running.Run(1, Body));
        Assert.Contains(".closed", panic.Message);

        IEnumerator<Status> Body(Script<int> self)
        {
            var round = Selection.Begin(self.Task, 2, 0, Site);
            round.AddReceive(0, pair.Consumer);
            round.AddSleep(1, 1_000_000_000);
            yield return round.Choose(self.Task, out _, Site);
        }
    }

    [Theory]
    [MemberData(nameof(Ends.Modes), MemberType = typeof(Ends))]
    public void The_close_that_ends_a_waiting_select(string mode, long capacity)
    {
        for (var repeat = 0; repeat < 50; repeat++)
        {
            var (first, one) = Ends.Make(mode, capacity);
            var (second, two) = Ends.Make(mode, capacity);
            var waiting = new Script<int>(Waiting);
            Running.Together(2, waiting, new Script<int>(Closing));

            IEnumerator<Status> Waiting(Script<int> self)
            {
                var round = Selection.Begin(self.Task, 2, Selection.HasClosed | Selection.IsFair, Site);
                round.AddReceive(0, one);
                round.AddReceive(1, two);
                yield return round.Choose(self.Task, out var direct, Site);
                Assert.Equal(Selection.Closed, self.Take(direct));
            }

            IEnumerator<Status> Closing(Script<int> self)
            {
                first.Close();
                if ((repeat & 1) == 0) while (!waiting.IsParked) yield return Sleeping.YieldNow(self.Task, Site);
                second.Close();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ends.Modes), MemberType = typeof(Ends))]
    public void A_cancelled_select_leaves_nothing_behind(string mode, long capacity)
    {
        var (producer, consumer) = Ends.Make(mode, capacity);
        var (other, empty) = Ends.Make(mode, capacity);
        for (var i = 0; i < capacity; i++) producer.TrySend(i);
        Running.Run(2, Body);
        Assert.Equal(capacity, producer.Length);
        Assert.Equal(0, other.Length);
        if (capacity == 0)
        {
            // Nobody waits any more: a send would find a leftover receiver, and a receive a leftover sender.
            Assert.Equal(Outcome.Full, other.TrySend(1));
            Assert.Equal(Outcome.Empty, consumer.TryReceive().Code);
        }

        IEnumerator<Status> Body(Script<int> main)
        {
            for (var i = 0; i < 20; i++)
            {
                var attempt = new Script<int>(Attempt) { SeesCancellation = true };
                yield return attempt.Resume(main.Task);
            }

            Assert.True(Ends.HasNoTimers(main.Task));
        }

        IEnumerator<Status> Attempt(Script<int> inner)
        {
            var scope = inner.Task.PushScope(200_000);
            var round = Selection.Begin(inner.Task, 2, 0, Site);
            round.AddReceive(0, empty);
            round.AddSend(1, producer, -1);
            round.SetTimeout(3_600_000_000_000);
            yield return round.Choose(inner.Task, out _, Site);
            Assert.Equal(Status.Cancelled, inner.CalleeStatus);
            Assert.True(inner.Task.TryCatchCancellation(scope));
            inner.CalleeStatus = Status.Completed;
        }
    }
}
