using System.Runtime.CompilerServices;
using Sigil.Runtime.Panics;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// Turns stack exhaustion into a panic: .NET cannot catch an overflow. Functions on call-graph cycles check on entry
/// that the stack still has room for what cannot check itself (runtime code, the unwinder).
/// </summary>
public static unsafe class StackGuard
{
    /// <summary>The stack of workers, of the main thread and of tests.</summary>
    public const int StackBytes = 64 * 1024 * 1024;

    private const int ReserveBytes = 512 * 1024;

    [ThreadStatic]
    private static nuint t_limit;

    /// <summary>Panics with E9009 when the stack is nearly used up; threads that are not ours never panic here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(string site)
    {
        byte local;
        if ((nuint)(&local) < t_limit) Exhausted(site);
    }

    /// <summary>Declares that this thread has <see cref="StackBytes"/> of stack from about here on.</summary>
    internal static void Arm()
    {
        byte local;
        t_limit = (nuint)(&local) - StackBytes + ReserveBytes;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Exhausted(string site) =>
        throw new SigilPanic("E9009", "stack exhausted: the calls are nested too deeply", site);

    /// <summary>A thread with a big stack on which <see cref="Check"/> works.</summary>
    internal static Thread NewThread(string name, Action body) =>
        new(
            () =>
            {
                Arm();
                body();
            },
            StackBytes)
        {
            Name = name,
            IsBackground = true,
        };
}
