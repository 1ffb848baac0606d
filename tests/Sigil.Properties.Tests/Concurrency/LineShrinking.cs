namespace Sigil.Properties.Tests.Concurrency;

/// <summary>Makes a failing program smaller by leaving out lines, with what stands indented under them, as long as it still fails in the same way.</summary>
internal static class LineShrinking
{
    public static string Shrink(string text, Func<string, bool> fails)
    {
        var lines = text.Split('\n').ToList();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = lines.Count - 1; i >= 0; i--)
            {
                if (i >= lines.Count) continue;
                var end = i + 1;
                if (lines[i].EndsWith('(') || lines[i].EndsWith('[') || lines[i].Contains("-> run(", StringComparison.Ordinal) && lines[i].EndsWith('('))
                {
                    while (end < lines.Count && Indentation(lines[end]) > Indentation(lines[i])) end++;
                    end++;
                }
                if (TryWithout(lines, i, Math.Min(end, lines.Count), [], fails)) changed = true;
                // The lines inside, without what is around them.
                else if (end > i + 2 && TryWithout(lines, i, Math.Min(end, lines.Count), lines.GetRange(i + 1, Math.Min(end, lines.Count) - i - 2), fails)) changed = true;
            }
        }
        return string.Join('\n', lines);
    }

    private static bool TryWithout(List<string> lines, int start, int end, List<string> instead, Func<string, bool> fails)
    {
        var smaller = new List<string>(lines);
        smaller.RemoveRange(start, end - start);
        smaller.InsertRange(start, instead);
        if (!fails(string.Join('\n', smaller))) return false;
        lines.Clear();
        lines.AddRange(smaller);
        return true;
    }

    private static int Indentation(string line) => line.Length - line.TrimStart().Length;
}
