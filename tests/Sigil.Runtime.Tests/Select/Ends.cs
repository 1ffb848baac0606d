using Sigil.Runtime.Channels;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Tests.Select;

/// <summary>Channels of every mode, with one end each.</summary>
public static class Ends
{
    public const string Site = "test.si:1:1 in @test";

    /// <summary>Every mode with every capacity that it has.</summary>
    public static TheoryData<string, long> Modes
    {
        get
        {
            var data = new TheoryData<string, long>();
            foreach (var mode in (string[])["Exclusive", "Producers", "Consumers", "Both", "Broadcast"])
                foreach (var capacity in (long[])[0, 1, 2, 10])
                    if (capacity > 0 || mode != "Broadcast") data.Add(mode, capacity);
            return data;
        }
    }

    /// <summary>Whether no timer is left; the one that has just woken the task counts until the timekeeper has let go of it.</summary>
    internal static bool HasNoTimers(SigilTask task) => SpinWait.SpinUntil(() => task.Scheduler.Timers.Pending == 0, 5_000);

    internal static (Producer<long> Producer, Consumer<long> Consumer) Make(string mode, long capacity)
    {
        switch (mode)
        {
            case "Exclusive":
                var exclusive = Channel.CreateExclusive<long>(capacity, Site);
                return (exclusive.Producer, exclusive.Consumer);
            case "Producers":
                var producers = Channel.CreateSharedProducers<long>(capacity, Site);
                return (producers.Producer, producers.Consumer);
            case "Consumers":
                var consumers = Channel.CreateSharedConsumers<long>(capacity, Site);
                return (consumers.Producer, consumers.Consumer);
            case "Both":
                var both = Channel.CreateBoth<long>(capacity, Site);
                return (both.Producer, both.Consumer);
            case "Broadcast":
                var broadcast = Channel.CreateBroadcast<long>(capacity, dropsOldest: false, Site);
                return (broadcast.Producer, broadcast.Consumer);
            default:
                throw new ArgumentOutOfRangeException(nameof(mode));
        }
    }
}
