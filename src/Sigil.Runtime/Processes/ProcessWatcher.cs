using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Processes;

/// <summary>
/// The thread that reads what children send and write, notices their ends, waits for them so that none stays behind as a zombie, and
/// ends those whose time is up.
/// </summary>
internal sealed unsafe class ProcessWatcher
{
    private const int HeldUpMillis = 5, NoDescriptorMillis = 20;

    private static readonly Lazy<ProcessWatcher> s_instance = new(() => new ProcessWatcher());

    private readonly Lock _gate = new();
    private readonly List<ChildProcess> _added = [];
    private readonly List<ChildProcess> _children = [];
    private readonly int _wake;
    private Posix.PollEntry[] _entries = new Posix.PollEntry[16];

    private ProcessWatcher()
    {
        const int closeOnExecNonBlocking = 0x80000 | 0x800;
        _wake = Posix.EventCounter(0, closeOnExecNonBlocking);
        new Thread(Run) { Name = "sigil processes", IsBackground = true }.Start();
    }

    internal static ProcessWatcher Instance => s_instance.Value;

    /// <summary>Watches a child from now on.</summary>
    internal void Add(ChildProcess child)
    {
        lock (_gate) _added.Add(child);
        Wake();
    }

    /// <summary>Something has changed: a deadline, or something to send.</summary>
    internal void Wake()
    {
        ulong one = 1;
        _ = Posix.Write(_wake, (byte*)&one, 8);
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                _children.AddRange(_added);
                _added.Clear();
            }

            var count = Prepare(out var millis);
            fixed (Posix.PollEntry* entries = _entries)
            {
                _ = Posix.Poll(entries, (nuint)count, millis);
            }

            if (_entries[0].Returned != 0)
            {
                ulong seen;
                _ = Posix.Read(_wake, (byte*)&seen, 8);
            }

            Serve();
        }
    }

    // One entry for the wake-up, then four a child, negative where there is nothing to wait for.
    private int Prepare(out int millis)
    {
        var count = 1 + (4 * _children.Count);
        if (_entries.Length < count) _entries = new Posix.PollEntry[count * 2];
        _entries[0] = new Posix.PollEntry { Descriptor = _wake, Events = Posix.PollIn };
        var wait = long.MaxValue;
        var now = MonotonicClock.Instance.NowNanos;
        for (var i = 0; i < _children.Count; i++)
        {
            var child = _children[i];
            var at = 1 + (4 * i);
            var events = (short)(Posix.PollIn | (child.HasUnsent ? Posix.PollOut : 0));
            _entries[at] = new() { Descriptor = child.ControlIsOpen ? child.ControlDescriptor : -1, Events = events };
            _entries[at + 1] = new() { Descriptor = child.Out.WantsMore ? child.Out.Descriptor : -1, Events = Posix.PollIn };
            _entries[at + 2] = new() { Descriptor = child.Error.WantsMore ? child.Error.Descriptor : -1, Events = Posix.PollIn };
            _entries[at + 3] = new() { Descriptor = child.IsReaped ? -1 : child.ExitDescriptor, Events = Posix.PollIn };
            if (child.Out.IsHeldUp || child.Error.IsHeldUp) wait = Math.Min(wait, HeldUpMillis);
            if (child.ExitDescriptor < 0 && !child.IsReaped) wait = Math.Min(wait, NoDescriptorMillis);
            if (child.Run is { Deadline: < long.MaxValue and var deadline, Outcome: null })
                wait = Math.Min(wait, Math.Max(0, (deadline - now + 999_999) / 1_000_000));
        }

        millis = wait == long.MaxValue ? -1 : (int)Math.Min(wait, int.MaxValue);
        return count;
    }

    private void Serve()
    {
        var now = MonotonicClock.Instance.NowNanos;
        var served = _children.Count;
        for (var i = served - 1; i >= 0; i--)
        {
            var child = _children[i];
            var at = 1 + (4 * i);
            if (_entries[at + 1].Returned != 0) child.Out.Drain();
            if (_entries[at + 2].Returned != 0) child.Error.Drain();
            if (child.ControlIsOpen && _entries[at].Returned != 0) child.OnControl();
            if (child.Out.IsHeldUp) child.Out.PassOn();
            if (child.Error.IsHeldUp) child.Error.PassOn();
            if (child.Run is { Outcome: null } run && run.Deadline <= now) run.Kill(OutcomeKind.TimedOut);
            if (!child.IsReaped && (child.ExitDescriptor < 0 || _entries[at + 3].Returned != 0) && !child.OnExit()) continue;
            if (!child.IsReaped) continue;
            child.Out.End();
            child.Error.End();
            if (!child.Out.IsHeldUp && !child.Error.IsHeldUp) _children.RemoveAt(i);
        }
    }
}
