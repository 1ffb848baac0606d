using System.Net.Sockets;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Net;

/// <summary>std.net's <c>TcpStream</c>. One task may read while another writes. Errors are those of <see cref="IoCodes"/>.</summary>
public sealed class TcpStream
{
    private const int BufferSize = 16 * 1024;
    private readonly Socket socket;
    private readonly SemaphoreSlim reading = new(1, 1), writing = new(1, 1);
    private byte[] buffer = new byte[BufferSize];
    private int start, end;

    internal TcpStream(Socket socket)
    {
        this.socket = socket;
        socket.NoDelay = true;
        Peer = Addresses.Text(socket.RemoteEndPoint);
    }

    /// <summary>The address of the other side.</summary>
    [Intrinsic("TcpStream.peer")]
    public string Peer { get; }

    /// <summary>Connects to <c>host:port</c>; the thread waits. A timeout below zero means none.</summary>
    [Intrinsic("net.connect_tcp")]
    public static (long Code, Option<TcpStream> Value, string Text) Connect(string address, long timeout) => Completion.Await(c => ConnectAsync(address, timeout, c));

    /// <summary>Connects to <c>host:port</c>; the task waits.</summary>
    [Intrinsic("net.connect_tcp")]
    public static Status Connect(SigilTask task, string address, long timeout, out (long Code, Option<TcpStream> Value, string Text) result, string site) =>
        Completion.Begin(task, c => ConnectAsync(address, timeout, c), out result, site, "a connection");

    /// <summary>The numbers of a host.</summary>
    [Intrinsic("net.resolve_host")]
    public static (long Code, SigilList<string> Value, string Text) Resolve(string host) => Completion.Await(c => ResolveAsync(host, c));

    /// <summary>The numbers of a host; the task waits.</summary>
    [Intrinsic("net.resolve_host")]
    public static Status Resolve(SigilTask task, string host, out (long Code, SigilList<string> Value, string Text) result, string site) =>
        Completion.Begin(task, c => ResolveAsync(host, c), out result, site, "the address of a host");

    /// <summary>At least one byte; none at the end.</summary>
    [Intrinsic("TcpStream.read_raw")]
    public (long Code, SigilList<byte> Bytes, string Text) Read(long most) => Completion.Await(c => ReadAsync(most, c));

    /// <summary>At least one byte; none at the end.</summary>
    [Intrinsic("TcpStream.read_raw")]
    public Status Read(SigilTask task, long most, out (long Code, SigilList<byte> Bytes, string Text) result, string site) =>
        Completion.Begin(task, c => ReadAsync(most, c), out result, site, "bytes from a connection");

    /// <summary>A line without its end; None at the end. Longer ones than <paramref name="most"/> bytes are an error.</summary>
    [Intrinsic("TcpStream.read_line_raw")]
    public (long Code, Option<string> Line, string Text) ReadLine(long most) => Completion.Await(c => ReadLineAsync(most, c));

    /// <summary>A line without its end.</summary>
    [Intrinsic("TcpStream.read_line_raw")]
    public Status ReadLine(SigilTask task, long most, out (long Code, Option<string> Line, string Text) result, string site) =>
        Completion.Begin(task, c => ReadLineAsync(most, c), out result, site, "a line from a connection");

    /// <summary>Writes everything.</summary>
    [Intrinsic("TcpStream.write_raw"), ReadsOnly]
    public (long Code, string Text) Write(SigilList<byte> data) => Completion.Await(c => WriteAsync(data.Span.ToArray(), c));

    /// <summary>Writes everything.</summary>
    [Intrinsic("TcpStream.write_raw"), ReadsOnly]
    public Status Write(SigilTask task, SigilList<byte> data, out (long Code, string Text) result, string site) =>
        Completion.Begin(task, c => WriteAsync(data.Span.ToArray(), c), out result, site, "room in a connection");

    /// <summary>Tells the other side that nothing more comes.</summary>
    [Intrinsic("TcpStream.finish")]
    public void Finish()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception problem) when (NetCodes.IsExpected(problem))
        {
            // It is closed already.
        }
    }

    /// <summary>Closes the connection; those that wait are told.</summary>
    [Intrinsic("TcpStream.close")]
    public void Close() => NetCodes.Close(socket, SocketShutdown.Send);

    private static async ValueTask<(long, Option<TcpStream>, string)> ConnectAsync(string address, long timeout, CancellationToken cancelled)
    {
        if (Addresses.Split(address) is not var (host, port)) return (NetCodes.InvalidAddress, Option<TcpStream>.None, address);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        if (timeout >= 0) patience.CancelAfter(TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(timeout / 1e6), int.MaxValue)));
        Socket? socket = null;
        try
        {
            socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(await Addresses.Resolve(host, patience.Token).ConfigureAwait(false), port, patience.Token).ConfigureAwait(false);
            return (0, Option<TcpStream>.Some(new TcpStream(socket)), "");
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            socket?.Dispose();
            return (NetCodes.TimedOut, Option<TcpStream>.None, address);
        }
        catch (Exception problem) when (NetCodes.IsExpected(problem))
        {
            socket?.Dispose();
            var (code, text) = NetCodes.Of(problem);
            return (code, Option<TcpStream>.None, text);
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }

    private static async ValueTask<(long, SigilList<string>, string)> ResolveAsync(string host, CancellationToken cancelled)
    {
        try
        {
            var numbers = await Addresses.Resolve(host, cancelled).ConfigureAwait(false);
            return (0, SigilList<string>.Of([.. numbers.Select(n => n.ToString())]), "");
        }
        catch (Exception problem) when (NetCodes.IsExpected(problem) || problem is ArgumentException)
        {
            var (code, text) = NetCodes.Of(problem);
            return (code, SigilList<string>.Empty, text);
        }
    }

    private async ValueTask<(long, SigilList<byte>, string)> ReadAsync(long most, CancellationToken cancelled)
    {
        if (most <= 0) return (0, SigilList<byte>.Empty, "");
        await reading.WaitAsync(cancelled).ConfigureAwait(false);
        try
        {
            if (start == end) await Fill(cancelled).ConfigureAwait(false);
            var taken = (int)Math.Min(most, end - start);
            var bytes = SigilList<byte>.CopyOf(buffer.AsSpan(start, taken));
            start += taken;
            return (0, bytes, "");
        }
        catch (Exception problem) when (NetCodes.IsExpected(problem))
        {
            return (CodeOf(problem), SigilList<byte>.Empty, NetCodes.Of(problem).Text);
        }
        finally
        {
            reading.Release();
        }
    }

    private async ValueTask<(long, Option<string>, string)> ReadLineAsync(long most, CancellationToken cancelled)
    {
        await reading.WaitAsync(cancelled).ConfigureAwait(false);
        try
        {
            // The beginning of a line stays in the buffer until its end is there: whoever is cancelled meanwhile has taken nothing.
            for (var searched = 0; ;)
            {
                var at = Array.IndexOf(buffer, (byte)'\n', start + searched, end - start - searched);
                var length = (at < 0 ? end : at) - start;
                if (length > most) return (IoCodes.InvalidData, Option<string>.None, $"a line of more than {most} bytes");
                if (at >= 0) return Text(length, at + 1);
                searched = length;
                if (await Fill(cancelled).ConfigureAwait(false) > 0) continue;
                return length == 0 ? (0, Option<string>.None, "") : Text(length, end);
            }
        }
        catch (Exception problem) when (NetCodes.IsExpected(problem))
        {
            return (CodeOf(problem), Option<string>.None, NetCodes.Of(problem).Text);
        }
        finally
        {
            reading.Release();
        }

        (long, Option<string>, string) Text(int length, int next)
        {
            var bytes = buffer.AsSpan(start, length);
            if (bytes.Length > 0 && bytes[^1] == '\r') bytes = bytes[..^1];
            var (code, text, problem) = Sigil.Runtime.Text.StringOps.FromUtf8(bytes);
            start = next;
            return code == 0 ? (0, Option<string>.Some(text), "") : (IoCodes.InvalidData, Option<string>.None, problem);
        }
    }

    // Adds bytes behind those that are there; none when the other side has finished.
    private async ValueTask<int> Fill(CancellationToken cancelled)
    {
        if (start == end)
        {
            start = end = 0;
            if (buffer.Length > BufferSize) buffer = new byte[BufferSize];
        }
        else if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }

        if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var count = await socket.ReceiveAsync(buffer.AsMemory(end), SocketFlags.None, cancelled).ConfigureAwait(false);
        end += count;
        return count;
    }

    private async ValueTask<(long, string)> WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancelled)
    {
        await writing.WaitAsync(cancelled).ConfigureAwait(false);
        try
        {
            while (!data.IsEmpty) data = data[await socket.SendAsync(data, SocketFlags.None, cancelled).ConfigureAwait(false)..];
            return (0, "");
        }
        catch (Exception problem) when (NetCodes.IsExpected(problem))
        {
            return (CodeOf(problem), NetCodes.Of(problem).Text);
        }
        finally
        {
            writing.Release();
        }
    }

    private static long CodeOf(Exception problem) => NetCodes.Of(problem).Code == NetCodes.Closed ? IoCodes.BrokenPipe : IoCodes.Other;
}
