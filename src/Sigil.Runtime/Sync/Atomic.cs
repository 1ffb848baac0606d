using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Sync;

/// <summary>
/// The one door to atomic operations and fences: nothing else in the runtime uses <see cref="Interlocked"/> or
/// <see cref="Volatile"/> directly, so that the same sources can run under a controlled scheduler in tests.
/// </summary>
internal static class Atomic
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Load(ref int place)
    {
        Control.Step();
        return Volatile.Read(ref place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Load(ref long place)
    {
        Control.Step();
        return Volatile.Read(ref place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T? Load<T>(ref T? place)
        where T : class
    {
        Control.Step();
        return Volatile.Read(ref place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ref int place, int value)
    {
        Control.Step();
        Volatile.Write(ref place, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Load(ref bool place)
    {
        Control.Step();
        return Volatile.Read(ref place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ref bool place, bool value)
    {
        Control.Step();
        Volatile.Write(ref place, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ref long place, long value)
    {
        Control.Step();
        Volatile.Write(ref place, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(ref T? place, T? value)
        where T : class
    {
        Control.Step();
        Volatile.Write(ref place, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CompareExchange(ref int place, int value, int expected)
    {
        Control.Step();
        return Interlocked.CompareExchange(ref place, value, expected);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long CompareExchange(ref long place, long value, long expected)
    {
        Control.Step();
        return Interlocked.CompareExchange(ref place, value, expected);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T? CompareExchange<T>(ref T? place, T? value, T? expected)
        where T : class
    {
        Control.Step();
        return Interlocked.CompareExchange(ref place, value, expected);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Exchange(ref int place, int value)
    {
        Control.Step();
        return Interlocked.Exchange(ref place, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T? Exchange<T>(ref T? place, T? value)
        where T : class
    {
        Control.Step();
        return Interlocked.Exchange(ref place, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Add(ref int place, int delta)
    {
        Control.Step();
        return Interlocked.Add(ref place, delta);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Add(ref long place, long delta)
    {
        Control.Step();
        return Interlocked.Add(ref place, delta);
    }

    /// <summary>Orders everything before it against everything after it, stores against later loads included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FullFence()
    {
        Control.Step();
        Interlocked.MemoryBarrier();
    }

    /// <summary>Makes every running thread of the process execute a full fence; see the exclusive channel.</summary>
    public static void ProcessWideFence()
    {
        Control.Step();
        Interlocked.MemoryBarrierProcessWide();
    }
}

/// <summary>Ways to let time pass without waiting for anything in particular.</summary>
internal static class Pause
{
    /// <summary>One step of a spin loop that expects its condition within tens of nanoseconds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Briefly()
    {
        if (!Control.Spin()) Thread.SpinWait(4);
    }

    /// <summary>One step of a wait that gives others a microsecond.</summary>
    public static void Patiently()
    {
        if (!Control.Spin()) Thread.SpinWait(40);
    }

    /// <summary>One step of a worker's search for something to do.</summary>
    public static void Searching()
    {
        if (!Control.Spin()) Thread.SpinWait(20);
    }

    /// <summary>One step of a wait for a thread that may have been preempted.</summary>
    public static void Contended(int round)
    {
        if (Control.Spin()) return;
        if (round < 24) Thread.SpinWait(1 << Math.Min(round, 5));
        else if ((round & 7) != 0) Thread.Yield();
        else Thread.Sleep(round < 200 ? 0 : 1);
    }
}
