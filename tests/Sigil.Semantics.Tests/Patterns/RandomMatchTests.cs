using System.Text;

namespace Sigil.Semantics.Tests.Patterns;

/// <summary>Random matches, compared with what trying all values says. Values outside the samples behave like one of them.</summary>
public class RandomMatchTests
{
    /// <summary>A pattern as text, and which of the samples it matches.</summary>
    private sealed record Tested(string Text, Func<Value, bool> Matches);
    private sealed record Value(int Number, int Color, int Maybe, int[] List);

    private static readonly string[] _colors = ["Red", "Green", "Blue"];
    private static readonly Value[] _samples = [.. Samples()];

    [Theory]
    [InlineData(0, 3), InlineData(1, 8), InlineData(2, 25), InlineData(3, 80)]
    public void Arms_that_add_nothing_and_values_that_are_left_out(int seed, int arms)
    {
        var random = new Random(seed);
        var program = new StringBuilder("type C = Red | Green | Blue\n");
        for (var round = 0; round < 60; round++)
        {
            var rows = Enumerable.Range(0, random.Next(1, arms + 1)).Select(_ => Row(random)).ToList();
            var left = _samples.ToList();
            var text = new StringBuilder($"@f{round} (v: (int, C, Option<bool>, [bool])) -> int = match(v,\n");
            foreach (var row in rows)
            {
                var rest = left.Where(v => !row.Matches(v)).ToList();
                text.Append("    ").Append(row.Text).Append(" -> 1,").Append(rest.Count == left.Count ? " //~ E4002\n" : "\n");
                left = rest;
            }
            text.Append(")\n");
            if (left.Count > 0) text.Replace("match(v,\n", "match(v, //~ E4001\n");
            program.Append(text);
        }
        Checked.Program(program.ToString());
    }

    private static Tested Row(Random random)
    {
        if (random.Next(60) == 0) return new("_", _ => true);
        Tested number = Number(random), color = Color(random), maybe = Maybe(random), list = List(random);
        return new($"({number.Text}, {color.Text}, {maybe.Text}, {list.Text})", v => number.Matches(v) && color.Matches(v) && maybe.Matches(v) && list.Matches(v));
    }

    private static Tested Either(Tested a, Tested b) => new($"({a.Text} | {b.Text})", v => a.Matches(v) || b.Matches(v));

    private static Tested Number(Random random)
    {
        int low = random.Next(5), high = low + random.Next(1, 3);
        return random.Next(7) switch
        {
            0 or 1 => new("_", _ => true),
            2 => new($"{low}..{high}", v => v.Number >= low && v.Number < high),
            3 => new($"..{low}", v => v.Number < low),
            4 => Either(new($"{low}", v => v.Number == low), new($"{high}..", v => v.Number >= high)),
            _ => new($"{low}", v => v.Number == low),
        };
    }

    private static Tested Color(Random random)
    {
        int a = random.Next(3), b = random.Next(3);
        Tested One(int c) => new(_colors[c], v => v.Color == c);
        return random.Next(4) switch { 0 or 1 => new("_", _ => true), 2 when a != b => Either(One(a), One(b)), _ => One(a) };
    }

    private static Tested Maybe(Random random) => random.Next(5) switch
    {
        0 or 1 => new("_", _ => true),
        2 => new("None", v => v.Maybe == 2),
        3 => new("Some(_)", v => v.Maybe < 2),
        _ => new("Some(true)", v => v.Maybe == 1),
    };

    private static Tested List(Random random)
    {
        if (random.Next(3) == 0) return new("_", _ => true);
        int[] front = Elements(random), back = Elements(random);
        var isOpen = random.Next(2) == 0;
        var parts = front.Select(Text).Concat(isOpen ? [".."] : []).Concat(back.Select(Text));
        return new($"[{string.Join(", ", parts)}]", v =>
            (isOpen ? v.List.Length >= front.Length + back.Length : v.List.Length == front.Length + back.Length)
            && front.Select((p, i) => p == 2 || v.List[i] == p).All(x => x)
            && back.Select((p, i) => p == 2 || v.List[v.List.Length - back.Length + i] == p).All(x => x));
    }

    // 0: false, 1: true, 2: anything.
    private static int[] Elements(Random random) => [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(3))];
    private static string Text(int element) => element switch { 0 => "false", 1 => "true", _ => "_" };

    private static IEnumerable<Value> Samples()
    {
        var lists = new List<int[]> { Array.Empty<int>() };
        for (int from = 0, length = 1; length <= 5; length++)
        {
            var to = lists.Count;
            for (; from < to; from++) lists.AddRange([[.. lists[from], 0], [.. lists[from], 1]]);
        }
        for (var number = -1; number <= 7; number++)
            for (var color = 0; color < 3; color++)
                for (var maybe = 0; maybe < 3; maybe++)
                    foreach (var list in lists) yield return new Value(number, color, maybe, list);
    }
}
