using CsCheck;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Values;

public class SigilMapTests
{
    [Fact]
    public void KeepsInsertionOrderAndPlaceOfReplacedKeys()
    {
        var map = SigilMap<string, long>.Empty.Insert("b", 1).Insert("a", 2).Insert("b", 3);
        Assert.Equal(["b", "a"], map.Keys().Span.ToArray());
        Assert.Equal([3, 2], map.Values().Span.ToArray());
        map = map.Remove("b").Insert("b", 4);
        Assert.Equal(["a", "b"], map.Keys().Span.ToArray());
        Assert.False(SigilMap<string, long>.Empty.Has("a"));
    }

    [Fact]
    public void EqualityIgnoresOrder()
    {
        var one = SigilMap<string, long>.Empty.Insert("a", 1).Insert("b", 2);
        var two = SigilMap<string, long>.Empty.Insert("b", 2).Insert("a", 1);
        Assert.True(one.Equals(two));
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.False(one.Equals(two.Insert("a", 3)));
    }

    [Fact]
    public void CopyingAMapSharesItsValues()
    {
        var map = SigilMap<long, SigilList<long>>.Empty.Insert(1, SigilList<long>.Of([5]));
        map.MarkShared();
        var copy = map.Insert(2, SigilList<long>.Of([6]));
        Assert.True(map.Get(1).Value.Shared);
        Assert.False(copy.Get(2).Value.Shared);
    }

    [Fact]
    public void QueuesDoNotWalkOverTheirPast()
    {
        var map = SigilMap<long, long>.Empty;
        for (var i = 0; i < 200_000; i++)
        {
            map = map.Insert(i, i);
            if (i >= 1000)
            {
                Assert.Equal(i - 1000, map.KeyAt(map.NextIndex(0)));
                map = map.Remove(i - 1000);
            }
        }
        Assert.Equal(1000, map.Length);
        Assert.True(map.Entries.Length < 5000);
    }

    [Fact]
    public void TuplesAndOptionsAreKeys()
    {
        var map = SigilMap<(long, string), long>.Empty.Insert((1, "a"), 1).Insert((1, "b"), 2);
        Assert.Equal(2, map.Get((1, "b")).Value);
        Assert.False(map.Get((2, "b")).HasValue);
        var options = SigilMap<Option<long>, long>.Empty.Insert(Option<long>.None, 1).Insert(Option<long>.Some(0), 2);
        Assert.Equal(2, options.Length);
    }

    [Fact]
    public void IntMapsAgreeWithTheModel() => Agrees<long>(Gen.Long[0, 20]);

    [Fact]
    public void TextMapsAgreeWithTheModel() => Agrees<string>(Gen.String[Gen.Char['a', 'c'], 0, 12]);

    private static void Agrees<K>(Gen<K> keys)
        where K : notnull
    {
        var step = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 2], Gen.Int[0, 2], keys, Gen.Long[0, 99]);
        step.Array[0, 120].Sample(steps =>
        {
            var maps = new[] { SigilMap<K, long>.Empty, SigilMap<K, long>.Empty, SigilMap<K, long>.Empty };
            var models = new List<(K Key, long Value)>[] { [], [], [] };
            foreach (var (what, a, b, key, value) in steps)
            {
                var model = models[a];
                var place = model.FindIndex(entry => entry.Key.Equals(key));
                switch (what)
                {
                    case <= 2:
                        maps[a] = maps[a].Insert(key, value);
                        if (place >= 0)
                            model[place] = (key, value);
                        else
                            model.Add((key, value));
                        break;
                    case 3 or 4:
                        maps[a] = maps[a].Remove(key);
                        if (place >= 0)
                            model.RemoveAt(place);
                        break;
                    case 5:
                        maps[b].MarkShared();
                        maps[a] = maps[b];
                        models[a] = [.. models[b]];
                        break;
                    case 6:
                        maps[b].MarkShared();
                        maps[a] = maps[a].Merge(maps[b]);
                        foreach (var entry in models[b].ToArray())
                        {
                            var at = model.FindIndex(known => known.Key.Equals(entry.Key));
                            if (at >= 0)
                                model[at] = entry;
                            else
                                model.Add(entry);
                        }
                        break;
                }
            }
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(models[i], maps[i].Pairs().Span.ToArray());
                Assert.Equal(models[i].Count, maps[i].Length);
                foreach (var (key, value) in models[i])
                    Assert.Equal(Option<long>.Some(value), maps[i].Get(key));
            }
        });
    }

    [Fact]
    public void SetsAgreeWithTheModel()
    {
        var numbers = Gen.Long[0, 15].Array[0, 12];
        Gen.Select(numbers, numbers).Sample((left, right) =>
        {
            var (a, b) = (SigilSet<long>.From(SigilList<long>.Of(left)), SigilSet<long>.From(SigilList<long>.Of(right)));
            a.MarkShared();
            b.MarkShared();
            Assert.Equal(left.Distinct(), a.ToList().Span.ToArray());
            Assert.Equal(left.Union(right), a.Union(b).ToList().Span.ToArray());
            Assert.Equal(left.Distinct().Where(right.Contains), a.Intersection(b).ToList().Span.ToArray());
            Assert.Equal(left.Distinct().Except(right), a.Difference(b).ToList().Span.ToArray());
            Assert.Equal(left.Except(right).Concat(right.Except(left)), a.SymmetricDifference(b).ToList().Span.ToArray());
            Assert.Equal(left.All(right.Contains), a.IsSubset(b));
            Assert.Equal(right.All(left.Contains), a.IsSuperset(b));
            Assert.Equal(!left.Any(right.Contains), a.IsDisjoint(b));
            Assert.Equal(left.ToHashSet().SetEquals(right), a.Equals(b));
            Assert.Equal(left.Distinct(), a.ToList().Span.ToArray());
        });
    }
}
