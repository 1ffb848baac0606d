using System.Buffers.Binary;
using Sigil.Runtime.Processes;

namespace Sigil.Runtime.Tests.Processes;

/// <summary>What comes through the socket may be anything, and end anywhere.</summary>
public unsafe class ControlSocketTests
{
    [Fact]
    public void Frames_arrive_whole_however_they_are_cut()
    {
        var (mine, theirs) = Posix.SocketPair();
        var reader = new ControlSocket(mine);
        var frame = Raw(5, 3, 0, [1, 2, 3, 4, 5]);
        foreach (var b in frame)
        {
            Assert.Equal(ReadOutcome.Incomplete, reader.Read(wait: false, out _));
            Write(theirs, [b]);
        }

        Assert.Equal(ReadOutcome.Frame, reader.Read(wait: false, out var read));
        Assert.Equal((FrameKind.Result, 5), (read.Kind, read.Payload.Length));
        Posix.CloseQuietly(theirs);
        Assert.Equal(ReadOutcome.Closed, reader.Read(wait: true, out _));
        reader.Close();
    }

    [Fact]
    public void A_peer_that_dies_at_any_byte_is_an_end()
    {
        var frame = Raw(5, 3, 0, [1, 2, 3, 4, 5]);
        for (var cut = 0; cut < frame.Length; cut++)
        {
            var (mine, theirs) = Posix.SocketPair();
            var reader = new ControlSocket(mine);
            Write(theirs, frame.AsSpan(0, cut));
            Posix.CloseQuietly(theirs);
            Assert.Equal(ReadOutcome.Closed, reader.Read(wait: true, out _));
            reader.Close();
        }
    }

    [Theory]
    [InlineData(-1, 3, 0)]
    [InlineData(int.MinValue, 3, 0)]
    [InlineData(int.MaxValue, 3, 0)]
    [InlineData((1 << 30) + 1, 3, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(0, 99, 0)]
    [InlineData(0, 3, 255)]
    [InlineData(0, 3, 1)]
    public void Nonsense_is_noticed(int length, byte kind, byte descriptors)
    {
        var (mine, theirs) = Posix.SocketPair();
        var reader = new ControlSocket(mine);
        Write(theirs, Raw(length, kind, descriptors, []));
        Assert.Equal(ReadOutcome.Malformed, reader.Read(wait: true, out _));
        reader.Close();
        Posix.CloseQuietly(theirs);
    }

    [Fact]
    public void An_announced_length_is_not_allocated()
    {
        var (mine, theirs) = Posix.SocketPair();
        var reader = new ControlSocket(mine);
        Write(theirs, Raw(1 << 30, 3, 0, [1]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(ReadOutcome.Incomplete, reader.Read(wait: false, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        reader.Close();
        Posix.CloseQuietly(theirs);
    }

    [Fact]
    public void Descriptors_travel_and_are_closed_when_nobody_takes_them()
    {
        var (mine, theirs) = Posix.SocketPair();
        var (reader, writer) = (new ControlSocket(mine), new ControlSocket(theirs));
        var (end, other) = Posix.Pipe();
        Assert.True(writer.Post(FrameKind.Start, [7], [other]));
        Assert.Equal(ReadOutcome.Frame, reader.Read(wait: true, out var frame));
        Write(frame.Descriptors[0], [42]);
        byte got;
        Assert.Equal(1, Posix.Read(end, &got, 1));
        Assert.Equal(42, got);
        frame.Discard();
        // Nobody else has the writing end: the pipe has ended.
        Assert.Equal(0, Posix.Read(end, &got, 1));
        reader.Close();
        writer.Close();
        Posix.CloseQuietly(end);
    }

    [Fact]
    public void What_does_not_fit_goes_later_and_in_order()
    {
        var (mine, theirs) = Posix.SocketPair();
        var (reader, writer) = (new ControlSocket(mine), new ControlSocket(theirs));
        var large = new byte[4 << 20];
        Random.Shared.NextBytes(large);
        Assert.True(writer.Post(FrameKind.Start, large, []));
        Assert.True(writer.Post(FrameKind.Result, [1], []));
        Assert.True(writer.HasUnsent);
        ControlFrame frame;
        while (reader.Read(wait: false, out frame) != ReadOutcome.Frame) Assert.True(writer.Continue());
        Assert.Equal(large, frame.Payload);
        while (reader.Read(wait: false, out frame) != ReadOutcome.Frame) Assert.True(writer.Continue());
        Assert.Equal(FrameKind.Result, frame.Kind);
        reader.Close();
        Assert.False(writer.Post(FrameKind.Result, new byte[1 << 20], []));
        writer.Close();
    }

    [Fact]
    public void Descriptors_that_nobody_announced_are_no_message()
    {
        var (mine, theirs) = Posix.SocketPair();
        var (reader, writer) = (new ControlSocket(mine), new ControlSocket(theirs));
        var (read, write) = Posix.Pipe();
        // A frame that never ends, and descriptors with all of its pieces.
        Write(theirs, Raw(1 << 20, 3, 0, []));
        var piece = new byte[8 + 1];
        var outcome = ReadOutcome.Incomplete;
        for (var i = 0; i < 1000 && outcome == ReadOutcome.Incomplete; i++)
        {
            Assert.True(writer.Send(FrameKind.Result, piece, [read, read, read, read]));
            outcome = reader.Read(wait: false, out _);
        }

        Assert.Equal(ReadOutcome.Malformed, outcome);
        reader.Close();
        writer.Close();

        // What is posted to nobody is closed.
        Assert.False(writer.Post(FrameKind.Start, [1], [read]));
        Assert.Equal(-1, Posix.Duplicate(read, 0));
        Posix.CloseQuietly(write);
    }

    [Fact]
    public void Panic_facts_survive_any_bytes()
    {
        var facts = new PanicFacts("E9001", "why ✓", "a.si", 3, 7, "here");
        Assert.True(PanicFacts.TryDecode(facts.Encode(), out var read));
        Assert.Equal(facts, read);
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            PanicFacts.TryDecode(bytes, out _);
        }
    }

    [Fact]
    public void What_cannot_be_sent_is_not_tried_again()
    {
        var (mine, theirs) = Posix.SocketPair();
        var socket = new ControlSocket(mine);
        Assert.False(socket.Post(FrameKind.Load, "image"u8, [-1]));
        // Whoever waits for room in the socket finds it at once.
        Assert.False(socket.HasUnsent);
        Assert.False(socket.Continue());
        Assert.False(socket.Post(FrameKind.Start, "order"u8, []));
        Assert.False(socket.HasUnsent);
        socket.Close();
        Posix.CloseQuietly(theirs);
    }

    private static byte[] Raw(int length, byte kind, byte descriptors, byte[] payload)
    {
        var frame = new byte[8 + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        frame[4] = kind;
        frame[5] = descriptors;
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(6), 0x5347);
        payload.CopyTo(frame, 8);
        return frame;
    }

    private static void Write(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data) Assert.Equal(data.Length, Posix.Write(descriptor, start, data.Length));
    }
}
