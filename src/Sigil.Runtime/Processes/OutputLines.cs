using System.Text;
using Sigil.Runtime.Capabilities;

namespace Sigil.Runtime.Processes;

/// <summary>
/// The standard output or error of a child, passed on line by line: with the child's name in front to the parent's own, or to
/// whoever asked for it. Only the watcher's thread reads.
/// </summary>
internal sealed unsafe class OutputLines(int descriptor, bool isError)
{
    // A line longer than this is passed on in pieces: a child must not fill the parent's memory.
    private const int MaxLine = 256 * 1024;
    private const int Chunk = 16 * 1024;

    // Together more than a pipe can hold, so one drain reads what was there when it began; what a process goes on writing waits for its next turn.
    private const int MostChunks = 64;

    private readonly Queue<string> _waiting = new();
    private byte[] _line = new byte[256];
    private int _length;
    private string _label = "process: ";
    private IOutputSink? _sink;
    private bool _open = true;

    internal int Descriptor => descriptor;

    /// <summary>Whether there is a reason to wait for its output: it is open, and what came before has been taken.</summary>
    internal bool WantsMore => _open && _waiting.Count == 0;

    /// <summary>Whether lines wait for somebody to take them.</summary>
    internal bool IsHeldUp => _waiting.Count > 0;

    /// <summary>Whether nobody will say when they can be taken.</summary>
    internal bool HasToAsk => _waiting.Count > 0 && !_sink!.TellsOfRoom;

    internal bool IsOpen => _open;

    internal void Label(string label, IOutputSink? sink)
    {
        _label = label + ": ";
        _sink = sink;
    }

    /// <summary>Passes on what there is now.</summary>
    internal void Drain()
    {
        PassOn();
        var room = stackalloc byte[Chunk];
        for (var chunks = 0; chunks < MostChunks && _open && _waiting.Count == 0;)
        {
            var count = Posix.Read(descriptor, room, Chunk);
            if (count > 0)
            {
                chunks++;
                Take(new ReadOnlySpan<byte>(room, (int)count));
                continue;
            }

            if (count < 0 && Posix.LastError == Posix.Interrupted) continue;
            if (count < 0 && Posix.LastError == Posix.TryAgain) return;
            Close();
        }
    }

    /// <summary>The process has ended: the rest is passed on, also a last line without an end.</summary>
    internal void End()
    {
        Drain();
        if (_waiting.Count == 0) Close();
    }

    private void Close()
    {
        if (!_open) return;
        // Before the stream counts as closed: the last line would let go of the sink, and so would the end below.
        if (_length > 0) Emit();
        _open = false;
        Posix.CloseQuietly(descriptor);
        if (_waiting.Count == 0) _sink?.Release();
    }

    private void Take(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            var end = data.IndexOf((byte)'\n');
            var part = end < 0 ? data : data[..end];
            if (_length + part.Length > _line.Length) Array.Resize(ref _line, Math.Max(_line.Length * 2, _length + part.Length));
            part.CopyTo(_line.AsSpan(_length));
            _length += part.Length;
            if (end >= 0 || _length >= MaxLine) Emit();
            data = data[(end < 0 ? data.Length : end + 1)..];
        }
    }

    private void Emit()
    {
        var text = Encoding.UTF8.GetString(_line, 0, _length);
        _length = 0;
        if (_sink is null)
        {
            if (isError) StandardStreams.PrintError(_label + text);
            else StandardStreams.Out.WriteLine(_label + text);
            return;
        }

        _waiting.Enqueue(text);
        PassOn();
    }

    /// <summary>Hands over lines that nobody has taken yet, as far as there is room.</summary>
    internal void PassOn()
    {
        while (_waiting.TryPeek(out var line))
        {
            if (!_sink!.TryTake(line, isError)) return;
            _waiting.Dequeue();
            if (_waiting.Count == 0 && !_open) _sink.Release();
        }
    }
}

/// <summary>Takes the lines of a child instead of the parent's output.</summary>
internal interface IOutputSink
{
    /// <summary>Whether, after there was no room, the watcher is woken once it is to try again with the same line.</summary>
    bool TellsOfRoom { get; }

    /// <summary>Takes a line; false when there is no room now. One that nobody will ever read counts as taken.</summary>
    bool TryTake(string line, bool isError);

    /// <summary>One of the two streams has ended.</summary>
    void Release();
}
