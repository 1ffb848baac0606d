using Sigil.Runtime.Sync;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>std.time on the machine's clocks.</summary>
public static class WallClock
{
    /// <summary>Seconds since 1970.</summary>
    [Intrinsic("time.unix_seconds")]
    public static long UnixSeconds() => IntMath.FloorDiv(UnixNanos(), DurationMath.Second, "");

    /// <summary>Nanoseconds since 1970.</summary>
    [Intrinsic("time.unix_nanos")]
    public static long UnixNanos() => Files.UnixNanos(DateTime.UtcNow);

    /// <summary>Nanoseconds from an arbitrary start; never goes back.</summary>
    [Intrinsic("time.monotonic_nanos")]
    public static long MonotonicNanos() => MonotonicClock.Instance.NowNanos;

    /// <summary>Blocks the thread, for programs without tasks; tasks use the scheduler's timers.</summary>
    [Intrinsic("time.block_for")]
    public static void BlockFor(long nanoseconds)
    {
        for (var left = nanoseconds; left > 0;)
        {
            var now = MonotonicNanos();
            // Rounded up: sleeping less than asked for is wrong, a little more is not.
            Thread.Sleep((int)Math.Min(int.MaxValue, (left + 999_999) / 1_000_000));
            left -= MonotonicNanos() - now;
        }
    }
}
