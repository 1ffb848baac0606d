using Sigil.Runtime.Channels;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Tasks;

/// <summary>
/// The suspension protocol, written out by hand exactly as the compiler emits it, for
/// <code>
/// @sum(c: &amp;Consumer&lt;int&gt;) -> int uses Async { let mut total = 0; for x in c { total = total + x }; total }
/// @main = parallel(.a: fill(p, n), .b: sum(&amp;c)).b
/// </code>
/// </summary>
public class ProtocolTests
{
    private static Status Sum(SigilTask task, Consumer<long> c, out long result, Frame? frame)
    {
        long total;
        Option<long> x;
        var f = (SumFrame?)frame;
        if (f is not null)
        {
            // The resume entry: restore the locals, look how the callee ended, jump behind the call.
            c = f.C;
            total = f.Total;
            result = 0;
            if (f.CalleeStatus != Status.Completed) return f.CalleeStatus;
            x = ((Frame<Option<long>>)task.SuspendedFrame!).Result;
            goto received;
        }

        total = 0;
    loop:
        var status = c.Receive(task, out x, "sum.si:1:60 in @sum");
        if (status != Status.Completed)
        {
            result = 0;
            if (status != Status.Suspended) return status;

            // The suspend path: a frame is made on the way out, or the one we were resumed with is used again.
            f ??= new SumFrame { C = c };
            f.Total = total;
            f.State = 1;
            task.SuspendedFrame!.Caller = f;
            task.SuspendedFrame = f;
            return Status.Suspended;
        }

    received:
        if (!x.HasValue)
        {
            result = total;
            return Status.Completed;
        }

        total += x.Value;
        goto loop;
    }

    private sealed class SumFrame : Frame<long>
    {
        internal required Consumer<long> C;
        internal long Total;

        public override Status Resume(SigilTask task) => Sum(task, C, out Result, this);
    }

    /// <summary>A task entry: state 0 starts the call, state 1 takes its result over.</summary>
    private sealed class SumEntry(Consumer<long> c) : Frame<long>
    {
        public override Status Resume(SigilTask task)
        {
            if (State == 1)
            {
                if (CalleeStatus == Status.Completed) Result = ((Frame<long>)task.SuspendedFrame!).Result;
                return CalleeStatus;
            }

            var status = Sum(task, c, out Result, null);
            if (status != Status.Suspended) return status;
            State = 1;
            task.SuspendedFrame!.Caller = this;
            task.SuspendedFrame = this;
            return Status.Suspended;
        }
    }

    private static IEnumerator<Status> Fill(Script<int> self, Producer<long> p, int n)
    {
        for (var i = 1; i <= n; i++) yield return p.Send(self.Task, i, "fill.si:1:1 in @fill");
        p.Close();
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 10)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(2, 1024)]
    public void Frames_written_as_the_compiler_does(int workers, int capacity)
    {
        var pair = Channel.CreateExclusive<long>(capacity, "main.si:1:1 in @main");
        var sum = Running.Run<long>(workers, main => Body(main));
        Assert.Equal(10_000L * 10_001 / 2, sum);

        IEnumerator<Status> Body(Script<long> main)
        {
            var entry = new SumEntry(pair.Consumer);
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(self => Fill(self, pair.Producer, 10_000)), "main.si:2:1 in @main");
            scope.Spawn(entry, "main.si:3:1 in @main");
            yield return scope.Join(main.Task, "main.si:1:1 in @main");
            main.Result = entry.Result;
        }
    }

    [Fact]
    public void Sleep_and_yield_complete()
    {
        Running.Run(1, Body);

        static IEnumerator<Status> Body(Script<int> self)
        {
            var start = self.Task.Scheduler.Clock.NowNanos;
            yield return Sleeping.Sleep(self.Task, 5_000_000, "t");
            Assert.True(self.Task.Scheduler.Clock.NowNanos - start >= 5_000_000);
            yield return Sleeping.YieldNow(self.Task, "t");
        }
    }

    [Fact]
    public void A_blocking_call_completes_with_its_result_or_its_exception()
    {
        Running.Run(1, Body);
        var panic = Assert.Throws<Sigil.Runtime.Panics.SigilPanic>(() => Running.Run(1, Failing));
        Assert.Equal("X", panic.Info.Code);

        static IEnumerator<Status> Body(Script<int> self)
        {
            yield return Blocking.Run(self.Task, () => 42, out var direct, "t");
            Assert.Equal(42, self.Take(direct));
        }

        static IEnumerator<Status> Failing(Script<int> self)
        {
            yield return Blocking.Run<int>(self.Task, () => throw new Sigil.Runtime.Panics.SigilPanic("X", "y", "z"), out _, "t");
        }
    }
}
