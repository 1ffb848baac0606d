using Sigil.Runtime.Channels;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Select;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Scheduling;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Tests.Select;

/// <summary>What selects leave behind: nothing.</summary>
[Collection(nameof(Alone))]
public class FootprintTests
{
    private const string Site = Ends.Site;

    [Fact]
    public void A_warm_select_allocates_nothing()
    {
        const int n = 10_000;
        var rings = Enumerable.Range(0, 2).Select(_ => Channel.CreateExclusive<long>(8, Site)).ToArray();
        var shared = Channel.CreateBoth<long>(8, Site);
        var allocated = long.MaxValue;
        Running.Run(1, Body);

        // The iterators of the test itself allocate nothing per round either.
        Assert.InRange(allocated, 0, 4_096);

        IEnumerator<Status> Body(Script<int> self)
        {
            for (var pass = 0; pass < 2; pass++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < n; i++)
                {
                    if (i % 2 == 0) rings[i % 4 / 2].Producer.TrySend(i);
                    var round = Selection.Begin(self.Task, 5, Selection.IsFair, "warm");
                    round.AddReceive(0, rings[0].Consumer);
                    round.AddReceive(1, rings[1].Consumer);
                    round.AddReceive(2, shared.Consumer);
                    round.AddSleep(3, 1_000_000_000);
                    round.AddSend(4, shared.Producer, i);
                    yield return round.Choose(self.Task, out var direct, Site);
                    if (self.Take(direct) < 3) round.Received<long>(self.Take(direct));
                }

                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }
    }

    [Fact]
    public void Waiting_warm_allocates_nothing_either()
    {
        const int n = 5_000;
        var ring = Channel.CreateExclusive<long>(1, Site);
        var shared = Channel.CreateBoth<long>(0, Site);
        var allocated = long.MaxValue;
        Running.Run(1, Body);
        Assert.InRange(allocated, 0, 16_384);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(Sending), Site);
            scope.Spawn(new Script<int>(Receiving), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Sending(Script<int> self)
        {
            for (var i = 0; i < 2 * n; i++)
            {
                // Waits for the receiver in turn, so that it always has to wait.
                var round = Selection.Begin(self.Task, 1, 0, "sending");
                if (i % 2 == 0) round.AddSend(0, ring.Producer, i);
                else round.AddSend(0, shared.Producer, i);
                yield return round.Choose(self.Task, out _, Site);
            }
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            var before = 0L;
            for (var i = 0; i < 2 * n; i++)
            {
                if (i == n) before = GC.GetAllocatedBytesForCurrentThread();
                var round = Selection.Begin(self.Task, 2, 0, "receiving");
                round.AddReceive(0, ring.Consumer);
                round.AddReceive(1, shared.Consumer);
                round.SetTimeout(1_000_000_000);
                yield return round.Choose(self.Task, out var direct, Site);
                round.Received<long>(self.Take(direct));
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>Timeouts on idle channels: no timer and no waiter stays behind, and memory stays flat.</summary>
    [Fact]
    public void Timeouts_on_idle_channels_leave_no_waiters()
    {
        var shared = Channel.CreateBoth<long>(0, Site);
        var ring = Channel.CreateExclusive<long>(1, Site);
        Running.Run(1, Body);
        Assert.Equal(Outcome.Full, shared.Producer.TrySend(1));
        Assert.Equal(Outcome.Empty, shared.Consumer.TryReceive().Code);

        IEnumerator<Status> Body(Script<int> self)
        {
            for (var pass = 0; pass < 2; pass++)
            {
                var before = ManagedHeap.BytesAlive();
                for (var i = 0; i < 2_000; i++)
                {
                    var round = Selection.Begin(self.Task, 3, 0, "idle");
                    round.AddReceive(0, shared.Consumer);
                    round.AddReceive(1, ring.Consumer);
                    round.AddSend(2, shared.Producer, i);
                    round.SetTimeout(1_000);
                    yield return round.Choose(self.Task, out var direct, Site);
                    Assert.Equal(Selection.TimedOut, self.Take(direct));
                }

                Assert.True(Ends.HasNoTimers(self.Task));
                if (pass == 1) Assert.InRange(ManagedHeap.BytesAlive() - before, long.MinValue, 200_000);
            }
        }
    }

    [Fact]
    public void The_deadlock_report_names_all_arms()
    {
        var a = Channel.CreateExclusive<long>(1, "a.si:1:1 in @a");
        var b = Channel.CreateBoth<long>(0, "b.si:1:1 in @b");
        var report = Assert.Throws<InvalidOperationException>(() => Running.Run(1, Body)).Message;
        Assert.Contains("E9201", report);
        Assert.Contains("a.si:1:1 in @a", report);
        Assert.Contains("b.si:1:1 in @b", report);
        Assert.Contains("c.si:3:3 in @c", report);

        IEnumerator<Status> Body(Script<int> self)
        {
            yield return Sleeping.YieldNow(self.Task, Site);
            var round = Selection.Begin(self.Task, 2, 0, "c.si:3:3 in @c");
            round.AddReceive(0, a.Consumer);
            round.AddSend(1, b.Producer, 1);
            yield return round.Choose(self.Task, out _, Site);
        }
    }
}
