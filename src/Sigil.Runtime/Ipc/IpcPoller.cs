using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Ipc;

/// <summary>
/// The one thread of the process that sleeps in the kernel on behalf of all ends: for the bells of other processes, and for
/// the news that a peer is gone.
/// </summary>
/// <remarks>
/// Bells are event counters watched edge-triggered: every ring wakes the poller of every process that watches, and nobody has to
/// take anything back, so a ring cannot be stolen from another waiting process.
/// </remarks>
internal static unsafe class IpcPoller
{
    private const int Add = 1;
    private const int Remove = 2;
    private const uint Readable = 0x001;
    private const uint Failed = 0x008;
    private const uint HungUp = 0x010;
    private const uint PeerClosed = 0x2000;
    private const uint EdgeTriggered = 1u << 31;
    private const int MaxEvents = 64;

    private static readonly ConcurrentDictionary<long, WeakReference<RingEnd>> s_ends = new();
    private static readonly Lock s_starting = new();
    private static int s_poll = -1;
    private static long s_last;

    // The kernel's structure is packed on x64 only.
    private static int EventBytes => RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static int DataAt => EventBytes - 8;

    /// <summary>Watches an end's bell and socket until <see cref="Forget"/>; returns its key.</summary>
    internal static long Watch(RingEnd end, int bell, int socket)
    {
        var key = Atomic.Add(ref s_last, 2);
        s_ends[key] = new WeakReference<RingEnd>(end);
        Control(Add, bell, Readable | EdgeTriggered, key);
        Control(Add, socket, PeerClosed | HungUp | Failed | EdgeTriggered, key + 1);
        return key;
    }

    /// <summary>Before the end closes its descriptors.</summary>
    internal static void Forget(long key, int bell, int socket)
    {
        s_ends.TryRemove(key, out _);
        var change = stackalloc byte[16];
        _ = Libc.ControlPoll(Poll(), Remove, bell, change);
        _ = Libc.ControlPoll(Poll(), Remove, socket, change);
    }

    private static void Control(int operation, int file, uint events, long key)
    {
        var change = stackalloc byte[16];
        *(uint*)change = events;
        Unsafe.WriteUnaligned(change + DataAt, key);
        Libc.Checked(Libc.ControlPoll(Poll(), operation, file, change), "watch a descriptor");
    }

    // What fails for want of descriptors is tried again the next time.
    private static int Poll()
    {
        if (Atomic.Load(ref s_poll) is >= 0 and var known) return known;
        lock (s_starting)
        {
            if (s_poll >= 0) return s_poll;
            var poll = Libc.Checked(Libc.CreatePoll(0x80000), "watch descriptors");
            new Thread(() => Run(poll), 256 * 1024) { Name = "sigil ipc", IsBackground = true }.Start();
            Atomic.Store(ref s_poll, poll);
            return poll;
        }
    }

    private static void Run(int poll)
    {
        var events = stackalloc byte[16 * MaxEvents];
        while (true)
        {
            var count = Libc.WaitPoll(poll, events, MaxEvents, -1);
            for (var i = 0; i < count; i++)
            {
                var key = Unsafe.ReadUnaligned<long>(events + (i * EventBytes) + DataAt);
                var isSocket = (key & 1) != 0;
                if (s_ends.TryGetValue(key & ~1L, out var reference) && reference.TryGetTarget(out var end)) end.OnEvent(isSocket);
            }
        }
    }
}
