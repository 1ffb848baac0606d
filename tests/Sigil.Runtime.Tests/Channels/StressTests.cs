using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Channels;

/// <summary>
/// Many messages over every mode, with timeouts and cancellation at random: what was sent has been received, or dropped by a cancelled
/// send. <c>SIGIL_STRESS=10000000</c> sets the number of messages a mode; the figures are in docs/soundness.md.
/// </summary>
public class StressTests
{
    private const string Site = "test.si:1:1 in @test";

    private static readonly int s_messages =
        int.TryParse(Environment.GetEnvironmentVariable("SIGIL_STRESS"), out var messages) && messages > 0 ? messages : 40_000;

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 1, 64)]
    [InlineData(3, 1, 0)]
    [InlineData(3, 1, 2)]
    [InlineData(1, 3, 1)]
    [InlineData(3, 3, 0)]
    [InlineData(3, 3, 1)]
    [InlineData(3, 3, 64)]
    public void Nothing_is_lost_or_doubled(int producers, int consumers, long capacity)
    {
        var (sending, receiving) = Ends(capacity, producers, consumers);
        var each = s_messages / producers;
        long sentSum = 0, sentCount = 0, receivedSum = 0, receivedCount = 0, cancelled = 0, timedOut = 0;
        Running.Frame(2, new Script<int>(Body), limitMillis: 3_600_000);

        // A cancelled send has had no effect, and was not counted.
        Assert.Equal(sentCount, receivedCount);
        Assert.Equal(sentSum, receivedSum);
        if (s_messages < 1_000_000) return;
        Assert.True(cancelled > 0 && timedOut > 0, $"{cancelled} cancelled, {timedOut} timed out");

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            for (var i = 0; i < producers; i++)
            {
                var index = i;
                scope.Spawn(new Script<int>(self => Sending(self, index)), Site);
            }

            for (var i = 0; i < consumers; i++)
            {
                var index = i;
                scope.Spawn(new Script<int>(self => Receiving(self, index)), Site);
            }

            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Sending(Script<int> self, int index)
        {
            var random = new Random(index);
            long sum = 0, count = 0;
            for (var i = 0; i < each; i++)
            {
                var value = ((long)index << 32) + i;
                switch (random.Next(256))
                {
                    case 0:
                        var attempt = new Script<int>(inner => Cancelled(inner, task => sending[index].Send(task, value, Site))) { SeesCancellation = true };
                        yield return attempt.Resume(self.Task);
                        if (attempt.Result == 0)
                        {
                            Interlocked.Increment(ref cancelled);
                            continue;
                        }

                        break;
                    case < 16:
                        yield return sending[index].SendTimeout(self.Task, value, random.Next(20_000), out var direct, Site);
                        if (self.Take(direct) != Outcome.Done)
                        {
                            Interlocked.Increment(ref timedOut);
                            continue;
                        }

                        break;
                    case 16 when random.Next(4) == 0:
                        // Lets the other side wait for longer than its deadlines.
                        yield return Sleeping.Sleep(self.Task, 50_000, Site);
                        goto default;
                    default:
                        yield return sending[index].Send(self.Task, value, Site);
                        break;
                }

                sum += value;
                count++;
            }

            Interlocked.Add(ref sentSum, sum);
            Interlocked.Add(ref sentCount, count);
            sending[index].Close();
        }

        IEnumerator<Status> Receiving(Script<int> self, int index)
        {
            var random = new Random(100 + index);
            long sum = 0, count = 0;
            for (var open = true; open;)
            {
                switch (random.Next(256))
                {
                    case 0:
                        var got = default(Option<long>);
                        var attempt = new Script<int>(inner => Receives(inner, index, value => got = value)) { SeesCancellation = true };
                        yield return attempt.Resume(self.Task);
                        if (attempt.Result == 0) Interlocked.Increment(ref cancelled);
                        else if (got.HasValue) Took(got.Value);
                        else open = false;
                        break;
                    case < 16:
                        yield return receiving[index].ReceiveTimeout(self.Task, random.Next(20_000), out var direct, Site);
                        var outcome = self.Take(direct);
                        if (outcome.Code == Outcome.Done) Took(outcome.Value);
                        else if (outcome.Code == Outcome.Closed) open = false;
                        else Interlocked.Increment(ref timedOut);
                        break;
                    case < 24:
                        yield return receiving[index].ReceiveMany(self.Task, 8, out var many, Site);
                        many = self.Take(many);
                        foreach (var value in many) Took(value);
                        open = many.Length > 0;
                        break;
                    case 24 when random.Next(4) == 0:
                        yield return Sleeping.Sleep(self.Task, 50_000, Site);
                        goto default;
                    default:
                        yield return receiving[index].Receive(self.Task, out var plain, Site);
                        var received = self.Take(plain);
                        if (received.HasValue) Took(received.Value);
                        open = received.HasValue;
                        break;
                }
            }

            Interlocked.Add(ref receivedSum, sum);
            Interlocked.Add(ref receivedCount, count);

            void Took(long value)
            {
                sum += value;
                count++;
            }
        }

        IEnumerator<Status> Receives(Script<int> inner, int index, Action<Option<long>> deliver)
        {
            var scope = inner.Task.PushScope(10_000);
            yield return receiving[index].Receive(inner.Task, out var direct, Site);
            if (Left(inner, scope)) yield break;
            deliver(inner.Take(direct));
            inner.Result = 1;
        }
    }

    private static IEnumerator<Status> Cancelled(Script<int> inner, Func<SigilTask, Status> operation)
    {
        var scope = inner.Task.PushScope(10_000);
        yield return operation(inner.Task);
        if (!Left(inner, scope)) inner.Result = 1;
    }

    /// <summary>Leaves the scope; whether it was cancelled.</summary>
    private static bool Left(Script<int> inner, CancelScope scope)
    {
        if (inner.CalleeStatus != Status.Cancelled)
        {
            inner.Task.PopScope(scope);
            return false;
        }

        Assert.True(inner.Task.TryCatchCancellation(scope));
        inner.CalleeStatus = Status.Completed;
        return true;
    }

    private static (Producer<long>[] Producers, Consumer<long>[] Consumers) Ends(long capacity, int producers, int consumers)
    {
        if (producers == 1 && consumers == 1)
        {
            var one = Channel.CreateExclusive<long>(capacity, Site);
            return ([one.Producer], [one.Consumer]);
        }

        if (consumers == 1)
        {
            var fanIn = Channel.CreateSharedProducers<long>(capacity, Site);
            return ([fanIn.Producer, .. Enumerable.Range(1, producers - 1).Select(_ => fanIn.Producer.Clone())], [fanIn.Consumer]);
        }

        if (producers == 1)
        {
            var fanOut = Channel.CreateSharedConsumers<long>(capacity, Site);
            return ([fanOut.Producer], [fanOut.Consumer, .. Enumerable.Range(1, consumers - 1).Select(_ => fanOut.Consumer.Clone())]);
        }

        var both = Channel.CreateBoth<long>(capacity, Site);
        return (
            [both.Producer, .. Enumerable.Range(1, producers - 1).Select(_ => both.Producer.Clone())],
            [both.Consumer, .. Enumerable.Range(1, consumers - 1).Select(_ => both.Consumer.Clone())]);
    }
}
