using System.Diagnostics;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>What a program has printed is there for whoever reads it while the program waits, also through a pipe.</summary>
public sealed class WaitingOutputTests
{
    [Fact]
    public async Task A_program_ends_when_nobody_reads_its_output()
    {
        using var folder = new Folder().With("main.si", "@main () -> void uses Async = loop(run(print(\"ready\"), sleep(1ms)))\n");
        using var process = SigilCommand.Start(folder.Path, [], "run", "main.si");
        try
        {
            Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            process.StandardOutput.Close();
            using var limit = new CancellationTokenSource(SigilCommand.HangLimit);
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(141, process.ExitCode);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Theory]
    [InlineData("@main () -> void uses Async = run(print(\"ready\"), sleep(1h))")]
    [InlineData("use std.time { Clock }\n@main () -> void uses Clock = run(print(\"ready\"), Clock.sleep(1h))")]
    [InlineData("use std.net { listen, NetError }\n@main () -> Result<void, NetError> uses Network = run(let l = listen(\"127.0.0.1:0\")?, print(\"ready\"), let _ = l.accept()?, Ok(()))")]
    [InlineData("@main () -> void uses Async = run(let { producer, consumer } = channel<int>(.buffer: 1), parallel(.a: run(print(\"ready\"), sleep(1h), producer.close()), .b: (for x in consumer do print(x))), ())")]
    [InlineData("@main () -> void = run(let n = 0, loop(run(if n % 1_000_000 == 0 then print(\"ready\"), n = n + 1)))")]
    public async Task It_is_there_before_the_program_ends(string program)
    {
        using var folder = new Folder().With("main.si", program + "\n");
        var start = new ProcessStartInfo("dotnet", [SigilCommand.Path, "run", "main.si"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true };
        start.Environment["SIGIL_CACHE"] = "off";
        using var process = Process.Start(start)!;
        try
        {
            var line = process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
            Assert.Same(line, await Task.WhenAny(line, Task.Delay(SigilCommand.HangLimit, TestContext.Current.CancellationToken)));
            Assert.Equal("ready", await line);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
