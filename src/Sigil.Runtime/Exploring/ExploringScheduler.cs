using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Exploring;

/// <summary>
/// Runs tasks inside a controlled run: each piece of a task between two waits is a strand, so any ready task may come
/// next, and a task may be overtaken at each step in the middle of a piece.
/// </summary>
internal sealed class ExploringScheduler : Scheduler
{
    // As many elements of a list form are under way at a time; few, so that short schedules show what they do to each other.
    private const int Width = 3;

    private readonly Interleaving _run;
    private bool _hasEarlierDeadline;
    private bool _stopped;

    internal ExploringScheduler(Interleaving run)
        : base(MonotonicClock.Instance)
    {
        _run = run;
        Timers = new TimerQueue(Clock, () => _hasEarlierDeadline = true);
        run.Add("timers", KeepTime);
    }

    internal override TimerQueue Timers { get; }

    internal override int Parallelism => Width;

    internal override void Start(SigilTask task) => Ready(task);

    internal override void Wake(SigilTask task) => Ready(task);

    // Giving way changes nothing: who is ready may come next or last in any case.
    internal override void Requeue(SigilTask task) => Ready(task);

    // What is outside the tasks is a strand of its own, and waited for.
    internal override void AddOutstanding(int delta)
    {
    }

    internal void Stop() => _stopped = true;

    private void Ready(SigilTask task) => _run.Add("task", task, () => Trampoline.Run(task));

    private void KeepTime()
    {
        while (!_stopped)
        {
            Timers.FireDue();
            _hasEarlierDeadline = false;
            var due = Timers.NextDueNanos;
            _run.BlockUntil(() => _stopped || _hasEarlierDeadline, due == long.MaxValue ? -1 : Math.Max(0, due - _run.NowNanos));
        }
    }
}
