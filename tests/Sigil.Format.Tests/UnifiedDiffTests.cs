namespace Sigil.Format.Tests;

public sealed class UnifiedDiffTests
{
    [Fact]
    public void Equal_texts_have_no_difference() => Assert.Equal("", UnifiedDiff.Of("a.si", "x\n", "x\n"));

    [Fact]
    public void A_change_stands_between_three_lines_of_context()
    {
        var before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        var expected = "--- a.si\n+++ a.si\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n";
        Assert.Equal(expected, UnifiedDiff.Of("a.si", before, before.Replace("5", "five", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_difference_applied_gives_the_second_text()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var before = Lines(random);
            var after = Lines(random);
            Assert.Equal(after, Applied(before, UnifiedDiff.Of("x", before, after)));
        }
    }

    private static string Lines(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(0, 30)).Select(_ => (char)('a' + random.Next(4)) + "\n"));

    /// <summary>What `patch` does, and it checks that what is taken out was there.</summary>
    private static string Applied(string before, string diff)
    {
        if (diff.Length == 0) return before;
        var old = before.Split('\n')[..^1];
        var result = new List<string>();
        var at = 0;
        foreach (var line in diff.Split('\n')[2..^1])
        {
            if (line.StartsWith("@@", StringComparison.Ordinal))
            {
                var numbers = line.Split(' ')[1][1..].Split(',').Select(int.Parse).ToArray();
                var start = numbers[1] == 0 ? numbers[0] : numbers[0] - 1;
                while (at < start) result.Add(old[at++]);
            }
            else if (line[0] == '+') result.Add(line[1..]);
            else
            {
                Assert.Equal(line[1..], old[at]);
                if (line[0] == ' ') result.Add(line[1..]);
                at++;
            }
        }
        while (at < old.Length) result.Add(old[at++]);
        return string.Concat(result.Select(l => l + "\n"));
    }
}
