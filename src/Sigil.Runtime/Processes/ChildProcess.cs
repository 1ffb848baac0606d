using System.Text;
using Sigil.Runtime.Processes.Sandbox;

namespace Sigil.Runtime.Processes;

/// <summary>
/// A child as its parent sees it: an operating-system process that waits in the pool or runs one task. The watcher's thread reads
/// what comes from it; everybody may kill it.
/// </summary>
/// <remarks>
/// The outcome of a task is decided once. A frame that came before the process ended is read before its end is looked at, and the
/// lines that the process has written are passed on before the outcome is told, so nothing of either is lost or late.
/// The process id is used for signals only while the process has not been waited for (<c>_gate</c>), so it never means another one.
/// </remarks>
internal sealed unsafe class ChildProcess
{
    private readonly Lock _gate = new();
    private readonly ControlSocket _control;
    private readonly OutputLines _out;
    private readonly OutputLines _error;
    private bool _isReaped;
    private bool _isLost;
    private bool _hasTold;

    internal ChildProcess(int process, ControlSocket control, int output, int error)
    {
        Id = process;
        _control = control;
        _out = new OutputLines(output, isError: false);
        _error = new OutputLines(error, isError: true);
        const int open = 434;
        ExitDescriptor = (int)Posix.SystemCall(open, process, 0, 0, 0);
    }

    internal int Id { get; }

    /// <summary>Becomes readable when the process ends; negative where the system has no such thing.</summary>
    internal int ExitDescriptor { get; }

    internal int ControlDescriptor => _control.Descriptor;

    /// <summary>The task that it runs; null while it waits in the pool.</summary>
    internal ProcessRun? Run { get; private set; }

    internal OutputLines Out => _out;

    internal OutputLines Error => _error;

    internal bool ControlIsOpen { get; private set; } = true;

    internal bool HasUnsent => ControlIsOpen && _control.HasUnsent;

    /// <summary>Whether it has been waited for.</summary>
    internal bool IsReaped
    {
        get
        {
            lock (_gate) return _isReaped;
        }
    }

    /// <summary>Whether it can still be given a task.</summary>
    internal bool IsUsable
    {
        get
        {
            lock (_gate) return !_isReaped && !_isLost && Run is null;
        }
    }

    /// <summary>Sends the code of the program, and what to give up.</summary>
    /// <exception cref="ProcessStartException">The code cannot be handed over.</exception>
    internal void Load(ProgramImage image, ChildProfile profile)
    {
        var descriptors = image.Descriptors().Select(d => Posix.Duplicate(d, 4)).ToArray();
        if (descriptors.Contains(-1))
        {
            foreach (var made in descriptors) Posix.CloseQuietly(made);
            throw new ProcessStartException("the program cannot be handed to a process: too many files are open");
        }

        _control.Post(FrameKind.Load, Encoding.UTF8.GetBytes(string.Join('\n', [image.Path, profile.Encode(), .. image.LikelyTasks])), descriptors);
    }

    /// <summary>Keeps it for a task; false when it has died meanwhile.</summary>
    internal bool TryReserve(ProcessRun run)
    {
        lock (_gate)
        {
            if (_isReaped || _isLost) return false;
            Run = run;
            run.Process = this;
            _out.Label(run.Label, run.Output);
            _error.Label(run.Label, run.Output);
            return true;
        }
    }

    /// <summary>Gives it the task that it is kept for; takes the descriptors over.</summary>
    internal void Assign(byte[] order, int[] descriptors)
    {
        // It is dead or dying; the watcher finds out how.
        if (!_control.Post(FrameKind.Start, order, descriptors)) Kill();
    }

    /// <summary>Ends the process and what it has started, at once.</summary>
    internal void Kill()
    {
        lock (_gate)
        {
            if (_isReaped) return;
            // Its group is its own; before it is made, the process is alone.
            _ = Posix.Kill(-Id, Posix.SigKill);
            _ = Posix.Kill(Id, Posix.SigKill);
        }
    }

    // ---------- the watcher's thread ----------

    internal void OnControl()
    {
        // Part of a message may have gone, and the rest never will: the process would wait for it.
        if (!_control.Continue()) Kill();
        while (ControlIsOpen)
        {
            switch (_control.Read(wait: false, out var frame))
            {
                case ReadOutcome.Incomplete: return;
                case ReadOutcome.Frame: Take(frame); break;
                case ReadOutcome.Malformed:
                    Decide(ProcessOutcome.Broken("the process sent something that is no message"));
                    Kill();
                    CloseControl();
                    return;
                case ReadOutcome.Closed:
                    CloseControl();
                    return;
            }
        }
    }

    private void Take(ControlFrame frame)
    {
        // Its end is told once; what goes on sending would keep the watcher from all others.
        if (_hasTold)
        {
            frame.Discard();
            Kill();
            CloseControl();
            return;
        }

        _hasTold = true;
        switch (frame.Kind)
        {
            case FrameKind.Result: Decide(ProcessOutcome.Finished(frame.Payload, frame.Descriptors)); return;
            case FrameKind.Panicked when PanicFacts.TryDecode(frame.Payload, out var facts): Decide(ProcessOutcome.Panic(facts)); break;
            case FrameKind.OutOfMemory: Decide(new ProcessOutcome { Kind = OutcomeKind.OutOfMemory }); break;
            case FrameKind.Refused: Decide(new ProcessOutcome { Kind = OutcomeKind.StartFailed, Text = Encoding.UTF8.GetString(frame.Payload) }); break;
            default:
                Decide(ProcessOutcome.Broken("the process sent a message of an unknown kind"));
                Kill();
                break;
        }

        frame.Discard();
    }

    private void CloseControl()
    {
        lock (_gate) _isLost = true;
        ControlIsOpen = false;
        _control.Close();
    }

    /// <summary>The process may have ended: true once it has been waited for.</summary>
    internal bool OnExit()
    {
        int status;
        lock (_gate)
        {
            if (_isReaped) return true;
            const int noHang = 1;
            var found = Posix.WaitFor(Id, &status, noHang);
            if (found == 0) return false;
            _isReaped = true;
            _isLost = true;
            // Somebody else has waited for it: how it ended is not known.
            if (found != Id) status = 0;
        }

        // What it sent before it ended comes first.
        OnControl();
        if (ControlIsOpen) CloseControl();
        Decide(Ended(status));
        _out.End();
        _error.End();
        Posix.CloseQuietly(ExitDescriptor);
        return true;
    }

    private ProcessOutcome Ended(int status)
    {
        var signal = status & 0x7f;
        if (signal == 0) return new ProcessOutcome { Kind = OutcomeKind.Exited, Number = (status >> 8) & 0xff };
        // The runtime gives up with an abort when even its own needs exceed the limit.
        if (signal == Posix.SigAbort && Run is { HasMemoryLimit: true }) return new ProcessOutcome { Kind = OutcomeKind.OutOfMemory };
        return new ProcessOutcome { Kind = OutcomeKind.Signalled, Number = signal };
    }

    private void Decide(ProcessOutcome outcome)
    {
        if (Run is null)
        {
            outcome.Discard();
            return;
        }

        _out.Drain();
        _error.Drain();
        Run.Decide(outcome);
    }
}
