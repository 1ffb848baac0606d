using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Net;

/// <summary>The head of a request: request line and headers (RFC 9112). What is not quite right is refused.</summary>
internal sealed class HttpHead
{
    private static readonly SearchValues<byte> tokenBytes = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);
    // Names that most requests have: one string for all of them.
    private static readonly string[] commonNames =
    [
        "accept", "accept-encoding", "accept-language", "authorization", "cache-control", "connection", "content-length", "content-type", "cookie", "host",
        "if-modified-since", "if-none-match", "origin", "pragma", "range", "referer", "transfer-encoding", "upgrade", "user-agent", "x-forwarded-for", "x-request-id",
    ];
    private static readonly Dictionary<int, string[]> commonByLength = commonNames.GroupBy(n => n.Length).ToDictionary(g => g.Key, g => g.ToArray());

    public string Method { get; private set; } = "";
    public string Target { get; private set; } = "";
    public SigilMap<string, string> Headers { get; private set; } = SigilMap<string, string>.Empty;
    public bool KeepAlive { get; private set; } = true;
    public bool IsChunked { get; private set; }
    public bool ExpectsContinue { get; private set; }
    public long Length { get; private set; }

    /// <summary>Reads a head without the empty line behind it; a status to refuse it with, or 0.</summary>
    public int Parse(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf((byte)'\n');
        var status = RequestLine(Line(head, end), out var isOld);
        if (status != 0) return status;
        var hasLength = false;
        var hasHost = false;
        while (end >= 0)
        {
            head = head[(end + 1)..];
            end = head.IndexOf((byte)'\n');
            var line = Line(head, end);
            if (line.IsEmpty) continue;
            var colon = line.IndexOf((byte)':');
            // Blanks before the colon, and lines that go on, are the stuff of attacks.
            if (colon <= 0 || line[..colon].ContainsAnyExcept(tokenBytes)) return 400;
            var name = Name(line[..colon]);
            var raw = line[(colon + 1)..].Trim(" \t"u8);
            if (raw.ContainsAny((byte)'\0', (byte)'\r')) return 400;
            var value = Value(raw);
            var known = Headers.Get(name);
            if (name == "content-length")
            {
                if (hasLength && known.Value != value) return 400;
                if (!Utf8Parser.TryParse(raw, out long length, out var used) || used != raw.Length || length < 0 || raw[0] == '+') return 400;
                Length = length;
                hasLength = true;
            }
            else if (name == "transfer-encoding")
            {
                if (!value.Equals("chunked", StringComparison.OrdinalIgnoreCase) || IsChunked) return 501;
                IsChunked = true;
            }
            else if (name == "host")
            {
                if (hasHost) return 400;
                hasHost = true;
            }
            else if (name == "connection")
            {
                if (value.Contains("close", StringComparison.OrdinalIgnoreCase)) KeepAlive = false;
                else if (isOld && value.Contains("keep-alive", StringComparison.OrdinalIgnoreCase)) KeepAlive = true;
            }
            else if (name == "expect")
            {
                if (!value.Equals("100-continue", StringComparison.OrdinalIgnoreCase)) return 417;
                ExpectsContinue = !isOld;
            }

            if (name != "content-length" || !known.HasValue)
                Headers = Headers.Insert(name, known.HasValue ? known.Value + (name == "cookie" ? "; " : ", ") + value : value);
        }

        // Two ways to say where the body ends: whoever believes the other one is attacked.
        if (IsChunked && (hasLength || isOld)) return 400;
        return hasHost || isOld ? 0 : 400;
    }

    private int RequestLine(ReadOnlySpan<byte> line, out bool isOld)
    {
        isOld = false;
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first + 1 || line[..first].ContainsAnyExcept(tokenBytes)) return 400;
        var version = line[(last + 1)..];
        if (version.SequenceEqual("HTTP/1.0"u8))
        {
            isOld = true;
            KeepAlive = false;
        }
        else if (!version.SequenceEqual("HTTP/1.1"u8)) return version.StartsWith("HTTP/"u8) ? 505 : 400;

        var target = line[(first + 1)..last];
        if (target.ContainsAnyInRange((byte)0, (byte)' ') || target.Contains((byte)0x7f)) return 400;
        Method = line[..first] switch
        {
            var m when m.SequenceEqual("GET"u8) => "GET",
            var m when m.SequenceEqual("POST"u8) => "POST",
            var m => Encoding.ASCII.GetString(m),
        };
        Target = Value(target);
        return 0;
    }

    private static ReadOnlySpan<byte> Line(ReadOnlySpan<byte> text, int end)
    {
        var line = end < 0 ? text : text[..end];
        return line.Length > 0 && line[^1] == '\r' ? line[..^1] : line;
    }

    private static string Name(ReadOnlySpan<byte> name)
    {
        if (commonByLength.TryGetValue(name.Length, out var candidates))
            foreach (var candidate in candidates)
                if (Ascii.EqualsIgnoreCase(name, candidate)) return candidate;
        return Encoding.ASCII.GetString(name).ToLowerInvariant();
    }

    // UTF-8 where it is that, Latin-1 otherwise, as browsers send it.
    private static string Value(ReadOnlySpan<byte> value) =>
        System.Text.Unicode.Utf8.IsValid(value) ? Encoding.UTF8.GetString(value) : TextIndex.WellFormed(Encoding.Latin1.GetString(value));
}
