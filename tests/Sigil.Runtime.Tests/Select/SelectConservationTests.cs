using Sigil.Runtime.Channels;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Select;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;

namespace Sigil.Runtime.Tests.Select;

/// <summary>Nothing is lost or doubled, and nobody hangs, however selects cross.</summary>
public class SelectConservationTests
{
    private const string Site = Ends.Site;

    /// <summary>Both parties of a rendezvous are selects, with timeouts: a value is either delivered or still its sender's.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    public void Selects_with_timeouts_on_both_sides(long capacity, int workers)
    {
        const int tasks = 3, each = 3_000;
        var channels = Enumerable.Range(0, 3).Select(_ => Channel.CreateBoth<long>(capacity, Site)).ToArray();
        var producers = Enumerable.Range(0, tasks).Select(_ => channels.Select(c => c.Producer.Clone()).ToArray()).ToArray();
        foreach (var channel in channels) channel.Producer.Close();
        long sum = 0, count = 0, timeouts = 0;
        Running.Run(workers, Body);
        Assert.Equal(tasks * each, count);
        Assert.Equal(tasks * ((long)each * (each - 1) / 2), sum);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            for (var t = 0; t < tasks; t++)
            {
                var mine = producers[t];
                scope.Spawn(new Script<int>(self => Sending(self, mine)), Site);
                scope.Spawn(new Script<int>(Receiving), Site);
            }

            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Sending(Script<int> self, SharedProducer<long>[] mine)
        {
            var random = new Random(1);
            for (var i = 0; i < each;)
            {
                var round = Selection.Begin(self.Task, mine.Length, Selection.IsFair, "sending");
                for (var k = 0; k < mine.Length; k++) round.AddSend(k, mine[k], i);
                round.SetTimeout(random.Next(3) * 10_000);
                yield return round.Choose(self.Task, out var direct, Site);
                if (self.Take(direct) == Selection.TimedOut) Interlocked.Increment(ref timeouts);
                else i++;
            }

            foreach (var producer in mine) producer.Close();
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            var random = new Random(2);
            while (true)
            {
                var round = Selection.Begin(self.Task, channels.Length, Selection.HasClosed, "receiving");
                for (var k = 0; k < channels.Length; k++) round.AddReceive(k, channels[k].Consumer);
                round.SetTimeout(random.Next(3) * 10_000);
                yield return round.Choose(self.Task, out var direct, Site);
                var chosen = self.Take(direct);
                if (chosen == Selection.Closed) break;
                if (chosen == Selection.TimedOut) continue;
                Interlocked.Add(ref sum, round.Received<long>(chosen));
                Interlocked.Increment(ref count);
            }
        }
    }

    /// <summary>Every task offers and asks on the same channels at once, also on one and the same: crossing selects find each other.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(2, 4)]
    public void Both_directions_at_once(int count, int workers)
    {
        const int tasks = 4, each = 4_000;
        var channels = Enumerable.Range(0, count).Select(_ => Channel.CreateBoth<long>(0, Site)).ToArray();
        long sent = 0, received = 0;
        Running.Run(workers, Body);
        Assert.Equal(sent, received);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            for (var t = 0; t < tasks; t++)
            {
                var reverse = t % 2 == 1;
                scope.Spawn(new Script<int>(self => Exchanging(self, reverse)), Site);
            }

            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Exchanging(Script<int> self, bool reverse)
        {
            for (var i = 0; i < each; i++)
            {
                var round = Selection.Begin(self.Task, 2 * count, Selection.IsFair, "exchange");
                for (var k = 0; k < count; k++)
                {
                    var channel = channels[reverse ? count - 1 - k : k];
                    round.AddSend(k, channel.Producer, i);
                    round.AddReceive(count + k, channel.Consumer);
                }

                // Whoever comes last finds nobody.
                round.SetTimeout(20_000_000);
                yield return round.Choose(self.Task, out var direct, Site);
                var chosen = self.Take(direct);
                if (chosen == Selection.TimedOut) break;
                if (chosen < count) Interlocked.Add(ref sent, i);
                else Interlocked.Add(ref received, round.Received<long>(chosen));
            }
        }
    }

    /// <summary>Rings only hint: four exclusive channels into one fair select, with a ring and a locked channel mixed.</summary>
    [Theory]
    [InlineData("Exclusive", 1)]
    [InlineData("Exclusive", 64)]
    [InlineData("Mixed", 2)]
    [InlineData("Mixed", 0)]
    public void Fan_in(string mode, long capacity)
    {
        const int sources = 4, each = 10_000;
        foreach (var workers in (int[])[1, 2, 4])
        {
            var ends = Enumerable.Range(0, sources).Select(i => Ends.Make(mode == "Mixed" && i % 2 == 1 ? "Both" : "Exclusive", capacity)).ToArray();
            var next = new long[sources];
            Running.Run(workers, Body);
            Assert.All(next, n => Assert.Equal(each, n));

            IEnumerator<Status> Body(Script<int> main)
            {
                var scope = ParallelScope.Open(main.Task);
                foreach (var end in ends) scope.Spawn(new Script<int>(self => Sending(self, end.Producer)), Site);
                scope.Spawn(new Script<int>(Receiving), Site);
                yield return scope.Join(main.Task, Site);
            }

            IEnumerator<Status> Sending(Script<int> self, Producer<long> producer)
            {
                for (var i = 0; i < each; i++) yield return producer.Send(self.Task, i, Site);
                producer.Close();
            }

            IEnumerator<Status> Receiving(Script<int> self)
            {
                while (true)
                {
                    var round = Selection.Begin(self.Task, sources, Selection.HasClosed | Selection.IsFair, "fan in");
                    for (var i = 0; i < sources; i++) round.AddReceive(i, ends[i].Consumer);
                    yield return round.Choose(self.Task, out var direct, Site);
                    var chosen = self.Take(direct);
                    if (chosen == Selection.Closed) break;
                    Assert.Equal(next[chosen]++, round.Received<long>(chosen));
                }
            }
        }
    }

    /// <summary>Waiting selects are cancelled at random moments while values are on their way to them.</summary>
    [Theory]
    [InlineData("Exclusive", 0)]
    [InlineData("Exclusive", 1)]
    [InlineData("Both", 1)]
    [InlineData("Both", 2)]
    public void Cancelled_selects_have_taken_nothing(string mode, long capacity)
    {
        const int n = 3_000;
        var (producer, consumer) = Ends.Make(mode, capacity);
        var (_, empty) = Ends.Make(mode, capacity);
        var received = 0L;
        Running.Run(2, Body);
        Assert.Equal((long)n * (n - 1) / 2, received);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(Sending), Site);
            scope.Spawn(new Script<int>(Receiving), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Sending(Script<int> self)
        {
            for (var i = 0; i < n; i++) yield return producer.Send(self.Task, i, Site);
            producer.Close();
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            var done = false;
            while (!done)
            {
                var attempt = new Script<int>(Attempt) { SeesCancellation = true };
                yield return attempt.Resume(self.Task);
            }

            IEnumerator<Status> Attempt(Script<int> inner)
            {
                var scope = inner.Task.PushScope(20_000);
                var round = Selection.Begin(inner.Task, 3, 0, "cancelled");
                round.AddReceive(0, consumer);
                round.AddReceive(1, empty);
                round.AddSleep(2, 1_000_000_000);
                yield return round.Choose(inner.Task, out var direct, Site);
                if (inner.CalleeStatus == Status.Cancelled)
                {
                    Assert.True(inner.Task.TryCatchCancellation(scope));
                    inner.CalleeStatus = Status.Completed;
                }
                else
                {
                    inner.Task.PopScope(scope);
                    if (inner.Take(direct) == 0) received += round.Received<long>(0);
                }

                done = consumer.IsClosed;
            }
        }
    }
}
