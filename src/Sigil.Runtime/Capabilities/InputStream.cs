using System.Runtime.InteropServices;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>
/// Buffered input. Every call is atomic, and waits until there is something to return: plain code on its thread, a task without one. A call
/// that is cancelled has taken nothing: what has come stays for the next.
/// </summary>
public sealed class InputStream
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Stream? stream;
    private readonly int descriptor;
    private byte[] buffer = new byte[16 * 1024];
    private int start, end;

    /// <summary>Reads a descriptor of the process.</summary>
    internal InputStream(int descriptor) => this.descriptor = descriptor;

    /// <summary>Reads a .NET stream.</summary>
    public InputStream(Stream stream) => this.stream = stream;

    /// <summary>The next line without its end, None at the end of the input.</summary>
    public (long Code, Option<string> Line, string Text) ReadLine() => Await<TakesLine, (long, Option<string>, string)>(default);

    /// <summary>At least one and at most <paramref name="most"/> bytes; none at the end of the input.</summary>
    public (long Code, SigilList<byte> Bytes, string Text) Read(long most) => Await<TakesBytes, (long, SigilList<byte>, string)>(new(most));

    /// <summary>Everything up to the end of the input.</summary>
    public (long Code, SigilList<byte> Bytes, string Text) ReadAll() => Await<TakesAll, (long, SigilList<byte>, string)>(default);

    /// <summary>As <see cref="ReadLine()"/>, for a task.</summary>
    internal Status ReadLine(SigilTask task, out (long, Option<string>, string) result, string site) => Begin(task, default(TakesLine), out result, site);

    /// <summary>As <see cref="Read(long)"/>, for a task.</summary>
    internal Status Read(SigilTask task, long most, out (long, SigilList<byte>, string) result, string site) => Begin(task, new TakesBytes(most), out result, site);

    /// <summary>As <see cref="ReadAll()"/>, for a task.</summary>
    internal Status ReadAll(SigilTask task, out (long, SigilList<byte>, string) result, string site) => Begin(task, default(TakesAll), out result, site);

    private R Await<T, R>(T taking)
        where T : struct, ITaking<R>
    {
        if (!gate.Wait(0))
        {
            using var blocking = Blocking.Section();
            gate.Wait();
        }

        try
        {
            while (true)
            {
                if (taking.TryTake(this, out var taken)) return taken;
                var error = Fill(out var count);
                if (error != 0) return taking.Failed(error);
                if (count == 0) return taking.AtEnd(this);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private Status Begin<T, R>(SigilTask task, T taking, out R result, string site)
        where T : struct, ITaking<R>
    {
        // Most lines are in the buffer already.
        if (!task.IsCancellationRequested && gate.Wait(0))
        {
            try
            {
                // A copy: what it remembers of the buffer holds only while the gate is ours.
                var quick = taking;
                if (quick.TryTake(this, out result)) return Status.Completed;
            }
            finally
            {
                gate.Release();
            }
        }

        return Completion.Begin(task, cancelled => WaitAndTake<T, R>(taking, cancelled), out result, site, "input");
    }

    private async ValueTask<R> WaitAndTake<T, R>(T taking, CancellationToken cancelled)
        where T : struct, ITaking<R>
    {
        await gate.WaitAsync(cancelled).ConfigureAwait(false);
        try
        {
            while (true)
            {
                if (taking.TryTake(this, out var taken)) return taken;
                if (stream is null) await Readiness.UntilReadable(descriptor, cancelled).ConfigureAwait(false);
                var error = Fill(out var count);
                if (error != 0) return taking.Failed(error);
                if (count == 0) return taking.AtEnd(this);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>What a call wants to have of the input; asked again whenever more has come.</summary>
    private interface ITaking<R>
    {
        /// <summary>Takes it, if it is there.</summary>
        bool TryTake(InputStream input, out R taken);

        /// <summary>What there is to have when nothing more comes.</summary>
        R AtEnd(InputStream input);

        R Failed(int error);
    }

    private struct TakesLine : ITaking<(long, Option<string>, string)>
    {
        // The bytes behind the start in which there is no line end.
        private int _searched;

        public bool TryTake(InputStream input, out (long, Option<string>, string) taken)
        {
            var at = input.buffer.AsSpan(input.start + _searched, input.Available - _searched).IndexOf((byte)'\n');
            taken = at < 0 ? default : input.TakeLine(_searched + at, _searched + at + 1);
            _searched = at < 0 ? input.Available : 0;
            return at >= 0;
        }

        public (long, Option<string>, string) AtEnd(InputStream input) =>
            input.Available == 0 ? (0, Option<string>.None, "") : input.TakeLine(input.Available, input.Available);

        public (long, Option<string>, string) Failed(int error) => (IoCodes.Of(error), Option<string>.None, IoCodes.Text(error));
    }

    private readonly struct TakesBytes(long most) : ITaking<(long, SigilList<byte>, string)>
    {
        public bool TryTake(InputStream input, out (long, SigilList<byte>, string) taken)
        {
            taken = (0, SigilList<byte>.Empty, "");
            if (most > 0 && input.Available > 0) taken.Item2 = input.TakeBytes((int)Math.Min(most, input.Available));
            return most <= 0 || taken.Item2.Length > 0;
        }

        public (long, SigilList<byte>, string) AtEnd(InputStream input) => (0, SigilList<byte>.Empty, "");

        public (long, SigilList<byte>, string) Failed(int error) => (IoCodes.Of(error), SigilList<byte>.Empty, IoCodes.Text(error));
    }

    private readonly struct TakesAll : ITaking<(long, SigilList<byte>, string)>
    {
        public bool TryTake(InputStream input, out (long, SigilList<byte>, string) taken)
        {
            taken = default;
            return false;
        }

        public (long, SigilList<byte>, string) AtEnd(InputStream input) => (0, input.TakeBytes(input.Available), "");

        public (long, SigilList<byte>, string) Failed(int error) => (IoCodes.Of(error), SigilList<byte>.Empty, IoCodes.Text(error));
    }

    private int Available => end - start;

    private SigilList<byte> TakeBytes(int count)
    {
        var bytes = SigilList<byte>.CopyOf(buffer.AsSpan(start, count));
        start += count;
        if (start == end) start = end = 0;
        return bytes;
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
    private int Fill(out int count)
    {
        count = 0;
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
        var error = ReadInto(buffer.AsSpan(end), out count);
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
