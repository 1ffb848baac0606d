using System.Buffers.Binary;

namespace Sigil.Runtime.Processes;

/// <summary>
/// One end of the socket between a process and its child: frames with a length in front, and descriptors beside them.
/// </summary>
/// <remarks>
/// A header is eight bytes: the length of the payload (32 bits, little endian), the kind, the number of descriptors, and a fixed
/// mark. Nothing is allocated because a header says so: a payload grows with the bytes that have really come. Whatever breaks
/// these rules is <see cref="ReadOutcome.Malformed"/>, and the connection is of no use afterwards.
/// One thread reads, and one at a time writes.
/// </remarks>
internal sealed unsafe class ControlSocket(int descriptor)
{
    /// <summary>More would be a mistake rather than a message.</summary>
    internal const int MaxPayload = 1 << 30;

    /// <summary>The system takes no more in one message.</summary>
    internal const int MaxDescriptors = 250;

    private const int HeaderBytes = 8;
    private const ushort Mark = 0x5347;
    private const int Chunk = 64 * 1024;

    private readonly byte[] _input = new byte[Chunk];
    private readonly Queue<int> _received = new();
    private readonly Lock _writing = new();
    private readonly Queue<(byte[] Data, int[] Descriptors)> _unsent = new();
    private int _start;
    private int _end;
    private int _sentOfFirst;
    private bool _closed;
    private bool _takesNoMore;

    // The frame that is being read.
    private bool _hasHeader;
    private FrameKind _kind;
    private int _length;
    private int _descriptors;
    private byte[] _payload = [];
    private int _filled;

    internal int Descriptor => descriptor;

    /// <summary>Whether something waits for room in the socket.</summary>
    internal bool HasUnsent
    {
        get
        {
            lock (_writing) return _unsent.Count > 0;
        }
    }

    /// <summary>Takes the next frame out of what has come, reading more as needed.</summary>
    internal ReadOutcome Read(bool wait, out ControlFrame frame)
    {
        frame = default;
        while (true)
        {
            var outcome = Assemble(ref frame);
            if (outcome != ReadOutcome.Incomplete) return outcome;
            var count = Receive(wait);
            if (count == 0) return ReadOutcome.Closed;
            if (count < 0) return ReadOutcome.Incomplete;
        }
    }

    private ReadOutcome Assemble(ref ControlFrame frame)
    {
        // Those of this frame, and of the next one whose beginning may have come with its end: more have not been announced.
        if (_received.Count > 2 * MaxDescriptors) return ReadOutcome.Malformed;
        if (!_hasHeader)
        {
            if (_end - _start < HeaderBytes) return ReadOutcome.Incomplete;
            var header = _input.AsSpan(_start, HeaderBytes);
            var length = BinaryPrimitives.ReadInt32LittleEndian(header);
            _kind = (FrameKind)header[4];
            _descriptors = header[5];
            if (length is < 0 or > MaxPayload || _kind is < FrameKind.Load or > FrameKind.Refused
                || _descriptors > MaxDescriptors || BinaryPrimitives.ReadUInt16LittleEndian(header[6..]) != Mark) return ReadOutcome.Malformed;
            _start += HeaderBytes;
            _length = length;
            _filled = 0;
            _payload = length == 0 ? [] : new byte[Math.Min(length, Chunk)];
            _hasHeader = true;
        }

        while (_filled < _length && _end > _start)
        {
            if (_filled == _payload.Length) Array.Resize(ref _payload, (int)Math.Min(_length, (long)_payload.Length * 2));
            var part = Math.Min(Math.Min(_end - _start, _payload.Length - _filled), _length - _filled);
            Array.Copy(_input, _start, _payload, _filled, part);
            _filled += part;
            _start += part;
        }

        if (_filled < _length) return ReadOutcome.Incomplete;
        // They come with the first byte of the header: if they are not here now, they never will be.
        if (_received.Count < _descriptors) return ReadOutcome.Malformed;
        var descriptors = new int[_descriptors];
        for (var i = 0; i < descriptors.Length; i++) descriptors[i] = _received.Dequeue();
        frame = new ControlFrame(_kind, _payload, descriptors);
        _hasHeader = false;
        _payload = [];
        return ReadOutcome.Frame;
    }

    // The bytes that came; 0 at the end; -1 when there is nothing now.
    private int Receive(bool wait)
    {
        if (_start == _end) _start = _end = 0;
        else if (_end == _input.Length)
        {
            Array.Copy(_input, _start, _input, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
        }

        var control = stackalloc byte[16 + (4 * (MaxDescriptors + 6))];
        fixed (byte* room = &_input[_end])
        {
            while (true)
            {
                var vector = new Posix.Vector { Start = room, Length = (nuint)(_input.Length - _end) };
                var message = new Posix.Message { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = 16 + (4 * (MaxDescriptors + 6)) };
                var count = Posix.ReceiveMessage(descriptor, &message, Posix.CloseOnExecMessage | (wait ? 0 : Posix.DontWait));
                if (count < 0)
                {
                    if (Posix.LastError == Posix.Interrupted) continue;
                    // A peer that was killed with unread data resets the connection: the end, like any other.
                    return Posix.LastError == Posix.TryAgain ? -1 : 0;
                }

                TakeDescriptors(control, (int)message.ControlLength);
                _end += (int)count;
                return (int)count;
            }
        }
    }

    private void TakeDescriptors(byte* control, int length)
    {
        const int rights = 1, socketLevel = 1, header = 16;
        for (var at = 0; at + header <= length;)
        {
            var size = (int)*(nuint*)(control + at);
            if (size < header) return;
            if (*(int*)(control + at + 8) == socketLevel && *(int*)(control + at + 12) == rights)
                for (var i = 0; i < (size - header) / 4; i++) _received.Enqueue(*(int*)(control + at + header + (4 * i)));
            at += (size + 7) & ~7;
        }
    }

    /// <summary>Sends a whole frame, waiting for room; false when the other side has gone. The descriptors stay the caller's.</summary>
    internal bool Send(FrameKind kind, ReadOnlySpan<byte> payload, ReadOnlySpan<int> descriptors = default)
    {
        var data = Frame(kind, payload, descriptors.Length);
        lock (_writing)
        {
            for (var sent = 0; sent < data.Length;)
            {
                var count = SendPart(data.AsSpan(sent), sent == 0 ? descriptors : default, 0);
                if (count < 0) return false;
                sent += count;
            }
        }

        return true;
    }

    /// <summary>Sends as much of a frame as there is room for now; <see cref="Continue"/> sends the rest. Takes the descriptors over.</summary>
    /// <returns>False when the other side has gone.</returns>
    internal bool Post(FrameKind kind, ReadOnlySpan<byte> payload, int[] descriptors)
    {
        lock (_writing)
        {
            if (_closed || _takesNoMore)
            {
                foreach (var given in descriptors) Posix.CloseQuietly(given);
                return false;
            }

            _unsent.Enqueue((Frame(kind, payload, descriptors.Length), descriptors));
        }

        return Continue();
    }

    /// <summary>Goes on with what did not fit; false when the other side has gone. Then nothing is left to go on with.</summary>
    internal bool Continue()
    {
        lock (_writing)
        {
            if (_takesNoMore) return false;
            while (!_closed && _unsent.TryPeek(out var first))
            {
                var count = SendPart(first.Data.AsSpan(_sentOfFirst), _sentOfFirst == 0 ? first.Descriptors : default, Posix.DontWait);
                if (count == 0) return true;
                if (count < 0)
                {
                    // Whoever waits for room would be told of it again and again.
                    _takesNoMore = true;
                    DropUnsent();
                    return false;
                }

                // The message has its own references from now on.
                if (_sentOfFirst == 0) foreach (var given in first.Descriptors) Posix.CloseQuietly(given);
                _sentOfFirst += count;
                if (_sentOfFirst < first.Data.Length) continue;
                _unsent.Dequeue();
                _sentOfFirst = 0;
            }
        }

        return true;
    }

    private static byte[] Frame(FrameKind kind, ReadOnlySpan<byte> payload, int descriptors)
    {
        if (payload.Length > MaxPayload) throw new ProcessStartException($"a value of {payload.Length} bytes is too large to cross between processes");
        if (descriptors > MaxDescriptors) throw new ProcessStartException($"{descriptors} channel ends are too many to cross at once");
        var data = new byte[HeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(data, payload.Length);
        data[4] = (byte)kind;
        data[5] = (byte)descriptors;
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(6), Mark);
        payload.CopyTo(data.AsSpan(HeaderBytes));
        return data;
    }

    // The bytes that went; 0 when there is no room now; -1 when nobody will ever read them.
    private int SendPart(ReadOnlySpan<byte> data, ReadOnlySpan<int> descriptors, int flags)
    {
        var control = stackalloc byte[16 + (4 * MaxDescriptors)];
        fixed (byte* start = data)
        {
            var vector = new Posix.Vector { Start = start, Length = (nuint)data.Length };
            var message = new Posix.Message { Vectors = &vector, VectorCount = 1 };
            if (descriptors.Length > 0)
            {
                message.Control = control;
                message.ControlLength = (nuint)((16 + (4 * descriptors.Length) + 7) & ~7);
                *(nuint*)control = (nuint)(16 + (4 * descriptors.Length));
                *(int*)(control + 8) = 1;
                *(int*)(control + 12) = 1;
                for (var i = 0; i < descriptors.Length; i++) *(int*)(control + 16 + (4 * i)) = descriptors[i];
            }

            while (true)
            {
                var count = Posix.SendMessage(descriptor, &message, Posix.NoSignal | flags);
                if (count >= 0) return (int)count;
                if (Posix.LastError == Posix.Interrupted) continue;
                return Posix.LastError == Posix.TryAgain ? 0 : -1;
            }
        }
    }

    /// <summary>Closes the socket and what has come through it and was never taken.</summary>
    internal void Close()
    {
        lock (_writing)
        {
            if (_closed) return;
            _closed = true;
            DropUnsent();
            Posix.CloseQuietly(descriptor);
        }

        while (_received.TryDequeue(out var lost)) Posix.CloseQuietly(lost);
    }

    private void DropUnsent()
    {
        while (_unsent.TryDequeue(out var rest))
        {
            if (_sentOfFirst == 0) foreach (var given in rest.Descriptors) Posix.CloseQuietly(given);
            _sentOfFirst = 0;
        }
    }
}
