using System.Runtime.InteropServices;

namespace Sigil.Runtime.Processes.Sandbox;

/// <summary>
/// A filter on the system calls of this process, in all its threads. Files are not its business: it sees numbers, not names; see
/// <see cref="Landlock"/>.
/// </summary>
internal static unsafe class SeccompFilter
{
    private const ushort Load = 0x20, JumpIfEqual = 0x15, JumpIfAtLeast = 0x35, JumpIfAnyBit = 0x45, Return = 0x06;
    private const uint Allow = 0x7FFF0000, Fail = 0x00050000, KillProcess = 0x80000000;
    private const uint NotPermitted = 1, NotImplemented = 38;
    private const uint NumberAt = 0, ArchitectureAt = 4, FirstArgumentAt = 16;
    private const uint CloneThread = 0x10000, OtherTable = 0x40000000;
    private const int NoNewPrivileges = 38;

    [StructLayout(LayoutKind.Sequential)]
    internal struct Step
    {
        public ushort Code;
        public byte IfTrue;
        public byte IfFalse;
        public uint Value;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public Step* Steps;
    }

    /// <summary>Puts the filter on; the reason when that fails.</summary>
    internal static string? Install(ProcessRights rights, int self)
    {
        if (SystemCalls.OfThisMachine is not { } calls) return "system calls can be filtered on x64 and arm64 only";
        var steps = Build(calls, rights, self).ToArray();
        if (Posix.ProcessControl(NoNewPrivileges, 1, 0, 0, 0) != 0) return $"privileges cannot be given up: {Posix.Describe(Posix.LastError)}";
        fixed (Step* first = steps)
        {
            var program = new Program { Length = (ushort)steps.Length, Steps = first };
            const int setFilter = 1, allThreads = 1;
            var failed = Posix.SystemCall((nint)calls.Seccomp, setFilter, allThreads, (nint)(&program), 0);
            return failed switch
            {
                0 => null,
                > 0 => "a thread of the process cannot be confined",
                _ => $"the kernel refuses the filter of system calls: {Posix.Describe(Posix.LastError)}",
            };
        }
    }

    /// <summary>The filter's program: what is not named is allowed.</summary>
    internal static List<Step> Build(SystemCalls calls, ProcessRights rights, int self)
    {
        var steps = new List<Step>
        {
            Do(Load, ArchitectureAt),
            Jump(JumpIfEqual, calls.Architecture, 1, 0),
            Do(Return, KillProcess),
            Do(Load, NumberAt),
        };
        // The 32-bit-pointer table of x64 has the same architecture and other numbers.
        Forbid(steps, JumpIfAtLeast, OtherTable, NotPermitted);
        foreach (var number in calls.Never)
        {
            // Whoever may have children sends them signals.
            if (number == 424 && rights.HasFlag(ProcessRights.Processes)) continue;
            Forbid(steps, JumpIfEqual, number, NotPermitted);
        }

        if (!rights.HasFlag(ProcessRights.Network))
            foreach (var number in calls.Sockets) Forbid(steps, JumpIfEqual, number, NotPermitted);
        if (!rights.HasFlag(ProcessRights.Processes))
        {
            foreach (var number in calls.Programs) Forbid(steps, JumpIfEqual, number, NotPermitted);
            Forbid(steps, JumpIfEqual, SystemCalls.Clone3, NotImplemented);
            // Threads are fine, copies of the process are not.
            steps.Add(Jump(JumpIfEqual, calls.Copy, 0, 4));
            steps.Add(Do(Load, FirstArgumentAt));
            steps.Add(Jump(JumpIfAnyBit, CloneThread, 1, 0));
            steps.Add(Do(Return, Fail | NotPermitted));
            steps.Add(Do(Return, Allow));
            foreach (var number in calls.Signals)
            {
                // Signals to itself only.
                steps.Add(Jump(JumpIfEqual, number, 0, 4));
                steps.Add(Do(Load, FirstArgumentAt));
                steps.Add(Jump(JumpIfEqual, (uint)self, 1, 0));
                steps.Add(Do(Return, Fail | NotPermitted));
                steps.Add(Do(Return, Allow));
            }
        }

        steps.Add(Do(Return, Allow));
        return steps;
    }

    private static void Forbid(List<Step> steps, ushort test, uint value, uint error)
    {
        steps.Add(Jump(test, value, 0, 1));
        steps.Add(Do(Return, Fail | error));
    }

    private static Step Do(ushort code, uint value) => new() { Code = code, Value = value };

    private static Step Jump(ushort code, uint value, byte ifTrue, byte ifFalse) => new() { Code = code, Value = value, IfTrue = ifTrue, IfFalse = ifFalse };
}
