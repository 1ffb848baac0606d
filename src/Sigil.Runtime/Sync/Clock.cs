using System.Diagnostics;

namespace Sigil.Runtime.Sync;

/// <summary>Monotonic time in nanoseconds from an arbitrary start; the scheduler owns it, tests replace it.</summary>
public interface IClock
{
    /// <summary>The present moment.</summary>
    long NowNanos { get; }
}

/// <summary>The machine's monotonic clock; in a controlled run, the run's.</summary>
public sealed class MonotonicClock : IClock
{
    private static readonly double s_nanosPerTick = 1e9 / Stopwatch.Frequency;

    /// <summary>The only instance.</summary>
    public static MonotonicClock Instance { get; } = new();

    private MonotonicClock()
    {
    }

    /// <inheritdoc/>
    public long NowNanos => Control.Strand is { } strand ? strand.Run.NowNanos : Read();

    private static long Read() => Stopwatch.Frequency == 1_000_000_000
        ? Stopwatch.GetTimestamp()
        : (long)(Stopwatch.GetTimestamp() * s_nanosPerTick);
}
