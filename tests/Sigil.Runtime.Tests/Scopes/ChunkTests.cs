using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Tests.Scopes;

/// <summary>List forms of CPU work: elements come in chunks, and nobody sees it.</summary>
public class ChunkTests
{
    private const string Site = "test.si:1:1 in @test";

    private sealed class Source(int count, bool known, Func<int, Frame<long>> make) : TaskSource<long>
    {
        private int _made;

        internal bool Dropped { get; private set; }

        public override long KnownCount => known ? count : -1;

        public override bool Next(out Frame<long>? entry)
        {
            entry = _made < count ? make(_made) : null;
            return _made++ < count;
        }

        public override void Drop() => Dropped = true;
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(100_000, true)]
    [InlineData(100_000, false)]
    public void Every_element_runs_once_and_results_are_in_order(int count, bool known)
    {
        var source = new Source(count, known, i => new Script<long>(self => One(self, i)));
        Running.Run(2, Body);
        Assert.True(source.Dropped);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ListScope<long>.Open(main.Task, source, Site, isCpuBound: true);
            yield return scope.Join(main.Task, Site);
            Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i * 2), scope.Results);
        }

        static IEnumerator<Status> One(Script<long> self, int i)
        {
            if (i % 1000 == 7) yield return Sleeping.YieldNow(self.Task, Site);
            self.Result = i * 2L;
        }
    }

    [Fact]
    public void An_element_does_not_wait_behind_a_long_one_while_a_core_is_free()
    {
        const int count = 20_000;
        var done = 0;
        Running.Run(2, Body);

        IEnumerator<Status> Body(Script<int> main)
        {
            // The long one waits, without suspending, for all the others.
            var source = new Source(count, known: false, i => new Script<long>(_ => One(i)));
            var scope = ListScope<long>.Open(main.Task, source, Site, isCpuBound: true);
            yield return scope.Join(main.Task, Site);
            Assert.Equal(count, done);
        }

        IEnumerator<Status> One(int i)
        {
            if (i == count / 2) SpinWait.SpinUntil(() => Volatile.Read(ref done) == count - 1, 20_000);
            Interlocked.Increment(ref done);
            yield break;
        }
    }

    [Fact]
    public void After_a_panic_what_has_not_started_is_abandoned()
    {
        int ran = 0, abandoned = 0;
        var failed = Assert.Throws<Runtime.Panics.SigilPanic>(() => Running.Run(2, Body));
        Assert.Equal("E7101", failed.Info.Code);
        Assert.True(ran < 50_000, $"{ran} ran");
        Assert.True(abandoned <= 64, $"{abandoned} were abandoned");

        IEnumerator<Status> Body(Script<int> main)
        {
            var source = new Source(50_000, known: false, i => new Script<long>(_ => One(i)) { OnAbandon = () => Interlocked.Increment(ref abandoned) });
            var scope = ListScope<long>.Open(main.Task, source, Site, mode: ErrorMode.CancelRemaining, isCpuBound: true);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> One(int i)
        {
            Interlocked.Increment(ref ran);
            if (i == 1000) throw new Runtime.Panics.SigilPanic("E7101", "no", Site);
            yield break;
        }
    }
}
