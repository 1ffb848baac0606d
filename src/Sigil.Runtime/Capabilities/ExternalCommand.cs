using System.ComponentModel;
using System.Diagnostics;
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
    private static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly Process process;
    private readonly Task<string>? output, error;
    private readonly Task input;

    private ExternalCommand(Process process, string stdinText, bool readsOutput, bool readsError)
    {
        this.process = process;
        // Both pipes are emptied while the command runs: a full one would stop it.
        output = readsOutput ? process.StandardOutput.ReadToEndAsync() : null;
        error = readsError ? process.StandardError.ReadToEndAsync() : null;
        input = process.StartInfo.RedirectStandardInput ? Feed(process, stdinText) : Task.CompletedTask;
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
        if (stdin != 0)
            start.StandardInputEncoding = utf8;
        if (stdout != 0)
            start.StandardOutputEncoding = utf8;
        if (stderr != 0)
            start.StandardErrorEncoding = utf8;
        foreach (var argument in arguments.Span)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment.Span)
            start.Environment[name] = value;
        try
        {
            var process = Process.Start(start);
            return process == null
                ? (3, Option<ExternalCommand>.None, "the command did not start")
                : (0, Option<ExternalCommand>.Some(new ExternalCommand(process, stdin == 1 ? stdinText : "", stdout != 0, stderr != 0)), "");
        }
        catch (Win32Exception problem)
        {
            return (problem.NativeErrorCode switch { NoEntry => 1, AccessDenied => 2, _ => 3 }, Option<ExternalCommand>.None,
                problem.NativeErrorCode == NoEntry ? program : TextIndex.WellFormed(problem.Message));
        }
        catch (Exception problem) when (problem is InvalidOperationException or IOException or ArgumentException)
        {
            return (3, Option<ExternalCommand>.None, TextIndex.WellFormed(problem.Message));
        }
    }

    /// <summary>Blocks until the command has ended; its exit code (128 + n after signal n), and what it wrote to pipes.</summary>
    [Intrinsic("ExternalCommand.wait_raw")]
    public (long Status, string Output, string Error) Wait()
    {
        using var blocking = Blocking.Section();
        process.WaitForExit();
        input.Wait();
        return (process.ExitCode, Text(output), Text(error));
    }

    /// <summary>As <see cref="Wait()"/>, for a task: it waits for the end on no thread. A cancelled task leaves the command running.</summary>
    [Intrinsic("ExternalCommand.wait_raw")]
    public Status Wait(SigilTask task, out (long Status, string Output, string Error) result, string site) =>
        Completion.Begin(task, AwaitEnd, out result, site, "a command to end");

    private async ValueTask<(long, string, string)> AwaitEnd(System.Threading.CancellationToken cancelled)
    {
        await process.WaitForExitAsync(cancelled).ConfigureAwait(false);
        await input.WaitAsync(cancelled).ConfigureAwait(false);
        var written = output is null ? "" : await output.WaitAsync(cancelled).ConfigureAwait(false);
        var errors = error is null ? "" : await error.WaitAsync(cancelled).ConfigureAwait(false);
        return (process.ExitCode, TextIndex.WellFormed(written), TextIndex.WellFormed(errors));
    }

    /// <summary>Ends the command and what it has started; false when it could not.</summary>
    [Intrinsic("ExternalCommand.kill_raw")]
    public bool Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
            return true;
        }
        catch (Exception problem) when (problem is InvalidOperationException or Win32Exception or NotSupportedException or AggregateException)
        {
            return process.HasExited;
        }
    }

    /// <summary>The system's number of the command.</summary>
    [Intrinsic("ExternalCommand.id")]
    public long Id => process.Id;

    /// <summary>The system's number of this process.</summary>
    [Intrinsic("process.own_id")]
    public static long OwnId() => Environment.ProcessId;

    /// <summary>Ends this process at once, after writing out buffered output.</summary>
    [Intrinsic("process.exit_now"), System.Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void Exit(long code)
    {
        Environment.Exit(StandardStreams.Finish((int)(code & 0xFF)));
    }

    private static string Text(Task<string>? pipe) => pipe == null ? "" : TextIndex.WellFormed(pipe.GetAwaiter().GetResult());

    private static async Task Feed(Process process, string text)
    {
        try
        {
            await process.StandardInput.WriteAsync(text).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The command did not want to read it all.
        }
    }
}
