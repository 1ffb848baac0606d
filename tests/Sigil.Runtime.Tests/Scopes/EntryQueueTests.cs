using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Tests.Scopes;

public class EntryQueueTests
{
    private const string Site = "test.si:1:1 in @test";
    private const string OtherSite = "test.si:2:2 in @test";

    /// <summary>Two kinds of captures, ready-made entries, gaps in the numbering and two sites, in any mixture.</summary>
    [Fact]
    public void Every_entry_comes_once_with_its_own_captures_index_and_site()
    {
        var queue = new EntryQueue();
        var numbers = new Numbered();
        var texts = new Texted();
        var index = 0;
        const int count = 2000;
        for (var i = 0; i < count; i++)
        {
            index += i % 11 == 4 ? 2 : 1;
            var site = i % 13 == 6 ? OtherSite : Site;
            if (i % 300 > 200) queue.Add(texts, ("t" + i, index), index, site);
            else if (i % 7 == 3) queue.Add(null, new ReadyMade(new Numbered { Number = i, Index = index }), index, site);
            else if (i % 17 == 5) queue.Add(texts, ("t" + i, index), index, site);
            else queue.Add(numbers, (i, index), index, site);
        }

        var taker = default(EntryTaker);
        for (var i = 0; i < count; i++)
        {
            Assert.False(queue.IsEmpty);
            Assert.True(queue.TryTake(ref taker, out var queued));
            Assert.Equal(i % 13 == 6 ? OtherSite : Site, queued.Site);
            if (queued.Entry is Texted text)
            {
                Assert.Equal("t" + i, text.Text);
                Assert.Equal(queued.Index, text.Index);
            }
            else
            {
                Assert.Equal(i, ((Numbered)queued.Entry).Number);
                Assert.Equal(queued.Index, ((Numbered)queued.Entry).Index);
            }

            // Some go on living, as those of suspended tasks.
            if (i % 5 != 0) taker.Return(queued.Entry);
        }

        Assert.False(queue.TryTake(ref taker, out _));
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void Takers_share_all_entries_while_they_are_added()
    {
        var queue = new EntryQueue();
        var numbers = new Numbered();
        const int count = 100_000;
        var seen = new int[count];
        var taken = 0;
        var takers = Enumerable.Range(0, 3).Select(_ => new Thread(Take)).ToArray();
        foreach (var thread in takers) thread.Start();
        for (var i = 0; i < count; i++) queue.Add(numbers, (i, i), i, Site);
        foreach (var thread in takers) thread.Join();
        Assert.True(queue.IsEmpty);
        Assert.All(seen, times => Assert.Equal(1, times));

        void Take()
        {
            var taker = default(EntryTaker);
            while (Volatile.Read(ref taken) < count)
            {
                if (!queue.TryTake(ref taker, out var queued)) continue;
                var entry = (Numbered)queued.Entry;
                Interlocked.Increment(ref seen[entry.Number == queued.Index ? entry.Index : 0]);
                Interlocked.Increment(ref taken);
                taker.Return(entry);
            }
        }
    }

    /// <summary>A taker that is held up does not hold up what is behind its next entry for long.</summary>
    [Fact]
    public void Others_take_from_the_segment_of_a_taker_that_is_held_up()
    {
        var queue = new EntryQueue();
        var numbers = new Numbered();
        for (var i = 0; i < 3; i++) queue.Add(numbers, (i, i), i, Site);
        var (held, other) = (default(EntryTaker), default(EntryTaker));
        Assert.True(queue.TryTake(ref held, out _));
        Assert.True(queue.TryTake(ref other, out var second));
        Assert.Equal(1, second.Index);

        // With a long queue behind it, its segment has its turn all the same.
        var added = 3;
        var next = 0;
        for (; added < 5000; added++) queue.Add(numbers, (added, added), added, Site);
        for (var i = 0; i < 3000 && next != 2; i++)
        {
            Assert.True(queue.TryTake(ref other, out var queued));
            next = queued.Index;
        }

        Assert.Equal(2, next);
    }

    private sealed class Numbered : Frame
    {
        internal int Number { get; set; } = -1;

        internal int Index { get; set; }

        public override Status Resume(SigilTask task) => Status.Completed;

        public override Frame Another() => new Numbered();

        public override void Load(object captures, int place) => (Number, Index) = (((int, int)[])captures)[place];
    }

    private sealed class Texted : Frame
    {
        internal string Text { get; set; } = "";

        internal int Index { get; set; }

        public override Status Resume(SigilTask task) => Status.Completed;

        public override Frame Another() => new Texted();

        public override void Load(object captures, int place) => (Text, Index) = (((string, int)[])captures)[place];
    }
}
