using Sigil.Runtime.Channels;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Scheduling;

namespace Sigil.Runtime.Tests.Tasks;

/// <summary>A million tasks may wait at once: what each of them holds is counted in bytes.</summary>
[Collection(nameof(Alone))]
public class WaitingMemoryTests
{
    private const string Site = "waiting.si:1:1 in @wait";
    private const int Count = 1_000;

    [Fact]
    public void A_waiting_task_is_two_small_objects_besides_its_frame()
    {
        var root = new RootScope(new WorkStealingScheduler(1));
        var tasks = new SigilTask[Count];
        Assert.InRange(Each(i => tasks[i] = new SigilTask(new Script<int>(_ => null!), root, Site)) - Each(i => new Script<int>(_ => null!)), 1, 80);
        var pair = Channel.CreateBoth<long>(1, Site);
        Assert.InRange(Each(i => pair.Consumer.Receive(tasks[i], out _, Site)), 1, 80);
        Assert.All(tasks, task => Assert.NotNull(task.Leaf));
        for (var i = 0; i < Count; i++) Assert.Equal(Outcome.Done, pair.Producer.TrySend(i));
    }

    [Fact]
    public void An_end_of_a_shared_channel_costs_nothing()
    {
        var pair = Channel.CreateBoth<long>(1, Site);
        var ends = new object[2 * Count];
        Assert.Equal(0, Each(i => (ends[2 * i], ends[(2 * i) + 1]) = (pair.Producer.Clone(), pair.Consumer.Clone())));
        for (var i = 0; i <= Count; i++) pair.Producer.Close();
        Assert.True(pair.Consumer.IsClosed);
    }

    [Fact]
    public void A_channel_of_its_own_costs_a_task_little()
    {
        var root = new RootScope(new WorkStealingScheduler(1));
        var pairs = new ChannelPair<Producer<long>, Consumer<long>>[Count];
        Assert.InRange(Each(i => pairs[i] = Channel.CreateExclusive<long>(1, Site)), 1, 240);
        var tasks = new SigilTask[Count];
        for (var i = 0; i < Count; i++) tasks[i] = new SigilTask(new Script<int>(_ => null!), root, Site);
        Assert.InRange(Each(i => pairs[i].Consumer.Receive(tasks[i], out _, Site)), 1, 80);
    }

    private static long Each(Action<int> make)
    {
        make(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < Count; i++) make(i);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (Count - 1);
    }
}
