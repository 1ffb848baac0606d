using System.Diagnostics;

namespace Sigil.Runtime.Ipc;

/// <summary>
/// Places where tests let a process die: each step of the protocol has one. <c>SIGIL_IPC_FAULT=name:n</c> kills the process when it
/// comes to the place for the nth time. Compiled into debug builds only.
/// </summary>
internal static class FaultPoints
{
    internal const string SendEntered = "send.entered";
    internal const string SendEncoded = "send.encoded";
    internal const string SendAttached = "send.attached";
    internal const string SendWritten = "send.written";
    internal const string SendCommitted = "send.committed";
    internal const string SendLeft = "send.left";
    internal const string ReceiveEntered = "receive.entered";
    internal const string ReceiveFound = "receive.found";
    internal const string ReceiveAttached = "receive.attached";
    internal const string ReceiveCopied = "receive.copied";
    internal const string ReceiveReleased = "receive.released";
    internal const string ReceiveLeft = "receive.left";
    internal const string WaitAnnounced = "wait.announced";
    internal const string CloseCounted = "close.counted";

    /// <summary>All names, for the tests.</summary>
    internal static IReadOnlyList<string> All { get; } =
    [
        SendEntered, SendEncoded, SendAttached, SendWritten, SendCommitted, SendLeft,
        ReceiveEntered, ReceiveFound, ReceiveAttached, ReceiveCopied, ReceiveReleased, ReceiveLeft, WaitAnnounced, CloseCounted,
    ];

#if DEBUG
    private static readonly string? s_name = Armed(out s_left);
    private static int s_left;

    private static string? Armed(out int times)
    {
        times = 0;
        if (Environment.GetEnvironmentVariable("SIGIL_IPC_FAULT") is not { } armed || armed.IndexOf(':') is not (> 0 and var colon)) return null;
        return int.TryParse(armed.AsSpan(colon + 1), out times) ? armed[..colon] : null;
    }
#endif

    [Conditional("DEBUG")]
    internal static void Reach(string name)
    {
#if DEBUG
        if (s_name is null || s_name != name || Interlocked.Decrement(ref s_left) != 0) return;
        _ = Libc.Kill(Libc.ProcessId(), Libc.Kill9);
        Thread.Sleep(Timeout.Infinite);
#endif
    }
}
