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
    public static long UnixNanos() =>
        Control.Strand is { } strand ? Exploring.Interleaving.WallClockStart + strand.Run.NowNanos : Files.UnixNanos(DateTime.UtcNow);

    /// <summary>Nanoseconds from an arbitrary start; never goes back.</summary>
    [Intrinsic("time.monotonic_nanos")]
    public static long MonotonicNanos() => MonotonicClock.Instance.NowNanos;

    /// <summary>Blocks the thread, for programs without tasks; tasks use the scheduler's timers.</summary>
    [Intrinsic("time.block_for")]
    public static void BlockFor(long nanoseconds)
    {
        PendingOutput.WriteOut();
        Blocked.For(nanoseconds);
    }
}
