using System.Diagnostics;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>What a run of the command line ended with.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>Runs the built <c>sigil</c> as a process, as a user would.</summary>
internal static class SigilCommand
{
    /// <summary>The program.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "sigil.dll");

    /// <summary>Only for what hangs: a machine that is busy with other things takes its time.</summary>
    public static TimeSpan HangLimit { get; } = TimeSpan.FromMinutes(5);

    public static CommandResult Run(string workingDirectory, params string[] arguments) => Run(workingDirectory, HangLimit, arguments);

    public static CommandResult Run(string workingDirectory, TimeSpan limit, params string[] arguments) => Run("dotnet", workingDirectory, "", limit, [Path, .. arguments]);

    /// <summary>With a text on standard input.</summary>
    public static CommandResult RunWith(string workingDirectory, string input, params string[] arguments) =>
        Run("dotnet", workingDirectory, input, HangLimit, [Path, .. arguments]);

    /// <summary>With standard output on a device that is always full.</summary>
    public static CommandResult RunOnFullDisk(string workingDirectory, params string[] arguments) =>
        Run("/bin/sh", workingDirectory, "", HangLimit, ["-c", "exec dotnet \"$@\" > /dev/full", "sh", Path, .. arguments]);

    /// <summary>With a cache of compiled programs in a directory. Elsewhere there is none: tests are about compiling.</summary>
    public static CommandResult RunCached(string workingDirectory, string cache, params string[] arguments) =>
        Run("dotnet", workingDirectory, "", HangLimit, [Path, .. arguments], cache);

    /// <summary>With settings of the .NET runtime from a file.</summary>
    public static CommandResult RunConfigured(string workingDirectory, string settings, string cache, params string[] arguments) =>
        Run("dotnet", workingDirectory, "", HangLimit, ["exec", "--runtimeconfig", settings, Path, .. arguments], cache);

    /// <summary>As a shell starts it: the script says how, with the command and its arguments in <c>"$@"</c>.</summary>
    public static CommandResult RunInShell(string workingDirectory, string script, params string[] arguments) =>
        Run("/bin/sh", workingDirectory, "", HangLimit, ["-c", script, "sh", "dotnet", Path, .. arguments]);

    /// <summary>With a file open as descriptor 7.</summary>
    public static CommandResult RunWithOpenFile(string workingDirectory, string file, params string[] arguments) =>
        Run("/bin/sh", workingDirectory, "", HangLimit, ["-c", "f=$1; shift; exec dotnet \"$@\" 7<\"$f\"", "sh", file, Path, .. arguments]);

    /// <summary>Starts it and does not wait; the caller reads what it writes.</summary>
    public static Process Start(string workingDirectory, (string Name, string Value)[] variables, params string[] arguments)
    {
        var process = StartTalking(workingDirectory, variables, arguments);
        process.StandardInput.Close();
        return process;
    }

    /// <summary>The same with a standard input to write to.</summary>
    public static Process StartTalking(string workingDirectory, (string Name, string Value)[] variables, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = workingDirectory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var a in (string[])[Path, .. arguments]) start.ArgumentList.Add(a);
        start.Environment["SIGIL_CACHE"] = "off";
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static CommandResult Run(string command, string workingDirectory, string input, TimeSpan limit, string[] arguments, string cache = "off")
    {
        var start = new ProcessStartInfo(command) { WorkingDirectory = workingDirectory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var a in arguments) start.ArgumentList.Add(a);
        start.Environment["SIGIL_BACKTRACE"] = "1";
        start.Environment["SIGIL_CACHE"] = cache;
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"no end within {limit.TotalSeconds} s: sigil {string.Join(' ', arguments)}");
        }
        return new CommandResult(process.ExitCode, output.Result, error.Result);
    }
}
