using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;
using IntResult = Sigil.Runtime.Values.Result<int, int>;

namespace Sigil.Runtime.Tests.Scopes;

public class GroupTests
{
    private const string Site = "test.si:1:1 in @test";

    [Fact]
    public void Results_come_in_spawn_order_from_any_mixture_of_children()
    {
        Running.Run(3, Body);

        static IEnumerator<Status> Body(Script<int> main)
        {
            const int count = 3000;
            var store = new OutcomeStore<int, int>();
            var group = GroupScope.Open(main.Task, 0, ErrorMode.CollectAll, -1, null, store, isNursery: false, keepsFinished: false);
            for (var i = 0; i < count; i++)
            {
                if (i % 7 == 3) group.Spawn(Child(i), Site);
                else group.Start(Child(i), Site);
                if (i % 500 == 499) yield return Sleeping.YieldNow(main.Task, Site);
            }

            yield return group.Join(main.Task, Site);
            Assert.False(group.HasFailures);
            var results = group.TakeAll<int, int>();
            Assert.Equal(count, results.Count);
            for (var i = 0; i < count; i++) Assert.Equal(i, results.ItemAt(i).OkValue);
        }

        static Script<IntResult> Child(int value) => new(self => Run(self, value));

        static IEnumerator<Status> Run(Script<IntResult> self, int value)
        {
            if (value % 3 == 1) yield return Sleeping.YieldNow(self.Task, Site);
            if (value % 101 == 5) yield return Sleeping.Sleep(self.Task, 200_000, Site);
            self.Result = IntResult.Ok(value);
        }
    }

    [Fact]
    public void Every_child_ends_once_when_the_scope_is_cancelled_while_it_spawns()
    {
        for (var round = 0; round < 200; round++)
        {
            var limit = round % 2 == 0 ? 0 : 3;
            var source = CancellationSource.Create();
            var started = 0;
            var abandoned = 0;
            Running.Run(3, Body);
            Assert.Equal(300, started + abandoned);

            IEnumerator<Status> Body(Script<int> main)
            {
                var outer = ParallelScope.Open(main.Task);
                outer.Spawn(new Script<int>(Owner), Site);
                outer.Spawn(new Script<int>(Stop), Site);
                yield return outer.Join(main.Task, Site);
            }

            IEnumerator<Status> Stop(Script<int> self)
            {
                for (var i = 0; i < round % 5; i++) yield return Sleeping.YieldNow(self.Task, Site);
                source.Cancel("stop");
            }

            IEnumerator<Status> Owner(Script<int> self)
            {
                var group = GroupScope.Open(self.Task, limit, ErrorMode.CancelAll, -1, source.Token, null, isNursery: false, keepsFinished: false);
                for (var i = 0; i < 300; i++)
                {
                    var child = new Script<IntResult>(Child) { OnAbandon = () => Interlocked.Increment(ref abandoned) };
                    if (i % 10 == 0) group.Spawn(child, Site);
                    else group.Start(child, Site);
                }

                yield return group.Join(self.Task, Site);
            }

            IEnumerator<Status> Child(Script<IntResult> self)
            {
                Interlocked.Increment(ref started);
                yield return Sleeping.YieldNow(self.Task, Site);
                yield return Sleeping.Sleep(self.Task, 50_000, Site);
                self.Result = IntResult.Ok(1);
            }
        }
    }

    [Theory]
    [InlineData(int.MaxValue - 20L)]
    [InlineData((1L << 30) - 20)]
    [InlineData(uint.MaxValue - 20L)]
    public void A_group_has_as_many_children_as_it_lasts(long before)
    {
        for (var round = 0; round < 20; round++)
        {
            var source = CancellationSource.Create();
            var ended = 0;
            Running.Run(2, Body);
            Assert.Equal(300, ended);

            IEnumerator<Status> Body(Script<int> main)
            {
                var group = GroupScope.Open(main.Task, 0, ErrorMode.CancelAll, -1, source.Token, null, isNursery: false, keepsFinished: false);
                group.Skip(before);
                for (var i = 0; i < 300; i++)
                {
                    group.Start(new Script<IntResult>(Child) { SeesCancellation = true, OnAbandon = () => Interlocked.Increment(ref ended) }, Site);
                    if (i % 50 == 49) yield return Sleeping.YieldNow(main.Task, Site);
                }

                // Those that wait are told of the cancellation, and only those that have not begun never begin.
                source.Cancel("stop");
                yield return group.Join(main.Task, Site);
                Assert.Equal(before + 300, group.Count);
            }

            IEnumerator<Status> Child(Script<IntResult> self)
            {
                yield return Sleeping.YieldNow(self.Task, Site);
                if (!self.Task.IsCancellationRequested) yield return Sleeping.Sleep(self.Task, 50_000_000, Site);
                Interlocked.Increment(ref ended);
            }
        }
    }

    [Fact]
    public void Waiting_for_a_task_that_ends_at_that_moment()
    {
        for (var round = 0; round < 300; round++) Running.Run(2, Body);

        static IEnumerator<Status> Body(Script<int> main)
        {
            var group = GroupScope.Open(main.Task, 0, ErrorMode.CancelAll, -1, null, null, isNursery: true, keepsFinished: true);
            var task = group.Spawn(new Script<IntResult>(Child), Site);
            var other = group.Spawn(new Script<IntResult>(Child), Site);
            yield return task.WaitEnd(main.Task, Site);
            Assert.Equal(0, task.EndCode);
            Assert.Equal(4, task.TakeResult<int, int>().OkValue);
            yield return GroupScope.WaitFinished<int>(main.Task, group, out var first, Site);
            Assert.True(main.Take(first).IsDone);
            other.RequestCancel();
            yield return group.Join(main.Task, Site);
            Assert.Equal(0, group.FailureKind);
        }

        static IEnumerator<Status> Child(Script<IntResult> self)
        {
            self.Result = IntResult.Ok(4);
            yield break;
        }
    }
}
