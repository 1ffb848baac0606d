using CsCheck;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;

namespace Sigil.Runtime.Tests.Channels;

/// <summary>Channels against a bounded queue: step by step, and as histories of concurrent operations.</summary>
public class ModelTests
{
    private const string Site = "test.si:1:1 in @test";

    private enum Op
    {
        TrySend,
        TryReceive,
        Length,
        CloseProducer,
        CloseConsumer,
    }

    [Fact]
    public void Operations_without_waiting_agree_with_a_queue()
    {
        var ops = Gen.Frequency(
            (6, Gen.Const(Op.TrySend)),
            (6, Gen.Const(Op.TryReceive)),
            (2, Gen.Const(Op.Length)),
            (1, Gen.Const(Op.CloseProducer)),
            (1, Gen.Const(Op.CloseConsumer))).List[0, 60];
        Gen.Select(Gen.Int[0, 9], Gen.Bool, ops).Sample((capacity, shared, steps) => Agrees(capacity, shared, steps), iter: 2_000);
    }

    private static bool Agrees(int capacity, bool shared, List<Op> steps)
    {
        Producer<long> producer;
        Consumer<long> consumer;
        if (shared)
        {
            var pair = Channel.CreateBoth<long>(capacity, Site);
            (producer, consumer) = (pair.Producer, pair.Consumer);
        }
        else
        {
            var pair = Channel.CreateExclusive<long>(capacity, Site);
            (producer, consumer) = (pair.Producer, pair.Consumer);
        }

        var model = new Queue<long>();
        var (noProducer, noConsumer) = (false, false);
        for (var i = 0; i < steps.Count; i++)
        {
            switch (steps[i])
            {
                case Op.TrySend when !noProducer:
                    var expected = noConsumer ? Outcome.Closed : model.Count == capacity ? Outcome.Full : Outcome.Done;
                    if (producer.TrySend(i) != expected) return false;
                    if (expected == Outcome.Done) model.Enqueue(i);
                    break;
                case Op.TryReceive when !noConsumer:
                    var outcome = model.Count > 0
                        ? ReceiveOutcome<long>.Received(model.Dequeue())
                        : ReceiveOutcome<long>.Failed(noProducer ? Outcome.Closed : Outcome.Empty);
                    if (consumer.TryReceive() != outcome) return false;
                    break;
                case Op.Length:
                    if (producer.Length != model.Count || consumer.Length != model.Count) return false;
                    break;
                case Op.CloseProducer:
                    noProducer = true;
                    producer.Close();
                    break;
                case Op.CloseConsumer:
                    noConsumer = true;
                    model.Clear();
                    consumer.Close();
                    break;
            }
        }

        return producer.IsClosed == noConsumer;
    }

    /// <summary>
    /// Three tasks with three operations each on a small channel, many times: the results must be those of some order of
    /// the operations that respects real time (Herlihy and Wing 1990), found by search as in Wing and Gong (1993).
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Concurrent_histories_are_linearizable(int capacity)
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var history = Record(capacity, seed);
            Assert.True(IsLinearizable(history, capacity), $"seed {seed}:\n" + string.Join("\n", history));
        }
    }

    private sealed record Call(int Task, bool IsSend, long Value, int Start)
    {
        internal int End { get; set; }

        internal int Code { get; set; }

        internal long Got { get; set; }

        public override string ToString() =>
            $"[{Start}..{End}] task {Task} {(IsSend ? $"try_send({Value})" : "try_receive()")} = {Code}, {Got}";
    }

    private static List<Call> Record(int capacity, int seed)
    {
        var pair = Channel.CreateBoth<long>(capacity, Site);
        var history = new List<Call>();
        var time = 0;
        var ready = 0;
        Running.Run(3, Body);
        return history;

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            for (var i = 0; i < 3; i++)
            {
                var index = i;
                scope.Spawn(new Script<int>(self => Three(index)), Site);
            }

            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Three(int index)
        {
            var random = new Random((seed * 3) + index);
            var mine = new List<Call>();

            // All start together when there are cores for it, and after a while in any case.
            Interlocked.Increment(ref ready);
            SpinWait.SpinUntil(() => Volatile.Read(ref ready) == 3, 1);
            for (var k = 0; k < 3; k++)
            {
                var call = new Call(index, random.Next(2) == 0, (index * 10) + k, Interlocked.Increment(ref time));
                if (call.IsSend)
                {
                    call.Code = pair.Producer.TrySend(call.Value);
                }
                else
                {
                    var got = pair.Consumer.TryReceive();
                    (call.Code, call.Got) = (got.Code, got.Value);
                }

                call.End = Interlocked.Increment(ref time);
                mine.Add(call);
            }

            lock (history) history.AddRange(mine);
            yield break;
        }
    }

    private static bool IsLinearizable(List<Call> pending, int capacity, params long[] queue)
    {
        if (pending.Count == 0) return true;
        var firstEnd = pending.Min(call => call.End);
        foreach (var call in pending.Where(call => call.Start < firstEnd))
        {
            long[]? after = null;
            if (call.IsSend)
            {
                if (call.Code == (queue.Length < capacity ? Outcome.Done : Outcome.Full))
                    after = call.Code == Outcome.Done ? [.. queue, call.Value] : queue;
            }
            else if (queue.Length > 0 ? call.Code == Outcome.Done && call.Got == queue[0] : call.Code == Outcome.Empty)
            {
                after = queue.Length > 0 ? queue[1..] : queue;
            }

            if (after is not null && IsLinearizable([.. pending.Where(other => other != call)], capacity, after)) return true;
        }

        return false;
    }
}
