using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Select;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Select;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Channels;

public class IntervalTests
{
    private const string Site = Ends.Site;
    private const long Milli = 1_000_000;

    [Fact]
    public void No_tick_is_there_before_its_time()
    {
        Running.Run(1, Body);

        static IEnumerator<Status> Body(Script<int> self)
        {
            yield return IntervalConsumer.Start(self.Task, 3_600_000 * Milli, out var ticks, Site);
            Assert.Equal(Outcome.Empty, ticks.TryReceive().Code);
            ticks.Close();
            Assert.True(Ends.HasNoTimers(self.Task));
        }
    }

    [Fact]
    public void Ticks_come_in_order_and_not_before_their_time()
    {
        Running.Run(1, Body);

        static IEnumerator<Status> Body(Script<int> self)
        {
            var clock = self.Task.Scheduler.Clock;
            var start = clock.NowNanos;
            yield return IntervalConsumer.Start(self.Task, Milli, out var ticks, Site);
            var last = -1L;
            for (var i = 0; i < 5; i++)
            {
                yield return ticks.Receive(self.Task, out var direct, Site);
                var tick = self.Take(direct).Value;
                Assert.True(tick > last);
                Assert.True(clock.NowNanos >= start + ((tick + 1) * Milli));
                last = tick;
            }

            Assert.True(Ends.HasNoTimers(self.Task));
        }
    }

    /// <summary>At most one tick is pending, however long nobody asked.</summary>
    [Fact]
    public void Missed_ticks_are_dropped()
    {
        Running.Run(1, Body);

        static IEnumerator<Status> Body(Script<int> self)
        {
            yield return IntervalConsumer.Start(self.Task, 5 * Milli, out var ticks, Site);
            yield return Sleeping.Sleep(self.Task, 27 * Milli, Site);
            Assert.Equal(1, ticks.Length);
            var got = ticks.TryReceive();
            Assert.True(got.Value >= 4);
            yield return ticks.ReceiveMany(self.Task, 100, out var direct, Site);
            Assert.Single(self.Take(direct));
        }
    }

    [Fact]
    public void As_an_arm_and_with_a_deadline()
    {
        Running.Run(2, Body);

        static IEnumerator<Status> Body(Script<int> self)
        {
            yield return IntervalConsumer.Start(self.Task, Milli, out var ticks, Site);
            yield return IntervalConsumer.Start(self.Task, 3_600_000 * Milli, out var rare, Site);
            for (var i = 0; i < 3; i++)
            {
                var round = Selection.Begin(self.Task, 2, 0, Site);
                round.AddReceive(0, rare);
                round.AddReceive(1, ticks);
                yield return round.Choose(self.Task, out var direct, Site);
                Assert.Equal(1, self.Take(direct));
                Assert.True(round.Received<long>(1) >= i);
            }

            yield return rare.ReceiveTimeout(self.Task, Milli, out var late, Site);
            Assert.Equal(Outcome.TimedOut, self.Take(late).Code);
            yield return ticks.ReceiveTimeout(self.Task, 3_600_000 * Milli, out var soon, Site);
            Assert.Equal(Outcome.Done, self.Take(soon).Code);
            Assert.True(Ends.HasNoTimers(self.Task));
        }
    }

    [Fact]
    public void A_wait_is_cancelled()
    {
        Running.Run(1, Body);

        static IEnumerator<Status> Body(Script<int> self)
        {
            yield return IntervalConsumer.Start(self.Task, 3_600_000 * Milli, out var rare, Site);
            var attempt = new Script<int>(inner => Attempt(inner, rare)) { SeesCancellation = true };
            yield return attempt.Resume(self.Task);
            Assert.True(Ends.HasNoTimers(self.Task));
        }

        static IEnumerator<Status> Attempt(Script<int> inner, Consumer<long> rare)
        {
            var scope = inner.Task.PushScope(Milli);
            yield return rare.Receive(inner.Task, out _, Site);
            Assert.Equal(Status.Cancelled, inner.CalleeStatus);
            Assert.True(inner.Task.TryCatchCancellation(scope));
            inner.CalleeStatus = Status.Completed;
        }
    }

    [Fact]
    public void The_period_is_positive() =>
        Assert.Throws<SigilPanic>(() => Running.Run(1, self => Start(self)));

    private static IEnumerator<Status> Start(Script<int> self)
    {
        yield return IntervalConsumer.Start(self.Task, 0, out _, Site);
    }
}
