using System.Globalization;

namespace Sigil.Compiler.Testing;

/// <summary>Which schedules each test runs under: <paramref name="Count"/> of them, the first one <paramref name="Seed"/>, the next ones the seeds after it.</summary>
/// <param name="Trace">The digest that the first schedule had when its seed was printed; null when there is none to compare.</param>
public sealed record ScheduleOptions(int Count, long Seed, uint? Trace)
{
    /// <summary>Reads a seed as a failure prints it: a number, or a number and a digest, <c>17-0a1b2c3d</c>.</summary>
    public static ScheduleOptions? Parse(int count, string seed)
    {
        var parts = seed.Split('-', 2);
        uint? trace = null;
        if (parts.Length == 2)
        {
            if (!uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digest)) return null;
            trace = digest;
        }

        return long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && count > 0
            ? new ScheduleOptions(count, number, trace)
            : null;
    }

    internal static string Write(long seed, ulong trace) => string.Create(CultureInfo.InvariantCulture, $"{seed}-{Digest(trace):x8}");

    internal static uint Digest(ulong trace) => (uint)(trace ^ (trace >> 32));
}
