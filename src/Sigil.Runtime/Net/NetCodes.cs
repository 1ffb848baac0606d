using System.Net.Sockets;
using Sigil.Runtime.Text;

namespace Sigil.Runtime.Net;

/// <summary>The codes that std.net turns into <c>NetError</c>.</summary>
internal static class NetCodes
{
    public const long Good = 0, Refused = 1, AddressInUse = 2, InvalidAddress = 3, HostNotFound = 4, TimedOut = 5, Closed = 6, Other = 7;

    public static bool IsExpected(Exception problem) => problem is SocketException or IOException or ObjectDisposedException or InvalidOperationException;

    public static (long Code, string Text) Of(Exception problem)
    {
        if (problem is IOException { InnerException: SocketException inner }) problem = inner;
        return problem switch
        {
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => (Refused, Text(problem)),
            SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => (AddressInUse, Text(problem)),
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => (InvalidAddress, Text(problem)),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => (HostNotFound, Text(problem)),
            SocketException { SocketErrorCode: SocketError.TimedOut } => (TimedOut, Text(problem)),
            SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown or SocketError.OperationAborted or SocketError.NotConnected }
                or ObjectDisposedException => (Closed, "the connection is closed"),
            _ => (Other, Text(problem)),
        };
    }

    /// <summary>Closes a connection so that the other side gets everything that was sent: without the shutdown, an operation that is still waiting makes the system throw that away.</summary>
    public static void Close(Socket socket, SocketShutdown end)
    {
        try
        {
            socket.Shutdown(end);
        }
        catch (Exception problem) when (IsExpected(problem))
        {
            // The other side was faster.
        }

        socket.Dispose();
    }

    private static string Text(Exception problem) => TextIndex.WellFormed(problem.Message);
}
