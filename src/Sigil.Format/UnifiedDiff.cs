using System.Globalization;
using System.Text;

namespace Sigil.Format;

/// <summary>What changed between two texts, in the form that <c>patch</c> reads.</summary>
public static class UnifiedDiff
{
    private const int Context = 3;

    // Beyond this many changed lines the shortest script is no longer worth its time: all between the common ends is replaced.
    private const int LongestScript = 4000;

    private readonly record struct Edit(char Kind, string Line, int Old, int New);

    /// <summary>The difference; empty when there is none.</summary>
    public static string Of(string path, string before, string after)
    {
        if (before == after) return "";
        var edits = Edits(Lines(before), Lines(after));
        var output = new StringBuilder();
        output.Append("--- ").Append(path).Append('\n').Append("+++ ").Append(path).Append('\n');
        for (var i = 0; i < edits.Count;)
        {
            if (edits[i].Kind == ' ')
            {
                i++;
                continue;
            }
            // A hunk goes on while the next change is near.
            var start = Math.Max(0, i - Context);
            var last = i;
            for (var j = i; j < edits.Count && j - last <= 2 * Context; j++)
                if (edits[j].Kind != ' ') last = j;
            var end = Math.Min(edits.Count, last + Context + 1);
            Hunk(edits, start, end, output);
            i = end;
        }
        return output.ToString();
    }

    private static void Hunk(List<Edit> edits, int start, int end, StringBuilder output)
    {
        int old = 0, now = 0;
        for (var i = start; i < end; i++)
        {
            if (edits[i].Kind != '+') old++;
            if (edits[i].Kind != '-') now++;
        }
        var first = edits[start];
        output.Append(CultureInfo.InvariantCulture, $"@@ -{Range(first.Old, old)} +{Range(first.New, now)} @@\n");
        for (var i = start; i < end; i++)
        {
            var line = edits[i].Line;
            output.Append(edits[i].Kind).Append(line);
            if (!line.EndsWith('\n')) output.Append("\n\\ No newline at end of file\n");
        }
    }

    private static string Range(int start, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? start : start + 1)},{count}");

    private static string[] Lines(string text)
    {
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[at..end]);
            at = end;
        }
        return [.. lines];
    }

    private static List<Edit> Edits(string[] before, string[] after)
    {
        int head = 0, tail = 0;
        while (head < before.Length && head < after.Length && before[head] == after[head]) head++;
        while (tail < before.Length - head && tail < after.Length - head && before[^(tail + 1)] == after[^(tail + 1)]) tail++;
        var edits = new List<Edit>();
        for (var i = 0; i < head; i++) edits.Add(new Edit(' ', before[i], i, i));
        Middle(before.AsSpan(head, before.Length - head - tail), after.AsSpan(head, after.Length - head - tail), head, edits);
        for (var i = tail; i > 0; i--) edits.Add(new Edit(' ', before[^i], before.Length - i, after.Length - i));
        return edits;
    }

    /// <summary>The shortest script (Myers), or everything out and everything in when that one is long.</summary>
    private static void Middle(ReadOnlySpan<string> before, ReadOnlySpan<string> after, int offset, List<Edit> edits)
    {
        var most = before.Length + after.Length;
        var furthest = new int[2 * Math.Min(most, LongestScript) + 3];
        var middle = furthest.Length / 2;
        var trace = new List<int[]>();
        for (var d = 0; d <= most && d < LongestScript; d++)
        {
            trace.Add(furthest[(middle - d)..(middle + d + 1)]);
            for (var k = -d; k <= d; k += 2)
            {
                var x = k == -d || (k != d && furthest[middle + k - 1] < furthest[middle + k + 1]) ? furthest[middle + k + 1] : furthest[middle + k - 1] + 1;
                var y = x - k;
                while (x < before.Length && y < after.Length && before[x] == after[y])
                {
                    x++;
                    y++;
                }
                furthest[middle + k] = x;
                if (x < before.Length || y < after.Length) continue;
                Backtrack(before, after, trace, offset, edits);
                return;
            }
        }
        for (var i = 0; i < before.Length; i++) edits.Add(new Edit('-', before[i], offset + i, offset));
        for (var i = 0; i < after.Length; i++) edits.Add(new Edit('+', after[i], offset + before.Length, offset + i));
    }

    private static void Backtrack(ReadOnlySpan<string> before, ReadOnlySpan<string> after, List<int[]> trace, int offset, List<Edit> edits)
    {
        var reversed = new List<Edit>();
        int x = before.Length, y = after.Length;
        for (var d = trace.Count - 1; d >= 0; d--)
        {
            var row = trace[d];
            int At(int diagonal) => diagonal < -d || diagonal > d ? 0 : row[diagonal + d];
            var k = x - y;
            var down = k == -d || (k != d && At(k - 1) < At(k + 1));
            var fromK = down ? k + 1 : k - 1;
            var fromX = d == 0 ? 0 : At(fromK);
            var fromY = d == 0 ? 0 : fromX - fromK;
            while (x > fromX && y > fromY && (d == 0 || x > fromX + (down ? 0 : 1) || y > fromY + (down ? 1 : 0)))
            {
                x--;
                y--;
                reversed.Add(new Edit(' ', before[x], offset + x, offset + y));
            }
            if (d == 0) break;
            if (down) reversed.Add(new Edit('+', after[--y], offset + x, offset + y));
            else reversed.Add(new Edit('-', before[--x], offset + x, offset + y));
        }
        reversed.Reverse();
        edits.AddRange(reversed);
    }
}
