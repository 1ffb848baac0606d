using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>
/// std.net.http's client: one exchange, blocking. Codes: 1 connection failed, 2 timeout, 3 invalid URL, 4 input or output failed while reading.
/// </summary>
public static class HttpExchange
{
    private static readonly Lazy<HttpClient> client = new(() => new HttpClient(new SocketsHttpHandler
    {
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    { Timeout = Timeout.InfiniteTimeSpan });

    /// <summary>Sends a request and reads the whole answer. A timeout below zero means none. Header names of the answer are in lower case.</summary>
    [Intrinsic("net.http.exchange"), ReadsOnly]
    public static (long Code, (long Status, SigilList<(string Name, string Value)> Headers, string Body) Value, string Text) Run(
        string method, string url, SigilList<(string Name, string Value)> headers, Option<string> body, long timeout)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return Fail(3, url);
        using var blocking = Blocking.Section();
        using var patience = new CancellationTokenSource();
        if (timeout >= 0)
            patience.CancelAfter(TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(timeout / 1e6), int.MaxValue)));
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), address);
            if (body.HasValue)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.Value));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain") { CharSet = "utf-8" };
            }
            foreach (var (name, value) in headers.Span)
                Add(request, name, value);
            using var response = client.Value.Send(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            using var content = new MemoryStream();
            using (var stream = response.Content.ReadAsStream(patience.Token))
                stream.CopyToAsync(content, patience.Token).GetAwaiter().GetResult();
            return (0, ((long)response.StatusCode, HeadersOf(response), TextOf(content, response)), "");
        }
        catch (OperationCanceledException)
        {
            return Fail(2, url);
        }
        catch (HttpRequestException problem)
        {
            return Fail(1, TextIndex.WellFormed(problem.InnerException?.Message ?? problem.Message));
        }
        catch (IOException problem)
        {
            return Fail(4, TextIndex.WellFormed(problem.Message));
        }
        catch (Exception problem) when (problem is FormatException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return Fail(3, TextIndex.WellFormed(problem.Message));
        }
    }

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (request.Headers.TryAddWithoutValidation(name, value))
            return;
        request.Content ??= new ByteArrayContent([]);
        request.Content.Headers.Remove(name);
        request.Content.Headers.TryAddWithoutValidation(name, value);
    }

    private static SigilList<(string, string)> HeadersOf(HttpResponseMessage response)
    {
        var headers = SigilList<(string, string)>.WithCapacity(8);
        foreach (var header in response.Headers.Concat(response.Content.Headers))
            headers = headers.Append((TextIndex.WellFormed(header.Key.ToLowerInvariant()), TextIndex.WellFormed(string.Join(", ", header.Value))));
        return headers;
    }

    private static string TextOf(MemoryStream content, HttpResponseMessage response)
    {
        var charset = response.Content.Headers.ContentType?.CharSet?.Trim('"');
        var encoding = Encoding.UTF8;
        try
        {
            if (!string.IsNullOrEmpty(charset))
                encoding = Encoding.GetEncoding(charset);
        }
        catch (ArgumentException)
        {
            // An unknown name: most likely UTF-8 all the same.
        }
        return TextIndex.WellFormed(encoding.GetString(content.GetBuffer(), 0, (int)content.Length));
    }

    private static (long, (long, SigilList<(string, string)>, string), string) Fail(long code, string text) =>
        (code, (0, SigilList<(string, string)>.Empty, ""), text);
}
