using System.Diagnostics;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Scheduling;

namespace Sigil.Runtime.Timers;

/// <summary>Waiting between attempts, and the few other services that compiled forms need from the outside world.</summary>
public static class Pausing
{
    /// <summary>A duration varied by up to a quarter, so that competing retries drift apart.</summary>
    public static long Vary(long nanos, bool jitter) =>
        jitter ? (long)(nanos * (0.75 + (Random.Shared.NextDouble() / 2))) : nanos;

    /// <summary>Blocks the thread; for functions that do not suspend.</summary>
    public static void Block(long nanos)
    {
        if (nanos <= 0) return;
        using var blocking = Blocking.Section();
        Thread.Sleep(TimeSpan.FromTicks((nanos + 99) / 100));
    }

    /// <summary>Nanoseconds of the monotonic clock.</summary>
    public static long Now() => (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds;

    /// <summary>A line on standard error.</summary>
    public static void WriteError(string line) => StandardStreams.PrintError(line);
}
