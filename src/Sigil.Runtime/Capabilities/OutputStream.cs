using System.Text.Unicode;

namespace Sigil.Runtime.Capabilities;

/// <summary>
/// Buffered UTF-8 output. Every call is atomic: text of concurrent calls is never mixed. On a terminal each call is
/// written at once, otherwise when the buffer is full, when somebody flushes, and when a write finds that the last one
/// to the system was a while ago.
/// </summary>
public sealed class OutputStream(ByteSink sink)
{
    private readonly Lock gate = new();
    private readonly byte[] buffer = new byte[32 * 1024];
    private readonly bool immediate = sink.IsInteractive;
    // Milliseconds for which output may be held back while the program goes on writing.
    private const long Held = 100;
    private int used;
    private long writtenAt = Environment.TickCount64;

    /// <summary>Whether something is waiting to be written.</summary>
    public bool HasPending => Volatile.Read(ref used) != 0;

    /// <summary>Writes text; 0 or an error number.</summary>
    public int Write(string text)
    {
        lock (gate)
            return Finish(Encode(text));
    }

    /// <summary>Writes text and a line end.</summary>
    public int WriteLine(string text)
    {
        lock (gate)
        {
            var error = Encode(text);
            return Finish(error != 0 ? error : Put("\n"u8));
        }
    }

    /// <summary>Writes bytes.</summary>
    public int Write(ReadOnlySpan<byte> data)
    {
        lock (gate)
            return Finish(Put(data));
    }

    /// <summary>Hands everything to the system.</summary>
    public int Flush()
    {
        lock (gate)
            return Drain();
    }

    private int Finish(int error) => error == 0 && (immediate || Environment.TickCount64 - writtenAt > Held) ? Drain() : error;

    private int Encode(ReadOnlySpan<char> text)
    {
        while (true)
        {
            Utf8.FromUtf16(text, buffer.AsSpan(used), out var read, out var written);
            used += written;
            text = text[read..];
            if (text.IsEmpty)
                return 0;
            var error = Drain();
            if (error != 0)
                return error;
        }
    }

    private int Put(ReadOnlySpan<byte> data)
    {
        if (data.Length > buffer.Length - used)
        {
            var error = Drain();
            if (error != 0 || data.Length >= buffer.Length)
                return error != 0 ? error : sink.Write(data);
        }
        data.CopyTo(buffer.AsSpan(used));
        used += data.Length;
        return 0;
    }

    // What could not be written is dropped: the next flush would fail the same way.
    private int Drain()
    {
        if (used == 0)
            return 0;
        var pending = used;
        used = 0;
        writtenAt = Environment.TickCount64;
        return sink.Write(buffer.AsSpan(0, pending));
    }
}
