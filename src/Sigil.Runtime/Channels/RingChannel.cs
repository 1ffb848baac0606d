using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sigil.Runtime.Ownership;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Channels;

/// <summary>
/// The exclusive channel: one producer, one consumer, a buffer of at least one. Its fast paths contain no
/// read-modify-write instruction and no fence.
/// </summary>
/// <remarks>
/// <para>
/// A ring after Lamport (1983) with cached counterpart indexes (Lee et al., MCRingBuffer, 2010): the producer alone writes the tail,
/// the consumer alone the head, each on a cache line of its own, and each looks at the other's only when what it knew of
/// it is used up.
/// </para>
/// <para>
/// Waking is a hint. Values enter the ring only by the producer's own task and leave it only by the consumer's, also after a
/// wait: a woken task tries again and perhaps waits again. So cancelled and timed-out operations have no effect by
/// construction, and a wake-up too many is harmless.
/// </para>
/// <para>
/// No wake-up is lost. Send: (S1) store the tail, (S2) look for a waiting receiver. Wait: (W1) publish the receiver,
/// (W2) look at the tail, (W3) note the ring in the worker's <see cref="ParkLedger"/>, and park when the tail has not moved. Without fences
/// S2 may come before S1 is visible and W2 before W1, so W2 and S2 may both miss. Therefore before the worker sleeps, or at the
/// timekeeper's next tick when it stays busy, (C1) a process-wide fence runs and (C2) the ring is examined again. An S2 that missed W1
/// ran before C1 in its thread, so its S1 is visible to C2; an S2 after C1 sees W1. A W3 that finds the ring noted in the present epoch
/// read the epoch before C1, so its W1 is visible to C2 as well. Exactly the same holds for a waiting sender with the roles of head and tail exchanged, and for the flags set by closing
/// (which does execute a fence). On one worker everything is in program order anyway.
/// </para>
/// <para>
/// Waking costs once per batch, not per value: a woken task goes into the next slot of the worker that woke it, which
/// goes on filling or draining the ring meanwhile.
/// </para>
/// </remarks>
internal sealed class RingChannel<T> : IParkedParties
{
    internal readonly T[] Items;
    internal readonly int Mask;
    internal readonly int Capacity;
    private readonly string _createdAt;

    /// <summary>The waiting party, or null. Set by its own task, emptied by it or by whoever has claimed its wait.</summary>
    internal RingReceive<T>? Receiver;

    /// <inheritdoc cref="Receiver"/>
    internal RingSend<T>? Sender;

    internal RingIndexes Index;

    internal ref int ProducerClosed => ref Index.ProducerClosed;

    internal ref int ConsumerClosed => ref Index.ConsumerClosed;

    internal ref int ReceiverNotedIn => ref Index.ReceiverNotedIn;

    internal ref int SenderNotedIn => ref Index.SenderNotedIn;

    private RingChannel(T[] items, int capacity, string createdAt)
    {
        Capacity = capacity;
        _createdAt = createdAt;
        Items = items;
        Mask = items.Length - 1;
        Index.Limit = capacity;
    }

    // What is made after the channel lies behind it in memory, on the consumer's line: the caller makes the consumer's end next.
    internal static RingChannel<T> Create(int capacity, string createdAt) =>
        new(new T[(int)BitOperations.RoundUpToPowerOf2((uint)capacity)], capacity, createdAt);

    internal long Count => Math.Max(0, Atomic.Load(ref Index.Tail) - Atomic.Load(ref Index.Head));

    /// <summary>Producer only: whether there is room, after a fresh look at the head.</summary>
    internal bool HasRoom
    {
        get
        {
            if (Index.Tail < Index.Limit) return true;
            Index.Limit = Atomic.Load(ref Index.Head) + Capacity;
            return Index.Tail < Index.Limit;
        }
    }

    /// <summary>Consumer only: whether there is a value, after a fresh look at the tail.</summary>
    internal bool HasValue
    {
        get
        {
            if (Index.Head < Index.TailSeen) return true;
            Index.TailSeen = Atomic.Load(ref Index.Tail);
            return Index.Head < Index.TailSeen;
        }
    }

    /// <summary>Producer only, when there is room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Put(T value)
    {
        if (Owners.IsOn) Owners.Sent(value, null);
        var tail = Index.Tail;
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Items), (nint)(tail & Mask)) = value;
        Atomic.Store(ref Index.Tail, tail + 1);
        if (Atomic.Load(ref Receiver) is not null) WakeReceiver();
    }

    /// <summary>Consumer only, when there is a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T Take()
    {
        var head = Index.Head;
        ref var slot = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Items), (nint)(head & Mask));
        var value = slot;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) slot = default!;
        if (Owners.IsOn) Owners.Received(value, null);
        Atomic.Store(ref Index.Head, head + 1);
        if (Atomic.Load(ref Sender) is not null) WakeSender();
        return value;
    }

    /// <summary>Ends the receiver's wait if it still lasts.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void WakeReceiver()
    {
        if (Atomic.Load(ref Receiver) is not { } receiver || !receiver.Task.TryClaim(Atomic.Load(ref receiver.Ticket))) return;
        Atomic.Store(ref Receiver, null);
        receiver.Task.CompleteWait(WakeReason.Signalled);
    }

    /// <summary>Ends the sender's wait if it still lasts.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void WakeSender()
    {
        if (Atomic.Load(ref Sender) is not { } sender || !sender.Task.TryClaim(Atomic.Load(ref sender.Ticket))) return;
        Atomic.Store(ref Sender, null);
        sender.Task.CompleteWait(WakeReason.Signalled);
    }

    public void Reexamine()
    {
        if (Atomic.Load(ref Receiver) is not null
            && (Atomic.Load(ref Index.Tail) != Atomic.Load(ref Index.Head) || Atomic.Load(ref ProducerClosed) != 0)) WakeReceiver();
        if (Atomic.Load(ref Sender) is not null
            && (Atomic.Load(ref Index.Tail) - Atomic.Load(ref Index.Head) < Capacity || Atomic.Load(ref ConsumerClosed) != 0)) WakeSender();
    }

    internal void CloseProducer()
    {
        if (Atomic.Exchange(ref ProducerClosed, 1) != 0) return;
        WakeReceiver();
        EndClosed();
    }

    internal void CloseConsumer()
    {
        if (Atomic.Exchange(ref ConsumerClosed, 1) != 0) return;

        // A send that has passed its look at the flag may still add one value: the end that closes second drops it.
        while (HasValue) Undelivered<T>.Drop(Take());
        WakeSender();
        EndClosed();
    }

    private void EndClosed()
    {
        if (Atomic.Add(ref Index.EndsGone, 1) == 2)
            while (HasValue) Undelivered<T>.Drop(Take());
    }

    internal string Describe()
    {
        var count = Count;
        var state = count == 0 ? "empty" : count == Capacity ? "full" : $"{count} buffered";
        var ends = (ProducerClosed, ConsumerClosed) switch
        {
            (0, 0) => "both ends open",
            (0, _) => "consumer closed",
            (_, 0) => "producer closed",
            _ => "both ends closed",
        };
        return $"the channel created at {_createdAt} (buffer {Capacity}, {state}; {ends})";
    }
}

/// <summary>
/// The producer's words and the consumer's, a cache line apart from each other; each line holds also what its owner reads of the
/// other side's closing. What precedes them in the channel is written only when somebody waits or closes.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 88)]
internal struct RingIndexes
{
    /// <summary>Values ever sent; written by the producer.</summary>
    [FieldOffset(0)]
    public long Tail;

    /// <summary>Private to the producer: it may send while the tail is below this.</summary>
    [FieldOffset(8)]
    public long Limit;

    [FieldOffset(16)]
    public int ConsumerClosed;

    /// <summary>The epoch in which a waiting sender has been noted in a ledger.</summary>
    [FieldOffset(20)]
    public int SenderNotedIn;

    [FieldOffset(24)]
    public int EndsGone;

    /// <summary>Values ever taken; written by the consumer.</summary>
    [FieldOffset(64)]
    public long Head;

    /// <summary>Private to the consumer: it may take while the head is below this.</summary>
    [FieldOffset(72)]
    public long TailSeen;

    [FieldOffset(80)]
    public int ProducerClosed;

    /// <summary>The epoch in which a waiting receiver has been noted in a ledger.</summary>
    [FieldOffset(84)]
    public int ReceiverNotedIn;
}
