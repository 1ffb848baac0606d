using Sigil.Runtime.Channels;
using Sigil.Runtime.Select;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;

namespace Sigil.Runtime.Tests.Select;

public class FairnessTests
{
    private const string Site = Ends.Site;

    /// <summary>Over any 2n choices each of n arms that are always ready is taken at least once, whatever the other arms do.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(4, 0)]
    [InlineData(4, 3)]
    [InlineData(9, 4)]
    public void No_ready_arm_waits_longer_than_two_rounds(int ready, int flickering)
    {
        var arms = ready + flickering;
        var choices = Choose(arms, 5_000, (arm, random) => arm < ready || random.Next(2) == 0);
        var window = 2 * arms;
        for (var start = 0; start + window <= choices.Count; start++)
        {
            var seen = choices.Skip(start).Take(window).ToHashSet();
            for (var arm = 0; arm < ready; arm++) Assert.Contains(arm, seen);
        }
    }

    /// <summary>Arms that are never ready favour nobody: a scan in circles would give the arm behind the gap their share.</summary>
    [Fact]
    public void Arms_that_are_not_ready_make_no_bias()
    {
        const int rounds = 30_000;
        var choices = Choose(6, rounds, (arm, _) => arm is 0 or 1 or 5);
        foreach (var arm in (int[])[0, 1, 5]) Assert.InRange(choices.Count(c => c == arm), (rounds / 3) - 600, (rounds / 3) + 600);

        // Every order of a round is as likely as any other.
        var orders = new Dictionary<(long, long, long), int>();
        for (var i = 0; i + 2 < choices.Count; i += 3)
        {
            var order = (choices[i], choices[i + 1], choices[i + 2]);
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(6, orders.Count);
        Assert.All(orders.Values, n => Assert.InRange(n, (rounds / 18) - 250, (rounds / 18) + 250));
    }

    [Fact]
    public void Priority_takes_the_first_ready_arm()
    {
        var random = new Random(3);
        var pairs = Enumerable.Range(0, 5).Select(_ => Channel.CreateExclusive<long>(1, Site)).ToArray();
        Running.Run(1, Body);

        IEnumerator<Status> Body(Script<int> self)
        {
            for (var i = 0; i < 500; i++)
            {
                var first = -1;
                for (var k = 4; k >= 0; k--)
                {
                    if (random.Next(2) == 0 || (k == 0 && first < 0))
                    {
                        pairs[k].Producer.TrySend(k);
                        first = k;
                    }
                }

                var round = Selection.Begin(self.Task, 5, 0, Site);
                for (var k = 0; k < 5; k++) round.AddReceive(k, pairs[k].Consumer);
                yield return round.Choose(self.Task, out var direct, Site);
                Assert.Equal(first, self.Take(direct));
                foreach (var pair in pairs) pair.Consumer.TryReceive();
            }
        }
    }

    private static List<long> Choose(int arms, int rounds, Func<int, Random, bool> isReady)
    {
        var random = new Random(7);
        var choices = new List<long>();
        var pairs = Enumerable.Range(0, arms).Select(i => Ends.Make(i % 2 == 0 ? "Exclusive" : "Both", 1)).ToArray();
        Running.Run(1, Body);
        return choices;

        IEnumerator<Status> Body(Script<int> self)
        {
            for (var i = 0; i < rounds; i++)
            {
                for (var k = 0; k < arms; k++)
                {
                    if (isReady(k, random)) pairs[k].Producer.TrySend(k);
                    else pairs[k].Consumer.TryReceive();
                }

                var round = Selection.Begin(self.Task, arms, Selection.IsFair, Site);
                for (var k = 0; k < arms; k++) round.AddReceive(k, pairs[k].Consumer);
                yield return round.Choose(self.Task, out var direct, Site);
                choices.Add(self.Take(direct));
            }
        }
    }
}
