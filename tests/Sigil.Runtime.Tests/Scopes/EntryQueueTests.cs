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

        EntrySegment? own = null;
        for (var i = 0; i < count; i++)
        {
            Assert.False(queue.IsEmpty);
            var segment = queue.Take(ref own, out var place);
            Assert.NotNull(segment);
            var queued = segment.EntryAt(place);
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
        }

        Assert.Null(queue.Take(ref own, out _));
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
            EntrySegment? own = null;
            var used = new Numbered();
            while (Volatile.Read(ref taken) < count)
            {
                if (queue.Take(ref own, out var place) is not { } segment) continue;
                Assert.True(segment.IsPlain(place));
                segment.Fill(used, place);
                Interlocked.Increment(ref seen[used.Number == segment.FirstIndex + place ? used.Index : 0]);
                Interlocked.Increment(ref taken);
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
        EntrySegment? held = null;
        EntrySegment? other = null;
        Assert.NotNull(queue.Take(ref held, out _));
        Assert.Equal(1, queue.Take(ref other, out var second)!.EntryAt(second).Index);

        // With a long queue behind it, its segment has its turn all the same.
        var added = 3;
        var next = 0;
        for (; added < 5000; added++) queue.Add(numbers, (added, added), added, Site);
        for (var i = 0; i < 3000 && next != 2; i++)
        {
            next = queue.Take(ref other, out var place)!.EntryAt(place).Index;
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
