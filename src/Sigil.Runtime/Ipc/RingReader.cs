using System.Buffers;
using System.Runtime.CompilerServices;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Ipc;

/// <summary>
/// The receiving side: copies a frame out of the ring, gives its room back, then decodes. Everything that is read from the producers'
/// file is checked against what can be true.
/// </summary>
/// <remarks>
/// Steps of a receive, each of which the process may die after: enter (take the lock if the side is shared), find a frame, take its
/// descriptors, copy, release (one store: now the message is this end's), leave. A message that was not released is there for the next end.
/// </remarks>
internal sealed unsafe class RingReader : RingSide
{
    // Larger frames are decoded where they lie when nobody else can be at them: copying them twice would cost more.
    private const int LargestCopy = 64 * 1024;
    private const int TagBytes = 8;

    private readonly Memory<byte> _ring;
    private RingPosition _head;
    private RingPosition _tail;
    private byte[] _copy = new byte[512];
    private int _isBroken;

    internal RingReader(RingEnd end)
        : base(end)
    {
        _ring = new MappedMemory(end.Ring, 2 * RingLayout.RingBytes).Memory;
        _head = new RingPosition(Atomic.Load(ref OwnPosition));
        _tail = _head;
    }

    internal override bool IsReady =>
        Atomic.Load(ref OtherPosition) != Atomic.Load(ref OwnPosition) || End.IsOtherSideGone || Atomic.Load(ref _isBroken) != 0;

    /// <summary>Messages that can be received.</summary>
    internal long Count => new RingPosition(Atomic.Load(ref OtherPosition)).CountSince(new RingPosition(Atomic.Load(ref OwnPosition)));

    /// <summary>Receives unless there is nothing.</summary>
    /// <exception cref="FrameException">What is there is no message; the end is unusable from now on.</exception>
    internal int TryReceive<T>(Codec<T> codec, out T value)
    {
        value = default!;
        if (Atomic.Load(ref _isBroken) != 0) return Outcome.Closed;
        try
        {
            return End.Lock is null && End.Meeting is null ? ReceiveAlone(codec, out value) : ReceiveShared(codec, out value);
        }
        catch (FrameException)
        {
            Atomic.Store(ref _isBroken, 1);
            throw;
        }
    }

    private int ReceiveAlone<T>(Codec<T> codec, out T value)
    {
        value = default!;
        FaultPoints.Reach(FaultPoints.ReceiveEntered);
        var outcome = Find(out var at, out var length, out var kind);
        if (outcome != Outcome.Done) return outcome;
        FaultPoints.Reach(FaultPoints.ReceiveFound);
        if (kind != 0)
        {
            using var attachments = new Attachments();
            var bytes = CopyAttached(at, length, kind, attachments) ?? throw new FrameException("the descriptors of a message did not come");
            Release(length);
            value = Frames.Decode(codec, bytes, attachments);
        }
        else if (length > LargestCopy)
        {
            value = Frames.Decode(codec, _ring.Slice(at, length), NoAttachments());
            FaultPoints.Reach(FaultPoints.ReceiveCopied);
            Release(length);
        }
        else
        {
            if (_copy.Length < length) _copy = new byte[Math.Max(length, 2 * _copy.Length)];
            Unsafe.CopyBlockUnaligned(ref _copy[0], ref *(End.Ring + at), (uint)length);
            FaultPoints.Reach(FaultPoints.ReceiveCopied);
            Release(length);
            value = Frames.Decode(codec, new ReadOnlyMemory<byte>(_copy, 0, length), NoAttachments());
        }

        FaultPoints.Reach(FaultPoints.ReceiveLeft);
        return Outcome.Done;
    }

    private int ReceiveShared<T>(Codec<T> codec, out T value)
    {
        value = default!;
        byte[] rented;
        ReadOnlyMemory<byte> bytes;
        using var attachments = new Attachments();
        Enter();
        End.Meeting?.Enter();
        try
        {
            FaultPoints.Reach(FaultPoints.ReceiveEntered);
            _head = new RingPosition(Atomic.Load(ref OwnPosition));
            // An offer that was seen before may have been withdrawn.
            if (End.Meeting is not null) _tail = _head;
            int at, length;
            while (true)
            {
                var outcome = Find(out at, out length, out var kind);
                if (outcome != Outcome.Done) return outcome;
                FaultPoints.Reach(FaultPoints.ReceiveFound);
                rented = [];
                if (kind == 0)
                {
                    rented = ArrayPool<byte>.Shared.Rent(length);
                    new ReadOnlySpan<byte>(End.Ring + at, length).CopyTo(rented);
                    bytes = new ReadOnlyMemory<byte>(rented, 0, length);
                    break;
                }

                if (CopyAttached(at, length, kind, attachments) is { } whole)
                {
                    bytes = whole;
                    break;
                }

                // Another consumer had taken them when it died: the message died with it.
                Release(length);
            }

            FaultPoints.Reach(FaultPoints.ReceiveCopied);
            Release(length);
        }
        finally
        {
            End.Meeting?.Exit();
            Exit();
        }

        FaultPoints.Reach(FaultPoints.ReceiveLeft);
        value = Frames.Decode(codec, bytes, attachments);
        if (rented.Length > 0) ArrayPool<byte>.Shared.Return(rented);
        return Outcome.Done;
    }

    private static Attachments NoAttachments() => s_none;

    private static readonly Attachments s_none = new();

    /// <summary>The next frame: where its payload begins, how long it is, what kind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(out int at, out int length, out uint kind)
    {
        at = length = 0;
        kind = 0;
        var available = _tail.BytesSince(_head);
        if (available <= 0 || available > RingLayout.RingBytes)
        {
            var outcome = Refresh(out available);
            if (outcome != Outcome.Done) return outcome;
        }

        while (true)
        {
            var header = *(ulong*)(End.Ring + _head.Offset);
            kind = (uint)(header >> 32);
            var payload = (uint)header;
            if (payload > RingLayout.RingBytes - RingLayout.HeaderBytes || (kind & ~RingLayout.AllKinds) != 0) throw Corrupt("a frame has an impossible header");
            length = (int)payload;
            var total = RingLayout.Rounded(length);
            if (total > available) throw Corrupt("a frame is longer than what was written");
            if ((kind & RingLayout.Gap) == 0)
            {
                at = _head.Offset + RingLayout.HeaderBytes;
                return Outcome.Done;
            }

            _head = _head.Advance(total, 0);
            available -= total;
            if (available <= 0) throw Corrupt("nothing follows a gap");
        }
    }

    private int Refresh(out long available)
    {
        // First whether somebody is there, then what they left.
        var isGone = End.IsOtherSideGone;
        _tail = new RingPosition(Atomic.Load(ref OtherPosition));
        available = _tail.BytesSince(_head);
        if (available > RingLayout.RingBytes || _tail.CountSince(_head) > Math.Max(1, End.Capacity)) throw Corrupt("the producers are too far ahead");
        if (available > 0) return Outcome.Done;
        return isGone ? Outcome.Closed : Outcome.Empty;
    }

    /// <summary>The value's bytes when descriptors belong to the frame; null when somebody has taken those already.</summary>
    private byte[]? CopyAttached(int at, int length, uint kind, Attachments attachments)
    {
        var isOutside = (kind & RingLayout.Outside) != 0;
        if ((kind & RingLayout.Attached) == 0 || length < TagBytes + (isOutside ? sizeof(long) : 0)) throw Corrupt("a frame lacks its tag");
        var bytes = new byte[length];
        new ReadOnlySpan<byte>(End.Ring + at, length).CopyTo(bytes);
        if (!TakeDescriptors(Unsafe.ReadUnaligned<long>(ref bytes[length - TagBytes]), attachments)) return null;
        FaultPoints.Reach(FaultPoints.ReceiveAttached);
        if (!isOutside) return bytes[..(length - TagBytes)];
        return ReadOutside(attachments.TakeFirst(), Unsafe.ReadUnaligned<long>(ref bytes[0]));
    }

    private bool TakeDescriptors(long tag, Attachments attachments)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        while (true)
        {
            int received;
            try
            {
                received = DescriptorSocket.Peek(End.Socket, bytes);
                if (received <= 0 || (received == sizeof(long) && IsLater(Unsafe.ReadUnaligned<long>(ref bytes[0]), tag))) return false;
                received = DescriptorSocket.Receive(End.Socket, bytes, attachments);
            }
            catch (IOException fault)
            {
                throw new FrameException(fault.Message, fault);
            }

            if (received == sizeof(long) && Unsafe.ReadUnaligned<long>(ref bytes[0]) == tag) return true;
            // Those of a message whose sender died before it was complete.
            attachments.Clear();
        }
    }

    // By the numbers of the messages in the upper halves.
    private static bool IsLater(long tag, long other) => unchecked((int)(tag >> 32) - (int)(other >> 32)) > 0;

    private static byte[] ReadOutside(int file, long length)
    {
        try
        {
            if (length is < 0 or > 1 << 30 || Libc.Seek(file, 0, Libc.SeekEnd) < length) throw new FrameException("a memory file is shorter than its value");
            var bytes = GC.AllocateUninitializedArray<byte>((int)length);
            fixed (byte* first = bytes)
            {
                for (var read = 0; read < length;)
                {
                    var count = Libc.ReadAt(file, first + read, (nuint)(length - read), read);
                    if (count <= 0) throw new FrameException("a memory file ends within its value");
                    read += (int)count;
                }
            }

            return bytes;
        }
        finally
        {
            _ = Libc.Close(file);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Release(int length)
    {
        if (End.Lock is not null) End.RingIfWaiting();
        _head = _head.Advance(RingLayout.Rounded(length), 1);
        Atomic.Store(ref OwnPosition, _head.Word);
        FaultPoints.Reach(FaultPoints.ReceiveReleased);
        End.RingIfWaiting();
    }
}
