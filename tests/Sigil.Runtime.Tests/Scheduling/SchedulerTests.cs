using System.Diagnostics;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Tests.Scheduling;

public class SchedulerTests
{
    private const string Site = "test.si:1:1 in @test";

    /// <summary>Tasks that were woken in a turn that does not end run on the other worker.</summary>
    [Fact]
    public void A_long_turn_holds_nobody_up()
    {
        var pair = Channel.CreateBoth<long>(4, Site);
        var received = 0;
        var seen = 0;
        Running.Run(2, Body);
        Assert.Equal(3, seen);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            var receivers = Enumerable.Range(0, 3).Select(_ => new Script<int>(Receiving)).ToArray();
            foreach (var receiver in receivers) scope.Spawn(receiver, Site);
            scope.Spawn(new Script<int>(self => Waking(self, receivers)), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            yield return pair.Consumer.Receive(self.Task, out _, Site);
            Interlocked.Increment(ref received);
        }

        IEnumerator<Status> Waking(Script<int> self, Script<int>[] receivers)
        {
            while (!Array.TrueForAll(receivers, r => r.IsParked)) yield return Sleeping.YieldNow(self.Task, Site);
            for (var i = 0; i < 3; i++) pair.Producer.TrySend(i);
            SpinWait.SpinUntil(() => Volatile.Read(ref received) == 3, 10_000);
            seen = Volatile.Read(ref received);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void A_deadlock_is_found_and_explained(int workers)
    {
        var a = Channel.CreateExclusive<long>(0, "a.si:1:1 in @a");
        var b = Channel.CreateExclusive<long>(0, "b.si:1:1 in @b");
        var report = Assert.Throws<InvalidOperationException>(() => Running.Run(workers, Body)).Message;
        Assert.Contains("E9201", report);
        Assert.Contains("the main task waits for its child tasks", report);
        Assert.Contains("the task created at left", report);
        Assert.Contains("a value from the channel created at a.si:1:1 in @a", report);
        Assert.Contains("a value from the channel created at b.si:1:1 in @b", report);

        IEnumerator<Status> Body(Script<int> main)
        {
            yield return Sleeping.Sleep(main.Task, 1_000_000, Site);
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(Left), "left");
            scope.Spawn(new Script<int>(Right), "right");
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Left(Script<int> self)
        {
            yield return a.Consumer.Receive(self.Task, out _, "recv a");
            yield return b.Producer.Send(self.Task, 1, "send b");
        }

        IEnumerator<Status> Right(Script<int> self)
        {
            yield return b.Consumer.Receive(self.Task, out _, "recv b");
            yield return a.Producer.Send(self.Task, 1, "send a");
        }
    }

    [Fact]
    public void Blocking_calls_and_timers_are_no_deadlock()
    {
        Running.Run(1, Body);

        static IEnumerator<Status> Body(Script<int> self)
        {
            using var gate = new ManualResetEventSlim();
            using var timer = new Timer(_ => gate.Set(), null, 30, Timeout.Infinite);
            yield return Blocking.Run(self.Task, () => gate.Wait(10_000), out var direct, Site);
            Assert.True(self.Take(direct));
            yield return Sleeping.Sleep(self.Task, 10_000_000, Site);
        }
    }

    [Fact]
    public void A_long_computation_does_not_starve_a_task_that_it_has_woken()
    {
        var channel = Channel.CreateExclusive<long>(1, Site);
        var woken = 0;
        var receiver = new Script<int>(Receiving);
        Running.Run(2, Body);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(receiver, Site);
            scope.Spawn(new Script<int>(Computing), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            yield return channel.Consumer.Receive(self.Task, out _, Site);
            Volatile.Write(ref woken, 1);
        }

        IEnumerator<Status> Computing(Script<int> self)
        {
            while (!receiver.IsParked) yield return Sleeping.YieldNow(self.Task, Site);
            yield return channel.Producer.Send(self.Task, 1, Site);
            var watch = Stopwatch.StartNew();
            while (Volatile.Read(ref woken) == 0) Assert.True(watch.ElapsedMilliseconds < 10_000, "starved");
        }
    }

    [Fact]
    public void A_plain_blocking_call_on_the_only_worker_lets_others_run()
    {
        using var gate = new AutoResetEvent(false);
        var blocked = true;
        Running.Run(1, Body);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(BlockingBody), Site);
            scope.Spawn(new Script<int>(Setting), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> BlockingBody(Script<int> self)
        {
            for (var i = 0; i < 200; i++)
            {
                Block();
                yield return Sleeping.YieldNow(self.Task, Site);
            }

            blocked = false;
        }

        void Block()
        {
            using (Blocking.Section()) Assert.True(gate.WaitOne(10_000));
        }

        IEnumerator<Status> Setting(Script<int> self)
        {
            while (Volatile.Read(ref blocked))
            {
                gate.Set();
                yield return Sleeping.YieldNow(self.Task, Site);
            }
        }
    }

    [Fact]
    public void No_wake_up_is_lost_when_tasks_meet_at_random()
    {
        // A ring of tasks with more tasks than workers and one token: any lost wake-up shows as a deadlock or a hang.
        const int size = 17;
        const int rounds = 2_000;
        foreach (var capacity in (long[])[0, 1, 3])
        {
            var links = Enumerable.Range(0, size).Select(_ => Channel.CreateExclusive<long>(capacity, Site)).ToArray();
            Running.Run(3, Body);

            IEnumerator<Status> Body(Script<int> main)
            {
                var scope = ParallelScope.Open(main.Task);
                for (var i = 0; i < size; i++)
                {
                    var index = i;
                    scope.Spawn(new Script<int>(self => Node(self, index)), Site);
                }

                yield return scope.Join(main.Task, Site);
            }

            IEnumerator<Status> Node(Script<int> self, int index)
            {
                var input = links[index].Consumer;
                var output = links[(index + 1) % size].Producer;
                if (index == 0) yield return output.Send(self.Task, 0, Site);
                for (var i = 0; i < rounds; i++)
                {
                    yield return input.Receive(self.Task, out var direct, Site);
                    var hops = self.Take(direct).Value;
                    if (index == 0 && i == rounds - 1) Assert.Equal(((long)rounds * size) - 1, hops);
                    else yield return output.Send(self.Task, hops + 1, Site);
                }
            }
        }
    }

    [Fact]
    public void Deep_recursion_is_a_panic()
    {
        var code = "";
        var thread = StackGuard.Start("deep", () =>
        {
            try
            {
                Down(0);
            }
            catch (SigilPanic panic)
            {
                code = panic.Info.Code;
            }
        });
        thread.Join();
        Assert.Equal("E9009", code);

        static long Down(long n)
        {
            // Large frames: unwinding millions of small ones takes seconds.
            Span<long> frame = stackalloc long[1024];
            StackGuard.Check(Site);
            frame[(int)(n % 1024)] = n;
            return Down(n + 1) + frame[0];
        }
    }

    [Fact]
    public void Main_yields_exit_codes()
    {
        Assert.Equal(5, SigilProgram.RunMain(() => 5));
        Assert.Equal(7, SigilProgram.RunMain(new Script<long>(Seven), 2));

        static IEnumerator<Status> Seven(Script<long> self)
        {
            yield return Sleeping.Sleep(self.Task, 100_000, Site);
            self.Result = 7;
        }
    }
}
