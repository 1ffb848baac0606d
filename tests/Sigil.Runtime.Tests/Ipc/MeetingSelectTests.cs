using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;
using Sigil.Runtime.Select;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Scheduling;
using Sigil.Runtime.Tests.Tasks;

namespace Sigil.Runtime.Tests.Ipc;

/// <summary>Selects at channels between processes without a buffer: a sending arm is taken if and only if its value has been received.</summary>
[Collection(nameof(Alone))]
public sealed class MeetingSelectTests
{
    private const string Site = "test.si:1:1 in @test";

    private static (IpcProducer<long> Producer, IpcConsumer<long> Consumer) Bufferless() => IpcChannel.CreateExclusive(0, new IntCodec(), Site) is var pair ? (pair.Producer, pair.Consumer) : default;

    /// <summary>Each of two tasks offers to the other and asks the other: every choice of one is the counterpart of a choice of the other.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Crossing_selects_agree(int workers)
    {
        const int rounds = 1_000;
        var channels = new[] { Bufferless(), Bufferless() };
        var sent = new List<long>[] { [], [] };
        var received = new List<long>[] { [], [] };
        Running.Together(workers, self => Meeting(self, 0), self => Meeting(self, 1));
        Assert.Equal(sent[0], received[1]);
        Assert.Equal(sent[1], received[0]);
        Assert.Equal(rounds, sent[0].Count + received[0].Count);

        IEnumerator<Status> Meeting(Script<int> self, int me)
        {
            for (var i = 0; i < rounds; i++)
            {
                var round = Selection.Begin(self.Task, 2, Selection.IsFair, "crossing");
                round.AddSend(0, channels[me].Producer, i);
                round.AddReceive(1, channels[1 - me].Consumer);
                yield return round.Choose(self.Task, out var direct, Site);
                if (self.Take(direct) == 0) sent[me].Add(i);
                else received[me].Add(round.Received<long>(1));
            }
        }
    }

    /// <summary>The sending select has arms of its own process too, and both sides give up at random moments.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_counts_as_sent_is_received(int workers)
    {
        const int rounds = 2_000;
        var random = new Random(11);
        var away = Bufferless();
        var home = Channel.CreateBoth<long>(0, Site);
        var (sent, received) = (new List<long>(), new List<long>());
        var (sentHome, receivedHome) = (0, 0);
        Running.Together(workers, Sending, Receiving, ReceivingHome);
        Assert.Equal(sent, received);
        Assert.Equal(sentHome, receivedHome);
        Assert.NotEmpty(sent);
        Assert.NotEqual(0, sentHome);

        IEnumerator<Status> Sending(Script<int> self)
        {
            for (var i = 0; i < rounds; i++)
            {
                var round = Selection.Begin(self.Task, 2, i % 2 == 0 ? Selection.IsFair : 0, i % 2 == 0 ? "fair" : "in order");
                round.AddSend(0, away.Producer, i);
                round.AddSend(1, home.Producer, i);
                round.SetTimeout(Wait());
                yield return round.Choose(self.Task, out var direct, Site);
                var choice = self.Take(direct);
                if (choice == 0) sent.Add(i);
                if (choice == 1) sentHome++;
            }

            away.Producer.Close();
            home.Producer.Close();
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            while (true)
            {
                var round = Selection.Begin(self.Task, 1, Selection.HasClosed, "away");
                round.AddReceive(0, away.Consumer);
                round.SetTimeout(Wait());
                yield return round.Choose(self.Task, out var direct, Site);
                var choice = self.Take(direct);
                if (choice == Selection.Closed) break;
                if (choice == 0) received.Add(round.Received<long>(0));
            }
        }

        IEnumerator<Status> ReceivingHome(Script<int> self)
        {
            while (true)
            {
                yield return home.Consumer.Receive(self.Task, out var direct, Site);
                if (!self.Take(direct).HasValue) break;
                receivedHome++;
            }
        }

        long Wait()
        {
            lock (random) return random.Next(1, 400_000);
        }
    }

    /// <summary>An arm that comes first and has somebody to give to is not kept back by a later arm that is always ready.</summary>
    [Fact]
    public void An_offer_has_its_turn_before_later_arms()
    {
        var away = Bufferless();
        var always = Channel.CreateExclusive<long>(16, Site);
        var isGiven = false;
        Running.Together(2, Choosing, Filling, Receiving);

        IEnumerator<Status> Choosing(Script<int> self)
        {
            while (!isGiven)
            {
                var round = Selection.Begin(self.Task, 2, 0, "first");
                round.AddSend(0, away.Producer, 1);
                round.AddReceive(1, always.Consumer);
                yield return round.Choose(self.Task, out var direct, Site);
                isGiven = self.Take(direct) == 0;
            }

            always.Consumer.Close();
        }

        IEnumerator<Status> Filling(Script<int> self)
        {
            while (true)
            {
                yield return always.Producer.Offer(self.Task, 0, out var outcome, Site);
                if (self.Take(outcome) == Outcome.Closed) break;
            }
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            yield return away.Consumer.Receive(self.Task, out var direct, Site);
            Assert.Equal(1, self.Take(direct).Value);
        }
    }

    /// <summary>A select whose offer nobody answers is cancelled, and leaves nothing in the channel.</summary>
    [Fact]
    public void A_cancelled_select_withdraws_its_offer()
    {
        var away = Bufferless();
        Running.Run(2, Body);
        Assert.Equal(Outcome.Empty, away.Consumer.TryReceive().Code);

        IEnumerator<Status> Body(Script<int> main)
        {
            // Counts as somebody who waits, and never takes anything.
            var deaf = new Deaf();
            away.Consumer.End.AddWaiter(deaf);
            for (var i = 0; i < 50; i++)
            {
                var attempt = new Script<int>(inner => Attempt(inner, 50_000 * i)) { SeesCancellation = true };
                yield return attempt.Resume(main.Task);
            }

            away.Consumer.End.RemoveWaiter(deaf);
            Assert.True(Select.Ends.HasNoTimers(main.Task));
        }

        IEnumerator<Status> Attempt(Script<int> inner, long nanos)
        {
            var scope = inner.Task.PushScope(nanos);
            var round = Selection.Begin(inner.Task, 1, 0, "offering");
            round.AddSend(0, away.Producer, 1);
            yield return round.Choose(inner.Task, out _, Site);
            Assert.Equal(Status.Cancelled, inner.CalleeStatus);
            Assert.Equal(0, away.Consumer.Receiver.Count);
            Assert.True(inner.Task.TryCatchCancellation(scope));
            inner.CalleeStatus = Status.Completed;
        }
    }

    private sealed class Deaf : IEndWaiter
    {
        public bool IsReady => false;

        public void Wake()
        {
        }
    }
}
