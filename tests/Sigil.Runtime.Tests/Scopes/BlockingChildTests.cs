using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Tests.Scopes;

/// <summary>Children whose plain code blocks its thread: those behind them go on, however few workers there are.</summary>
public class BlockingChildTests
{
    private const string Site = "test.si:1:1 in @test";

    /// <summary>Blocks each child until all are there, in the way of plain code.</summary>
    internal sealed class Meeting(int parties)
    {
        private readonly Gate _gate = new();
        private int _there;

        internal void Attend()
        {
            using var blocking = Blocking.Section();
            using (_gate.Hold())
            {
                _there++;
                while (_there < parties) _gate.Wait();

                // A pulse wakes one.
                _gate.Pulse();
            }
        }
    }

    internal sealed class Source(int count, Action<int> run) : TaskSource<long>
    {
        private int _made;

        public override bool Next(out Frame<long>? entry)
        {
            var index = _made++;
            entry = index < count ? new Script<long>(self => Run(self, index)) : null;
            return entry is not null;
        }

        private IEnumerator<Status> Run(Script<long> self, int index)
        {
            run(index);
            self.Result = index;
            yield break;
        }
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 40)]
    [InlineData(3, 7)]
    public void Queued_children_of_a_group(int workers, int count)
    {
        var meeting = new Meeting(count);
        Running.Run(workers, Body);

        IEnumerator<Status> Body(Script<int> main)
        {
            var group = GroupScope.Open(main.Task, 0, ErrorMode.CancelAll, -1, null, null, isNursery: false, keepsFinished: false);
            for (var i = 0; i < count; i++)
            {
                group.Start(new Script<long>(Attends), Site);

                // Some are queued when those before them block already.
                if (i % 3 == 0) yield return Sleeping.YieldNow(main.Task, Site);
            }

            yield return group.Join(main.Task, Site);
        }

        IEnumerator<Status> Attends(Script<long> self)
        {
            meeting.Attend();
            yield return Sleeping.YieldNow(self.Task, Site);
        }
    }

    [Theory]
    [InlineData(1, 20, 0, false)]
    [InlineData(2, 40, 0, true)]
    [InlineData(2, 300, 0, true)]
    [InlineData(2, 40, 5, false)]
    public void Elements_of_a_list(int workers, int count, int limit, bool isCpuBound)
    {
        // The last few of many, so that chunks have grown by then; or as many at a time as may run.
        var blocking = limit > 0 ? limit : 20;
        var meetings = Enumerable.Range(0, count / blocking + 1).Select(_ => new Meeting(blocking)).ToArray();
        Running.Run(workers, Body);

        IEnumerator<Status> Body(Script<int> main)
        {
            var source = new Source(count, Attends);
            var scope = ListScope<long>.Open(main.Task, source, Site, limit, isCpuBound: isCpuBound);
            yield return scope.Join(main.Task, Site);
            Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), scope.Results);
        }

        void Attends(int index)
        {
            if (limit > 0 || index >= count - blocking) meetings[limit > 0 ? index / blocking : 0].Attend();
        }
    }
}
