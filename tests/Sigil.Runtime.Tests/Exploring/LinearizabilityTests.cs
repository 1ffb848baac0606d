using Sigil.Runtime.Channels;
using Sigil.Runtime.Exploring;

namespace Sigil.Runtime.Tests.Exploring;

/// <summary>
/// Every sharing mode under explored schedules, at the level of atomic operations: histories are linearizable, no wake-up is
/// lost, no value is lost or doubled. A failure names the seed.
/// </summary>
public class LinearizabilityTests
{
    private const int Tasks = 3;
    private const int MaxOps = 3;

    public enum Mode
    {
        Exclusive,
        Producers,
        Consumers,
        Both,
    }

    public static TheoryData<Mode, int> Modes()
    {
        var data = new TheoryData<Mode, int>();
        foreach (var mode in Enum.GetValues<Mode>())
            foreach (var capacity in (int[])[0, 1, 2]) data.Add(mode, capacity);
        return data;
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Random_programs_under_random_schedules(Mode mode, int capacity)
    {
        using var carriers = new Carriers();
        for (var seed = 0L; seed < 40 * Explored.Effort; seed++)
        {
            var random = new Random((int)seed);
            Check(mode, capacity, Programs(mode, random), Chooser.Of(seed), carriers, timeIsFree: true, $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void All_schedules_of_small_programs_with_few_preemptions(Mode mode, int capacity)
    {
        OpKind[][][] programs =
        [
            [[OpKind.Send, OpKind.CloseProducer], [OpKind.Receive, OpKind.Receive], []],
            [[OpKind.TrySend, OpKind.Send], [OpKind.CloseConsumer], [OpKind.Cancel]],
            [[OpKind.Send, OpKind.Offer], [OpKind.Receive], [OpKind.Cancel]],
        ];
        using var carriers = new Carriers();
        foreach (var program in programs)
        {
            var search = new BoundedSearch(Explored.Effort > 1 ? 2 : 1);
            var runs = 0;
            do Check(mode, capacity, program, search, carriers, timeIsFree: false, $"run {runs}");
            while (++runs < 100 * Explored.Effort && search.Advance());
            Assert.True(runs > 10, $"only {runs} schedules");
        }
    }

    private static OpKind[][] Programs(Mode mode, Random random)
    {
        var programs = new OpKind[Tasks][];
        for (var task = 0; task < Tasks; task++)
        {
            var ops = new List<OpKind>();
            var (sends, receives) = Roles(mode, task);
            for (var n = 1 + random.Next(MaxOps); n > 0; n--)
            {
                if (random.Next(8) == 0 || !(sends || receives)) ops.Add(OpKind.Cancel);
                else if (sends && (!receives || random.Next(2) == 0)) ops.Add((OpKind)random.Next((int)OpKind.SendTimeout + 1));
                else ops.Add(OpKind.Receive + random.Next(4));
            }

            // Ends are closed by more than half of the tasks; what is not closed lets others wait for ever.
            if (sends && random.Next(3) > 0) ops.Add(OpKind.CloseProducer);
            if (receives && random.Next(3) > 0) ops.Add(OpKind.CloseConsumer);
            programs[task] = [.. ops];
        }

        return programs;
    }

    private static (bool Sends, bool Receives) Roles(Mode mode, int task) => mode switch
    {
        Mode.Exclusive => (task == 0, task == 1),
        Mode.Producers => (task != 1, task == 1),
        Mode.Consumers => (task == 0, task != 0),
        _ => (true, true),
    };

    private static void Check(Mode mode, int capacity, OpKind[][] programs, Chooser chooser, Carriers carriers, bool timeIsFree, string name)
    {
        var ends = Ends(mode, capacity);
        var history = new History(Tasks);
        var (producers, consumers) = (0, 0);
        var entries = new Operations[Tasks];
        for (var i = 0; i < Tasks; i++)
        {
            var (sends, receives) = Roles(mode, i);
            var program = programs[i].Where(kind => kind == OpKind.Cancel || (IsSend(kind) ? sends : receives)).ToArray();
            entries[i] = new Operations(i, program, sends ? ends.Producers[producers++] : null, receives ? ends.Consumers[consumers++] : null, history);
        }

        Explored.Tasks(chooser, carriers, timeIsFree, entries);
        var story = $"{mode}, buffer {capacity}, {name}:\n{string.Join("\n", history.Calls)}\n";
        Assert.True(new ChannelModel(capacity, producers, consumers, history.Calls).Explains(), story + "has no sequential order");
        foreach (var producer in ends.Producers) producer.Close();
        foreach (var consumer in ends.Consumers) consumer.Close();
        foreach (var call in history.Calls)
        {
            // A send that waits for ever still has its value.
            if (call.Sent is not { } sent || call.Result == OpResult.Pending) continue;
            Assert.True(sent.Received + sent.GivenBack + sent.Dropped == 1, $"{story}parcel {sent}: received {sent.Received}, given back {sent.GivenBack}, dropped {sent.Dropped}");
        }
    }

    private static bool IsSend(OpKind kind) => kind is <= OpKind.SendTimeout or OpKind.CloseProducer;

    private static (Producer<Parcel>[] Producers, Consumer<Parcel>[] Consumers) Ends(Mode mode, int capacity)
    {
        switch (mode)
        {
            case Mode.Exclusive:
                var one = Channel.CreateExclusive<Parcel>(capacity, "model");
                return ([one.Producer], [one.Consumer]);
            case Mode.Producers:
                var fanIn = Channel.CreateSharedProducers<Parcel>(capacity, "model");
                return ([fanIn.Producer, fanIn.Producer.Clone()], [fanIn.Consumer]);
            case Mode.Consumers:
                var fanOut = Channel.CreateSharedConsumers<Parcel>(capacity, "model");
                return ([fanOut.Producer], [fanOut.Consumer, fanOut.Consumer.Clone()]);
            default:
                var both = Channel.CreateBoth<Parcel>(capacity, "model");
                return (
                    [both.Producer, both.Producer.Clone(), both.Producer.Clone()],
                    [both.Consumer, both.Consumer.Clone(), both.Consumer.Clone()]);
        }
    }
}
