using System.Runtime.InteropServices;

namespace Sigil.Runtime.Sync;

/// <summary>
/// Puts one thread to sleep in the kernel until another one signals it. A signal that comes first is remembered (one,
/// not several), so that signalling and going to sleep may race.
/// </summary>
internal sealed class Parker
{
    private readonly object _gate = new();
    private bool _signalled;

    /// <summary>Waits for a signal and consumes it.</summary>
    public void Park()
    {
        if (Control.Strand is { } strand)
        {
            strand.Run.BlockUntil(() => _signalled, -1);
            _signalled = false;
            return;
        }

        lock (_gate)
        {
            while (!_signalled) Monitor.Wait(_gate);
            _signalled = false;
        }
    }

    /// <summary>Waits for a signal or until <paramref name="nanos"/> have passed.</summary>
    public void Park(long nanos)
    {
        if (Control.Strand is { } strand)
        {
            strand.Run.BlockUntil(() => _signalled, Math.Max(0, nanos));
            _signalled = false;
            return;
        }

        var millis = (int)Math.Clamp((nanos + 999_999) / 1_000_000, 0, int.MaxValue - 1);
        lock (_gate)
        {
            if (!_signalled && millis > 0) Monitor.Wait(_gate, millis);
            _signalled = false;
        }
    }

    public void Signal()
    {
        Control.Step();
        lock (_gate)
        {
            _signalled = true;
            Monitor.Pulse(_gate);
        }
    }
}

/// <summary>Short sleeps: .NET's own are no finer than a millisecond.</summary>
internal static partial class NativeSleep
{
    private static readonly bool s_hasMicroseconds = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    public static void Microseconds(uint micros)
    {
        if (Control.Strand is { } strand) strand.Run.BlockUntil(static () => false, micros * 1000L);
        else if (s_hasMicroseconds) _ = USleep(micros);
        else Thread.Sleep(1);
    }

    [LibraryImport("libc", EntryPoint = "usleep")]
    private static partial int USleep(uint micros);
}
