using Sigil.Runtime.Channels;
using Sigil.Runtime.Exploring;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Scopes;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Tests.Exploring;

/// <summary>
/// The product's scheduler itself, workers, timekeeper and blocking threads included, with every atomic operation, park and
/// signal as a step: whatever the order, the program ends, and a deadlock is reported exactly when there is one.
/// </summary>
public class SchedulerProtocolTests
{
    private const string Site = "test.si:1:1 in @test";

    private static void Explore(int schedules, int workers, bool deadlocks, Func<Func<Script<int>, IEnumerator<Status>>> make)
    {
        using var carriers = new Carriers();
        for (var seed = 0L; seed < schedules * Explored.Effort; seed++)
        {
            var ended = int.MinValue;
            var body = make();
            var end = Explored.Threads(Chooser.Of(seed), carriers, out var left, () =>
            {
                var scheduler = new WorkStealingScheduler(workers);
                var root = new RootScope(scheduler);
                var task = new SigilTask(new Script<int>(body), root, null);
                scheduler.Deadlocked = () => root.End(RootScope.Deadlock);
                scheduler.StartThreads();
                scheduler.Inject(task);
                ended = root.AwaitEnd();
                if (ended == (int)Status.Panicked) throw task.TakePanic();
                scheduler.Stop();
            });
            Assert.True(end == RunEnd.Ended, $"seed {seed}: {end}: {left}");
            Assert.Equal(deadlocks ? RootScope.Deadlock : (int)Status.Completed, ended);
        }
    }

    [Fact]
    public void Exclusive_channels_between_workers() => Explore(60, 2, deadlocks: false, () =>
    {
        var there = Channel.CreateExclusive<long>(1, Site);
        var back = Channel.CreateExclusive<long>(2, Site);
        var sum = 0L;
        return Body;

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(Ping), Site);
            scope.Spawn(new Script<int>(Pong), Site);
            yield return scope.Join(main.Task, Site);
            Assert.Equal(6, sum);
        }

        IEnumerator<Status> Ping(Script<int> self)
        {
            for (var i = 1; i <= 3; i++)
            {
                yield return there.Producer.Send(self.Task, i, Site);
                if (i == 1) continue;
                yield return back.Consumer.Receive(self.Task, out var direct, Site);
                sum += self.Take(direct).Value;
            }

            there.Producer.Close();
            yield return back.Consumer.Receive(self.Task, out var last, Site);
            sum += self.Take(last).Value;
        }

        IEnumerator<Status> Pong(Script<int> self)
        {
            while (true)
            {
                yield return there.Consumer.Receive(self.Task, out var direct, Site);
                var got = self.Take(direct);
                if (!got.HasValue) break;
                yield return back.Producer.Send(self.Task, got.Value, Site);
            }
        }
    });

    [Fact]
    public void Rendezvous_between_three_workers() => Explore(60, 3, deadlocks: false, () =>
    {
        var pair = Channel.CreateBoth<long>(0, Site);
        var taken = 0;
        return Body;

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            for (var i = 0; i < 2; i++)
            {
                scope.Spawn(new Script<int>(Sends), Site);
                scope.Spawn(new Script<int>(Takes), Site);
            }

            yield return scope.Join(main.Task, Site);
            Assert.Equal(4, taken);
        }

        IEnumerator<Status> Sends(Script<int> self)
        {
            yield return pair.Producer.Send(self.Task, 1, Site);
            yield return pair.Producer.Send(self.Task, 2, Site);
        }

        IEnumerator<Status> Takes(Script<int> self)
        {
            for (var i = 0; i < 2; i++)
            {
                yield return pair.Consumer.Receive(self.Task, out var direct, Site);
                if (self.Take(direct).HasValue) taken++;
            }
        }
    });

    [Fact]
    public void Sleeps_timeouts_and_blocking_calls() => Explore(60, 2, deadlocks: false, () =>
    {
        var pair = Channel.CreateExclusive<long>(1, Site);
        return Body;

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(Waits), Site);
            scope.Spawn(new Script<int>(Blocks), Site);
            scope.Spawn(new Script<int>(Holds), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Waits(Script<int> self)
        {
            yield return pair.Consumer.ReceiveTimeout(self.Task, 1_000_000, out var direct, Site);
            Assert.Equal(Outcome.TimedOut, self.Take(direct).Code);
            yield return Sleeping.Sleep(self.Task, 5_000_000, Site);
            yield return Sleeping.YieldNow(self.Task, Site);
        }

        IEnumerator<Status> Blocks(Script<int> self)
        {
            yield return Blocking.Run(self.Task, () => 7, out var direct, Site);
            Assert.Equal(7, self.Take(direct));
        }

        IEnumerator<Status> Holds(Script<int> self)
        {
            using (Blocking.Section()) Pausing.Block(2_000_000);
            yield return Status.Completed;
        }
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Children_that_block_hold_up_nobody_behind_them(int workers) => Explore(40, workers, deadlocks: false, () =>
    {
        var meeting = new BlockingChildTests.Meeting(4);
        var late = new BlockingChildTests.Meeting(3);
        return Body;

        IEnumerator<Status> Body(Script<int> main)
        {
            var group = GroupScope.Open(main.Task, 0, ErrorMode.CancelAll, -1, null, null, isNursery: false, keepsFinished: false);
            for (var i = 0; i < 3; i++) group.Start(new Script<int>(Attends), Site);
            yield return Sleeping.YieldNow(main.Task, Site);
            group.Start(new Script<int>(Attends), Site);
            yield return group.Join(main.Task, Site);
            var list = ListScope<long>.Open(main.Task, new BlockingChildTests.Source(3, _ => late.Attend()), Site);
            yield return list.Join(main.Task, Site);
        }

        IEnumerator<Status> Attends(Script<int> self)
        {
            meeting.Attend();
            yield return Sleeping.YieldNow(self.Task, Site);
        }
    });

    [Fact]
    public void A_burst_of_tasks() => Explore(60, 3, deadlocks: false, () =>
    {
        var ran = 0;
        return Body;

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task, maxConcurrent: 3);
            for (var i = 0; i < 6; i++) scope.Spawn(new Script<int>(One), Site);
            yield return scope.Join(main.Task, Site);
            Assert.Equal(6, ran);
        }

        IEnumerator<Status> One(Script<int> self)
        {
            ran++;
            yield return Sleeping.YieldNow(self.Task, Site);
        }
    });

    [Fact]
    public void A_deadlock_is_reported_whatever_comes_last() => Explore(60, 2, deadlocks: true, () =>
    {
        var ring = Channel.CreateExclusive<long>(1, Site);
        var locked = Channel.CreateBoth<long>(0, Site);
        return Body;

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(First), Site);
            scope.Spawn(new Script<int>(Second), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> First(Script<int> self)
        {
            yield return Blocking.Run(self.Task, () => 1, out _, Site);
            yield return locked.Producer.Send(self.Task, 1, Site);
            yield return ring.Consumer.Receive(self.Task, out _, Site);
        }

        IEnumerator<Status> Second(Script<int> self)
        {
            yield return locked.Consumer.Receive(self.Task, out _, Site);
            yield return Sleeping.Sleep(self.Task, 1_000, Site);
            yield return locked.Consumer.Receive(self.Task, out _, Site);
            ring.Producer.Close();
        }
    });
}
