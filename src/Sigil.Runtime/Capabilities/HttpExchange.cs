using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>
/// std.net.http's client: one exchange. Codes: 1 connection failed, 2 timeout, 3 invalid URL, 4 input or output failed while reading.
/// </summary>
public static class HttpExchange
{
    // More does not fit into a text that anybody wants.
    private const long MaxBody = 512L * 1024 * 1024;
    private static readonly Lazy<HttpClient> client = new(() => new HttpClient(new SocketsHttpHandler
    {
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    { Timeout = Timeout.InfiniteTimeSpan });

    /// <summary>Sends a request and reads the whole answer; the thread waits. A timeout below zero means none. Header names of the answer are in lower case.</summary>
    [Intrinsic("net.http.exchange"), ReadsOnly]
    public static (long Code, (long Status, SigilMap<string, string> Headers, string Body) Value, string Text) Run(
        string method, string url, SigilMap<string, string> headers, Option<string> body, long timeout) =>
        Completion.Await(cancelled => RunAsync(method, url, headers, body, timeout, cancelled));

    /// <summary>Sends a request and reads the whole answer; the task waits, and cancelling it ends the exchange.</summary>
    [Intrinsic("net.http.exchange"), ReadsOnly]
    public static Status Run(
        SigilTask task, string method, string url, SigilMap<string, string> headers, Option<string> body, long timeout,
        out (long Code, (long Status, SigilMap<string, string> Headers, string Body) Value, string Text) result, string site) =>
        Completion.Begin(task, cancelled => RunAsync(method, url, headers, body, timeout, cancelled), out result, site, "an HTTP answer");

    private static async ValueTask<(long, (long, SigilMap<string, string>, string), string)> RunAsync(
        string method, string url, SigilMap<string, string> headers, Option<string> body, long timeout, CancellationToken cancelled)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return Fail(3, url);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
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
            for (var i = headers.NextIndex(0); i >= 0; i = headers.NextIndex(i + 1))
            {
                // .NET sends a value as it is: with a line end in it, it would be more than one header.
                if (headers.ValueAt(i).AsSpan().ContainsAny('\r', '\n', '\0')) return Fail(4, $"the header {Literals.Quote(headers.KeyAt(i))} holds the end of a line");
                Add(request, headers.KeyAt(i), headers.ValueAt(i));
            }

            using var response = await client.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            using var content = new MemoryStream();
            using (var stream = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false))
            {
                var part = new byte[16 * 1024];
                while (await stream.ReadAsync(part, patience.Token).ConfigureAwait(false) is > 0 and var count)
                {
                    if (content.Length + count > MaxBody) return Fail(4, "the answer is too large");
                    content.Write(part, 0, count);
                }
            }
            return (0, ((long)response.StatusCode, HeadersOf(response), TextOf(content, response)), "");
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            return Fail(2, url);
        }
        catch (HttpRequestException problem)
        {
            return Fail(1, TextIndex.WellFormed(problem.InnerException?.Message ?? problem.Message));
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or InvalidOperationException)
        {
            // The last two come of answers that are compressed, and not as they say.
            return Fail(4, TextIndex.WellFormed(problem.Message));
        }
        catch (Exception problem) when (problem is FormatException or ArgumentException or NotSupportedException)
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

    private static SigilMap<string, string> HeadersOf(HttpResponseMessage response)
    {
        var headers = SigilMap<string, string>.Empty;
        foreach (var header in response.Headers.Concat(response.Content.Headers))
            headers = headers.Insert(TextIndex.WellFormed(header.Key.ToLowerInvariant()), TextIndex.WellFormed(string.Join(", ", header.Value)));
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

    private static (long, (long, SigilMap<string, string>, string), string) Fail(long code, string text) =>
        (code, (0, SigilMap<string, string>.Empty, ""), text);
}
