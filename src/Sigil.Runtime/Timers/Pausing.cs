using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Timers;

/// <summary>Waiting between attempts, and the few other services that compiled forms need from the outside world.</summary>
public static class Pausing
{
    /// <summary>A duration varied by up to a quarter, so that competing retries drift apart.</summary>
    public static long Vary(long nanos, bool jitter) =>
        jitter ? (long)(nanos * (0.75 + (Chance.Fraction() / 2))) : nanos;

    /// <summary>Blocks the thread; for functions that do not suspend.</summary>
    public static void Block(long nanos)
    {
        if (nanos <= 0) return;
        using var blocking = Blocking.Section();
        Blocked.For(nanos);
    }

    /// <summary>Nanoseconds of the monotonic clock.</summary>
    public static long Now() => MonotonicClock.Instance.NowNanos;

    /// <summary>A line on standard error.</summary>
    public static void WriteError(string line) => StandardStreams.PrintError(line);
}
