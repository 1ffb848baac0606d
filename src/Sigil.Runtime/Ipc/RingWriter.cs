using System.Buffers;
using System.Runtime.CompilerServices;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Ipc;

/// <summary>
/// The sending side: values are written straight into the ring; what does not fit at once is kept beside it until there is room.
/// </summary>
/// <remarks>
/// Steps of a send, each of which the process may die after: enter (take the lock if the side is shared), encode, send descriptors,
/// write the header, commit (one store: now the message exists), leave. Nothing before the commit is seen by the other side.
/// </remarks>
internal sealed unsafe partial class RingWriter : RingSide, IBufferWriter<byte>
{
    // The ring is begun anew from its start when it has come this far and the start is free: small messages then stay in the cache.
    private const int FarEnough = 256 * 1024;
    private const int LongestValue = 1 << 30;
    private const int TagBytes = 8;
    private const int LargeValue = 16 * 1024;

    // What the length of a block takes, and a little for what may be around it.
    private const int LengthBytes = 16;

    private readonly Memory<byte> _ring;
    private Attachments _attachments = new();
    private RingPosition _tail;
    private RingPosition _head;
    private int _start;
    private int _limit;
    private int _written;
    private byte[]? _spill;
    private int _lastBytes = 64;
    private int _wantedBytes;

    // The socket, or the system, took no more descriptors when the other side had come this far.
    private bool _isStalled;
    private long _stalledAt;

    internal RingWriter(RingEnd end)
        : base(end)
    {
        _ring = new MappedMemory(end.Ring, 2 * RingLayout.RingBytes).Memory;
        _tail = new RingPosition(Atomic.Load(ref OwnPosition));
        _head = new RingPosition(Atomic.Load(ref OtherPosition));
    }

    internal override bool IsReady
    {
        get
        {
            if (End.IsOtherSideGone) return true;
            if (End.Meeting is not null) return IsEmpty && SomebodyWaits;
            // Room for descriptors comes by messages that are received, and by nothing else.
            if (_isStalled && Atomic.Load(ref OtherPosition) == _stalledAt) return false;
            var tail = new RingPosition(Atomic.Load(ref OwnPosition));
            var head = new RingPosition(Atomic.Load(ref OtherPosition));
            return tail.CountSince(head) < End.Capacity && RingLayout.RingBytes - tail.BytesSince(head) >= Math.Min(_wantedBytes, RingLayout.LargestFrame);
        }
    }

    /// <summary>Messages under way.</summary>
    internal long Count => new RingPosition(Atomic.Load(ref OwnPosition)).CountSince(new RingPosition(Atomic.Load(ref OtherPosition)));

    /// <summary>
    /// Sends unless there is no room. A value that has been encoded in vain is kept in <paramref name="pending"/> if the caller means to
    /// come back with it.
    /// </summary>
    /// <exception cref="FrameException">The value cannot be written, or the other side's word makes no sense.</exception>
    internal int TrySend<T>(Codec<T> codec, T value, ref PendingFrame? pending, bool comesBack)
    {
        var outcome = End.Meeting is { } meeting ? Meet(meeting, codec, value, ref pending, comesBack)
            : End.IsOtherSideGone ? Outcome.Closed
            : End.Lock is null ? SendAlone(codec, value, ref pending)
            : SendShared(codec, value, ref pending);
        if (pending is not null && (outcome == Outcome.Done || !comesBack))
        {
            pending.Dispose();
            pending = null;
        }

        FaultPoints.Reach(FaultPoints.SendLeft);
        return outcome;
    }

    private int SendAlone<T>(Codec<T> codec, T value, ref PendingFrame? pending)
    {
        FaultPoints.Reach(FaultPoints.SendEntered);
        if (_tail.CountSince(_head) >= End.Capacity)
        {
            RefreshHead();
            if (_tail.CountSince(_head) >= End.Capacity) return Full(0);
        }

        if (pending is null)
        {
            // A large value that does not fit yet would be written twice: beside the ring now, and into it later.
            var least = codec.LeastBytes(value);
            if (least > LargeValue && RingLayout.Rounded(least + LengthBytes) is var total and <= RingLayout.LargestFrame && !HasRoomFor(total)) return Full(total);
            var gap = Gap();
            Encode(codec, value, gap);
            FaultPoints.Reach(FaultPoints.SendEncoded);
            if (_spill is null && _attachments.Count == 0)
            {
                Commit(gap, _written, 0);
                return Outcome.Done;
            }

            pending = TakePending();
        }

        return SendPending(pending);
    }

    // The value is encoded before the lock is taken: others wait for a copy only, and no code of the program runs meanwhile.
    private int SendShared<T>(Codec<T> codec, T value, ref PendingFrame? pending)
    {
        if (pending is null)
        {
            if (Count >= End.Capacity) return Full(0);
            pending = PendingFrame.Of(codec, value);
            FaultPoints.Reach(FaultPoints.SendEncoded);
        }

        Enter();
        try
        {
            FaultPoints.Reach(FaultPoints.SendEntered);
            _tail = new RingPosition(Atomic.Load(ref OwnPosition));
            RefreshHead();
            return _tail.CountSince(_head) >= End.Capacity ? Full(0) : SendPending(pending);
        }
        finally
        {
            Exit();
        }
    }

    private bool HasRoomFor(int total)
    {
        if (RingLayout.RingBytes - _tail.BytesSince(_head) >= total) return true;
        RefreshHead();
        return RingLayout.RingBytes - _tail.BytesSince(_head) >= total;
    }

    private int Full(int wanted)
    {
        _wantedBytes = wanted;
        return Outcome.Full;
    }

    private void RefreshHead()
    {
        _head = new RingPosition(Atomic.Load(ref OtherPosition));
        if (_tail.BytesSince(_head) > RingLayout.RingBytes || _tail.CountSince(_head) > Math.Max(1, End.Capacity)) throw Corrupt("the consumers are ahead of the producers");
    }

    /// <summary>The bytes to leave out so as to go on at the start of the ring; mostly none.</summary>
    private int Gap()
    {
        var offset = _tail.Offset;
        if (offset < FarEnough) return 0;
        RefreshHead();
        var free = _head.Offset;
        return free <= offset && free >= FarEnough / 2 && 2 * _lastBytes <= free ? RingLayout.RingBytes - offset : 0;
    }

    private void Encode<T>(Codec<T> codec, T value, int gap)
    {
        _spill = null;
        _written = 0;
        _start = ((_tail.Offset + gap) & (RingLayout.RingBytes - 1)) + RingLayout.HeaderBytes;
        var free = RingLayout.RingBytes - _tail.BytesSince(_head) - gap;
        if (free < RingLayout.LargestFrame && _lastBytes + 1024 > free)
        {
            RefreshHead();
            free = RingLayout.RingBytes - _tail.BytesSince(_head) - gap;
        }

        _limit = (int)Math.Clamp(free - RingLayout.HeaderBytes, 0, RingLayout.LargestFrame - RingLayout.HeaderBytes);
        try
        {
            Frames.Encode(codec, value, this, _attachments);
        }
        catch
        {
            _attachments.Clear();
            throw;
        }
    }

    private PendingFrame TakePending()
    {
        var bytes = _spill;
        if (bytes is null)
        {
            bytes = ArrayPool<byte>.Shared.Rent(_written);
            new ReadOnlySpan<byte>(End.Ring + _start, _written).CopyTo(bytes);
        }

        var pending = new PendingFrame(bytes, _written, _attachments);
        _attachments = new Attachments();
        _spill = null;
        return pending;
    }

    private int SendPending(PendingFrame pending, bool isOffer = false)
    {
        RefreshHead();
        var isOutside = pending.IsLarge;
        var payload = isOutside ? sizeof(long) : pending.Length;
        var isTagged = isOutside || pending.Attachments.Count > 0;
        if (isTagged) payload += TagBytes;
        var total = RingLayout.Rounded(payload);
        if (RingLayout.RingBytes - _tail.BytesSince(_head) < total)
            return Full(total);

        var target = End.Ring + _tail.Offset + RingLayout.HeaderBytes;
        uint kind = 0;
        if (isOutside)
        {
            if (pending.Length > LongestValue) throw new FrameException($"the value takes more than {LongestValue} bytes");
            pending.PutOutside();
            *(long*)target = pending.Length;
            kind |= RingLayout.Outside;
        }
        else
        {
            pending.Bytes.CopyTo(new Span<byte>(target, pending.Length));
        }

        if (isTagged)
        {
            // The message's number, and something random: descriptors of one that was never committed are told apart from those of the next.
            var tag = (long)(((ulong)_tail.Count << 32) | (uint)Random.Shared.Next());
            if (!SendDescriptors(tag, pending.Attachments))
            {
                if (_tail.CountSince(_head) == 0 && !End.IsOtherSideGone) throw new FrameException("the system takes no more descriptors");
                // The head as it was before the attempt: whoever has come further since has made room that it may not have seen.
                _isStalled = true;
                _stalledAt = _head.Word;
                return Full(0);
            }

            _isStalled = false;
            Unsafe.WriteUnaligned(target + payload - TagBytes, tag);
            kind |= RingLayout.Attached;
        }

        Commit(0, payload, kind);
        if (!isOffer) pending.Attachments.Sent();
        return Outcome.Done;
    }

    private bool SendDescriptors(long tag, Attachments attachments)
    {
        try
        {
            var sent = DescriptorSocket.TrySend(End.Socket, new ReadOnlySpan<byte>(&tag, sizeof(long)), attachments.Descriptors);
            FaultPoints.Reach(FaultPoints.SendAttached);
            return sent;
        }
        catch (IOException)
        {
            // The consumers are gone; the poller or the next attempt says so.
            End.LookForOtherSide();
            return false;
        }
    }

    private void Commit(int gap, int payload, uint kind)
    {
        if (gap != 0)
        {
            WriteHeader(_tail.Offset, gap - RingLayout.HeaderBytes, RingLayout.Gap);
            _tail = _tail.Advance(gap, 0);
        }

        var total = RingLayout.Rounded(payload);
        WriteHeader(_tail.Offset, payload, kind);
        FaultPoints.Reach(FaultPoints.SendWritten);
        if (End.Lock is not null) End.RingIfWaiting();
        _tail = _tail.Advance(total, 1);
        _lastBytes = total;
        Atomic.Store(ref OwnPosition, _tail.Word);
        FaultPoints.Reach(FaultPoints.SendCommitted);
        End.RingIfWaiting();
    }

    private void WriteHeader(int offset, int length, uint kind) => *(ulong*)(End.Ring + offset) = (uint)length | ((ulong)kind << 32);

    // ---- where codecs write ----

    void IBufferWriter<byte>.Advance(int count) => _written += count;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        if (_spill is null && _limit - _written >= Math.Max(sizeHint, 16)) return _ring.Slice(_start + _written, _limit - _written);
        return GrowSpill(Math.Max(sizeHint, 16));
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => ((IBufferWriter<byte>)this).GetMemory(sizeHint).Span;

    private Memory<byte> GrowSpill(int room)
    {
        if (_spill is null)
        {
            _spill = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _written, _written + room));
            new ReadOnlySpan<byte>(End.Ring + _start, _written).CopyTo(_spill);
        }
        else if (_spill.Length - _written < room)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(2L * _spill.Length, (long)_written + room), Array.MaxLength));
            _spill.AsSpan(0, _written).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_spill);
            _spill = larger;
        }

        return _spill.AsMemory(_written);
    }
}
