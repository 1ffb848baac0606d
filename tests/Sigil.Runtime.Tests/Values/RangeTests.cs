using CsCheck;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Values;

public class RangeTests
{
    private const string Site = "t.si:1:1 in @t";

    [Fact]
    public void RangesAgreeWithLoops() =>
        Gen.Select(Gen.Long[-20, 20], Gen.Long[-20, 20], Gen.Bool, Gen.Long[-5, 5]).Sample((start, end, inclusive, step) =>
        {
            if (step == 0)
                return;
            var range = Ranges.StepBy(new Range<long>(start, end, inclusive, 1), step, Site);
            var wanted = new List<long>();
            for (var i = start; step > 0 ? i < end : i > end; i += step)
                wanted.Add(i);
            if (inclusive && (end - start) % step == 0 && (step > 0 ? start <= end : start >= end))
                wanted.Add(end);
            Assert.Equal(wanted, Ranges.ToList(range, Site).Span.ToArray());
            Assert.Equal(wanted.Count, Ranges.Length(range, Site));
            Assert.Equal(wanted.Count == 0, Ranges.IsEmpty(range));
            for (var i = -25; i < 25; i++)
                Assert.Equal(wanted.Contains(i), Ranges.Contains(range, i));
        });

    [Fact]
    public void Extremes()
    {
        Assert.Throws<SigilPanic>(() => Ranges.Length(Range<long>.Closed(long.MinValue, long.MaxValue), Site));
        Assert.Equal(1, Ranges.Length(Range<long>.Closed(long.MaxValue, long.MaxValue), Site));
        Assert.Equal([255], Ranges.ToList(Range<byte>.Closed(255, 255), Site).Span.ToArray());
        Assert.Throws<SigilPanic>(() => Ranges.StepBy(Range<long>.Closed(1, 2), 0, Site));
    }

    [Fact]
    public void CharsSkipSurrogates()
    {
        Assert.Equal([0xD7FF, 0xE000, 0xE001], Ranges.ToList(Range<int>.Closed(0xD7FF, 0xE001), Site).Span.ToArray());
        Assert.Equal("cba", Sigil.Runtime.Text.StringOps.FromChars(Ranges.Reverse(Range<int>.Closed('a', 'c'), Site)));
    }
}
