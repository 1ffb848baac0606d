using System.Runtime.InteropServices;

namespace Sigil.Runtime.Processes.Sandbox;

/// <summary>
/// Linux's access control that a program puts on itself: what is not listed cannot be opened, made, renamed or removed. It binds the
/// calling thread and everything that it starts from then on, and can only ever become stricter.
/// </summary>
internal static unsafe class Landlock
{
    private const int CreateRuleset = 444, AddRule = 445, RestrictSelf = 446;
    private const int NoNewPrivileges = 38;
    private const int PathOnlyCloseOnExec = 0x200000 | 0x80000;

    private const ulong Execute = 1, WriteFile = 1 << 1, ReadFile = 1 << 2, ReadDirectory = 1 << 3;
    private const ulong AllOfFirst = (1 << 13) - 1, Refer = 1 << 13, Truncate = 1 << 14, DeviceControl = 1 << 15;

    private static readonly Lazy<int> s_version = new(FindVersion);

    /// <summary>The version of the interface; 0 where the kernel has none.</summary>
    internal static int Version => s_version.Value;

    /// <summary>Whether the kernel can confine us.</summary>
    internal static bool IsSupported => Version > 0;

    /// <summary>What a child of this program reads to come to life.</summary>
    internal static IEnumerable<(string Path, bool MayWrite)> PathsOfRuntime(ProgramImage image)
    {
        foreach (var path in HostProgram.Folders) yield return (path, false);
        if (image.Path.Length > 0) yield return (Path.GetDirectoryName(image.Path)!, false);
        foreach (var path in new[] { "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/proc", "/sys", "/usr/share/zoneinfo", "/etc/ld.so.cache", "/etc/localtime", "/dev/urandom", "/dev/random", "/dev/zero" })
            yield return (path, false);
        yield return ("/dev/null", true);
    }

    /// <summary>Confines the calling thread; the reason when that fails.</summary>
    internal static string? RestrictThread(IEnumerable<(string Path, bool MayWrite)> allowed)
    {
        if (!IsSupported) return Missing;
        var handled = AllOfFirst;
        if (Version >= 2) handled |= Refer;
        if (Version >= 3) handled |= Truncate;
        if (Version >= 5) handled |= DeviceControl;
        var ruleset = (int)Posix.SystemCall(CreateRuleset, (nint)(&handled), sizeof(ulong), 0, 0);
        if (ruleset < 0) return $"the kernel refuses a Landlock ruleset: {Posix.Describe(Posix.LastError)}";
        try
        {
            foreach (var (path, mayWrite) in allowed) Allow(ruleset, path, mayWrite);
            if (Posix.ProcessControl(NoNewPrivileges, 1, 0, 0, 0) != 0) return $"privileges cannot be given up: {Posix.Describe(Posix.LastError)}";
            return Posix.SystemCall(RestrictSelf, ruleset, 0, 0, 0) == 0 ? null : $"the kernel refuses to confine the process: {Posix.Describe(Posix.LastError)}";
        }
        finally
        {
            Posix.CloseQuietly(ruleset);
        }
    }

    internal const string Missing = "this kernel has no Landlock, so the process could not be kept from files; `.sandbox: best_effort` runs it nevertheless";

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct PathRule
    {
        public ulong Access;
        public int Directory;
    }

    // What is not there needs no rule.
    private static void Allow(int ruleset, string path, bool mayWrite)
    {
        var file = Posix.Open(path, PathOnlyCloseOnExec, 0);
        if (file < 0) return;
        var access = Execute | ReadFile | (Directory.Exists(path) ? ReadDirectory : 0) | (mayWrite ? WriteFile : 0);
        if (mayWrite && Version >= 3) access |= Truncate;
        var rule = new PathRule { Access = access, Directory = file };
        const int beneath = 1;
        _ = Posix.SystemCall(AddRule, ruleset, beneath, (nint)(&rule), 0);
        Posix.CloseQuietly(file);
    }

    private static int FindVersion()
    {
        if (!OperatingSystem.IsLinux()) return 0;
        const int askVersion = 1;
        return Math.Max(0, (int)Posix.SystemCall(CreateRuleset, 0, 0, askVersion, 0));
    }
}

/// <summary>A network of one's own, with nothing in it.</summary>
internal static class NetworkNamespace
{
    private const nint NewNetwork = 0x40000000;

    /// <summary>Takes the calling thread, and what it starts, off the network; only the privileged may.</summary>
    internal static bool TryLeave()
    {
        nint unshare = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 272 : 97;
        return Posix.SystemCall(unshare, NewNetwork, 0, 0, 0) == 0;
    }
}
