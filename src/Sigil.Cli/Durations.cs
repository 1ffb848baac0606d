using System.Globalization;

namespace Sigil.Cli;

/// <summary>Times on the command line, written like literals of the language.</summary>
internal static class Durations
{
    /// <summary>Null when the text is no duration.</summary>
    public static TimeSpan? Parse(string text)
    {
        foreach (var (unit, milliseconds) in new (string, long)[] { ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000) })
            if (text.EndsWith(unit, StringComparison.Ordinal) && long.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out long n) && n > 0 && n < int.MaxValue)
                return TimeSpan.FromMilliseconds((double)n * milliseconds);
        return null;
    }
}
