using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Exploring;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Select;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Exploring;

/// <summary>
/// Selects under explored schedules, every atomic operation a step: whatever the order, exactly one arm commits, nothing is lost, and
/// nobody waits for something that is there.
/// </summary>
public class SelectScheduleTests
{
    private const string Site = Select.Ends.Site;

    private static void Explore(int schedules, Func<(Script<int>[] Tasks, Action Check)> make, bool timeIsFree = false)
    {
        using var carriers = new Carriers();
        for (var seed = 0L; seed < schedules * Explored.Effort; seed++)
        {
            var (tasks, check) = make();
            Assert.True(Explored.Tasks(Chooser.Of(seed), carriers, timeIsFree, tasks), $"seed {seed}: somebody waits for ever");
            check();
        }
    }

    /// <summary>Two selects that offer to each other and ask each other: one of the two transfers happens, never both, never none.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Crossing_selects_meet(int channels) => Explore(400, () =>
    {
        var ends = Enumerable.Range(0, 2).Select(_ => Channel.CreateBoth<long>(0, Site)).ToArray();
        var got = new long[2];
        return ([new Script<int>(self => Meeting(self, 0)), new Script<int>(self => Meeting(self, 1))],
            () => Assert.Equal([0L, 1L], got.Order()));

        IEnumerator<Status> Meeting(Script<int> self, int me)
        {
            var offered = ends[channels == 1 ? 0 : me];
            var asked = ends[channels == 1 ? 0 : 1 - me];
            var round = Selection.Begin(self.Task, 2, Selection.IsFair, Site);
            round.AddSend(0, offered.Producer, 7);
            round.AddReceive(1, asked.Consumer);
            yield return round.Choose(self.Task, out var direct, Site);
            got[me] = self.Take(direct);
            if (got[me] == 1) Assert.Equal(7, round.Received<long>(1));
        }
    });

    /// <summary>Three selects in a ring of channels: one pair meets, and the third one's partner is gone: its timeout comes.</summary>
    [Fact]
    public void Three_in_a_ring() => Explore(300, () =>
    {
        var ends = Enumerable.Range(0, 3).Select(_ => Channel.CreateBoth<long>(0, Site)).ToArray();
        var (sent, received, late) = (0, 0, 0);
        return ([.. Enumerable.Range(0, 3).Select(i => new Script<int>(self => Turning(self, i)))], () =>
        {
            Assert.Equal(sent, received);
            Assert.Equal(3, sent + received + late);
        }
        );

        IEnumerator<Status> Turning(Script<int> self, int me)
        {
            var round = Selection.Begin(self.Task, 2, Selection.IsFair, Site);
            round.AddSend(0, ends[me].Producer, me);
            round.AddReceive(1, ends[(me + 1) % 3].Consumer);
            round.SetTimeout(1_000_000);
            yield return round.Choose(self.Task, out var direct, Site);
            switch (self.Take(direct))
            {
                case 0: sent++; break;
                case 1:
                    Assert.Equal((me + 1) % 3, round.Received<long>(1));
                    received++;
                    break;
                default: late++; break;
            }
        }
    });

    /// <summary>Two senders, which close when they are done, and one select: every value comes once and in order, then the end.</summary>
    [Theory]
    [InlineData("Exclusive", "Exclusive", 1)]
    [InlineData("Exclusive", "Both", 1)]
    [InlineData("Both", "Both", 0)]
    [InlineData("Broadcast", "Producers", 1)]
    public void Values_and_closes(string first, string second, long capacity) => Explore(200, () =>
    {
        var one = Select.Ends.Make(first, capacity);
        var two = Select.Ends.Make(second, capacity);
        var got = new List<long>[] { [], [] };
        return ([new Script<int>(self => Sending(self, one.Producer)), new Script<int>(self => Sending(self, two.Producer)), new Script<int>(Receiving)],
            () =>
            {
                Assert.Equal([0L, 1L], got[0]);
                Assert.Equal([0L, 1L], got[1]);
            }
        );

        static IEnumerator<Status> Sending(Script<int> self, Producer<long> producer)
        {
            for (var i = 0; i < 2; i++) yield return producer.Send(self.Task, i, Site);
            producer.Close();
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            while (true)
            {
                var round = Selection.Begin(self.Task, 2, Selection.IsFair | Selection.HasClosed, Site);
                round.AddReceive(0, one.Consumer);
                round.AddReceive(1, two.Consumer);
                yield return round.Choose(self.Task, out var direct, Site);
                var chosen = self.Take(direct);
                if (chosen == Selection.Closed) break;
                got[chosen].Add(round.Received<long>(chosen));
            }
        }
    });

    /// <summary>A sending select against receives with deadlines, time passing at any moment: delivered or still the sender's.</summary>
    [Theory]
    [InlineData("Exclusive", 1)]
    [InlineData("Both", 0)]
    [InlineData("Broadcast", 1)]
    public void Timeouts_on_both_sides(string mode, long capacity) => Explore(300, () =>
    {
        var (producer, consumer) = Select.Ends.Make(mode, capacity);
        var (sent, received) = (0, 0);
        return ([new Script<int>(Sending), new Script<int>(Receiving)], () =>
        {
            while (consumer.TryReceive().Code == Outcome.Done) received++;
            Assert.Equal(sent, received);
        }
        );

        IEnumerator<Status> Sending(Script<int> self)
        {
            for (var i = 0; i < 3; i++)
            {
                var round = Selection.Begin(self.Task, 1, 0, "sending");
                round.AddSend(0, producer, i);
                round.SetTimeout(1_000);
                yield return round.Choose(self.Task, out var direct, Site);
                if (self.Take(direct) == 0) sent++;
            }
        }

        IEnumerator<Status> Receiving(Script<int> self)
        {
            for (var i = 0; i < 3; i++)
            {
                var round = Selection.Begin(self.Task, 2, 0, "receiving");
                round.AddReceive(0, consumer);
                round.AddSleep(1, 1_000);
                yield return round.Choose(self.Task, out var direct, Site);
                if (self.Take(direct) != 0) continue;
                round.Received<long>(0);
                received++;
            }
        }
    }, timeIsFree: true);

    /// <summary>A token is cancelled while a value is on its way: one of the two commits, and the value is not lost.</summary>
    [Theory]
    [InlineData("Exclusive", 1)]
    [InlineData("Both", 0)]
    public void A_token_against_a_value(string mode, long capacity) => Explore(300, () =>
    {
        var (producer, consumer) = Select.Ends.Make(mode, capacity);
        var token = new ProgramToken(null);
        var (chosen, delivered) = (-9L, false);
        return ([new Script<int>(Choosing), new Script<int>(Sending), new Script<int>(Cancelling)], () =>
        {
            var left = consumer.TryReceive().Code == Outcome.Done;
            Assert.Equal(delivered, (chosen == 1) != left && (chosen == 1 || left));
        }
        );

        IEnumerator<Status> Choosing(Script<int> self)
        {
            var round = Selection.Begin(self.Task, 2, 0, "choosing");
            round.AddToken(0, token);
            round.AddReceive(1, consumer);
            yield return round.Choose(self.Task, out var direct, Site);
            chosen = self.Take(direct);
            if (chosen == 1) Assert.Equal(4, round.Received<long>(1));
        }

        IEnumerator<Status> Sending(Script<int> self)
        {
            yield return producer.SendTimeout(self.Task, 4, 1_000_000, out var direct, Site);
            delivered = self.Take(direct) == Outcome.Done;
        }

        IEnumerator<Status> Cancelling(Script<int> self)
        {
            token.Cancel(CancelReason.Requested);
            yield return Status.Completed;
        }
    });

    /// <summary>A child leaves the whole scope while the body selects on its end: the body is cancelled, it never goes on with the arm.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_child_that_leaves_the_scope_cancels_the_select_that_waits_for_it(bool isFair) => Explore(400, () =>
    {
        var (chosen, hasLeft) = (-9L, false);
        var other = Channel.CreateExclusive<long>(1, Site);
        return ([new Script<int>(Nursing) { SeesCancellation = true }], () =>
        {
            Assert.Equal(-9, chosen);
            Assert.True(hasLeft);
        }
        );

        IEnumerator<Status> Nursing(Script<int> self)
        {
            var group = GroupScope.Open(self.Task, 0, ErrorMode.CancelAll, -1, null, null, isNursery: true, keepsFinished: false);
            var child = group.Spawn(new Script<Result<int, int>>(Leaving), Site);
            var round = Selection.Begin(self.Task, 2, isFair ? Selection.IsFair : 0, "waiting");
            round.AddReceive(0, other.Consumer);
            round.AddTask(1, child);
            yield return round.Choose(self.Task, out var direct, Site);
            if (self.CalleeStatus == Status.Completed) chosen = self.Take(direct);
            yield return group.Join(self.Task, Site);
            hasLeft = group.HasExit;
        }

        static IEnumerator<Status> Leaving(Script<Result<int, int>> self)
        {
            self.Task.RequestExit();
            yield break;
        }
    });
}
