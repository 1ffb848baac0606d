using System.Net;
using System.Net.Sockets;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Net;

/// <summary>std.net.http's <c>Server</c>: a socket that listens, and the connections that it has accepted.</summary>
public sealed class HttpServer
{
    private const int Backlog = 1024, LookMillis = 500;
    private readonly Socket socket;
    private readonly Lock gate = new();
    private readonly HashSet<HttpConnection> connections = [];
    private readonly Timer watch;
    private bool isStopping;
    private int acceptors;

    private HttpServer(Socket socket)
    {
        this.socket = socket;
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        // Looking now and then costs less than a timer for each request.
        watch = new Timer(static server => ((HttpServer)server!).Look(), this, LookMillis, LookMillis);
    }

    /// <summary>The largest head of a request: request line and headers.</summary>
    internal int MaxHead { get; private set; } = 32 * 1024;

    /// <summary>The largest body of a request.</summary>
    internal long MaxBody { get; private set; } = 30 * 1024 * 1024;

    /// <summary>How long a request may take to arrive, from its first byte, and an answer to leave.</summary>
    internal long TransferMillis { get; private set; } = 30_000;

    /// <summary>How long a connection may stay without a request.</summary>
    internal long IdleMillis { get; private set; } = 120_000;

    internal bool IsStopping => Volatile.Read(ref isStopping);

    /// <summary>Listens at <c>host:port</c>; port 0 lets the system choose. Code 1: failed, 2: no address.</summary>
    [Intrinsic("net.http.bind_server")]
    public static (long Code, Option<HttpServer> Value, string Text) Bind(string address)
    {
        if (Addresses.Split(address) is not var (host, port)) return (2, Option<HttpServer>.None, address);
        try
        {
            using var blocking = Blocking.Section();
            return (0, Option<HttpServer>.Some(new HttpServer(Addresses.Listen(host, port, Backlog))), "");
        }
        catch (Exception problem) when (NetCodes.IsExpected(problem))
        {
            return (1, Option<HttpServer>.None, NetCodes.Of(problem).Text);
        }
    }

    /// <summary>Sets the limits; sizes in bytes, times in nanoseconds.</summary>
    [Intrinsic("Server.set_limits")]
    public void SetLimits(long head, long body, long transfer, long idle)
    {
        MaxHead = (int)Math.Clamp(head, 256, 16 * 1024 * 1024);
        MaxBody = Math.Clamp(body, 0, Array.MaxLength / 2);
        TransferMillis = Math.Max(1, transfer / 1_000_000);
        IdleMillis = Math.Max(1, idle / 1_000_000);
    }

    /// <summary>The port.</summary>
    [Intrinsic("Server.port")]
    public long Port { get; }

    /// <summary>The next connection; None when the server has been stopped.</summary>
    [Intrinsic("Server.accept")]
    public Status Accept(SigilTask task, out Option<HttpConnection> result, string site) => Completion.Begin(task, AcceptAsync, out result, site, "a connection");

    /// <summary>Accepts no more, and closes the connections that no request is on.</summary>
    [Intrinsic("Server.stop")]
    public void Stop()
    {
        HttpConnection[] open;
        lock (gate)
        {
            if (isStopping) return;
            Volatile.Write(ref isStopping, true);
            open = [.. connections];
            // Those that are busy are still watched.
            if (open.Length == 0) watch.Dispose();
        }

        socket.Dispose();
        foreach (var connection in open) connection.CloseIfIdle();
    }

    internal void Forget(HttpConnection connection)
    {
        lock (gate)
        {
            connections.Remove(connection);
            if (isStopping && connections.Count == 0) watch.Dispose();
        }
    }

    /// <summary>Whether newcomers wait although nobody can accept them: then connections that only stay in case of another request must go.</summary>
    internal bool HasQueue
    {
        get
        {
            try
            {
                return Volatile.Read(ref acceptors) == 0 && socket.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception problem) when (NetCodes.IsExpected(problem))
            {
                return false;
            }
        }
    }

    private async ValueTask<Option<HttpConnection>> AcceptAsync(CancellationToken cancelled)
    {
        Interlocked.Increment(ref acceptors);
        try
        {
            return await AcceptNext(cancelled).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref acceptors);
        }
    }

    private async ValueTask<Option<HttpConnection>> AcceptNext(CancellationToken cancelled)
    {
        while (!IsStopping)
        {
            try
            {
                var accepted = await socket.AcceptAsync(cancelled).ConfigureAwait(false);
                if (Descriptors.AreFew())
                {
                    accepted.Dispose();
                    await Task.Delay(50, cancelled).ConfigureAwait(false);
                    continue;
                }

                var connection = new HttpConnection(this, accepted);
                lock (gate)
                {
                    if (!isStopping)
                    {
                        connections.Add(connection);
                        return Option<HttpConnection>.Some(connection);
                    }
                }

                connection.Close();
            }
            catch (SocketException problem) when (!IsStopping && problem.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                // Others will close; meanwhile newcomers wait in the system's queue.
                await Task.Delay(50, cancelled).ConfigureAwait(false);
            }
            catch (SocketException) when (!IsStopping)
            {
                // That one connection has failed.
            }
            catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        return Option<HttpConnection>.None;
    }

    private void Look()
    {
        var now = Environment.TickCount64;
        var makesRoom = HasQueue;
        List<HttpConnection>? found = null;
        lock (gate)
        {
            foreach (var connection in connections)
                if (makesRoom || connection.IsOverdue(now)) (found ??= []).Add(connection);
        }

        foreach (var connection in found ?? [])
        {
            connection.CloseIfIdle();
            if (connection.IsOverdue(now)) connection.Abort();
        }
    }
}
