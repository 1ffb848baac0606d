using System.Runtime.InteropServices;

namespace Sigil.Runtime.Sync;

/// <summary>
/// Threads on stacks that we allocate, aligned to their size, so that the room left is read off the stack pointer
/// itself. .NET cannot do that: the thread is made by the system's thread library and enters managed code from there.
/// </summary>
internal static unsafe partial class AlignedStacks
{
    private const int ProtNone = 0;
    private const int ProtReadWrite = 3;
    private const int MapPrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    private const int GuardBytes = 64 * 1024;

    // Larger than pthread_attr_t on every Linux architecture (56 to 64 bytes).
    private const int AttributeBytes = 256;

    private static readonly object s_gate = new();

    // Stacks whose threads have ended or are about to: joined, and used again, by the next thread.
    private static readonly Stack<(nuint Thread, nint Stack)> s_ended = new();

    /// <summary>Whether this system is one on which the calls below are known to work.</summary>
    internal static bool IsSupported => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Starts <paramref name="body"/> on a stack of <paramref name="bytes"/>, a power of two; false when the system refuses.</summary>
    internal static bool TryStart(nuint bytes, Action body)
    {
        var stack = Reused() ?? Allocate(bytes);
        if (stack == 0) return false;
        var attributes = stackalloc byte[AttributeBytes];
        if (AttributesInit(attributes) != 0) return false;
        var start = GCHandle.Alloc(new Start(body, stack));
        var thread = default(nuint);
        var failed = SetStack(attributes, stack, bytes) != 0
            || Create(&thread, attributes, &Enter, GCHandle.ToIntPtr(start)) != 0;
        AttributesDestroy(attributes);
        if (!failed) return true;
        start.Free();
        return false;
    }

    [UnmanagedCallersOnly]
    private static nint Enter(nint argument)
    {
        var handle = GCHandle.FromIntPtr(argument);
        var start = (Start)handle.Target!;
        handle.Free();
        start.Body();
        lock (s_gate) s_ended.Push((Self(), start.Stack));
        return 0;
    }

    private static nint? Reused()
    {
        (nuint Thread, nint Stack) ended;
        lock (s_gate)
        {
            if (!s_ended.TryPop(out ended)) return null;
        }

        // It has left managed code or is leaving it: this is a matter of microseconds.
        return Join(ended.Thread, null) == 0 ? ended.Stack : null;
    }

    private static nint Allocate(nuint bytes)
    {
        var area = Map(0, 2 * bytes, ProtNone, MapPrivateAnonymousNoReserve, -1, 0);
        if (area == -1) return 0;
        var aligned = (nint)(((nuint)area + bytes - 1) & ~(bytes - 1));
        return Protect(aligned + GuardBytes, bytes - GuardBytes, ProtReadWrite) == 0 ? aligned : 0;
    }

    private sealed record Start(Action Body, nint Stack);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "pthread_attr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_attr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_attr_setstack")]
    private static partial int SetStack(byte* attributes, nint stack, nuint bytes);

    [LibraryImport("libc", EntryPoint = "pthread_create")]
    private static partial int Create(nuint* thread, byte* attributes, delegate* unmanaged<nint, nint> entry, nint argument);

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    private static partial nuint Self();

    [LibraryImport("libc", EntryPoint = "pthread_join")]
    private static partial int Join(nuint thread, void** result);
}
