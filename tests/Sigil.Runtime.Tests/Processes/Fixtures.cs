using System.Runtime.InteropServices;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Processes;
using Sigil.Runtime.Processes.Sandbox;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Processes;

/// <summary>A task written in C#: what the compiler emits, without the checks of the compiler.</summary>
public abstract class TextTask : ProcessTask<string, string>
{
    public override ProcessRights Rights => ProcessRights.None;

    public override Codec<string> InputCodec { get; } = new StrCodec();

    public override Codec<string> ResultCodec => InputCodec;

    public override Frame<string> Enter(string input) => new Body(this, input);

    protected abstract string Run(string input);

    private sealed class Body(TextTask task, string input) : Frame<string>
    {
        public override Status Resume(SigilTask current)
        {
            Result = task.Run(input);
            return Status.Completed;
        }
    }
}

/// <summary>Gives its input back.</summary>
public sealed class EchoTask : TextTask
{
    protected override string Run(string input) => input;
}

/// <summary>Panics with its input.</summary>
public sealed class PanicTask : TextTask
{
    protected override string Run(string input) => throw new SigilPanic("E9001", input, "task.si:3:7 in @task");
}

/// <summary>Never ends.</summary>
public sealed class ForeverTask : TextTask
{
    protected override string Run(string input)
    {
        while (true) Thread.Sleep(1000);
    }
}

/// <summary>Leaves without a word.</summary>
public sealed class ExitTask : TextTask
{
    protected override string Run(string input)
    {
        Native.Exit(int.Parse(input, System.Globalization.CultureInfo.InvariantCulture));
        return "";
    }
}

/// <summary>Writes a megabyte before it answers with one.</summary>
public sealed class TalkativeTask : TextTask
{
    protected override string Run(string input)
    {
        for (var i = 0; i < 1000; i++) Capabilities.StandardStreams.Print(new string('x', 1000));
        return new string('y', 1 << 20);
    }
}

/// <summary>Writes a few lines.</summary>
public sealed class LinesTask : TextTask
{
    protected override string Run(string input)
    {
        for (var i = 0; i < 3; i++) Capabilities.StandardStreams.Print(input);
        return input;
    }
}

/// <summary>Tells the numbers of its open descriptors.</summary>
public sealed class DescriptorsTask : TextTask
{
    public override ProcessRights Rights => ProcessRights.Files;

    protected override string Run(string input) =>
        string.Join(',', Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(f => (Path.GetFileName(f), Target(f))).Where(f => f.Item2.Length > 0).Select(f => $"{f.Item1}={f.Item2}"));

    private static string Target(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, false)?.Name ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}

/// <summary>Starts a process of its own that never ends, and tells its number; with "stay" it stays itself.</summary>
public sealed class ParentTask : TextTask
{
    public override ProcessRights Rights => ProcessRights.Processes;

    protected override string Run(string input)
    {
        var child = ProcessStart.Start(new ForeverTask(), "", ProcessLimits.None, SandboxMode.ByEffects, "inner", long.MaxValue, null);
        Capabilities.StandardStreams.Print(child.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (input == "stay") new ManualResetEvent(false).WaitOne();
        return child.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>Takes memory until there is none.</summary>
public sealed class HungryTask : TextTask
{
    protected override string Run(string input)
    {
        var kept = new List<byte[]>();
        while (kept.Count < 10_000) kept.Add(new byte[1 << 20]);
        return kept.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>Goes round every type: calls the system itself, and tells what it answers (0, or an error number).</summary>
public abstract class HostileTask : TextTask
{
    protected override string Run(string input)
    {
        var words = input.Split(' ');
        var result = words[0] switch
        {
            "read" => Native.Open(words[1], 0, 0),
            "write" => Native.Open(words[1], 0x41, 0x180),
            "unlink" => Native.Unlink(words[1]),
            "socket" => Native.Socket(int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), 1, 0),
            "fork" => Native.Fork(),
            "exec" => Native.Exec(words[1]),
            "signal" => Native.Kill(int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture), 0),
            "self" => Native.Kill(Environment.ProcessId, 0),
            "thread" => StartThread(),
            _ => (int)Native.Call(int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture)),
        };
        return result >= 0 ? "0" : Marshal.GetLastPInvokeError().ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static int StartThread()
    {
        var ran = false;
        var thread = new Thread(() => ran = true);
        thread.Start();
        thread.Join();
        return ran ? 0 : -1;
    }
}

public sealed class PureHostileTask : HostileTask;

public sealed class FilesHostileTask : HostileTask
{
    public override ProcessRights Rights => ProcessRights.Files;
}

public sealed class NetworkHostileTask : HostileTask
{
    public override ProcessRights Rights => ProcessRights.Network;
}

public sealed class ProcessesHostileTask : HostileTask
{
    public override ProcessRights Rights => ProcessRights.Processes;
}

internal static unsafe partial class Native
{
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    internal static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint Call(nint number);

    [LibraryImport("libc", EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "vfork", SetLastError = true)]
    private static partial int CopyProcess();

    [LibraryImport("libc", EntryPoint = "_exit")]
    internal static partial void Exit(int code);

    internal static int Exec(string path)
    {
        byte* none = null;
        return Execute(path, &none, &none);
    }

    // Where it is allowed it would run managed code in the copy, so only the refusal is asked for.
    internal static int Fork() => CopyProcess();
}

internal static class Spawned
{
    internal static ProcessHandle<string> Start(TextTask task, string input, ProcessLimits? limits = null, SandboxMode mode = SandboxMode.ByEffects, long timeoutNanos = long.MaxValue, IOutputSink? output = null) =>
        ProcessStart.Start(task, input, limits ?? ProcessLimits.None, mode, "", timeoutNanos, output);

    internal static (OutcomeKind Kind, string Text, long Number) End(ProcessHandle<string> handle)
    {
        Assert.True(handle.Run.Await(60_000), "the process did not end");
        var (kind, value, texts, numbers) = handle.TakeEnd();
        return ((OutcomeKind)kind, value.HasValue ? value.Value : texts.Item1, numbers.Item1);
    }

    internal static string Value(TextTask task, string input, SandboxMode mode = SandboxMode.ByEffects)
    {
        var (kind, text, _) = End(Start(task, input, mode: mode));
        Assert.True(kind == OutcomeKind.Finished, $"{kind}: {text}");
        return text;
    }

    internal static bool Exists(int process) => Native.Kill(process, 0) == 0;

    internal static void AwaitGone(int process)
    {
        for (var i = 0; i < 3000 && Exists(process); i++) Thread.Sleep(10);
        Assert.False(Exists(process), $"process {process} is still there");
    }
}

internal sealed class Lines : IOutputSink
{
    private readonly List<string> _lines = [];
    private readonly ManualResetEventSlim _first = new();

    internal IReadOnlyList<string> All
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    internal string AwaitFirst()
    {
        Assert.True(_first.Wait(60_000), "no line came");
        return All[0];
    }

    public bool TellsOfRoom => false;

    public bool TryTake(string line, bool isError)
    {
        lock (_lines) _lines.Add(line);
        _first.Set();
        return true;
    }

    public void Release()
    {
    }
}
