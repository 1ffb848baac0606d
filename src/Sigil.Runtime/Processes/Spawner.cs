using System.Collections.Concurrent;
using Sigil.Runtime.Processes.Sandbox;

namespace Sigil.Runtime.Processes;

/// <summary>
/// A thread that starts children and never ends. Children die with the thread that started them, not only with the process, and
/// inherit what confines that thread: so there is one spawner for each profile, which confines itself before its first child.
/// </summary>
internal sealed unsafe class Spawner
{
    private const short SetGroup = 2, SetDefaultSignals = 4, SetSignalMask = 8;

    // Larger than the structures of every C library we know.
    private const int ActionsBytes = 256, AttributesBytes = 1024, SignalSetBytes = 256;

    private const int ControlDescriptor = 3;

    private static readonly ConcurrentDictionary<ProcessRights, Spawner> s_spawners = new();

    private readonly BlockingCollection<Request> _requests = [];
    private readonly ProcessRights _profile;
    private string? _failure;
    private bool _isConfined;

    private Spawner(ProcessRights profile)
    {
        _profile = profile;
        new Thread(Run) { Name = "sigil spawner", IsBackground = true }.Start();
    }

    /// <summary>The spawner of the children that may, or may not, open files and sockets.</summary>
    internal static Spawner For(ProcessRights profile) => s_spawners.GetOrAdd(profile, static p => new Spawner(p));

    /// <summary>Starts a child and waits until it exists.</summary>
    internal ChildProcess Start(ProgramImage image, ChildProfile profile)
    {
        var request = new Request(null);
        request.Work = () => request.Child = StartHere(image, profile);
        _requests.Add(request);
        lock (request)
        {
            while (!request.IsDone) Monitor.Wait(request);
        }

        return request.Child ?? throw request.Failure!;
    }

    /// <summary>Runs something on this thread after a while, so that it does not hold up a spawn.</summary>
    internal void Later(TimeSpan delay, Action work) => _requests.Add(new Request(work) { Due = Environment.TickCount64 + (long)delay.TotalMilliseconds });

    private void Run()
    {
        // In the order of their times.
        var postponed = new PriorityQueue<Request, long>();
        while (true)
        {
            var left = postponed.TryPeek(out _, out var due) ? Math.Max(0, due - Environment.TickCount64) : Timeout.Infinite;
            if (!_requests.TryTake(out var request, (int)left)) Perform(postponed.Dequeue());
            else if (request.Due > Environment.TickCount64) postponed.Enqueue(request, request.Due);
            else Perform(request);
        }
    }

    private void Perform(Request request)
    {
        try
        {
            request.Work!();
        }
        catch (Exception problem)
        {
            request.Failure = problem as ProcessStartException ?? new ProcessStartException(problem.Message);
        }

        lock (request)
        {
            request.IsDone = true;
            Monitor.PulseAll(request);
        }
    }

    /// <summary>On the spawner's thread only.</summary>
    internal ChildProcess StartHere(ProgramImage image, ChildProfile profile)
    {
        Confine(image);
        var descriptors = new List<int>();
        try
        {
            var (mine, theirs) = Keep(descriptors, Posix.SocketPair());
            var (outRead, outWrite) = Keep(descriptors, Posix.Pipe());
            var (errorRead, errorWrite) = Keep(descriptors, Posix.Pipe());
            var process = Launch(theirs, outWrite, errorWrite);
            foreach (var given in new[] { theirs, outWrite, errorWrite })
            {
                descriptors.Remove(given);
                Posix.CloseQuietly(given);
            }

            descriptors.Clear();
            var child = new ChildProcess(process, new ControlSocket(mine), outRead, errorRead);
            try
            {
                child.Load(image, profile);
                return child;
            }
            catch
            {
                child.Kill();
                throw;
            }
            finally
            {
                // Whatever became of it, somebody has to wait for it.
                ProcessWatcher.Instance.Add(child);
            }
        }
        finally
        {
            foreach (var left in descriptors) Posix.CloseQuietly(left);
        }
    }

    // Whatever the parent has open in place of its standard streams must not be overwritten on the way.
    private static (int, int) Keep(List<int> descriptors, (int First, int Second) pair)
    {
        (int, int) moved = (High(pair.First), High(pair.Second));
        descriptors.Add(moved.Item1);
        descriptors.Add(moved.Item2);
        return moved;
    }

    private static int High(int descriptor)
    {
        if (descriptor > ControlDescriptor) return descriptor;
        var moved = Posix.Duplicate(descriptor, ControlDescriptor + 1);
        Posix.CloseQuietly(descriptor);
        return moved;
    }

    // Both bind the calling thread and what it starts, not the rest of this process.
    private void Confine(ProgramImage image)
    {
        if (_isConfined) return;
        if (!_profile.HasFlag(ProcessRights.Files))
        {
            _failure ??= Landlock.RestrictThread(Landlock.PathsOfRuntime(image));
            if (_failure is not null) throw new ProcessStartException(_failure);
        }

        // A second wall where the system allows it; the first is the filter on system calls.
        if (!_profile.HasFlag(ProcessRights.Network)) NetworkNamespace.TryLeave();
        _isConfined = true;
    }

    private static int Launch(int control, int output, int error)
    {
        var actions = stackalloc byte[ActionsBytes];
        var attributes = stackalloc byte[AttributesBytes];
        var signals = stackalloc byte[SignalSetBytes];
        using var strings = new NativeStrings();
        Posix.FileActionsInit(actions);
        Posix.AttributesInit(attributes);
        try
        {
            Posix.AddOpen(actions, 0, "/dev/null", 0, 0);
            Posix.AddDuplicate(actions, output, 1);
            Posix.AddDuplicate(actions, error, 2);
            Posix.AddDuplicate(actions, control, ControlDescriptor);
            // Nothing else of ours may reach the child: an end of somebody's pipe held open there would never see its end.
            Posix.AddCloseFrom(actions, ControlDescriptor + 1);
            Posix.SetFlags(attributes, SetGroup | SetDefaultSignals | SetSignalMask);
            Posix.SetGroup(attributes, 0);
            Posix.AllSignals(signals);
            // The two that cannot be caught cannot be reset either.
            Posix.RemoveSignal(signals, Posix.SigKill);
            Posix.RemoveSignal(signals, 19);
            Posix.SetDefaultSignals(attributes, signals);
            Posix.NoSignals(signals);
            Posix.SetSignalMask(attributes, signals);
            int process;
            var failure = Posix.Spawn(&process, HostProgram.Host, actions, attributes,
                strings.Array(HostProgram.Arguments(Environment.ProcessId)), strings.Array(HostProgram.Environment()));
            return failure == 0 ? process : throw new ProcessStartException($"the process could not be started: {Posix.Describe(failure)}");
        }
        finally
        {
            Posix.FileActionsDestroy(actions);
            Posix.AttributesDestroy(attributes);
        }
    }

    private sealed class Request(Action? work)
    {
        internal Action? Work = work;
        internal long Due;
        internal ChildProcess? Child;
        internal ProcessStartException? Failure;
        internal bool IsDone;
    }
}
