namespace Sigil.Runtime.Sync;

/// <summary>Starts the runtime's own threads; those that run tasks start in <see cref="Scheduling.StackGuard"/>.</summary>
internal static class Threads
{
    internal static void Start(string name, int stackBytes, Action body)
    {
        if (Control.Strand is { } strand)
        {
            strand.Run.Add(name, body);
            return;
        }

        new Thread(() => body(), stackBytes) { Name = name, IsBackground = true }.Start();
    }
}

/// <summary>Blocks the calling thread for a time; tasks use timers instead.</summary>
internal static class Blocked
{
    internal static void For(long nanos)
    {
        if (nanos <= 0) return;
        if (Control.Strand is { } strand)
        {
            strand.Run.BlockUntil(static () => false, nanos);
            return;
        }

        for (var left = nanos; left > 0;)
        {
            var now = MonotonicClock.Instance.NowNanos;

            // Rounded up: sleeping less than asked for is wrong, a little more is not.
            Thread.Sleep((int)Math.Min(int.MaxValue, (left + 999_999) / 1_000_000));
            left -= MonotonicClock.Instance.NowNanos - now;
        }
    }
}

/// <summary>Randomness for decisions of the runtime that a controlled run repeats from its seed.</summary>
internal static class Chance
{
    /// <summary>A number from 0 up to but not including 1.</summary>
    internal static double Fraction() =>
        Control.Strand is { } strand ? (strand.Run.NextRandom() >> 11) * (1.0 / (1UL << 53)) : Random.Shared.NextDouble();
}
