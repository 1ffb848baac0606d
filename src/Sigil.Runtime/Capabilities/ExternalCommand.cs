using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>std.process: commands of the system. Codes: 1 not found, 2 permission denied, 3 other (with a text).</summary>
public sealed class ExternalCommand
{
    private const int NoEntry = 2, AccessDenied = 13;
    private readonly Process process;
    private readonly Task ended;
    private readonly Task<(long Status, string Output, string Error)> done;

    private ExternalCommand(Process process, string stdinText)
    {
        this.process = process;
        Id = process.Id;
        // Both pipes are emptied while the command runs: a full one would stop it.
        var output = process.StartInfo.RedirectStandardOutput ? ReadToEnd(process.StandardOutput) : Task.FromResult("");
        var error = process.StartInfo.RedirectStandardError ? ReadToEnd(process.StandardError) : Task.FromResult("");
        var input = process.StartInfo.RedirectStandardInput ? Feed(process.StandardInput, stdinText) : Task.CompletedTask;
        ended = process.WaitForExitAsync();
        done = Collect(input, output, error);
    }

    /// <summary>
    /// Starts a command. <paramref name="environment"/> is added to this process's, an empty <paramref name="directory"/> is the current one;
    /// streams: 0 inherit, 1 piped (input: the text), 2 nothing.
    /// </summary>
    [Intrinsic("process.start_command"), ReadsOnly]
    public static (long Code, Option<ExternalCommand> Value, string Text) Start(
        string program, SigilList<string> arguments, SigilList<(string, string)> environment, string directory,
        string stdinText, long stdin, long stdout, long stderr)
    {
        if (program.Length == 0 || program.Contains('\0'))
            return (1, Option<ExternalCommand>.None, program);
        if (Problem(arguments.Span, environment.Span, directory) is { } reason)
            return (3, Option<ExternalCommand>.None, reason);
        StandardStreams.Flush();
        // "Nothing" is a pipe that is closed, or emptied, at once.
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = stdin != 0,
            RedirectStandardOutput = stdout != 0,
            RedirectStandardError = stderr != 0,
            WorkingDirectory = directory,
        };
        foreach (var argument in arguments.Span)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment.Span)
            start.Environment[name] = value;
        try
        {
            var process = Process.Start(start);
            return process == null
                ? (3, Option<ExternalCommand>.None, "the command did not start")
                : (0, Option<ExternalCommand>.Some(new ExternalCommand(process, stdin == 1 ? stdinText : "")), "");
        }
        catch (Win32Exception problem)
        {
            var code = Directory.Exists(program) ? AccessDenied : problem.NativeErrorCode;
            return (code switch { NoEntry => 1, AccessDenied => 2, _ => 3 }, Option<ExternalCommand>.None,
                code == NoEntry ? program : code == 0 ? TextIndex.WellFormed(problem.Message) : Marshal.GetPInvokeErrorMessage(code));
        }
        catch (Exception problem) when (problem is InvalidOperationException or IOException or ArgumentException)
        {
            return (3, Option<ExternalCommand>.None, TextIndex.WellFormed(problem.Message));
        }
    }

    // What the system would cut off, or take for something else.
    private static string? Problem(ReadOnlySpan<string> arguments, ReadOnlySpan<(string Name, string Value)> environment, string directory)
    {
        foreach (var argument in arguments)
            if (argument.Contains('\0')) return "an argument holds a zero character";
        foreach (var (name, value) in environment)
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\0') || value.Contains('\0')) return $"a variable cannot be {Literals.Quote(name)}";
        return directory.Length == 0 || Directory.Exists(directory) ? null : $"there is no directory {directory}";
    }

    /// <summary>Blocks until the command has ended; its exit code (128 + n after signal n), and what it wrote to pipes.</summary>
    [Intrinsic("ExternalCommand.wait_raw"), Intrinsic("ExternalCommand.finish_raw")]
    public (long Status, string Output, string Error) Wait() => Completion.Await(_ => new ValueTask<(long, string, string)>(done));

    /// <summary>As <see cref="Wait()"/>, for a task: it waits for the end on no thread. A cancelled task leaves the command running.</summary>
    [Intrinsic("ExternalCommand.wait_raw")]
    public Status Wait(SigilTask task, out (long Status, string Output, string Error) result, string site) =>
        Completion.Begin(task, cancelled => new ValueTask<(long, string, string)>(done.WaitAsync(cancelled)), out result, site, "a command to end");

    /// <summary>As <see cref="Wait(SigilTask, out ValueTuple{long, string, string}, string)"/>, for a command that nobody else knows: a cancelled task ends it.</summary>
    [Intrinsic("ExternalCommand.finish_raw")]
    public Status Finish(SigilTask task, out (long Status, string Output, string Error) result, string site) =>
        Completion.Begin(task, FinishAsync, out result, site, "a command to end");

    private async ValueTask<(long, string, string)> FinishAsync(System.Threading.CancellationToken cancelled)
    {
        try
        {
            return await done.WaitAsync(cancelled).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Its pipes may live on in processes that have left its tree.
            if (Kill()) await ended.ConfigureAwait(false);
            throw;
        }
    }

    private async Task<(long, string, string)> Collect(Task input, Task<string> output, Task<string> error)
    {
        await ended.ConfigureAwait(false);
        await input.ConfigureAwait(false);
        var written = (process.ExitCode, await output.ConfigureAwait(false), await error.ConfigureAwait(false));
        lock (process) process.Dispose();
        return written;
    }

    /// <summary>Ends the command and what it has started; false when it could not.</summary>
    [Intrinsic("ExternalCommand.kill_raw")]
    public bool Kill()
    {
        try
        {
            lock (process)
                if (!ended.IsCompleted) process.Kill(entireProcessTree: true);
            return true;
        }
        catch (Exception problem) when (problem is InvalidOperationException or Win32Exception or NotSupportedException or AggregateException)
        {
            return ended.IsCompleted;
        }
    }

    /// <summary>The system's number of the command.</summary>
    [Intrinsic("ExternalCommand.id")]
    public long Id { get; }

    /// <summary>The system's number of this process.</summary>
    [Intrinsic("process.own_id")]
    public static long OwnId() => Environment.ProcessId;

    /// <summary>Ends this process at once, after writing out buffered output.</summary>
    [Intrinsic("process.exit_now"), System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void Exit(long code)
    {
        Environment.Exit(StandardStreams.Finish((int)(code & 0xFF)));
    }

    // Not the reader's own decoding, which takes some beginnings for UTF-16.
    private static async Task<string> ReadToEnd(StreamReader reader)
    {
        using var pipe = reader.BaseStream;
        using var bytes = new MemoryStream();
        await pipe.CopyToAsync(bytes).ConfigureAwait(false);
        return TextIndex.WellFormed(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    private static async Task Feed(StreamWriter writer, string text)
    {
        try
        {
            using var pipe = writer.BaseStream;
            await pipe.WriteAsync(Encoding.UTF8.GetBytes(text)).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The command did not want to read it all.
        }
    }
}
