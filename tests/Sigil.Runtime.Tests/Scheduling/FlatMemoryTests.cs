using System.Diagnostics;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Tests.Scheduling;

/// <summary>
/// Costs do not pile up, and idle or busy programs use the processor as they should. Measures the whole process, so nothing else runs
/// meanwhile. <c>SIGIL_STRESS=10000000</c> sets the number of tasks and timeouts.
/// </summary>
[Collection(nameof(Alone))]
public class FlatMemoryTests
{
    private const string Site = "test.si:1:1 in @test";
    private const long MaxGrowth = 8_000_000;

    private static readonly int s_count =
        int.TryParse(Environment.GetEnvironmentVariable("SIGIL_STRESS"), out var count) && count > 0 ? count : 300_000;

    [Fact]
    public void Tasks_that_have_ended_leave_nothing_behind()
    {
        var sizes = new List<long>();
        Running.Frame(2, new Script<int>(Body), limitMillis: 3_600_000);
        Assert.True(sizes[^1] - sizes[1] < MaxGrowth, string.Join(", ", sizes));

        IEnumerator<Status> Body(Script<int> main)
        {
            for (var round = 0; round < 10; round++)
            {
                var scope = ListScope<int>.Open(main.Task, new Tasks(s_count / 10), Site);
                yield return scope.Join(main.Task, Site);
                scope = null;
                sizes.Add(ManagedHeap.BytesAlive());
            }
        }
    }

    /// <summary>Elements of which every fourth suspends.</summary>
    private sealed class Tasks(int count) : TaskSource<int>
    {
        private int _made;

        public override bool Next(out Frame<int>? entry)
        {
            entry = _made < count ? new Script<int>(self => One(self, _made)) : null;
            return _made++ < count;
        }

        private static IEnumerator<Status> One(Script<int> self, int number)
        {
            if (number % 4 == 0) yield return Sleeping.YieldNow(self.Task, Site);
        }
    }

    [Fact]
    public void Timeouts_that_never_pass_leave_nothing_behind()
    {
        long before = 0, after = 0;
        Running.Frame(2, new Script<int>(Body), limitMillis: 3_600_000);
        Assert.InRange(after - before, long.MinValue, MaxGrowth);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            var pair = Channel.CreateExclusive<long>(1, Site);
            scope.Spawn(new Script<int>(Sends), Site);
            scope.Spawn(new Script<int>(Receives), Site);
            yield return scope.Join(main.Task, Site);

            IEnumerator<Status> Sends(Script<int> self)
            {
                for (var i = 0; i < s_count; i++) yield return pair.Producer.SendTimeout(self.Task, i, 3_600_000_000_000, out _, Site);
                pair.Producer.Close();
            }

            IEnumerator<Status> Receives(Script<int> self)
            {
                for (var i = 0; i < s_count; i++)
                {
                    if (i == s_count / 10) before = ManagedHeap.BytesAlive();
                    yield return pair.Consumer.ReceiveTimeout(self.Task, 3_600_000_000_000, out _, Site);
                }

                after = ManagedHeap.BytesAlive();
            }
        }
    }

    [Fact]
    public void A_task_that_computes_does_not_hold_up_the_others()
    {
        var rounds = 0;
        var stop = 0;
        Running.Run(2, Body);
        Assert.Equal(2_000, rounds);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            var there = Channel.CreateExclusive<long>(1, Site);
            scope.Spawn(new Script<int>(Computes), Site);
            scope.Spawn(new Script<int>(Sends), Site);
            scope.Spawn(new Script<int>(Receives), Site);
            yield return scope.Join(main.Task, Site);

            // Ends only because the others come to their end meanwhile.
            IEnumerator<Status> Computes(Script<int> self)
            {
                while (Volatile.Read(ref stop) == 0) Thread.SpinWait(100);
                yield break;
            }

            IEnumerator<Status> Sends(Script<int> self)
            {
                for (var i = 0; i < 2_000; i++) yield return there.Producer.Send(self.Task, i, Site);
                there.Producer.Close();
            }

            IEnumerator<Status> Receives(Script<int> self)
            {
                for (; ; rounds++)
                {
                    yield return there.Consumer.Receive(self.Task, out var direct, Site);
                    if (!self.Take(direct).HasValue) break;
                }

                Volatile.Write(ref stop, 1);
            }
        }
    }

    [Fact]
    public void A_burst_uses_both_workers()
    {
        var threads = new HashSet<int>();
        Running.Run(2, Body);
        Assert.Equal(2, threads.Count);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            for (var i = 0; i < 64; i++) scope.Spawn(new Script<int>(Busy), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Busy(Script<int> self)
        {
            lock (threads) threads.Add(Environment.CurrentManagedThreadId);
            var clock = Stopwatch.StartNew();
            while (clock.ElapsedMilliseconds < 3) Thread.SpinWait(100);
            yield break;
        }
    }
}
