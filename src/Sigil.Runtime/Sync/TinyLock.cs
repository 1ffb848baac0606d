using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Sync;

/// <summary>
/// A four-byte lock for sections of a few dozen instructions that call nothing which could wait. It never parks in
/// the kernel on the way out, so leaving costs one plain store.
/// </summary>
internal struct TinyLock
{
    private int _held;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter()
    {
        if (Atomic.CompareExchange(ref _held, 1, 0) != 0) EnterContended();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryEnter() => _held == 0 && Atomic.CompareExchange(ref _held, 1, 0) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit() => Atomic.Store(ref _held, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterContended()
    {
        // The holder may have been preempted: after a short spin the processor is given away.
        for (var round = 0; ; round++)
        {
            if (Atomic.Load(ref _held) == 0 && Atomic.CompareExchange(ref _held, 1, 0) == 0) return;
            Pause.Contended(round);
        }
    }
}
