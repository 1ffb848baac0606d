using System.Diagnostics;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>Descriptors that the caller has closed, and too few of them.</summary>
public sealed class DescriptorTests
{
    // Reads all of its input, has children that do, and writes files while standard streams may be closed.
    private const string Program = """
        use std.io { IO, stdin }
        use std.fs { FileSystem, write_file, read_file }
        use std.process { Process, Command, Stdio }

        @main () -> void uses IO, FileSystem, Process = run(
            let own = stdin().read_to_string().unwrap(),
            let child = Command.new("cat").stdin(Inherit).output().unwrap().stdout,
            let written = write_file("seen", `input {own.len()} child {child.len()}`),
            print("to nobody, or to you"),
            IO.eprint("likewise"),
            let echo = Command.new("/bin/sh").args(["-c", "echo child; echo error >&2"]).stdout(Inherit).stderr(Inherit).status(),
        )
        """;

    [Theory]
    [InlineData("<&-", "to nobody, or to you\nchild\n", "likewise\nerror\n")]
    [InlineData(">&-", "", "likewise\nerror\n")]
    [InlineData("2>&-", "to nobody, or to you\nchild\n", "")]
    [InlineData("<&- >&- 2>&-", "", "")]
    public void A_closed_standard_stream_is_empty(string closed, string output, string error)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new Folder().With("main.si", Program + "\n");
        Assert.Equal(new CommandResult(0, output, error), SigilCommand.RunInShell(folder.Path, $"exec \"$@\" {closed}", "run", "main.si", "an argument", ""));
        Assert.Equal("input 0 child 0", File.ReadAllText(folder.At("seen")));
    }

    [Fact]
    public async Task So_it_is_for_a_program_that_was_built()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new Folder().With("main.si", Program + "\n");
        Assert.Equal(0, SigilCommand.Run(folder.Path, "build", "main.si").ExitCode);
        foreach (var start in (string[])["out/main", "dotnet out/main.dll"])
        {
            var info = new ProcessStartInfo("/bin/sh", ["-c", $"exec {start} <&- 2>&-"]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true };
            using var process = Process.Start(info)!;
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.True(process.WaitForExit(SigilCommand.HangLimit));
            Assert.Equal((0, "to nobody, or to you\nchild\n"), (process.ExitCode, await output));
            Assert.Equal("input 0 child 0", File.ReadAllText(folder.At("seen")));
        }
    }

    [Fact]
    public void Too_few_descriptors_are_told_in_words()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var folder = new Folder().With("main.si", "@main () -> void = print(\"x\")\n");
        var run = SigilCommand.RunInShell(folder.Path, "ulimit -n 60; exec \"$@\"", "run", "main.si");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("error[E9104]: too few files may be open: the limit is 60, ", run.Error, StringComparison.Ordinal);
        Assert.Contains("= help: raise it", run.Error, StringComparison.Ordinal);
        Assert.Equal(new CommandResult(0, "x\n", ""), SigilCommand.RunInShell(folder.Path, "ulimit -n 110; exec \"$@\"", "run", "main.si"));
    }

    // Each of them ends with lines that nobody has received yet: more of them than a quarter of the files that may be open.
    [Fact]
    public void Many_processes_whose_output_waits_keep_nobody_from_the_others()
    {
        if (!OperatingSystem.IsLinux()) return;
        const string program = """
            @talk (n: int) -> int = run(
                print("a"),
                print("b"),
                print("c"),
                n,
            )

            @hold (left: int) -> int uses Async, ProcessIsolation = if left == 0 then 0
            else run(
                let { producer, consumer } = channel<str>(.buffer: 1),
                let r = spawn_process(.task: talk, .input: left, .output: producer).wait(),
                let rest = hold(left - 1),
                let first = consumer.receive(),
                rest + r.unwrap_or(0),
            )

            @main () -> void uses Async, ProcessIsolation = print(str(hold(45)))
            """;
        using var folder = new Folder().With("main.si", program + "\n");
        Assert.Equal(new CommandResult(0, "1035\n", ""), SigilCommand.RunInShell(folder.Path, "ulimit -n 160; exec timeout 250 \"$@\"", "run", "main.si"));
    }

    [Fact]
    public void A_connection_for_which_none_is_left_is_an_error_of_the_network()
    {
        if (!OperatingSystem.IsLinux()) return;
        const string program = """
            use std.net { Network }

            @connect (n: int, port: int) -> int uses Network = if n == 0 then 0
            else match(Network.connect(`127.0.0.1:{port}`, 2s),
                Ok(s) -> run(let rest = connect(n - 1, port), s.close(), rest),
                Err(e) -> run(print(e.to_string()), n),
            )

            @main () -> void uses Network = match(Network.listen("127.0.0.1:0"),
                Ok(l) -> print(str(connect(300, l.port()) > 0)),
                Err(e) -> print(e.to_string()),
            )
            """;
        using var folder = new Folder().With("main.si", program + "\n");
        var run = SigilCommand.RunInShell(folder.Path, "ulimit -n 150; exec \"$@\"", "run", "main.si");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("Other(\"Too many open files", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("\ntrue\n", run.Output, StringComparison.Ordinal);
    }
}
