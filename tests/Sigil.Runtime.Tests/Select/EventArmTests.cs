using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Select;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Tests.Select;

/// <summary>Tokens as arms: ready before, becoming ready while waiting, and withdrawn again and again.</summary>
public class EventArmTests
{
    private const string Site = Ends.Site;

    [Fact]
    public void A_token_that_is_cancelled_already_and_one_that_will_be()
    {
        for (var repeat = 0; repeat < 200; repeat++)
        {
            var token = new ProgramToken(null);
            var other = new ProgramToken(null);
            var channel = Channel.CreateExclusive<long>(1, Site);
            var waiting = new Script<int>(Waiting);
            Running.Run(2, Body);

            IEnumerator<Status> Body(Script<int> main)
            {
                var scope = ParallelScope.Open(main.Task);
                scope.Spawn(waiting, Site);
                scope.Spawn(new Script<int>(Cancelling), Site);
                yield return scope.Join(main.Task, Site);
            }

            IEnumerator<Status> Waiting(Script<int> self)
            {
                for (var i = 0; i < 2; i++)
                {
                    var round = Selection.Begin(self.Task, 3, 0, "token");
                    round.AddToken(0, other);
                    round.AddReceive(1, channel.Consumer);
                    round.AddToken(2, token);
                    yield return round.Choose(self.Task, out var direct, Site);
                    Assert.Equal(2, self.Take(direct));
                }
            }

            IEnumerator<Status> Cancelling(Script<int> self)
            {
                if ((repeat & 1) == 0) while (!waiting.IsParked) yield return Sleeping.YieldNow(self.Task, Site);
                token.Cancel(CancelReason.Requested, "now");
            }
        }
    }

    /// <summary>Rounds with changing tokens, most of which end by a value: a late wake-up only makes the select look again.</summary>
    [Fact]
    public void Tokens_change_from_round_to_round()
    {
        const int n = 4_000;
        var channel = Channel.CreateBoth<long>(0, Site);
        var tokens = new ProgramToken[n];
        for (var i = 0; i < n; i++) tokens[i] = new ProgramToken(null);
        var (values, cancelled) = (0, 0);
        Running.Run(2, Body);
        Assert.Equal(n, values + cancelled);

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(Selecting), Site);
            scope.Spawn(new Script<int>(Disturbing), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Selecting(Script<int> self)
        {
            for (var i = 0; i < n; i++)
            {
                var round = Selection.Begin(self.Task, 2, Selection.IsFair, "changing");
                round.AddToken(0, tokens[i]);
                round.AddReceive(1, channel.Consumer);
                yield return round.Choose(self.Task, out var direct, Site);
                if (self.Take(direct) == 0)
                {
                    Assert.True(tokens[i].IsCancelled);
                    cancelled++;
                }
                else
                {
                    Assert.Equal(values++, round.Received<long>(1));
                }
            }

            channel.Consumer.Close();
        }

        IEnumerator<Status> Disturbing(Script<int> self)
        {
            for (var (i, sent) = (0, 0); i < n; i++)
            {
                if (i % 3 == 0) tokens[i].Cancel(CancelReason.Requested);
                yield return channel.Producer.Offer(self.Task, sent, out var direct, Site);
                if (self.Take(direct) == Outcome.Closed) break;
                sent++;
            }
        }
    }
}
