using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Scheduling;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Ipc;

/// <summary>Channels between processes without a buffer: a value is handed over, or it stays where it was.</summary>
[Collection(nameof(Alone))]
public sealed class MeetingTests
{
    private const string Site = "test.si:1:1 in @test";

    /// <summary>Both sides give up at random moments: what counts as sent is received, once, in order, and nothing else is.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void An_offer_is_taken_or_withdrawn(int workers, bool share)
    {
        const int tries = 4_000;
        var sent = new List<long>[2] { [], [] };
        var received = new List<long>();
        var random = new Random(5);
        Producer<long>[] producers;
        Consumer<long> consumer;
        if (share)
        {
            var pair = IpcChannel.CreateBoth(0, new IntCodec(), "here");
            producers = [pair.Producer, pair.Producer.Clone(Site)];
            consumer = pair.Consumer;
        }
        else
        {
            var pair = IpcChannel.CreateExclusive(0, new IntCodec(), "here");
            producers = [pair.Producer];
            consumer = pair.Consumer;
        }

        Running.Together(workers, [.. producers.Select((p, i) => (Func<Script<int>, IEnumerator<Status>>)(self => Sending(self, i))), Receiving]);
        foreach (var side in (int[])[0, 1]) Assert.Equal(sent[side], received.Where(n => n % 2 == side));
        Assert.NotEmpty(received);

        IEnumerator<Status> Sending(Script<int> self, int side)
        {
            for (var i = 0L; i < tries; i++)
            {
                var value = (2 * i) + side;
                int outcome;
                if (i % 5 == 0) outcome = producers[side].TrySend(value);
                else
                {
                    yield return producers[side].SendTimeout(self.Task, value, Wait(), out outcome, Site);
                    outcome = self.Take(outcome);
                }

                Assert.True(outcome is Outcome.Done or Outcome.TimedOut or Outcome.Full);
                if (outcome == Outcome.Done) sent[side].Add(value);
            }

            producers[side].Close();
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            while (true)
            {
                yield return consumer.ReceiveTimeout(self.Task, Wait(), out var direct, Site);
                var outcome = self.Take(direct);
                if (outcome.Code == Outcome.Closed) break;
                if (outcome.Code == Outcome.Done) received.Add(outcome.Value);
            }
        }

        long Wait()
        {
            lock (random) return random.Next(1, 60_000);
        }
    }

    [Fact]
    public void A_send_returns_when_the_value_has_been_taken()
    {
        var pair = IpcChannel.CreateExclusive(0, new IntCodec(), "here");
        var isTaken = false;
        Running.Together(2, Sending, Receiving);

        IEnumerator<Status> Sending(Script<int> self)
        {
            yield return pair.Producer.Send(self.Task, 1, Site);
            Assert.True(Volatile.Read(ref isTaken));
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            yield return Sleeping.Sleep(self.Task, 30_000_000, Site);
            Volatile.Write(ref isTaken, true);
            yield return pair.Consumer.Receive(self.Task, out var direct, Site);
            Assert.Equal(1, self.Take(direct).Value);
        }
    }

    [Fact]
    public void Without_waiting_only_somebody_who_waits_gets_a_value()
    {
        var pair = IpcChannel.CreateExclusive(0, new IntCodec(), "here");
        var receiver = new Script<int>(Receiving);
        Running.Together(2, receiver, new Script<int>(Trying));

        IEnumerator<Status> Receiving(Script<int> self)
        {
            yield return pair.Consumer.Receive(self.Task, out var direct, Site);
            Assert.Equal(7, self.Take(direct).Value);
        }

        IEnumerator<Status> Trying(Script<int> self)
        {
            while (pair.Producer.TrySend(7) != Outcome.Done) yield return Sleeping.YieldNow(self.Task, Site);
            Assert.Equal(0, pair.Producer.Length);
        }
    }

    /// <summary>An end inside a value leaves its owner when the value is taken, not when it is offered; many offers in vain leave nothing behind.</summary>
    [Fact]
    public void An_end_in_a_withdrawn_offer_stays_with_its_owner()
    {
        var before = Directory.GetFiles("/proc/self/fd").Length;
        var carrier = IpcChannel.CreateExclusive(0, new IpcConsumerCodec<long>(new IntCodec()), "here");
        var inner = IpcChannel.CreateExclusive(1, new IntCodec(), "here");
        Running.Run(1, Offering);
        inner.Producer.TrySend(3);
        Assert.Equal(3, inner.Consumer.TryReceive().Value);
        Running.Together(2, Sending, Receiving);
        foreach (var end in (IDroppable[])[carrier.Producer, carrier.Consumer, inner.Producer]) end.Drop();
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length - before, int.MinValue, 2);

        IEnumerator<Status> Offering(Script<int> self)
        {
            for (var i = 0; i < 600; i++)
            {
                yield return carrier.Producer.SendTimeout(self.Task, inner.Consumer, 20_000, out var outcome, Site);
                Assert.Equal(Outcome.TimedOut, self.Take(outcome));
            }
        }

        IEnumerator<Status> Sending(Script<int> self)
        {
            yield return carrier.Producer.Send(self.Task, inner.Consumer, Site);
            Assert.False(inner.Consumer.End.IsOpen);
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            yield return carrier.Consumer.Receive(self.Task, out var direct, Site);
            var arrived = self.Take(direct).Value;
            inner.Producer.TrySend(4);
            Assert.Equal(4, arrived.TryReceive().Value);
            arrived.Close();
        }
    }

    [Fact]
    public void Large_values_meet_too()
    {
        var pair = IpcChannel.CreateExclusive(0, new BytesCodec(), "here");
        Running.Together(2, Sending, Receiving);

        IEnumerator<Status> Sending(Script<int> self)
        {
            foreach (var length in (int[])[10, 70_000, 1 << 20, 3 << 20, 5]) yield return pair.Producer.Send(self.Task, SigilList<byte>.Of(new byte[length]), Site);
            pair.Producer.Close();
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            foreach (var length in (int[])[10, 70_000, 1 << 20, 3 << 20, 5])
            {
                yield return pair.Consumer.Receive(self.Task, out var direct, Site);
                Assert.Equal(length, self.Take(direct).Value.Count);
            }
        }
    }
}
