using System.Runtime.InteropServices;
using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Processes;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>Runs a compiled program's <c>@main</c> and turns its end into an exit code.</summary>
public static class SigilProgram
{
    /// <summary>Exit code after an uncaught panic.</summary>
    public const int PanicExit = 101;

    /// <summary>Exit code after a deadlock.</summary>
    public const int DeadlockExit = 3;

    /// <summary>Exit code of a checked run in which a task touched what is not its own.</summary>
    public const int OwnershipExit = 4;

    /// <summary>Exit code after Ctrl-C.</summary>
    public const int InterruptExit = 130;

    private const int InterruptGraceMillis = 2000;

    /// <summary>Runs a plain <c>@main</c>, which never suspends, on a thread with a big stack.</summary>
    public static int RunMain(Func<int> main)
    {
        StandardDescriptors.Ensure();
        var code = 0;
        using var interrupts = Interrupts.Install(() => ExitNow(InterruptExit));
        var thread = StackGuard.Start("sigil main", () =>
        {
            try
            {
                code = main();
            }
            catch (Exception fault)
            {
                Finish();
                code = Report(InternalFault.AsPanic(fault));
            }
        });
        thread.Join();
        return StandardStreams.Finish(Checked(code));
    }

    /// <summary>Runs a plain <c>@main</c> that yields nothing.</summary>
    public static int RunMain(Action main) => RunMain(() =>
    {
        main();
        return 0;
    });

    /// <summary>
    /// Runs a suspending <c>@main</c> as a task, given its entry frame. When the frame is a <c>Frame&lt;long&gt;</c> or
    /// <c>Frame&lt;int&gt;</c>, its result is the exit code.
    /// </summary>
    public static int RunMain(Frame entry)
    {
        StandardDescriptors.Ensure();
        return RunMain(entry, WorkStealingScheduler.DefaultWorkers);
    }

    internal static int RunMain(Frame entry, int workers)
    {
        var run = new MainRun(entry, workers);
        using var interrupts = Interrupts.Install(run.Interrupt);
        using var dumps = Interrupts.InstallDump(run.DumpTasks);
        using var regular = RegularDump.Start(run.DumpTasks);
        return StandardStreams.Finish(Checked(run.Execute()));
    }

    private static int Checked(int code) => Ownership.Owners.IsOn && Ownership.Owners.Count > 0 ? OwnershipExit : code;

    /// <summary>Writes an uncaught panic to standard error; the result is the exit code.</summary>
    public static int Report(SigilPanic panic)
    {
        PanicReport.Write(panic);
        return PanicExit;
    }

    internal static void Finish() => StandardStreams.Flush();

    private static void ExitNow(int code)
    {
        Environment.Exit(StandardStreams.Finish(code));
    }

    /// <summary>One run of a suspending main.</summary>
    private sealed class MainRun
    {
        private readonly WorkStealingScheduler _scheduler;
        private readonly RootScope _root;
        private readonly SigilTask _task;
        private int _interrupted;

        internal MainRun(Frame entry, int workers)
        {
            _scheduler = new WorkStealingScheduler(workers);
            _root = new RootScope(_scheduler);
            _task = new SigilTask(entry, _root, null);
            _scheduler.Deadlocked = () => _root.End(RootScope.Deadlock);
        }

        internal int Execute()
        {
            _scheduler.Inject(_task);
            _scheduler.StartThreads();
            var end = _root.AwaitEnd();
            if (end == RootScope.Deadlock)
            {
                Finish();
                StandardStreams.PrintError(DeadlockReport.Describe(_root).TrimEnd());
                return DeadlockExit;
            }

            _scheduler.Stop();
            switch ((Status)end)
            {
                case Status.Panicked:
                    Finish();
                    return Report(_task.TakePanic());
                case Status.Cancelled:
                    return InterruptExit;
                default:
                    if (Atomic.Load(ref _interrupted) != 0) return InterruptExit;
                    return _task.Entry switch
                    {
                        Frame<int> code => code.Result,
                        Frame<long> code => (int)code.Result,
                        _ => 0,
                    };
            }
        }

        internal void DumpTasks() => StandardStreams.PrintError("tasks:\n" + DeadlockReport.Waiting(_root).TrimEnd());

        internal void Interrupt()
        {
            if (Atomic.Exchange(ref _interrupted, 1) != 0) ExitNow(InterruptExit);
            _scheduler.AddOutstanding(1);
            _root.Cancel(CancelReason.Interrupted);
            _scheduler.AddOutstanding(-1);
            if (!_root.AwaitEnd(InterruptGraceMillis)) ExitNow(InterruptExit);
        }
    }

    private sealed class Interrupts(PosixSignalRegistration registration) : IDisposable
    {
        public void Dispose() => registration.Dispose();

        internal static Interrupts Install(Action onInterrupt) =>
            new(PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
            {
                context.Cancel = true;
                if (SignalToken.TakeInterrupt()) return;
                new Thread(() => onInterrupt()) { IsBackground = true }.Start();
            }));

        /// <summary>SIGQUIT prints the task tree, as in Go and Java; null where there is no such signal.</summary>
        internal static Interrupts? InstallDump(Action dump) =>
            OperatingSystem.IsWindows()
                ? null
                : new(PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context =>
                {
                    context.Cancel = true;
                    dump();
                }));
    }
}
