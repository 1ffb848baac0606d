using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Net;

/// <summary>How requests are answered.</summary>
public sealed partial class HttpConnection
{
    private static readonly SearchValues<char> tokenChars = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static Stamp date = new(-1, []);
    private byte[] output = new byte[512];
    private int written;

    /// <summary>Sends an answer; whether there may be another request.</summary>
    [Intrinsic("HttpConnection.respond"), ReadsOnly]
    public Status Respond(SigilTask task, long status, SigilMap<string, string> headers, string body, out bool result, string site)
    {
        result = false;
        if (task.IsCancellationRequested) return Status.Cancelled;
        if (!Compose((int)status, headers, body, out var keep)) Compose(500, SigilMap<string, string>.Empty, "the answer cannot be sent", out keep);
        Within(server.TransferMillis);
        // Most answers fit into the system's buffer at once.
        var sent = 0;
        try
        {
            sent = socket.Send(output.AsSpan(0, written), SocketFlags.None, out var problem);
            if (problem is not (SocketError.Success or SocketError.WouldBlock)) return Status.Completed;
        }
        catch (Exception problem) when (NetCodes.IsExpected(problem))
        {
            return Status.Completed;
        }

        if (sent < written) return Completion.Begin(task, SendRest(sent, keep), this, out result, site, "room in a connection");
        result = keep;
        return Status.Completed;
    }

    private async ValueTask<bool> SendRest(int sent, bool keep)
    {
        try
        {
            await Send(output.AsMemory(sent, written - sent)).ConfigureAwait(false);
            return keep;
        }
        catch (Exception problem) when (NetCodes.IsExpected(problem))
        {
            return false;
        }
    }

    private async ValueTask Send(ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty) data = data[await socket.SendAsync(data, SocketFlags.None).ConfigureAwait(false)..];
    }

    private async ValueTask Refuse(int status)
    {
        Compose(status, SigilMap<string, string>.Empty, Reason(status), out _, close: true);
        await Send(output.AsMemory(0, written)).ConfigureAwait(false);
        // Closing with bytes unread would take the answer away from the client.
        socket.Shutdown(SocketShutdown.Send);
        Within(2000);
        var rest = 0;
        while (rest < 1 << 20 && await socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None).ConfigureAwait(false) is > 0 and var count) rest += count;
    }

    /// <summary>Writes an answer into the output buffer; false when a header or the status cannot be sent.</summary>
    private bool Compose(int status, SigilMap<string, string> headers, string body, out bool keep, bool close = false)
    {
        written = 0;
        keep = head.KeepAlive && !close && !server.IsStopping && !server.HasQueue;
        if (status is < 200 or > 999) return false;
        var hasBody = status is not (204 or 304);
        Put("HTTP/1.1 "u8);
        Put(status.ToString(CultureInfo.InvariantCulture));
        Put(" "u8);
        Put(Reason(status));
        Put("\r\ndate: "u8);
        Put(Date());
        Put("\r\n"u8);
        var hasType = false;
        for (var i = headers.NextIndex(0); i >= 0; i = headers.NextIndex(i + 1))
        {
            var name = headers.KeyAt(i);
            var value = headers.ValueAt(i);
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(tokenChars) || value.AsSpan().ContainsAny('\r', '\n', '\0')) return false;
            if (name.Equals("content-length", StringComparison.OrdinalIgnoreCase) || name.Equals("transfer-encoding", StringComparison.OrdinalIgnoreCase)
                || name.Equals("date", StringComparison.OrdinalIgnoreCase)) continue;
            if (name.Equals("connection", StringComparison.OrdinalIgnoreCase))
            {
                keep &= !value.Contains("close", StringComparison.OrdinalIgnoreCase);
                continue;
            }

            hasType |= name.Equals("content-type", StringComparison.OrdinalIgnoreCase);
            Put(name);
            Put(": "u8);
            Put(value);
            Put("\r\n"u8);
        }

        if (!hasType && body.Length > 0) Put("content-type: text/plain; charset=utf-8\r\n"u8);
        if (!keep) Put("connection: close\r\n"u8);
        if (hasBody)
        {
            Put("content-length: "u8);
            Put(Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture));
            Put("\r\n"u8);
        }

        Put("\r\n"u8);
        if (hasBody && head.Method != "HEAD") Put(body);
        return true;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(output.AsSpan(written));
        written += bytes.Length;
    }

    private void Put(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length) is var most && most > 4096 ? Encoding.UTF8.GetByteCount(text) : most);
        written += Encoding.UTF8.GetBytes(text, output.AsSpan(written));
    }

    private void Reserve(int count)
    {
        if (output.Length - written < count) Array.Resize(ref output, Math.Max(written + count, output.Length * 2));
    }

    private static byte[] Date()
    {
        var now = DateTime.UtcNow;
        var second = now.Ticks / TimeSpan.TicksPerSecond;
        var known = date;
        if (known.Second == second) return known.Text;
        var text = Encoding.ASCII.GetBytes(now.ToString("r", CultureInfo.InvariantCulture));
        date = new Stamp(second, text);
        return text;
    }

    private sealed record Stamp(long Second, byte[] Text);

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        417 => "Expectation Failed",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        _ => "Status",
    };
}
