namespace Sigil.Runtime.Sync;

/// <summary>
/// A lock for longer sections and for threads outside the workers, with a condition to wait for: <c>using (gate.Hold())</c>.
/// </summary>
internal sealed class Gate
{
    private readonly object _monitor = new();
    private int _pulses;

    internal Holding Hold()
    {
        if (Control.Strand is null)
        {
            Monitor.Enter(_monitor);
        }
        else
        {
            Control.Step();
            while (!Monitor.TryEnter(_monitor)) Control.Spin();
        }

        return new Holding(this);
    }

    /// <summary>
    /// Holds what another worker will soon want again: while that one holds it, it may go on for a microsecond at a time, since
    /// taking turns costs both of them more than the section.
    /// </summary>
    internal Holding HoldPatiently()
    {
        if (Control.Strand is not null) return Hold();
        for (var round = 0; !Monitor.TryEnter(_monitor); round++)
        {
            if (round == 8) return Hold();
            Pause.Patiently();
        }

        return new Holding(this);
    }

    /// <summary>While holding: lets go, waits for a pulse, and holds again. May return early; look at the condition again.</summary>
    internal void Wait() => Wait(Timeout.Infinite);

    /// <summary>Like <see cref="Wait()"/>; false when the time has passed without a pulse.</summary>
    internal bool Wait(int millis)
    {
        if (Control.Strand is not { } strand) return Monitor.Wait(_monitor, millis);
        var seen = _pulses;
        Monitor.Exit(_monitor);
        var pulsed = strand.Run.BlockUntil(() => _pulses != seen, millis < 0 ? -1 : millis * 1_000_000L);
        while (!Monitor.TryEnter(_monitor)) Control.Spin();
        return pulsed;
    }

    /// <summary>While holding: ends one wait, or several.</summary>
    internal void Pulse()
    {
        _pulses++;
        Monitor.Pulse(_monitor);
    }

    /// <summary>While holding: ends all waits.</summary>
    internal void PulseAll()
    {
        _pulses++;
        Monitor.PulseAll(_monitor);
    }

    /// <summary>Ends with its block.</summary>
    internal readonly ref struct Holding(Gate gate)
    {
        public void Dispose() => Monitor.Exit(gate._monitor);
    }
}
