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

    /// <summary>
    /// Enters a lock whose holder will soon want it again. Two cores that take turns pay for moving the data each time, several
    /// times what the section costs: whoever finds it taken lets the other one go on for some dozen sections.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EnterPatiently()
    {
        if (Atomic.CompareExchange(ref _held, 1, 0) != 0) EnterAfterOthers();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterAfterOthers()
    {
        for (var round = 0; round < 8; round++)
        {
            Pause.Patiently();
            if (Atomic.Load(ref _held) == 0 && Atomic.CompareExchange(ref _held, 1, 0) == 0) return;
        }

        EnterContended();
    }

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
