using CsCheck;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Values;

public class SigilListTests
{
    private const string Site = "t.si:1:1 in @t";

    [Fact]
    public void AppendToAnOwnedListKeepsTheObject()
    {
        var list = SigilList<long>.WithCapacity(4);
        Assert.Same(list, list.Append(1));
        Assert.Same(list, list.Append(2));
        Assert.Equal([1, 2], list.Span.ToArray());
    }

    [Fact]
    public void AppendToASharedListClaimsTheTailOnce()
    {
        var start = SigilList<long>.WithCapacity(8).Append(1);
        start.MarkShared();
        var first = start.Append(2);
        var second = start.Append(3);
        Assert.Same(start.Items, first.Items);
        Assert.NotSame(start.Items, second.Items);
        Assert.Same(first, first.Append(4));
        Assert.Equal([1], start.Span.ToArray());
        Assert.Equal([1, 2, 4], first.Span.ToArray());
        Assert.Equal([1, 3], second.Span.ToArray());
    }

    [Fact]
    public void SetOnAListOverASharedBufferCopies()
    {
        var start = SigilList<long>.WithCapacity(8).Append(1);
        start.MarkShared();
        var longer = start.Append(2);
        SigilList<long>.Set(ref longer, 0, 9, Site);
        Assert.Equal([1], start.Span.ToArray());
        Assert.Equal([9, 2], longer.Span.ToArray());
    }

    [Fact]
    public void PopOfASharedListKeepsTheBufferAndDoesNotFreeTheSlot()
    {
        var start = SigilList<long>.WithCapacity(8).Append(1).Append(2);
        start.MarkShared();
        var shorter = start.Pop();
        var other = shorter.Append(7);
        Assert.Equal([1, 2], start.Span.ToArray());
        Assert.Equal([1, 7], other.Span.ToArray());
    }

    [Fact]
    public void NestedUpdatesCopyAlongThePath()
    {
        var grid = SigilList<SigilList<long>>.Of([SigilList<long>.Of([1, 2]), SigilList<long>.Of([3])]);
        grid.MarkShared();
        var copy = grid;
        SigilList<long>.Set(ref SigilList<SigilList<long>>.ElementRef(ref copy, 0, Site), 1, 9, Site);
        Assert.Equal(2, grid.Get(0, Site).Get(1, Site));
        Assert.Equal(9, copy.Get(0, Site).Get(1, Site));
        Assert.Same(grid.Get(1, Site), copy.Get(1, Site));
        SigilList<long>.Set(ref SigilList<SigilList<long>>.ElementRef(ref copy, 1, Site), 0, 8, Site);
        Assert.Equal(3, grid.Get(1, Site).Get(0, Site));
    }

    [Fact]
    public void SharingReachesListsInsideTuplesAndOptions()
    {
        Assert.False(Sharing<(long, string)>.Matters);
        Assert.False(Sharing<Option<long>>.Matters);
        Assert.True(Sharing<Option<(long, SigilList<long>)>>.Matters);
        var inner = SigilList<long>.Of([1]);
        Sharing<Option<(long, SigilList<long>)>>.Mark(Option<(long, SigilList<long>)>.Some((1, inner)));
        Assert.True(inner.Shared);
    }

    [Fact]
    public void IndicesOutsidePanic()
    {
        var list = SigilList<long>.Of([1, 2, 3]);
        var panic = Assert.Throws<SigilPanic>(() => list.Get(7, Site));
        Assert.Equal("E9005", panic.Info.Code);
        Assert.Equal("index 7 out of range for length 3", panic.Info.Message);
        Assert.Equal(Site, panic.Info.Site);
        foreach (var index in new[] { -1, 3, long.MaxValue, long.MinValue })
        {
            Assert.Throws<SigilPanic>(() => list.Get(index, Site));
            Assert.Throws<SigilPanic>(() => list.With(index, 1, Site));
            Assert.Throws<SigilPanic>(() => list.Remove(index, Site));
        }
        Assert.Throws<SigilPanic>(() => list.Insert(4, 1, Site));
        Assert.Throws<SigilPanic>(() => list.Slice(2, 1, Site));
        Assert.Throws<SigilPanic>(() => list.Slice(-1, 1, Site));
        Assert.Throws<SigilPanic>(() => list.Slice(0, 4, Site));
        Assert.Equal(0, list.Slice(3, 3, Site).Length);
    }

    [Fact]
    public void NanMakesListsUnequal()
    {
        var list = SigilList<double>.Of([double.NaN]);
        Assert.False(list.Equals(list));
        Assert.True(SigilList<double>.Of([0.0]).Equals(SigilList<double>.Of([-0.0])));
    }

    /// <summary>Random programs over several variables; copies mark, as the compiler does. No variable sees another's updates.</summary>
    [Fact]
    public void VariablesAreIndependent()
    {
        var step = Gen.Select(Gen.Int[0, 11], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 8], Gen.Long[0, 99]);
        step.Array[0, 60].Sample(steps =>
        {
            var variables = new SigilList<long>[4];
            var models = new List<long>[4];
            for (var i = 0; i < 4; i++)
                (variables[i], models[i]) = (SigilList<long>.Empty, []);
            foreach (var (what, a, b, index, value) in steps)
                Apply(what, ref variables[a], ref models[a], variables[b], models[b], index, value);
            for (var i = 0; i < 4; i++)
                Assert.Equal(models[i], variables[i].Span.ToArray());
        });
    }

    private static void Apply(int what, ref SigilList<long> list, ref List<long> model, SigilList<long> other, List<long> otherModel, int index, long value)
    {
        var at = model.Count == 0 ? 0 : index % model.Count;
        switch (what)
        {
            case 0 or 1 or 2:
                list = list.Append(value);
                model.Add(value);
                break;
            case 3:
                other.MarkShared();
                list = other;
                model = [.. otherModel];
                break;
            case 4 when model.Count > 0:
                SigilList<long>.Set(ref list, at, value, Site);
                model[at] = value;
                break;
            case 5:
                list = list.Insert(at, value, Site);
                model.Insert(at, value);
                break;
            case 6 when model.Count > 0:
                list = list.Remove(at, Site);
                model.RemoveAt(at);
                break;
            case 7:
                list = list.Pop();
                if (model.Count > 0)
                    model.RemoveAt(model.Count - 1);
                break;
            case 8:
                list = list.Reverse();
                model.Reverse();
                break;
            case 9 when model.Count + otherModel.Count < 200:
                other.MarkShared();
                list = list.Concat(other);
                model = [.. model, .. otherModel];
                break;
            case 10:
                list = list.Slice(at, model.Count, Site);
                model = model[at..];
                break;
            case 11:
                other.MarkShared();
                list = other.Append(value);
                model = [.. otherModel, value];
                break;
        }
    }

    [Fact]
    public void RepeatAndFilled()
    {
        Assert.Equal([1, 2, 1, 2, 1, 2], SigilList<long>.Of([1, 2]).Repeat(3).Span.ToArray());
        Assert.Equal(0, SigilList<long>.Of([1, 2]).Repeat(-1).Length);
        Assert.Equal([5, 5], SigilList<long>.Filled(5, 2).Span.ToArray());
        Assert.Throws<OutOfMemoryException>(() => SigilList<long>.Of([1, 2]).Repeat(long.MaxValue));
    }

    [Fact]
    public void RacingAppendsToOneSharedListAllSucceedApart()
    {
        for (var round = 0; round < 200; round++)
        {
            var start = SigilList<long>.WithCapacity(16).Append(0);
            start.MarkShared();
            var results = new SigilList<long>[4];
            Parallel.For(0, 4, i => results[i] = start.Append(i + 1).Append((i + 1) * 10));
            for (var i = 0; i < 4; i++)
                Assert.Equal([0, i + 1, (i + 1) * 10], results[i].Span.ToArray());
        }
    }
}
