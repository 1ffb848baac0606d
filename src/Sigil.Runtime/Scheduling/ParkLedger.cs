using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Scheduling;

/// <summary>Something with parked tasks whose wake-up may have been missed.</summary>
internal interface IParkedParties
{
    /// <summary>After a process-wide fence: wakes the parties that have something to do.</summary>
    void Reexamine();
}

/// <summary>
/// What one worker has parked since the last process-wide fence; the argument is at <see cref="Channels.RingChannel{T}"/>.
/// </summary>
/// <remarks>
/// Entries are added by the worker and confirmed by it (before it sleeps) or by the timekeeper (every millisecond or so
/// while it is busy); confirming twice is harmless. <see cref="Epoch"/> grows before each fence: a ring that
/// has been noted in the present epoch by anybody need not be noted again, because that epoch's fence is still to come.
/// </remarks>
internal sealed class ParkLedger
{
    private const int Size = 1024;

    private static int s_epoch = 1;

    private readonly Entry[] _entries = new Entry[Size];
    private long _added;
    private long _confirmed;

    internal static int Epoch => Atomic.Load(ref s_epoch);

    internal bool HasUnconfirmed => Atomic.Load(ref _added) != Atomic.Load(ref _confirmed);

    /// <summary>The ledger's worker only.</summary>
    internal void Note(IParkedParties parties)
    {
        if (_added - Atomic.Load(ref _confirmed) == Size) Confirm();
        Atomic.Store(ref _entries[_added % Size].Parties, parties);
        Atomic.Store(ref _added, _added + 1);
    }

    /// <summary>Fences and examines again what has been noted.</summary>
    internal void Confirm()
    {
        Fence();
        Examine();
    }

    internal static void Fence()
    {
        Atomic.Add(ref s_epoch, 1);
        Atomic.ProcessWideFence();
    }

    /// <summary>Second half of <see cref="Confirm"/>, for who has fenced for several ledgers at once.</summary>
    internal void Examine()
    {
        var added = Atomic.Load(ref _added);
        var confirmed = Atomic.Load(ref _confirmed);
        for (var i = confirmed; i < added; i++) Atomic.Load(ref _entries[i % Size].Parties)?.Reexamine();
        while (confirmed < added)
        {
            var seen = Atomic.CompareExchange(ref _confirmed, added, confirmed);
            if (seen == confirmed) break;
            confirmed = seen;
        }
    }

    // In a struct, so that storing needs no check of the array's type.
    private struct Entry
    {
        public IParkedParties? Parties;
    }
}
