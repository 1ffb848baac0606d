using System.Diagnostics;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>The task tree of a running program, asked for from outside: the program goes on and ends as it would have.</summary>
public sealed class TaskDumpTests
{
    private const string Child = """
        @child (n: int) -> int uses Async = run(
            sleep(3ms),
            let { producer, consumer } = channel<int>(.buffer: 1),
            let r = parallel(.a: producer.send(n), .b: consumer.receive()),
            r.b.unwrap_or(0),
        )
        @round () -> int uses Async = run(
            let r = task_group(.spawn: g -> for i in 0..8 do g.spawn(child(i))),
            let t = timeout(.op: sleep(1h), .after: 5ms),
            r.map(x -> x.unwrap_or(0)).sum(),
        )

        """;

    private const string Busy = Child + """
        @main () -> void uses Async = run(
            let sum = 0,
            for i in 0..150 do sum = sum + round(),
            print(`{sum}`),
        )
        """;

    // Goes on until there is a file of that name.
    private const string Lasting = "use std.fs { exists }\n" + Child + """
        @main () -> void uses Async, FileSystem = run(
            print("runs"),
            while !exists("stop") do assert_eq(round(), 28),
            print("ends"),
        )
        """;

    [Fact]
    public async Task Many_signals_do_not_hold_a_program_up()
    {
        if (OperatingSystem.IsWindows()) return;
        var stop = TestContext.Current.CancellationToken;
        using var folder = new Folder();
        folder.With("main.si", Lasting);
        using var process = SigilCommand.Start(folder.Path, [], "run", "main.si");
        try
        {
            Assert.Equal("runs", await process.StandardOutput.ReadLineAsync(stop));
            for (var dumps = 0; dumps < 20; dumps++)
            {
                Signal(process);
                Signal(process);
                await Dump(process, stop);
            }

            folder.With("stop", "");
            var error = process.StandardError.ReadToEndAsync(stop);
            Assert.Equal("ends\n", await process.StandardOutput.ReadToEndAsync(stop));
            await error;
            await process.WaitForExitAsync(stop);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static void Signal(Process process)
    {
        using var kill = Process.Start("kill", ["-QUIT", $"{process.Id}"]);
        kill.WaitForExit();
    }

    private static async Task Dump(Process process, CancellationToken stop)
    {
        while (true)
        {
            var line = await process.StandardError.ReadLineAsync(stop);
            Assert.NotNull(line);
            if (line == "tasks:") return;
        }
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
        if (!process.WaitForExit(SigilCommand.HangLimit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("the program hangs");
        }
        Assert.Equal("4200\n", await output);
        Assert.Contains("waits for", await error, StringComparison.Ordinal);
        Assert.Contains("main.si:", await error, StringComparison.Ordinal);
    }
}
