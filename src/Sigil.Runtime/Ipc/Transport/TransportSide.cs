using System.Diagnostics;
using Sigil.Runtime.Scheduling;

namespace Sigil.Runtime.Ipc;

/// <summary>What sending and receiving have in common, whatever the transport.</summary>
internal abstract class TransportSide(TransportEnd end)
{
    // A kernel wake-up across cores costs about as much.
    private const long LongestSpinNanos = 50_000;
    private const long ShortestSpinNanos = 1_000;

    private static readonly bool s_canSpin = Environment.ProcessorCount > 1;

    private long _spinNanos = LongestSpinNanos;

    internal TransportEnd End => end;

    /// <summary>Whether another attempt may succeed, or tell that the channel is closed.</summary>
    internal abstract bool IsReady { get; }

    /// <summary>Messages under way.</summary>
    internal abstract long Count { get; }

    /// <summary>Whether a wait should not be gone into: there is something, or somebody is just about it.</summary>
    /// <remarks>Looks again at last: whoever was at work may have changed something and died between the first two looks.</remarks>
    internal bool MayNotSleep => IsReady || end.IsOtherSideAtWork || IsReady;

    /// <inheritdoc cref="MayNotSleep"/>
    internal bool MayNotSleepFor<W>(W wait)
        where W : IEndWaiter => wait.IsReady || end.IsOtherSideAtWork || wait.IsReady;

    /// <summary>
    /// Looks for a while whether the other side moves, as long as no other task wants this worker. Who looked in vain looks for a shorter
    /// time the next time.
    /// </summary>
    internal bool Spin<W>(W wait)
        where W : IEndWaiter
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
}

/// <summary>Sends values of one type.</summary>
internal abstract class TransportSender<T>(TransportEnd end) : TransportSide(end)
{
    /// <summary>
    /// Sends unless there is no room: <c>Done</c>, <c>Full</c> or <c>Closed</c> of <see cref="Channels.Outcome"/>. What has been prepared in vain is kept in <paramref name="pending"/>
    /// if the caller means to come back with it.
    /// </summary>
    /// <exception cref="Serialization.FrameException">The value cannot be written, or the other side does what it must not.</exception>
    /// <exception cref="IpcSystemException">The system refuses.</exception>
    internal abstract int TrySend(T value, ref PendingFrame? pending, bool comesBack);

    /// <summary>Whether a send that waits should go on.</summary>
    internal abstract bool IsReadyFor(PendingFrame? pending);

    /// <summary>After a wait that ended otherwise: true when the value has been taken all the same; else it surely will not be.</summary>
    internal abstract bool WasDelivered(PendingFrame? pending);
}

/// <summary>Receives values of one type.</summary>
internal abstract class TransportReceiver<T>(TransportEnd end) : TransportSide(end)
{
    /// <summary>Receives unless there is nothing: <c>Done</c>, <c>Empty</c> or <c>Closed</c> of <see cref="Channels.Outcome"/>.</summary>
    /// <exception cref="Serialization.FrameException">What is there is no message; the end is unusable from now on.</exception>
    internal abstract int TryReceive(out T value);
}
