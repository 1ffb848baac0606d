using System.Runtime.InteropServices;

namespace Sigil.Runtime.Processes.Sandbox;

/// <summary>What a child gives up before it runs its task. Access to files went before it was started: see <see cref="Landlock"/>.</summary>
internal static unsafe class Confinement
{
    private const int CpuTime = 0, DataSize = 2, OpenFiles = 7;
    private const long NanosPerSecond = 1_000_000_000;

    // What the runtime itself needs beside the heap of the program: code, stacks, tables.
    private const long RuntimeBytes = 192L * 1024 * 1024;

    // The runtime opens its own libraries when it first needs them.
    private const ulong RuntimeDescriptors = 16;

    private static ProcessRights? s_filtered;
    private static string? s_missing;

    /// <summary>Gives up what goes beyond the rights; a second call has no effect. The reason when that cannot be done.</summary>
    internal static string? Filter(ProcessRights rights)
    {
        if (s_filtered == rights) return s_missing;
        s_filtered = rights;
        return s_missing = SeccompFilter.Install(rights, Environment.ProcessId);
    }

    /// <summary>Applies limits and filters; the reason when one that was asked for cannot be had.</summary>
    internal static string? Apply(ProcessOrder order)
    {
        if (Limit(order.Limits) is { } failure) return failure;
        if (order.Mode == SandboxMode.None) return null;
        var missing = Filter(order.Rights);
        return order.Mode == SandboxMode.BestEffort ? null : missing;
    }

    private static string? Limit(ProcessLimits limits)
    {
        if (limits.Processes != long.MaxValue) ProcessStart.LimitTo(limits.Processes);
        if (limits.Memory != long.MaxValue && LimitMemory(limits.Memory) is { } failure) return failure;
        if (limits.OpenFiles != long.MaxValue) Lower(OpenFiles, HighestDescriptor() + 1 + RuntimeDescriptors + (ulong)limits.OpenFiles);
        return limits.CpuNanos == long.MaxValue ? null : LimitCpu(limits.CpuNanos);
    }

    // The heap's own limit ends in an exception that the program can report. The system's stands behind it.
    private static string? LimitMemory(long bytes)
    {
        try
        {
            AppContext.SetData("GCHeapHardLimit", (ulong)bytes);
            GC.RefreshMemoryLimit();
        }
        catch (InvalidOperationException)
        {
            return $"a memory limit of {bytes} bytes is less than the process needs to start";
        }

        Lower(DataSize, (ulong)Math.Min(bytes, long.MaxValue - RuntimeBytes) + RuntimeBytes + DataInUse());
        return null;
    }

    private static ulong DataInUse()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
            if (line.StartsWith("VmData:", StringComparison.Ordinal) && ulong.TryParse(line.AsSpan(7, line.Length - 9).Trim(), out var kilobytes)) return kilobytes * 1024;
        return 0;
    }

    private static ulong HighestDescriptor()
    {
        ulong highest = 3;
        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
            if (ulong.TryParse(Path.GetFileName(entry), out var descriptor)) highest = Math.Max(highest, descriptor);
        return highest;
    }

    // The resource limit counts whole seconds; a timer on the same clock is exact.
    private static string? LimitCpu(long nanos)
    {
        var used = (long)(Environment.CpuUsage.TotalTime.Ticks * 100);
        var due = nanos > long.MaxValue - used ? long.MaxValue : nanos + used;
        Lower(CpuTime, (ulong)(due / NanosPerSecond) + 2);
        var signal = new SignalEvent { Signal = Posix.SigCpuTime };
        const int processCpuClock = 2;
        nint timer;
        if (CreateTimer(processCpuClock, &signal, &timer) != 0) return $"the processor time cannot be limited: {Posix.Describe(Posix.LastError)}";
        var setting = new TimerSetting { Seconds = (nint)(due / NanosPerSecond), Nanos = (nint)(due % NanosPerSecond) };
        const int absolute = 1;
        return SetTimer(timer, absolute, &setting, null) == 0 ? null : $"the processor time cannot be limited: {Posix.Describe(Posix.LastError)}";
    }

    private static void Lower(int resource, ulong value)
    {
        Posix.Limit limit;
        if (Posix.GetLimit(resource, &limit) == 0 && limit.Hard < value) value = limit.Hard;
        limit = new Posix.Limit { Soft = value, Hard = value };
        _ = Posix.SetLimit(resource, &limit);
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct SignalEvent
    {
        public nint Value;
        public int Signal;
        public int Kind;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimerSetting
    {
        public nint IntervalSeconds;
        public nint IntervalNanos;
        public nint Seconds;
        public nint Nanos;
    }

    [DllImport("libc", EntryPoint = "timer_create", SetLastError = true)]
    private static extern int CreateTimer(int clock, SignalEvent* signal, nint* timer);

    [DllImport("libc", EntryPoint = "timer_settime", SetLastError = true)]
    private static extern int SetTimer(nint timer, int flags, TimerSetting* setting, TimerSetting* old);
}
