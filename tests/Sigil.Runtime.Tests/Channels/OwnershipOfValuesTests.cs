using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Select;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Select;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Tests.Channels;

/// <summary>Every value has exactly one end: received, dropped by the runtime, or still its sender's.</summary>
public class OwnershipOfValuesTests
{
    private const string Site = Ends.Site;

    private sealed class Token : IDroppable
    {
        internal int Drops;

        public void Drop() => Interlocked.Increment(ref Drops);
    }

    /// <summary>Sends are cancelled at random moments: a value is received, or dropped by the cancelled send; never both, never neither.</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    public void A_cancelled_send_has_dropped_its_value_or_delivered_it(bool isShared, long capacity)
    {
        const int n = 3_000;
        var (producer, consumer) = Make(isShared, capacity);
        var tokens = Enumerable.Range(0, n).Select(_ => new Token()).ToArray();
        var received = new HashSet<Token>();
        var delivered = new bool[n];
        Running.Run(2, Body);
        for (var i = 0; i < n; i++)
        {
            Assert.Equal(delivered[i], received.Contains(tokens[i]));
            Assert.Equal(delivered[i] ? 0 : 1, tokens[i].Drops);
        }

        Assert.Contains(true, delivered);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(Sending), Site);
            scope.Spawn(new Script<int>(Receiving), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Sending(Script<int> self)
        {
            for (var i = 0; i < n; i++)
            {
                var index = i;
                var attempt = new Script<int>(inner => Attempt(inner, index)) { SeesCancellation = true };
                yield return attempt.Resume(self.Task);
            }

            producer.Close();
        }

        IEnumerator<Status> Attempt(Script<int> inner, int index)
        {
            var scope = inner.Task.PushScope(index % 3 * 5_000);
            yield return producer.Send(inner.Task, tokens[index], Site);
            if (inner.CalleeStatus == Status.Cancelled)
            {
                Assert.True(inner.Task.TryCatchCancellation(scope));
                inner.CalleeStatus = Status.Completed;
                yield break;
            }

            inner.Task.PopScope(scope);
            delivered[index] = true;
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            var random = new Random(1);
            while (true)
            {
                if (random.Next(4) == 0) yield return Sleeping.Sleep(self.Task, 5_000, Site);
                yield return consumer.Receive(self.Task, out var direct, Site);
                var got = self.Take(direct);
                if (!got.HasValue) break;
                Assert.True(received.Add(got.Value));
            }
        }
    }

    /// <summary>The same for an arm of a select: there the value stays its sender's, who alone may drop it.</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    public void An_arm_that_is_not_taken_leaves_the_value_to_its_owner(bool isShared, long capacity)
    {
        const int n = 3_000;
        var (producer, consumer) = Make(isShared, capacity);
        var (_, idle) = Make(isShared, capacity);
        var tokens = Enumerable.Range(0, n).Select(_ => new Token()).ToArray();
        var sent = new bool[n];
        var received = new HashSet<Token>();
        Running.Run(2, Body);
        for (var i = 0; i < n; i++)
        {
            Assert.Equal(sent[i], received.Contains(tokens[i]));
            Assert.Equal(0, tokens[i].Drops);
        }

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(Sending), Site);
            scope.Spawn(new Script<int>(Receiving), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Sending(Script<int> self)
        {
            for (var i = 0; i < n; i++)
            {
                var round = Selection.Begin(self.Task, 2, Selection.IsFair, "offer");
                round.AddSend(0, producer, tokens[i]);
                round.AddReceive(1, idle);
                round.SetTimeout(i % 3 * 5_000);
                yield return round.Choose(self.Task, out var direct, Site);
                sent[i] = self.Take(direct) == 0;
            }

            producer.Close();
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            while (true)
            {
                yield return consumer.Receive(self.Task, out var direct, Site);
                var got = self.Take(direct);
                if (!got.HasValue) break;
                Assert.True(received.Add(got.Value));
            }
        }
    }

    /// <summary>Both ends are dropped while sends and receives are under way: nothing is dropped twice or forgotten.</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    public void Dropping_both_ends_in_the_middle(bool isShared, long capacity)
    {
        for (var repeat = 0; repeat < 300; repeat++)
        {
            var (producer, consumer) = Make(isShared, capacity);
            var tokens = Enumerable.Range(0, 12).Select(_ => new Token()).ToArray();
            var received = new List<Token>();
            var stop = repeat % 12;
            var refused = 0;
            Running.Run(2, Body);
            Assert.Equal(received.Count, received.Distinct().Count());
            foreach (var token in tokens) Assert.Equal(1, token.Drops + (received.Contains(token) ? 1 : 0));

            IEnumerator<Status> Body(Script<int> main)
            {
                var scope = ParallelScope.Open(main.Task);
                scope.Spawn(new Script<int>(Sending), Site);
                scope.Spawn(new Script<int>(Receiving), Site);
                yield return scope.Join(main.Task, Site);
            }

            IEnumerator<Status> Sending(Script<int> self)
            {
                foreach (var token in tokens)
                {
                    yield return producer.Offer(self.Task, token, out var direct, Site);
                    if (self.Take(direct) != Outcome.Closed) continue;
                    token.Drop();
                    refused++;
                }

                producer.Drop();
            }

            IEnumerator<Status> Receiving(Script<int> self)
            {
                for (var i = 0; i < stop; i++)
                {
                    yield return consumer.Receive(self.Task, out var direct, Site);
                    received.Add(self.Take(direct).Value);
                }

                consumer.Drop();
            }
        }
    }

    private static (Producer<Token> Producer, Consumer<Token> Consumer) Make(bool isShared, long capacity)
    {
        if (isShared)
        {
            var shared = Channel.CreateBoth<Token>(capacity, Site);
            return (shared.Producer, shared.Consumer);
        }

        var exclusive = Channel.CreateExclusive<Token>(capacity, Site);
        return (exclusive.Producer, exclusive.Consumer);
    }
}
