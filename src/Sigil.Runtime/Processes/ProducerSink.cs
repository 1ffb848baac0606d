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
internal sealed class ProducerSink : IOutputSink
{
    private readonly Producer<string> _producer;
    private readonly Scheduler? _scheduler;
    private int _open = 2;
    private bool _isLost;

    private ProducerSink(Producer<string> producer)
    {
        _producer = producer;
        _scheduler = Worker.Current?.Scheduler;
        // A process can always still say something: whoever waits for that is in no deadlock.
        _scheduler?.AddOutstanding(1);
    }

    /// <summary>The sink of a channel's end; null for the output of this process.</summary>
    internal static IOutputSink? Of(Producer<string> output) => output is OwnOutput ? null : new ProducerSink(output);

    public bool TryTake(string line)
    {
        if (_isLost) return true;
        try
        {
            return _producer.TrySend(line) != Outcome.Full;
        }
        catch (SigilPanic problem)
        {
            // The thread that reads the output of all processes has nobody to tell.
            StandardStreams.PrintError($"the output of a process is lost: {problem.Info.Message}");
            return _isLost = true;
        }
    }

    public void Release()
    {
        if (Atomic.Add(ref _open, -1) != 0) return;
        _producer.Close();
        _scheduler?.AddOutstanding(-1);
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
