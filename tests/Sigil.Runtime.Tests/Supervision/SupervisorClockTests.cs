using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Supervision;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Supervision;

/// <summary>Time goes on while a supervisor looks at its children: what becomes due meanwhile is not forgotten.</summary>
public class SupervisorClockTests
{
    private const string Site = "test.si:1:1 in @test";

    [Fact]
    public void A_restart_that_becomes_due_during_a_look_takes_place()
    {
        for (var round = 0; round < 40; round++)
        {
            var clock = new SteppingClock(10_000 + (round * 3_000));
            var scheduler = new WorkStealingScheduler(2, clock);
            var root = new RootScope(scheduler);
            var starts = 0;
            var task = new SigilTask(new Script<int>(Body), root, null);
            scheduler.Deadlocked = () => root.End(RootScope.Deadlock);
            scheduler.Inject(task);
            scheduler.StartThreads();
            Assert.True(root.AwaitEnd(30_000), $"round {round} hangs");
            Assert.Equal((int)Status.Completed, root.AwaitEnd());
            scheduler.Stop();
            Assert.Equal(41, starts);

            IEnumerator<Status> Body(Script<int> main)
            {
                var specs = SigilList<ChildSpec>.Of([ChildSpec.Make("child", new FailsAtFirst(40, () => starts++), 1, 1_000_000)]);
                yield return Supervisor.Open(main.Task, 0, 1000, 1_000_000_000_000, 0, 300_000, 0, specs, CancellationSource.Create().Token, out var supervisor, Site);
                while (true)
                {
                    yield return supervisor.Next(main.Task, out var told, Site);
                    if (main.Take(told).Item1 == (long)SupervisorEventKind.Finished) break;
                }
            }
        }
    }

    // Every look at it costs time.
    private sealed class SteppingClock(long step) : IClock
    {
        private long _now;

        public long NowNanos => Interlocked.Add(ref _now, step);
    }

    private sealed class FailsAtFirst(int failures, Action started) : Fn<Option<string>>
    {
        private int _starts;

        public override Option<string> Invoke()
        {
            started();
            return _starts++ < failures ? Option<string>.Some("not yet") : default;
        }
    }
}
