using Sigil.Runtime.Processes;

namespace Sigil.Runtime.Tests.Processes;

/// <summary>The lines of a child on their way through the one thread that reads those of all.</summary>
public unsafe class OutputLinesTests
{
    [Fact]
    public void A_process_that_is_never_silent_does_not_keep_the_reader()
    {
        var (read, write) = Posix.Pipe();
        var lines = new OutputLines(read, isError: false);
        var sink = new Echo(write, 100_000);
        lines.Label("loud", sink);
        sink.Write("first");
        lines.Drain();
        Assert.InRange(sink.Taken, 1, 99_999);
        Assert.True(lines.WantsMore);
        while (sink.Taken < 100_000) lines.Drain();
        Posix.CloseQuietly(write);
        lines.End();
        Assert.Equal((100_000, 1), (sink.Taken, sink.Released));
    }

    [Fact]
    public void A_full_pipe_is_read_to_its_end_in_one_go()
    {
        var (read, write) = Posix.Pipe();
        const int setPipeSize = 1031, mebibyte = 1 << 20;
        var size = Posix.Control(write, setPipeSize, mebibyte);
        Assert.True(size > 0);
        var sink = new Echo(write, 0);
        var lines = new OutputLines(read, isError: false);
        lines.Label("full", sink);
        var count = size / 8;
        for (var i = 0; i < count; i++) sink.Write("1234567");
        lines.Drain();
        Assert.Equal(count, sink.Taken);
        Posix.CloseQuietly(write);
        lines.End();
        Assert.Equal(1, sink.Released);
    }

    // As a process that writes the next line as soon as one has been read.
    private sealed class Echo(int descriptor, int most) : IOutputSink
    {
        internal int Taken { get; private set; }

        internal int Released { get; private set; }

        internal void Write(string line)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(line + "\n");
            fixed (byte* start = bytes) Assert.Equal(bytes.Length, Posix.Write(descriptor, start, bytes.Length));
        }

        public bool TellsOfRoom => false;

        public bool TryTake(string line, bool isError)
        {
            if (++Taken < most) Write(line);
            return true;
        }

        public void Release() => Released++;
    }
}
