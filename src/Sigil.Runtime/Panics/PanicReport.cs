using System.Diagnostics;
using System.Reflection;
using System.Text;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Panics;

/// <summary>Tells the user about a panic that nothing caught.</summary>
public static class PanicReport
{
    /// <summary>The exit code of the program.</summary>
    public const int ExitCode = 101;

    private const string StackExhausted = "E9009";

    internal const int MaxFrames = 50;

    /// <summary>Writes buffered output and then the report on standard error.</summary>
    public static void Write(SigilPanic panic)
    {
        StandardStreams.Out.Flush();
        StandardStreams.PrintError(Describe(panic, Environment.GetEnvironmentVariable("SIGIL_BACKTRACE") != "0"));
    }

    /// <summary><c>panic[E9005]: …</c>, then one line a frame, innermost first; only the first frame without a trace.</summary>
    public static string Describe(SigilPanic panic, bool withTrace)
    {
        var report = new StringBuilder();
        Append(report, panic, withTrace);
        foreach (var other in panic.Suppressed)
        {
            report.Append("\nalso: ");
            Append(report, other, withTrace);
        }
        return report.ToString();
    }

    private static void Append(StringBuilder report, SigilPanic panic, bool withTrace)
    {
        report.Append("panic[").Append(panic.Info.Code).Append("]: ").Append(panic.Info.Message);
        if (panic.Info.Site.Length > 0)
            report.Append("\n  at ").Append(panic.Info.Site);
        if (withTrace)
        {
            // After a runaway recursion the stack is one function over and over, and resolving it would take seconds.
            if (panic.Info.Code == StackExhausted)
            {
                report.Append("\n  … and more callers");
                return;
            }
            var callers = Callers(panic).Take(MaxFrames + 1).ToList();
            foreach (var frame in callers.Take(MaxFrames))
                report.Append("\n  at ").Append(frame);
            if (callers.Count > MaxFrames)
                report.Append("\n  … and more callers");
        }
        if (panic.Info.SpawnedAt is { Length: > 0 } spawned)
            report.Append("\n  task started at ").Append(spawned);
    }

    /// <summary>Where the program's own code was: the panic's site, or the innermost caller outside the standard library.</summary>
    public static string UserSite(SigilPanic panic) =>
        (panic.Info.Code == StackExhausted ? [] : Callers(panic)).Prepend(panic.Info.Site).FirstOrDefault(s => s.Length > 0 && !s.StartsWith("std/", StringComparison.Ordinal)) ?? panic.Info.Site;

    // First the native segment the panic was thrown in, then the suspended callers that trampolines added.
    private static IEnumerable<string> Callers(SigilPanic panic)
    {
        var first = true;
        var goesOn = false;
        foreach (var frame in new StackTrace(panic, fNeedFileInfo: true).GetFrames())
        {
            // A function that lets a panic go on after its cleanup, or that of a callee it had waited for, is known from where it called.
            goesOn |= frame.GetMethod() is { Name: nameof(Unwinding.Continue) } m && m.DeclaringType == typeof(Unwinding);
            var file = frame.GetFileName();
            if (file == null || !file.EndsWith(".si", StringComparison.Ordinal))
                continue;
            // The innermost Sigil frame is the site itself, which is exact where the stack's line may not be; where the function was
            // inlined there is no such frame.
            if (!goesOn && (!first || !panic.Info.Site.EndsWith(" in " + NameOf(frame.GetMethod()), StringComparison.Ordinal)) && frame.GetMethod()?.Name.StartsWith("entry.", StringComparison.Ordinal) != true)
                yield return $"{file}:{frame.GetFileLineNumber()}:{frame.GetFileColumnNumber()} in {NameOf(frame.GetMethod())}";
            first = false;
            goesOn = false;
        }
        foreach (var frame in panic.Frames)
            yield return frame;
    }

    private static string NameOf(MethodBase? method) => method == null ? "?" : method.Name.StartsWith('@') ? method.Name : "@" + method.Name;
}
