using System.Diagnostics;
using System.Runtime.CompilerServices;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Ipc;

/// <summary>What writing and reading a ring have in common.</summary>
internal abstract unsafe class RingSide(RingEnd end)
{
    // A kernel wake-up across cores costs about as much.
    private const long LongestSpinNanos = 50_000;
    private const long ShortestSpinNanos = 1_000;

    private static readonly bool s_canSpin = Environment.ProcessorCount > 1;

    private long _spinNanos = LongestSpinNanos;

    internal RingEnd End => end;

    /// <summary>Whether another attempt may succeed, or tell that the channel is closed.</summary>
    internal abstract bool IsReady { get; }

    /// <summary>Whether a wait should not be gone into: there is something, or somebody is just about it; see <see cref="RingEnd"/>.</summary>
    internal bool MayNotSleep => IsReady || end.IsOtherSideAtWork;

    /// <inheritdoc cref="MayNotSleep"/>
    internal bool MayNotSleepFor<W>(W wait)
        where W : IRingWaiter => wait.IsReady || end.IsOtherSideAtWork;

    protected ref long OwnPosition => ref Unsafe.AsRef<long>(end.Own + RingLayout.PositionAt);

    protected ref long OtherPosition => ref Unsafe.AsRef<long>(end.Other + RingLayout.PositionAt);

    /// <summary>
    /// Looks for a while whether the other side moves, as long as no other task wants this worker. Who looked in vain looks for a shorter
    /// time the next time.
    /// </summary>
    internal bool Spin<W>(W wait)
        where W : IRingWaiter
    {
        if (!s_canSpin || Worker.Current is not { } worker) return wait.IsReady;
        var started = Stopwatch.GetTimestamp();
        var limit = _spinNanos * Stopwatch.Frequency / 1_000_000_000;
        while (true)
        {
            for (var i = 0; i < 16; i++)
            {
                if (wait.IsReady)
                {
                    _spinNanos = LongestSpinNanos;
                    return true;
                }

                Thread.SpinWait(3);
            }

            if (worker.HasNext || worker.HasQueuedWork || worker.Scheduler.HasInjected) return wait.IsReady;
            if (Stopwatch.GetTimestamp() - started < limit) continue;
            _spinNanos = Math.Max(ShortestSpinNanos, _spinNanos / 2);
            return wait.IsReady;
        }
    }

    protected void Enter() => end.Lock?.Enter();

    protected void Exit() => end.Lock?.Exit();

    /// <summary>The other side's word makes no sense: it is not to be followed anywhere.</summary>
    protected static Exception Corrupt(string what) => new Serialization.FrameException($"the shared memory is corrupt: {what}");
}
