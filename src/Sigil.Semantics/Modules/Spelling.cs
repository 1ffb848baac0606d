namespace Sigil.Semantics.Modules;

/// <summary>Finds the name that a misspelt one most likely stands for.</summary>
public static class Spelling
{
    /// <summary>The candidate nearest to <paramref name="name"/>, or null when none is near enough to be meant.</summary>
    public static string? Closest(string name, IEnumerable<string> candidates)
    {
        // One letter resembles every other.
        int limit = name.Length == 1 ? 0 : Math.Max(1, name.Length / 3);
        string? best = null;
        int bestDistance = limit + 1;
        foreach (var c in candidates)
        {
            if (c == name || Math.Abs(c.Length - name.Length) > limit) continue;
            int d = string.Equals(c, name, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(name, c);
            if (d < bestDistance || (d == bestDistance && best is not null && string.CompareOrdinal(c, best) < 0)) (best, bestDistance) = (c, d);
        }
        return bestDistance <= limit ? best : null;
    }

    // Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours count one each.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
            for (int j = 1; j <= b.Length; j++)
            {
                int d = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d = Math.Min(d, rows[i - 2, j - 2] + 1);
                rows[i, j] = d;
            }
        return rows[a.Length, b.Length];
    }
}
