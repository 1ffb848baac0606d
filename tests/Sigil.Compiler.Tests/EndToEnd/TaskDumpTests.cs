using System.Diagnostics;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>The task tree of a running program, asked for from outside: the program goes on and ends as it would have.</summary>
public sealed class TaskDumpTests
{
    private const string Busy = """
        @child (n: int) -> int uses Async = run(
            sleep(3ms),
            let { producer, consumer } = channel<int>(.buffer: 1),
            let r = parallel(.a: producer.send(n), .b: consumer.receive()),
            r.b.unwrap_or(0),
        )
        @main () -> void uses Async = run(
            let mut sum = 0,
            for round in 0..150 do run(
                let r = task_group(.spawn: g -> for i in 0..8 do g.spawn(child(i))),
                for x in r do sum = sum + x.unwrap_or(0),
                let t = timeout(.op: sleep(1h), .after: 5ms),
            ),
            print(`{sum}`),
        )
        """;

    [Fact]
    public async Task Many_signals_do_not_hold_a_program_up()
    {
        if (OperatingSystem.IsWindows()) return;
        var stop = TestContext.Current.CancellationToken;
        using var folder = new Folder();
        folder.With("main.si", Busy);
        using var process = SigilCommand.Start(folder.Path, [("SIGIL_DUMP_TASKS", "500")], "run", "main.si");
        var output = process.StandardOutput.ReadToEndAsync(stop);
        // The first regular dump: from here on the signal has its meaning.
        Assert.Equal("tasks:", await process.StandardError.ReadLineAsync(stop));
        var error = process.StandardError.ReadToEndAsync(stop);
        var clock = Stopwatch.StartNew();
        while (!process.HasExited && clock.Elapsed < TimeSpan.FromSeconds(60))
        {
            using var kill = Process.Start("kill", ["-QUIT", $"{process.Id}"]);
            await kill.WaitForExitAsync(stop);
            await Task.Delay(10, stop);
        }
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("the program hangs");
        }
        Assert.Equal("4200\n", await output);
        Assert.Equal(0, process.ExitCode);
        var dumps = (await error).Split("tasks:\n").Length - 1;
        Assert.True(dumps > clock.ElapsedMilliseconds / 500 + 3, $"{dumps} dumps in {clock.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task The_option_prints_the_tree_while_the_program_runs()
    {
        var stop = TestContext.Current.CancellationToken;
        using var folder = new Folder();
        folder.With("main.si", Busy);
        using var process = SigilCommand.Start(folder.Path, [("SIGIL_DUMP_TASKS", "20")], "run", "--dump-tasks", "main.si");
        var error = process.StandardError.ReadToEndAsync(stop);
        var output = process.StandardOutput.ReadToEndAsync(stop);
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("the program hangs");
        }
        Assert.Equal("4200\n", await output);
        Assert.Contains("waits for", await error, StringComparison.Ordinal);
        Assert.Contains("main.si:", await error, StringComparison.Ordinal);
    }
}
