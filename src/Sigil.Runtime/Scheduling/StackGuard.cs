using System.Runtime.CompilerServices;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// Turns stack exhaustion into a panic: .NET cannot catch an overflow. Functions on call-graph cycles check on entry
/// that the stack still has room for what cannot check itself (runtime code, the unwinder).
/// </summary>
/// <remarks>
/// Where the system lets us, our threads have stacks aligned to their size, and the check is a test of the low bits of a
/// local's address; a hit is confirmed against the thread's limit, since threads that are not ours may meet the bits
/// by chance. Elsewhere the limit is compared directly, which costs a thread-static access per call.
/// </remarks>
public static unsafe class StackGuard
{
    /// <summary>The stack of workers, of the main thread and of tests.</summary>
    public const int StackBytes = 64 * 1024 * 1024;

    private const int ReserveBytes = 512 * 1024;

    private static readonly bool s_aligned = AlignedStacks.IsSupported;

    [ThreadStatic]
    private static nuint t_limit;

    /// <summary>Panics with E9009 when the stack is nearly used up; threads that are not ours never panic here.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(string site)
    {
        byte local;
        if (s_aligned)
        {
            if (((nuint)(&local) & (StackBytes - 1)) < ReserveBytes) Confirm(site, (nuint)(&local));
        }
        else if ((nuint)(&local) < t_limit)
        {
            Exhausted(site);
        }
    }

    /// <summary>Runs <paramref name="body"/>, which may be compiled code, on a new thread with a big stack on which <see cref="Check"/> works.</summary>
    /// <returns>What waits for its end.</returns>
    public static BigStackThread Start(string name, Action body)
    {
        if (Control.Strand is not { } strand) return StartThread(name, body);
        var line = new BigStackThread();
        strand.Run.Add(name, () =>
        {
            body();
            line.End();
        });
        return line;
    }

    /// <summary>A thread of the system, also in a controlled run.</summary>
    internal static BigStackThread StartThread(string name, Action body)
    {
        var thread = new BigStackThread();
        // Native threads do not inherit it by themselves; the assertions of a test are counted through it.
        var context = ExecutionContext.Capture();
        void Run(bool isAligned)
        {
            Thread.CurrentThread.Name = name;
            byte local;
            t_limit = isAligned
                ? ((nuint)(&local) & ~(nuint)(StackBytes - 1)) + ReserveBytes
                : (nuint)(&local) - StackBytes + ReserveBytes;
            try
            {
                if (context is null) body();
                else ExecutionContext.Run(context, static state => ((Action)state!)(), body);
            }
            finally
            {
                t_limit = 0;
                thread.End();
            }
        }

        // On a system that supports aligned stacks but refuses this one, the check still panics when it happens to look.
        if (!s_aligned || !AlignedStacks.TryStart(StackBytes, () => Run(isAligned: true)))
            new Thread(() => Run(isAligned: false), StackBytes) { IsBackground = true }.Start();
        return thread;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Confirm(string site, nuint address)
    {
        if (address < t_limit) Exhausted(site);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Exhausted(string site) =>
        throw new SigilPanic("E9009", "stack exhausted: the calls are nested too deeply", site);
}

/// <summary>A thread started by <see cref="StackGuard.Start"/>.</summary>
public sealed class BigStackThread
{
    private readonly Gate _gate = new();
    private bool _ended;

    /// <summary>Waits until the thread's body has ended.</summary>
    public void Join()
    {
        using (_gate.Hold())
        {
            while (!_ended) _gate.Wait();
        }
    }

    internal void End()
    {
        using (_gate.Hold())
        {
            _ended = true;
            _gate.PulseAll();
        }
    }
}
