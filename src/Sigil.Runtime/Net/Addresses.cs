using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sigil.Runtime.Net;

/// <summary>Addresses as the library writes them: <c>host:port</c>, <c>[::1]:port</c>.</summary>
internal static class Addresses
{
    private const int MaxName = 253;

    /// <summary>Takes an address apart; null when it is none.</summary>
    public static (string Host, int Port)? Split(string address)
    {
        var colon = address.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535) return null;
        var host = address[..colon];
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        else if (host.Contains(':')) return null;
        return (host, port);
    }

    /// <summary>The numbers of a host; an empty one is every interface.</summary>
    public static async ValueTask<IPAddress[]> Resolve(string host, CancellationToken cancelled) => host switch
    {
        "" or "*" => [IPAddress.Any],
        "localhost" => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        _ when IPAddress.TryParse(host, out var number) => [number],
        // A longer name is none (RFC 1035).
        { Length: > MaxName } => throw new SocketException((int)SocketError.HostNotFound),
        _ => await Dns.GetHostAddressesAsync(host, cancelled).ConfigureAwait(false),
    };

    /// <summary>A socket that listens; the system chooses a port for 0.</summary>
    public static Socket Listen(string host, int port, int backlog)
    {
        var number = Resolve(host, CancellationToken.None).AsTask().GetAwaiter().GetResult().FirstOrDefault() ?? throw new SocketException((int)SocketError.HostNotFound);
        var socket = new Socket(number.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(number, port));
            socket.Listen(backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>An end point in the library's form.</summary>
    public static string Text(EndPoint? end) => end is not IPEndPoint ip ? ""
        : ip.Address.IsIPv4MappedToIPv6 ? $"{ip.Address.MapToIPv4()}:{ip.Port}"
        : ip.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{ip.Address}]:{ip.Port}" : $"{ip.Address}:{ip.Port}";
}
