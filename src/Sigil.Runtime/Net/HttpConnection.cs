using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Net;

/// <summary>
/// A connection of the HTTP server: requests are received and answered one after the other. Whoever waits for it is one task; the
/// server's watch and <c>stop</c> only close the socket.
/// </summary>
public sealed partial class HttpConnection : ICanceller
{
    private const int FirstBuffer = 4096, FirstBody = 64 * 1024;
    private const int Idle = 0, Busy = 1, Closed = 2;
    private readonly HttpServer server;
    private readonly Socket socket;
    private byte[] buffer = new byte[FirstBuffer];
    private int start, end;
    private long deadline;
    private int state;
    private HttpHead head = new();

    internal HttpConnection(HttpServer server, Socket socket)
    {
        this.server = server;
        this.socket = socket;
        socket.NoDelay = true;
        // What does not fit at once is sent by the asynchronous operations.
        socket.Blocking = false;
        deadline = Environment.TickCount64 + server.IdleMillis;
    }

    /// <summary>The next request, None when there will be none: method, target, headers, body.</summary>
    [Intrinsic("HttpConnection.receive")]
    public Status Receive(SigilTask task, out Option<(string Method, string Target, SigilMap<string, string> Headers, Option<string> Body)> result, string site)
    {
        if (!task.IsCancellationRequested) return Completion.Begin(task, ReceiveAsync(), this, out result, site, "a request");
        result = default;
        return Status.Cancelled;
    }

    /// <summary>Closes the connection; closing again does nothing.</summary>
    [Intrinsic("HttpConnection.close")]
    public void Close()
    {
        if (Interlocked.Exchange(ref state, Closed) != Closed) End();
    }

    internal void CloseIfIdle()
    {
        if (Interlocked.CompareExchange(ref state, Closed, Idle) == Idle) End();
    }

    void ICanceller.Cancel() => Abort();

    internal void Abort()
    {
        if (Interlocked.Exchange(ref state, Closed) == Closed) return;
        server.Forget(this);
        socket.Dispose();
    }

    // The client is told first: it then gets all of the last answer, also when somebody waits for its next request.
    private void End()
    {
        server.Forget(this);
        NetCodes.Close(socket, SocketShutdown.Both);
    }

    internal bool IsOverdue(long now) => now > Volatile.Read(ref deadline);

    private void Within(long millis) => Volatile.Write(ref deadline, millis == long.MaxValue ? millis : Environment.TickCount64 + millis);

    private async ValueTask<Option<(string, string, SigilMap<string, string>, Option<string>)>> ReceiveAsync()
    {
        try
        {
            var status = await ReceiveHead().ConfigureAwait(false);
            if (status < 0) return default;
            Option<string> body = default;
            if (status == 0 && (head.Length > 0 || head.IsChunked))
            {
                (status, body) = await ReceiveBody().ConfigureAwait(false);
                if (status < 0) return default;
            }

            if (status == 0)
            {
                // The handler may take its time.
                Within(long.MaxValue);
                return Option<(string, string, SigilMap<string, string>, Option<string>)>.Some((head.Method, head.Target, head.Headers, body));
            }

            await Refuse(status).ConfigureAwait(false);
        }
        catch (Exception problem) when (NetCodes.IsExpected(problem))
        {
            // The client has gone, or took too long.
        }

        return default;
    }

    /// <summary>0 a head, below 0 the end of the connection, otherwise a status to refuse it with.</summary>
    private async ValueTask<int> ReceiveHead()
    {
        if (server.IsStopping) return -1;
        if (Interlocked.CompareExchange(ref state, Idle, Busy) == Closed) return -1;
        // Stop may have looked between the two.
        if (server.IsStopping) return -1;
        Within(server.IdleMillis);
        var searched = 0;
        while (true)
        {
            // Empty lines before a request are allowed for.
            while (searched == 0 && start < end && buffer[start] is (byte)'\r' or (byte)'\n') start++;
            if (start < end && Volatile.Read(ref state) == Idle)
            {
                if (Interlocked.CompareExchange(ref state, Busy, Idle) != Idle) return -1;
                Within(server.TransferMillis);
            }

            var (length, behind) = EndOfHead(buffer.AsSpan(start, end - start), searched);
            if (length >= 0)
            {
                if (behind > server.MaxHead) return 431;
                head = new HttpHead();
                var status = head.Parse(buffer.AsSpan(start, length));
                start += behind;
                return status;
            }

            searched = Math.Max(0, end - start - 3);
            if (end - start > server.MaxHead) return 431;
            if (await Fill().ConfigureAwait(false) == 0) return -1;
        }
    }

    /// <summary>The length of the head without its last line end, and with the empty line behind it; -1 when it is not all there.</summary>
    private static (int Length, int Behind) EndOfHead(ReadOnlySpan<byte> text, int from)
    {
        for (var at = from; ; at++)
        {
            var next = text[at..].IndexOf((byte)'\n');
            if (next < 0) return (-1, 0);
            at += next;
            if (at + 1 < text.Length && text[at + 1] == '\n') return (at, at + 2);
            if (at + 2 < text.Length && text[at + 1] == '\r' && text[at + 2] == '\n') return (at, at + 3);
        }
    }

    private async ValueTask<(int Status, Option<string> Body)> ReceiveBody()
    {
        if (!head.IsChunked && head.Length > server.MaxBody) return (413, default);
        if (head.ExpectsContinue) await Send("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray()).ConfigureAwait(false);
        if (head.IsChunked) return await ReceiveChunks().ConfigureAwait(false);
        var length = (int)head.Length;
        if (length <= end - start)
        {
            var text = Body(buffer.AsSpan(start, length));
            start += length;
            return (0, text);
        }

        // Room for what has come, not for what was announced: many could announce much.
        var have = end - start;
        var body = new byte[Math.Min(length, Math.Max(FirstBody, 2 * have))];
        buffer.AsSpan(start, have).CopyTo(body);
        start = end = 0;
        while (have < length)
        {
            if (have == body.Length) Array.Resize(ref body, (int)Math.Min(length, 2L * have));
            var count = await socket.ReceiveAsync(body.AsMemory(have), SocketFlags.None).ConfigureAwait(false);
            if (count == 0) return (-1, default);
            have += count;
        }

        return (0, Body(body));
    }

    private async ValueTask<(int Status, Option<string> Body)> ReceiveChunks()
    {
        using var body = new MemoryStream();
        while (true)
        {
            var (status, line) = await ReceiveLine().ConfigureAwait(false);
            if (status != 0) return (status, default);
            var digits = line!.AsSpan();
            var extension = digits.IndexOf(';');
            if (extension >= 0) digits = digits[..extension].TrimEnd();
            if (digits.Length is 0 or > 15 || !long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)) return (400, default);
            if (body.Length + size > server.MaxBody) return (413, default);
            if (size == 0) break;
            while (size > 0)
            {
                if (start == end && await Fill().ConfigureAwait(false) == 0) return (-1, default);
                var taken = (int)Math.Min(size, end - start);
                body.Write(buffer, start, taken);
                start += taken;
                size -= taken;
            }

            (status, line) = await ReceiveLine().ConfigureAwait(false);
            if (status != 0) return (status, default);
            if (line!.Length != 0) return (400, default);
        }

        // Fields behind the body say nothing that a handler asks for.
        for (var total = 0; ;)
        {
            var (status, line) = await ReceiveLine().ConfigureAwait(false);
            if (status != 0) return (status, default);
            if (line!.Length == 0) return (0, Body(body.GetBuffer().AsSpan(0, (int)body.Length)));
            if ((total += line.Length) > server.MaxHead) return (431, default);
        }
    }

    private async ValueTask<(int Status, string? Line)> ReceiveLine()
    {
        while (true)
        {
            var at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = Encoding.Latin1.GetString(buffer, start, at);
                start += at + 1;
                return (0, line.TrimEnd('\r'));
            }

            if (end - start > 4096) return (400, null);
            if (await Fill().ConfigureAwait(false) == 0) return (-1, null);
        }
    }

    private static Option<string> Body(ReadOnlySpan<byte> bytes) => Option<string>.Some(TextIndex.WellFormed(Encoding.UTF8.GetString(bytes)));

    // Adds bytes behind the present ones; none when the other side has closed.
    private async ValueTask<int> Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var count = await socket.ReceiveAsync(buffer.AsMemory(end), SocketFlags.None).ConfigureAwait(false);
        end += count;
        return count;
    }
}
