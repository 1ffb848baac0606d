using System.Net;
using System.Net.Sockets;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Net;

/// <summary>std.net's <c>TcpListener</c>. Tasks may share it.</summary>
public sealed class TcpListener
{
    private const int Backlog = 512;
    private readonly Socket socket;

    private TcpListener(Socket socket) => this.socket = socket;

    /// <summary>Listens at <c>host:port</c>; port 0 lets the system choose.</summary>
    [Intrinsic("net.listen_tcp")]
    public static (long Code, Option<TcpListener> Value, string Text) Listen(string address)
    {
        if (Addresses.Split(address) is not var (host, port)) return (NetCodes.InvalidAddress, Option<TcpListener>.None, address);
        try
        {
            using var blocking = Blocking.Section();
            return (0, Option<TcpListener>.Some(new TcpListener(Addresses.Listen(host, port, Backlog))), "");
        }
        catch (Exception problem) when (NetCodes.IsExpected(problem))
        {
            var (code, text) = NetCodes.Of(problem);
            return (code, Option<TcpListener>.None, text);
        }
    }

    /// <summary>The port.</summary>
    [Intrinsic("TcpListener.port")]
    public long Port() => ((IPEndPoint)socket.LocalEndPoint!).Port;

    /// <summary>The next connection; the thread waits.</summary>
    [Intrinsic("TcpListener.accept_raw")]
    public (long Code, Option<TcpStream> Value, string Text) Accept() => Completion.Await(AcceptAsync);

    /// <summary>The next connection; the task waits.</summary>
    [Intrinsic("TcpListener.accept_raw")]
    public Status Accept(SigilTask task, out (long Code, Option<TcpStream> Value, string Text) result, string site) =>
        Completion.Begin(task, AcceptAsync, out result, site, "a connection");

    /// <summary>Accepts no more; those that wait are told.</summary>
    [Intrinsic("TcpListener.close")]
    public void Close() => socket.Dispose();

    private async ValueTask<(long, Option<TcpStream>, string)> AcceptAsync(CancellationToken cancelled)
    {
        try
        {
            var accepted = await socket.AcceptAsync(cancelled).ConfigureAwait(false);
            if (!Descriptors.AreFew()) return (0, Option<TcpStream>.Some(new TcpStream(accepted)), "");
            accepted.Dispose();
            throw new SocketException((int)SocketError.TooManyOpenSockets);
        }
        catch (Exception problem) when (NetCodes.IsExpected(problem))
        {
            var (code, text) = NetCodes.Of(problem);
            return (code, Option<TcpStream>.None, text);
        }
    }
}
