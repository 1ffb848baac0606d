using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Exploring;

/// <summary>
/// Threads that carry strands, used again from one controlled run to the next. They start in the context of their maker, so that what
/// they do is counted for it.
/// </summary>
internal sealed class Carriers : IDisposable
{
    private readonly object _gate = new();
    private readonly Stack<Carrier> _free = new();
    private bool _disposed;

    /// <summary>Lets a thread carry the strand from its beginning.</summary>
    internal void Carry(Strand strand)
    {
        Carrier? carrier;
        lock (_gate) _free.TryPop(out carrier);
        if (carrier is null)
        {
            carrier = new Carrier(this);
            StackGuard.StartThread("sigil explored", carrier.Work);
        }

        carrier.Give(strand);
    }

    internal void Keep(Carrier carrier)
    {
        lock (_gate)
        {
            if (_disposed) carrier.Give(null);
            else _free.Push(carrier);
        }
    }

    /// <summary>Lets the threads end. One that is stuck in the middle of a strand stays where it is.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_free.TryPop(out var carrier)) carrier.Give(null);
        }
    }
}

/// <summary>A thread that carries one strand at a time, and moves only while it has the turn.</summary>
internal sealed class Carrier(Carriers pool)
{
    private readonly SemaphoreSlim _turn = new(0);
    private Strand? _strand;

    internal void Give(Strand? strand)
    {
        _strand = strand;
        _turn.Release();
    }

    /// <summary>The strand that it carries may go on.</summary>
    internal void Resume() => _turn.Release();

    /// <summary>Waits for the turn.</summary>
    internal void Await() => _turn.Wait();

    internal void Work()
    {
        while (true)
        {
            _turn.Wait();
            if (_strand is not { } strand) return;

            // A strand that ends passes the turn on; when to one that has not begun, the same thread carries it.
            for (Strand? next = strand; next is not null;)
            {
                next.Carrier = this;
                Control.Strand = next;
                next = next.Run.Execute(next, this, pool);
            }

            Control.Strand = null;
        }
    }
}
