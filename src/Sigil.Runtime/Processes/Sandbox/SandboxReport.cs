namespace Sigil.Runtime.Processes.Sandbox;

/// <summary>Says in words what a process may do, and which part of this kernel sees to it.</summary>
public static class SandboxReport
{
    /// <summary>Lines about a task with these rights, under <c>.sandbox: by_effects</c>.</summary>
    public static IEnumerable<string> Of(ProcessRights rights)
    {
        yield return rights.HasFlag(ProcessRights.Files)
            ? "files: all that the program may open"
            : $"files: reading what the runtime needs, nothing else ({(Landlock.IsSupported ? $"Landlock, version {Landlock.Version}" : "this kernel has no Landlock: the process does not start")})";
        yield return rights.HasFlag(ProcessRights.Network)
            ? "network: as the program"
            : "network: no sockets (system call filter; a network namespace of its own where the system allows one)";
        yield return rights.HasFlag(ProcessRights.Processes)
            ? "processes: may start programs"
            : "processes: no fork, no exec, no signals to others (system call filter)";
        yield return "always refused: io_uring, ptrace, other processes' memory and descriptors, mounts, namespaces, new privileges";
    }

    /// <summary>What this kernel has to offer.</summary>
    public static string Kernel() =>
        $"this kernel: Landlock {(Landlock.IsSupported ? $"version {Landlock.Version}" : "missing")}, system call filter {(SystemCalls.OfThisMachine is null ? "unknown on this processor" : "available")}";
}
