using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Select;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Processes;

/// <summary>
/// Sends the lines of a process into a channel: the <c>.output</c> of <c>spawn_process</c>. The channel closes after the last line; when
/// nobody receives any more, lines are dropped.
/// </summary>
/// <remarks>
/// Only the watcher's thread calls it, and that thread never waits. Where there is no room, a task of its own offers the line, as any task of
/// the program would, and wakes the watcher when the offer has ended. While it lasts nobody else touches the producer, which may be an
/// exclusive one; the line stays first of its stream until the watcher comes for the answer.
/// </remarks>
internal sealed class ProducerSink : IOutputSink
{
    private readonly Producer<string> _producer;
    private readonly Scheduler? _scheduler;
    private int _open = 2;
    private bool _isLost;

    // The offer that lasts, and of which stream the last one was.
    private OfferScope? _offer;
    private bool _offersError;

    // Whether a line of the stream has gone by an offer, and the stream has not been told.
    private bool _outputHasGone;
    private bool _errorHasGone;
    private bool _errorWaits;

    private ProducerSink(Producer<string> producer)
    {
        _producer = producer;
        _scheduler = Worker.Current?.Scheduler;
        // A process can always still say something: whoever waits for that is in no deadlock.
        _scheduler?.AddOutstanding(1);
    }

    /// <summary>The sink of a channel's end; null for the output of this process.</summary>
    internal static IOutputSink? Of(Producer<string> output) => output is OwnOutput ? null : new ProducerSink(output);

    // Plain code has no scheduler that tasks could run on.
    public bool TellsOfRoom => _scheduler is not null;

    public bool TryTake(string line, bool isError)
    {
        if (_offer is { HasEnded: true } ended)
        {
            _offer = null;
            (_offersError ? ref _errorHasGone : ref _outputHasGone) = true;
            if (ended.Panic is { } problem) Lose(problem);
        }

        ref var hasGone = ref isError ? ref _errorHasGone : ref _outputHasGone;
        if (hasGone)
        {
            hasGone = false;
            return true;
        }

        if (_isLost) return true;
        if (isError) _errorWaits = true;
        if (_offer is not null) return false;
        try
        {
            if (_producer.TrySend(line) != Outcome.Full) return true;
        }
        catch (SigilPanic problem)
        {
            Lose(problem);
            return true;
        }

        // In turns: errors are asked for after output, so they would never have theirs.
        if (_scheduler is null || (!isError && !_offersError && _errorWaits)) return false;
        _offersError = isError;
        _errorWaits = false;
        _offer = new OfferScope(_scheduler);
        _scheduler.Start(new SigilTask(new Offer(_producer, line), _offer, null));
        return false;
    }

    // The thread that reads the output of all processes has nobody to tell.
    private void Lose(SigilPanic problem)
    {
        StandardStreams.PrintError($"the output of a process is lost: {problem.Info.Message}");
        _isLost = true;
    }

    public void Release()
    {
        if (Atomic.Add(ref _open, -1) != 0) return;
        _producer.Close();
        _scheduler?.AddOutstanding(-1);
    }

    /// <summary>Sends one line, waiting for room; a channel that nobody receives from any more counts as sent to.</summary>
    private sealed class Offer(Producer<string> producer, string line) : Frame
    {
        public override Status Resume(SigilTask task)
        {
            if (State != 0) return CalleeStatus == Status.Panicked ? throw task.TakePanic() : CalleeStatus;
            var status = producer.Offer(task, line, out _, "<output of a process>");
            return status == Status.Suspended ? Unwinding.Suspend(task, this, 1) : status;
        }
    }

    /// <summary>What an offer belongs to: nobody of the program, which may end before it.</summary>
    private sealed class OfferScope(Scheduler scheduler) : TaskScope(scheduler, null)
    {
        private int _hasEnded;

        internal bool HasEnded => Atomic.Load(ref _hasEnded) != 0;

        internal SigilPanic? Panic { get; private set; }

        internal override void TaskEnded(SigilTask task, Status status)
        {
            if (status == Status.Panicked) Panic = task.TakePanic();
            Atomic.Store(ref _hasEnded, 1);
            ProcessWatcher.Instance.Wake();
        }
    }
}

/// <summary>Stands for the output of this process, where a channel's end could be.</summary>
public sealed class OwnOutput : Producer<string>
{
    private static readonly OwnOutput s_instance = new();

    /// <summary>The intrinsic behind the default of <c>.output</c>.</summary>
    [Intrinsic("own_output")]
    public static Producer<string> Get() => s_instance;

    /// <inheritdoc/>
    public override bool IsClosed => true;

    /// <inheritdoc/>
    public override long Length => 0;

    /// <inheritdoc/>
    public override long Capacity => 0;

    internal override bool Waits => false;

    internal override string Awaited => "the output of this process";

    /// <inheritdoc/>
    public override Status Send(SigilTask task, string value, string site) => Status.Completed;

    /// <inheritdoc/>
    public override Status Offer(SigilTask task, string value, out int outcome, string site)
    {
        outcome = Outcome.Closed;
        return Status.Completed;
    }

    /// <inheritdoc/>
    public override Status SendTimeout(SigilTask task, string value, long afterNanos, out int outcome, string site) => Offer(task, value, out outcome, site);

    /// <inheritdoc/>
    public override int TrySend(string value) => Outcome.Closed;

    /// <inheritdoc/>
    public override void Close()
    {
    }

    internal override void Enlist(SelectSend<string> wait, int ticket)
    {
    }

    internal override void Delist(SelectSend<string> wait)
    {
    }
}
