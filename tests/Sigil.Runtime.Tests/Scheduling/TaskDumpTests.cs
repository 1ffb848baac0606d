using System.Diagnostics;
using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Exploring;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Exploring;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;
using IntResult = Sigil.Runtime.Values.Result<int, int>;

namespace Sigil.Runtime.Tests.Scheduling;

/// <summary>
/// The dump of the task tree, asked for again and again while scopes open and close, tasks start, wait, are cancelled and end, and the
/// locks that it takes are wanted by all of them: it always ends, and so does the program.
/// </summary>
public class TaskDumpTests
{
    private const string Site = "test.si:1:1 in @test";
    private const int LongestMillis = 10_000;

    [Fact]
    public void Dumps_end_while_everything_moves()
    {
        using var stop = new ManualResetEventSlim();
        var (dumps, longest, seen) = (0, 0L, 0);
        Thread? dumping = null;
        Running.Frame(3, new Script<int>(main => Rounds(main, 150)), Start);
        stop.Set();
        Assert.True(dumping!.Join(LongestMillis), "a dump hangs");
        Assert.True(dumps > 20, $"only {dumps} dumps");
        Assert.True(seen > 0, "no dump ever showed a task that waits");
        Assert.True(longest < LongestMillis, $"a dump took {longest} ms");

        void Start(RootScope root)
        {
            dumping = new Thread(() =>
            {
                while (!stop.IsSet)
                {
                    var clock = Stopwatch.StartNew();
                    if (DeadlockReport.Waiting(root).Contains("waits for", StringComparison.Ordinal)) seen++;
                    longest = Math.Max(longest, clock.ElapsedMilliseconds);
                    dumps++;
                }
            })
            { IsBackground = true };
            dumping.Start();
        }
    }

    /// <summary>The same with every atomic operation a step, so that a lock taken in the wrong order is found and not waited for.</summary>
    [Fact]
    public void Dumps_end_under_every_schedule()
    {
        using var carriers = new Carriers();
        for (var seed = 0L; seed < 60 * Explored.Effort; seed++)
        {
            var dumps = 0;
            var ends = Explored.Tasks(Chooser.Of(seed), carriers, timeIsFree: true, new Script<int>(main => Rounds(main, 1)), new Script<int>(Dumping), new Script<int>(Dumping));
            Assert.True(ends, $"seed {seed}: somebody waits for ever");
            Assert.Equal(8, dumps);

            IEnumerator<Status> Dumping(Script<int> self)
            {
                CancelScope root = self.Task.CurrentScope;
                while (root.Parent is { } parent) root = parent;
                for (var i = 0; i < 4; i++)
                {
                    DeadlockReport.Waiting(root);
                    Interlocked.Increment(ref dumps);
                    yield return Sleeping.YieldNow(self.Task, Site);
                }
            }
        }
    }

    // Each round: a group whose children wait for a channel, a sleep, each other and an inner scope, and are cancelled in the middle of it.
    private static IEnumerator<Status> Rounds(Script<int> main, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var channel = Channel.CreateBoth<long>(round % 2, Site);
            var source = CancellationSource.Create();
            var group = GroupScope.Open(main.Task, round % 3 == 0 ? 2 : 0, ErrorMode.CollectAll, -1, source.Token, new OutcomeStore<int, int>(), isNursery: false, keepsFinished: false);
            var first = group.Spawn(new Script<IntResult>(self => Receiving(self, channel.Consumer)), Site);
            group.Start(new Script<IntResult>(self => Sleep(self)), Site);
            group.Start(new Script<IntResult>(self => Nested(self)), Site);
            group.Spawn(new Script<IntResult>(self => Waiting(self, first)), Site);
            yield return Sleeping.YieldNow(main.Task, Site);
            if (round % 2 == 0) source.Cancel("enough");
            channel.Producer.Close();
            yield return group.Join(main.Task, Site);
        }
    }

    private static IEnumerator<Status> Receiving(Script<IntResult> self, Consumer<long> consumer)
    {
        yield return consumer.Receive(self.Task, out _, Site);
    }

    private static IEnumerator<Status> Sleep(Script<IntResult> self)
    {
        yield return Sleeping.Sleep(self.Task, 100_000, Site);
    }

    private static IEnumerator<Status> Waiting(Script<IntResult> self, GroupTask other)
    {
        yield return other.WaitEnd(self.Task, Site);
    }

    private static IEnumerator<Status> Nested(Script<IntResult> self)
    {
        var scope = ParallelScope.Open(self.Task);
        for (var i = 0; i < 3; i++) scope.Spawn(new Script<int>(Yielding), Site);
        yield return scope.Join(self.Task, Site);
    }

    private static IEnumerator<Status> Yielding(Script<int> self)
    {
        yield return Sleeping.YieldNow(self.Task, Site);
    }
}
