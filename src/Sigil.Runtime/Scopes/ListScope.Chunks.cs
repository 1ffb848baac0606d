using Sigil.Runtime.Panics;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scopes;

/// <summary>
/// Chunks: elements that are CPU work come out of the source several at a time, so that small ones do not pay for its lock.
/// </summary>
/// <remarks>
/// A pump begins with single elements and takes more while a chunk lasts less than some microseconds. That nobody sees the chunks:
/// an element that suspends is split off as always, and when the source is used up idle pumps take from the chunks of the busy ones,
/// so no element waits behind a long one while a core is free. With a limit, and in controlled runs, elements come singly.
/// </remarks>
public sealed partial class ListScope<R>
{
    private const int MaxChunk = 32;
    private const long ShortChunkNanos = 20_000;
    private const long LongChunkNanos = 100_000;

    private Chunk?[]? _chunks;
    private SigilPanic? _sourcePanic;
    private bool _stopped;

    private bool TakesChunks => _isCpuBound && _maxConcurrent == int.MaxValue && Control.Strand is null;

    private bool HasChunks => _chunks is { } chunks && Array.Exists(chunks, c => c is { IsUsedUp: false });

    private Frame<R>? TakeFromChunk(Pump pump, out int index)
    {
        while (true)
        {
            if (!TryTake(pump.Number, out var entry, out index))
            {
                if (Fill(pump) is { } filled)
                {
                    Atomic.Store(ref _chunks![pump.Number], filled);
                    continue;
                }

                for (var i = 0; entry is null && i < _chunks!.Length; i++) TryTake(i, out entry, out index);
                if (entry is null) return null;
            }

            if (!Atomic.Load(ref _stopped)) return entry;

            // cancel_remaining: what has not started never will.
            Abandon(entry!);
            StateLock.Enter();
            _unfinished--;
            StateLock.Exit();
        }
    }

    private bool TryTake(int chunk, out Frame<R>? entry, out int index)
    {
        index = 0;
        entry = Atomic.Load(ref _chunks![chunk])?.Take(out index);
        return entry is not null;
    }

    /// <summary>A new chunk for a pump; null when the source is used up, and the pump has been counted as gone.</summary>
    private Chunk? Fill(Pump pump)
    {
        var now = MonotonicClock.Instance.NowNanos;
        var lasted = now - pump.ChunkBegan;
        if (lasted < ShortChunkNanos) pump.ChunkSize = Math.Min(MaxChunk, pump.ChunkSize * 2);
        else if (lasted > LongChunkNanos) pump.ChunkSize = Math.Max(1, pump.ChunkSize / 4);
        pump.ChunkBegan = now;
        using (_sourceGate.Hold())
        {
            var size = pump.ChunkSize;
            if (_source.KnownCount is > 0 and var all) size = (int)Math.Clamp((all - _started) / (4 * _maxPumps), 1, size);
            var entries = new Frame<R>?[size];
            var count = 0;
            var first = _started;
            var ends = _exhausted || IsCancelled || _sourcePanic is not null;
            if (IsCancelled) SawCancelled();
            while (!ends && count < size)
            {
                try
                {
                    if (!Ask(out entries[count]) || entries[count] is null) ends = true;
                    else _results.Reserve(first + count++);
                }
                catch (SigilPanic panic)
                {
                    // The elements before it run, or are cancelled, first.
                    _sourcePanic = panic;
                    ends = true;
                }
            }

            StateLock.Enter();
            _unfinished += count;
            _started += count;
            if (ends) _exhausted = true;
            if (count == 0) _pumps--;
            StateLock.Exit();
            if (count > 0) return new Chunk(entries, count, first);
            if (_sourcePanic is not { } thrown) return null;
            _sourcePanic = null;
            throw thrown;
        }
    }

    private sealed class Chunk(Frame<R>?[] entries, int count, int first)
    {
        private int _next;

        internal bool IsUsedUp => Atomic.Load(ref _next) >= count;

        /// <summary>Anybody: the next entry, for whoever takes it alone.</summary>
        internal Frame<R>? Take(out int index)
        {
            index = 0;
            if (Atomic.Load(ref _next) >= count) return null;
            var taken = Atomic.Add(ref _next, 1) - 1;
            if (taken >= count) return null;
            index = first + taken;
            var entry = entries[taken];
            entries[taken] = null;
            return entry;
        }
    }
}
