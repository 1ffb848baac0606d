using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Processes;

namespace Sigil.Runtime.Scheduling;

/// <summary>Waits until a descriptor can be read, without reading: whoever is cancelled meanwhile has taken nothing from it.</summary>
internal static class Readiness
{
    /// <summary>Ends when something can be read, or the end has come; cancelled with its token.</summary>
    internal static ValueTask UntilReadable(int descriptor, CancellationToken cancelled)
    {
        if (NativeFiles.WaitReadable(descriptor, -1, 0)) return ValueTask.CompletedTask;
        if (!cancelled.CanBeCanceled)
        {
            using var blocking = Blocking.Section();
            NativeFiles.WaitReady(descriptor, forWriting: false);
            return ValueTask.CompletedTask;
        }

        var wait = new Wait(descriptor, cancelled);
        BlockingThreads.Submit(wait);
        return new ValueTask(wait.Ended);
    }

    // A thread of its own waits: not everything that standard input may be can be watched by an event queue (files, some terminals).
    private sealed unsafe class Wait(int descriptor, CancellationToken cancelled) : IBlockingJob
    {
        // Without a bell the token is looked at this often.
        private const int LookMillis = 20;

        private readonly TaskCompletionSource _ended = new();
        private int _bell = -1;

        internal Task Ended => _ended.Task;

        public void Execute()
        {
            const int closeOnExecNonBlocking = 0x80000 | 0x800;
            _bell = OperatingSystem.IsLinux() ? Posix.EventCounter(0, closeOnExecNonBlocking) : -1;
            // The registration ends, with a call of it that is under way, before the bell is closed.
            using (cancelled.UnsafeRegister(static wait => ((Wait)wait!).Ring(), this))
                while (!cancelled.IsCancellationRequested && !NativeFiles.WaitReadable(descriptor, _bell, _bell < 0 ? LookMillis : -1)) { }
            if (_bell >= 0) Posix.CloseQuietly(_bell);
            if (cancelled.IsCancellationRequested) _ended.SetCanceled(cancelled);
            else _ended.SetResult();
        }

        private void Ring()
        {
            ulong one = 1;
            if (_bell >= 0) _ = Posix.Write(_bell, (byte*)&one, 8);
        }
    }
}
