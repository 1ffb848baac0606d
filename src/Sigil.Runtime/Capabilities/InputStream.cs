using System.Runtime.InteropServices;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>Buffered input. Every call is atomic and blocks its thread until there is something to return.</summary>
public sealed class InputStream
{
    private readonly Lock gate = new();
    private readonly Stream? stream;
    private readonly int descriptor;
    private byte[] buffer = new byte[16 * 1024];
    private int start, end;

    /// <summary>Reads a descriptor of the process.</summary>
    internal InputStream(int descriptor) => this.descriptor = descriptor;

    /// <summary>Reads a .NET stream.</summary>
    public InputStream(Stream stream) => this.stream = stream;

    /// <summary>The next line without its end, None at the end of the input.</summary>
    public (long Code, Option<string> Line, string Text) ReadLine()
    {
        lock (gate)
        {
            var searched = 0;
            while (true)
            {
                var at = buffer.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
                if (at >= 0)
                    return TakeLine(searched + at, searched + at + 1);
                searched = end - start;
                var error = Fill();
                if (error != 0)
                    return (IoCodes.Of(error), Option<string>.None, IoCodes.Text(error));
                if (end - start == searched)
                    return searched == 0 ? (0, Option<string>.None, "") : TakeLine(searched, searched);
            }
        }
    }

    /// <summary>At least one and at most <paramref name="most"/> bytes; none at the end of the input.</summary>
    public (long Code, SigilList<byte> Bytes, string Text) Read(long most)
    {
        lock (gate)
        {
            if (most <= 0)
                return (0, SigilList<byte>.Empty, "");
            if (start == end)
            {
                var error = Fill();
                if (error != 0)
                    return (IoCodes.Of(error), SigilList<byte>.Empty, IoCodes.Text(error));
            }
            var taken = (int)Math.Min(most, end - start);
            var bytes = SigilList<byte>.CopyOf(buffer.AsSpan(start, taken));
            start += taken;
            return (0, bytes, "");
        }
    }

    /// <summary>Everything up to the end of the input.</summary>
    public (long Code, SigilList<byte> Bytes, string Text) ReadAll()
    {
        lock (gate)
        {
            while (true)
            {
                var before = end - start;
                var error = Fill();
                if (error != 0)
                    return (IoCodes.Of(error), SigilList<byte>.Empty, IoCodes.Text(error));
                if (end - start != before)
                    continue;
                var bytes = SigilList<byte>.CopyOf(buffer.AsSpan(start, before));
                start = end = 0;
                return (0, bytes, "");
            }
        }
    }

    private (long, Option<string>, string) TakeLine(int length, int consumed)
    {
        var line = buffer.AsSpan(start, length);
        start += consumed;
        if (line.Length > 0 && line[^1] == '\r' && consumed > length)
            line = line[..^1];
        var (code, value, text) = StringOps.FromUtf8(line);
        return code == 0 ? (0, Option<string>.Some(value), "") : (IoCodes.InvalidData, Option<string>.None, text);
    }

    // Adds bytes behind the present ones; none at the end of the input.
    private int Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }
        if (end == buffer.Length)
        {
            if (buffer.Length == Array.MaxLength)
                return IoCodes.TooLarge;
            Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, Array.MaxLength));
        }
        var error = ReadInto(buffer.AsSpan(end), out var count);
        end += count;
        return error;
    }

    private unsafe int ReadInto(Span<byte> target, out int count)
    {
        count = 0;
        using var blocking = Blocking.Section();
        if (stream != null)
        {
            try
            {
                count = stream.Read(target);
                return 0;
            }
            catch (Exception problem) when (problem is IOException or ObjectDisposedException)
            {
                return NativeFiles.BrokenPipe;
            }
        }
        fixed (byte* data = target)
        {
            while (true)
            {
                var read = NativeFiles.Read(descriptor, data, target.Length);
                if (read >= 0)
                {
                    count = (int)read;
                    return 0;
                }
                var error = Marshal.GetLastPInvokeError();
                if (error == NativeFiles.TryAgain)
                    NativeFiles.WaitReady(descriptor, forWriting: false);
                else if (error != NativeFiles.Interrupted)
                    return error;
            }
        }
    }
}
