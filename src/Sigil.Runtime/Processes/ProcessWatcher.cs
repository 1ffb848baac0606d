using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Processes;

/// <summary>
/// The thread that reads what children send and write, notices their ends, waits for them so that none stays behind as a zombie, and
/// ends those whose time is up.
/// </summary>
internal sealed unsafe class ProcessWatcher
{
    private const int HeldUpMillis = 5, NoDescriptorMillis = 20;

    // Of each child: its control socket, its output, its errors, its end.
    private const int Control = 0, Out = 1, Error = 2, Exit = 3, PerChild = 4;

    private static readonly Lazy<ProcessWatcher> s_instance = new(() => new ProcessWatcher());

    private readonly Lock _gate = new();
    private readonly List<ChildProcess> _added = [];
    private readonly List<ChildProcess> _children = [];
    private readonly int _wake;
    private Posix.PollEntry[] _entries = new Posix.PollEntry[1 + (16 * PerChild)];

    // Where the entries of each child stand; 0, which is that of the wake-up, for those that it has not.
    private int[] _places = new int[16 * PerChild];

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

    /// <summary>Something has changed: a deadline, something to send, or somebody has taken a line.</summary>
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

    /// <summary>
    /// One entry for the wake-up, then one for each descriptor that something is expected of, and none for others: the system refuses more
    /// entries than the process may have open files, and then nobody would be served.
    /// </summary>
    private int Prepare(out int millis)
    {
        if (_places.Length < PerChild * _children.Count)
        {
            _places = new int[2 * PerChild * _children.Count];
            _entries = new Posix.PollEntry[_places.Length + 1];
        }

        _entries[0] = new Posix.PollEntry { Descriptor = _wake, Events = Posix.PollIn };
        var count = 1;
        // Without a wake-up descriptor it is looked now and then.
        var wait = _wake < 0 ? NoDescriptorMillis : long.MaxValue;
        var now = MonotonicClock.Instance.NowNanos;
        for (var i = 0; i < _children.Count; i++)
        {
            var child = _children[i];
            var at = PerChild * i;
            _places[at + Control] = Expect(child.ControlIsOpen, child.ControlDescriptor, (short)(Posix.PollIn | (child.HasUnsent ? Posix.PollOut : 0)));
            _places[at + Out] = Expect(child.Out.WantsMore, child.Out.Descriptor, Posix.PollIn);
            _places[at + Error] = Expect(child.Error.WantsMore, child.Error.Descriptor, Posix.PollIn);
            _places[at + Exit] = Expect(!child.IsReaped && child.ExitDescriptor >= 0, child.ExitDescriptor, Posix.PollIn);
            if (child.Out.HasToAsk || child.Error.HasToAsk) wait = Math.Min(wait, HeldUpMillis);
            if (child.ExitDescriptor < 0 && !child.IsReaped) wait = Math.Min(wait, NoDescriptorMillis);
            if (child.Run is { Deadline: < long.MaxValue and var deadline, Outcome: null })
                wait = Math.Min(wait, Math.Max(0, (deadline - now + 999_999) / 1_000_000));
        }

        millis = wait == long.MaxValue ? -1 : (int)Math.Min(wait, int.MaxValue);
        return count;

        int Expect(bool isExpected, int descriptor, short events)
        {
            if (!isExpected) return 0;
            _entries[count] = new Posix.PollEntry { Descriptor = descriptor, Events = events };
            return count++;
        }
    }

    private bool HasHappened(int child, int what) => _places[(PerChild * child) + what] is > 0 and var place && _entries[place].Returned != 0;

    private void Serve()
    {
        var now = MonotonicClock.Instance.NowNanos;
        var served = _children.Count;
        for (var i = served - 1; i >= 0; i--)
        {
            var child = _children[i];
            if (HasHappened(i, Out)) child.Out.Drain();
            if (HasHappened(i, Error)) child.Error.Drain();
            if (child.ControlIsOpen && HasHappened(i, Control)) child.OnControl();
            if (child.Out.IsHeldUp) child.Out.PassOn();
            if (child.Error.IsHeldUp) child.Error.PassOn();
            if (child.Run is { Outcome: null } run && run.Deadline <= now) run.Kill(OutcomeKind.TimedOut);
            if (!child.IsReaped && (child.ExitDescriptor < 0 || HasHappened(i, Exit)) && !child.OnExit()) continue;
            if (!child.IsReaped) continue;
            child.Out.End();
            child.Error.End();
            if (!child.Out.IsHeldUp && !child.Error.IsHeldUp) _children.RemoveAt(i);
        }
    }
}
