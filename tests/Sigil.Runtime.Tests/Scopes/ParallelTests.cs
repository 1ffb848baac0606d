using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Tests.Scopes;

public class ParallelTests
{
    private const string Site = "test.si:1:1 in @test";

    [Fact]
    public void A_panic_cancels_the_siblings_and_goes_on_after_they_have_ended()
    {
        var cleanedUp = false;
        var waiting = new Script<int>(Waiting) { SeesCancellation = true };
        var panic = Assert.Throws<SigilPanic>(() => Running.Run(2, Body));
        Assert.Equal("E1", panic.Info.Code);
        Assert.Equal("spawned here", panic.Info.SpawnedAt);
        Assert.True(cleanedUp);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(waiting, Site);
            scope.Spawn(new Script<int>(Failing), "spawned here");
            yield return scope.Join(main.Task, Site);
            Assert.Fail("the panic was swallowed");
        }

        IEnumerator<Status> Waiting(Script<int> self)
        {
            yield return Sleeping.Sleep(self.Task, long.MaxValue, Site);
            Assert.Equal(Status.Cancelled, self.CalleeStatus);
            var shield = self.Task.EnterShield();
            yield return Sleeping.Sleep(self.Task, 2_000_000, Site);
            Assert.Equal(Status.Completed, self.CalleeStatus);
            self.Task.ExitShield(shield);
            Assert.True(self.Task.IsCancellationRequested);
            cleanedUp = true;
            self.CalleeStatus = Status.Cancelled;
        }

        IEnumerator<Status> Failing(Script<int> self)
        {
            while (!waiting.IsParked) yield return Sleeping.YieldNow(self.Task, Site);
            throw new SigilPanic("E1", "boom", Site);
        }
    }

    [Fact]
    public void Collect_all_reports_every_child()
    {
        Running.Run(2, Body);

        static IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task, mode: ErrorMode.CollectAll);
            var good = new Script<int>(Good);
            scope.Spawn(good, Site);
            scope.Spawn(new Script<int>(_ => throw new SigilPanic("E1", "boom", Site)), Site);
            yield return scope.Join(main.Task, Site);
            Assert.Equal(Status.Completed, scope.EndOf(0).Status);
            Assert.Equal(7, good.Result);
            Assert.Equal("E1", scope.EndOf(1).Panic!.Info.Code);
        }

        static IEnumerator<Status> Good(Script<int> self)
        {
            yield return Sleeping.Sleep(self.Task, 2_000_000, Site);
            self.Result = 7;
        }
    }

    [Fact]
    public void The_scopes_own_deadline_ends_it()
    {
        Running.Run(2, Body);

        static IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task, timeoutNanos: 2_000_000);
            scope.Spawn(new Script<int>(Forever), Site);
            scope.Spawn(new Script<int>(Forever), Site);
            yield return scope.Join(main.Task, Site);
            Assert.Equal(CancelReason.ScopeTimedOut, scope.Reason);
            Assert.True(scope.HasCancelledChildren);
            Assert.False(main.Task.IsCancellationRequested);
        }
    }

    [Fact]
    public void An_exit_request_cancels_the_siblings_and_names_its_entry()
    {
        Running.Run(2, Body);

        static IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            var leaver = new Script<int>(Leaving);
            scope.Spawn(new Script<int>(Forever), Site);
            scope.Spawn(leaver, Site);
            yield return scope.Join(main.Task, Site);
            Assert.True(scope.HasExit);
            Assert.Equal(13, leaver.Result);
        }

        static IEnumerator<Status> Leaving(Script<int> self)
        {
            self.Result = 13;
            self.Task.RequestExit();
            yield break;
        }
    }

    [Fact]
    public void The_limit_holds_children_back_and_unstarted_ones_are_abandoned()
    {
        var running = 0;
        var most = 0;
        var abandoned = 0;
        Running.Run(2, Limited);
        Assert.Equal(2, most);
        Assert.Throws<SigilPanic>(() => Running.Run(2, Failing));
        Assert.Equal(9, abandoned);

        IEnumerator<Status> Limited(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task, maxConcurrent: 2);
            for (var i = 0; i < 20; i++) scope.Spawn(new Script<int>(Counted), Site);
            yield return scope.Join(main.Task, Site);
            Assert.Equal(0, running);
        }

        IEnumerator<Status> Counted(Script<int> self)
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            yield return Sleeping.Sleep(self.Task, 500_000, Site);
            Interlocked.Decrement(ref running);
        }

        IEnumerator<Status> Failing(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task, maxConcurrent: 1);
            scope.Spawn(new Script<int>(_ => throw new SigilPanic("E1", "boom", Site)), Site);
            for (var i = 0; i < 9; i++)
                scope.Spawn(new Script<int>(Counted) { OnAbandon = () => Interlocked.Increment(ref abandoned) }, Site);
            yield return scope.Join(main.Task, Site);
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(2, 10)]
    public void A_list_form_yields_its_results_in_order_and_holds_few_tasks(int workers, int limit)
    {
        var source = new Squares(20_000);
        Running.Run(workers, Body);
        if (limit > 0) Assert.InRange(source.MostAlive, 1, limit);
        Assert.True(source.IsDropped);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ListScope<long>.Open(main.Task, source, Site, limit);
            yield return scope.Join(main.Task, Site);
            var results = scope.Results;
            Assert.Equal(20_000, results.Length);
            for (var i = 0; i < results.Length; i++) Assert.Equal((long)i * i, results[i]);
        }
    }

    [Fact]
    public void A_failing_element_ends_the_list_form()
    {
        var source = new Squares(long.MaxValue) { FailsAt = 1_000 };
        Assert.Throws<SigilPanic>(() => Running.Run(2, Body));
        Assert.True(source.IsDropped);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ListScope<long>.Open(main.Task, source, Site, 4);
            yield return scope.Join(main.Task, Site);
        }
    }

    [Fact]
    public void Nested_scopes_are_cancelled_from_outside()
    {
        Running.Run(2, Body);

        static IEnumerator<Status> Body(Script<int> main)
        {
            var timeout = new Script<int>(Timeout) { SeesCancellation = true };
            yield return timeout.Resume(main.Task);
            Assert.Equal(1, timeout.Result);
        }

        static IEnumerator<Status> Timeout(Script<int> self)
        {
            var outer = self.Task.PushScope(3_000_000);
            var scope = ParallelScope.Open(self.Task);
            for (var i = 0; i < 3; i++) scope.Spawn(new Script<int>(child => Nest(child, 3)), Site);
            yield return scope.Join(self.Task, Site);
            Assert.Equal(Status.Cancelled, self.CalleeStatus);
            Assert.True(self.Task.TryCatchCancellation(outer));
            self.CalleeStatus = Status.Completed;
            self.Result = 1;
        }

        static IEnumerator<Status> Nest(Script<int> self, int depth)
        {
            if (depth == 0)
            {
                yield return Sleeping.Sleep(self.Task, long.MaxValue, Site);
                yield break;
            }

            var scope = ParallelScope.Open(self.Task);
            for (var i = 0; i < 3; i++) scope.Spawn(new Script<int>(child => Nest(child, depth - 1)), Site);
            yield return scope.Join(self.Task, Site);
            Assert.Fail("cancellation was swallowed");
        }
    }

    private static IEnumerator<Status> Forever(Script<int> self)
    {
        yield return Sleeping.Sleep(self.Task, long.MaxValue, Site);
        Assert.Fail("not cancelled");
    }

    private sealed class Squares(long count) : TaskSource<long>
    {
        private long _next;
        private int _alive;

        internal int MostAlive { get; private set; }

        internal bool IsDropped { get; private set; }

        internal long FailsAt { get; init; } = -1;

        public override bool Next(out Frame<long>? entry)
        {
            entry = null;
            if (_next == count) return false;
            var i = _next++;
            MostAlive = Math.Max(MostAlive, Interlocked.Increment(ref _alive));
            entry = new Script<long>(self => Square(self, i));
            return true;
        }

        public override void Drop() => IsDropped = true;

        private IEnumerator<Status> Square(Script<long> self, long i)
        {
            if (i == FailsAt) throw new SigilPanic("E1", "boom", Site);
            if (i % 97 == 0) yield return Sleeping.YieldNow(self.Task, Site);
            if (i % 1009 == 0) yield return Sleeping.Sleep(self.Task, 100_000, Site);
            self.Result = i * i;
            Interlocked.Decrement(ref _alive);
        }
    }
}
