namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>A task that waits for standard input can be given up, and has taken nothing then.</summary>
public sealed class WaitingInputTests
{
    private const string Given = """
        use std.io { read_line, stdin, buffered, BufReader, Reader }

        @told<T, E> (outcome: Result<T, E>) -> void = print(if outcome.is_ok() then "came" else "timed out")

        @main () -> void uses IO, Async, Clock = run(
            told(timeout(op: read_line(), after: 50ms)),
            told(timeout(op: stdin().read_line(), after: 50ms)),
            told(timeout(op: stdin().read_all(), after: 50ms)),
            let lines = buffered(stdin()),
            told(timeout(op: lines.read_line(), after: 50ms)),
            print(lines.read_line().unwrap_or(None).unwrap_or("nothing")),
            print(lines.read_line().unwrap_or(None).unwrap_or("nothing")),
        )
        """;

    private const string Raced = """
        use std.io { read_line }

        @main () -> void uses IO, Async, Clock = run(
            let first = race(
                .line: run(read_line(), "line"),
                .time: run(sleep(20ms), "time"),
            ),
            print(first),
            // Nobody waits any more: the program can end.
        )
        """;

    [Fact]
    public async Task What_came_before_it_was_given_up_is_there_for_the_next()
    {
        using var folder = new Folder().With("main.si", Given + "\n");
        using var process = SigilCommand.StartTalking(folder.Path, [], "run", "main.si");
        try
        {
            await process.StandardInput.WriteAsync("par");
            await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            for (var i = 0; i < 4; i++) Assert.Equal("timed out", await Line(process));
            await process.StandardInput.WriteAsync("tial\nlast");
            process.StandardInput.Close();
            Assert.Equal("partial", await Line(process));
            Assert.Equal("last", await Line(process));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task A_program_ends_while_nothing_comes()
    {
        using var folder = new Folder().With("main.si", Raced + "\n");
        using var process = SigilCommand.StartTalking(folder.Path, [], "run", "main.si");
        try
        {
            Assert.Equal("time", await Line(process));
            using var limit = new CancellationTokenSource(SigilCommand.HangLimit);
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string?> Line(System.Diagnostics.Process process)
    {
        using var limit = new CancellationTokenSource(SigilCommand.HangLimit);
        return await process.StandardOutput.ReadLineAsync(limit.Token);
    }
}
