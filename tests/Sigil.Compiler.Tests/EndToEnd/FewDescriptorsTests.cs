using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>More clients than the system lets a server have open files: it turns some away and goes on.</summary>
public sealed class FewDescriptorsTests
{
    private const string Program = """
        use std.net.http { Server, Request, Response, HttpError }

        @main () -> Result<void, HttpError> uses Http = run(
            let server = Server.bind("127.0.0.1:0")?,
            print(server.port()),
            server.serve(_ -> Response { status: 200, body: "served" }),
        )
        """;

    [Fact]
    public async Task A_server_outlives_them()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new Folder().With("main.si", Program + "\n");
        var start = new ProcessStartInfo("/bin/sh", ["-c", "ulimit -n 160; exec dotnet \"$@\"", "sh", SigilCommand.Path, "run", "main.si"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true };
        start.Environment["SIGIL_CACHE"] = "off";
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        var clients = new List<TcpClient>();
        try
        {
            var port = int.Parse((await process.StandardOutput.ReadLineAsync(limit.Token))!, CultureInfo.InvariantCulture);
            Assert.Equal("served", await Ask(port, limit.Token));
            for (var i = 0; i < 400; i++)
            {
                clients.Add(new TcpClient());
                await clients[i].ConnectAsync("127.0.0.1", port, limit.Token);
            }

            // Once some of them are served, all of the others are accepted and turned away, so this one too is answered or turned away.
            _ = await Ask(port, limit.Token);
            foreach (var client in clients) client.Dispose();
            while (await Ask(port, limit.Token) != "served") await Task.Delay(20, limit.Token);
            Assert.False(process.HasExited);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>The answer, null when the server has closed the connection.</summary>
    private static async Task<string?> Ask(int port, CancellationToken limit)
    {
        using var client = new HttpClient();
        try
        {
            return await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/"), limit);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
