using System.Runtime.InteropServices;
using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scopes;

/// <summary>How children start and end.</summary>
public sealed partial class GroupScope
{
    /// <summary>Under <see cref="ErrorMode.CancelRemaining"/>: a child has failed.</summary>
    private bool StartsNobody => Atomic.Load(ref _startsNobody) != 0;

    /// <summary>
    /// Whether the next child whose handle nobody keeps is queued as its captures. The first few are not: code for captures of that type
    /// need not be there for a handful.
    /// </summary>
    public bool QueuesCaptures => _own.Spawned >= EntryQueue.FirstSize && IsQueueing;

    // Without handle, limit, and anybody who asks for the first, a child needs no task before it runs.
    private bool IsQueueing => _maxConcurrent == int.MaxValue && _finished is null;

    /// <summary>Starts a child whose handle nobody keeps.</summary>
    public void Start(Frame entry, string site)
    {
        if (IsQueueing) Enqueue(null, new ReadyMade(entry), site);
        else Add(new GroupTask(entry, this, site));
    }

    /// <summary>The same where <see cref="QueuesCaptures"/>, with a model of the entry; see <see cref="EntryQueue.Add"/>.</summary>
    public void Enqueue<T>(Frame? model, T captures, string site)
    {
        var index = NextIndex();
        _results?.Reserve(index);
        var queue = _queue ??= new EntryQueue();
        queue.Add(model, captures, index, site);
        Atomic.FullFence();
        if (Atomic.Load(ref _pumps) < _maxPumps && TryAddPump()) StartPump(queue, site);

        // Cancellation may have come before there was anything to skip.
        if (IsCancelled || StartsNobody) SkipPending();
    }

    /// <summary>Starts a child.</summary>
    public GroupTask Spawn(Frame entry, string site)
    {
        var task = new GroupTask(entry, this, site);
        task.Isolate();
        Add(task);
        return task;
    }

    private void Add(GroupTask task)
    {
        task.Index = NextIndex();
        _results?.Reserve(task.Index);
        if (IsCancelled || StartsNobody)
        {
            EndUnstarted(task);
            return;
        }

        if (_maxConcurrent != int.MaxValue && !TakesSlot(task)) return;
        Scheduler.Start(task);
    }

    // A server's group sees more children than an index can count; only results, of which there are never as many, are found by it.
    private int NextIndex() => (int)(_own.Spawned++ & int.MaxValue);

    private GroupTask TaskOf(QueuedEntry queued) => new(queued.Entry, this, queued.Site) { Index = queued.Index };

    private void StartPump(EntryQueue queue, string site) => Scheduler.Start(new SigilTask(new Pump(this, queue), this, site));

    private bool TryAddPump()
    {
        while (true)
        {
            var pumps = Atomic.Load(ref _pumps);
            if (pumps >= _maxPumps) return false;
            if (Atomic.CompareExchange(ref _pumps, pumps + 1, pumps) == pumps) return true;
        }
    }

    /// <summary>A pump has found nothing: true when it may end.</summary>
    private bool Retire()
    {
        Atomic.Add(ref _pumps, -1);
        return _queue!.IsEmpty || !TryAddPump();
    }

    private bool TakesSlot(GroupTask task)
    {
        StateLock.Enter();
        var starts = _running < _maxConcurrent;
        if (starts) _running++;
        else if (_lastPending is null) _firstPending = _lastPending = task;
        else
        {
            _lastPending.NextPending = task;
            _lastPending = task;
        }

        StateLock.Exit();

        // Cancellation may have come before there was anything to skip.
        if (!starts && (IsCancelled || StartsNobody)) SkipPending();
        return starts;
    }

    internal override void TaskEndedAtOnce(SigilTask ended, Status status)
    {
        // Pumps are nobody's children: an unstarted one was cancelled, and its entries are skipped.
        if (ended is not GroupTask task) return;
        if (status == Status.Completed)
        {
            // A child that has left the whole scope has no result: whoever asks for it before the scope's cancellation arrives is told so.
            Record(task, IsExit(task) ? new TaskEnd(CancelReason.ScopeFailed, ReasonText) { HasLeftScope = true } : null);
            if (task.HasFailed) ChildFailed(task);
        }
        else if (status == Status.Panicked)
        {
            var panic = task.TakePanic();
            Record(task, new TaskEnd(panic));
            ChildFailed(task);
        }
        else
        {
            Record(task, CancelledEnd(task));
        }

        if (_maxConcurrent != int.MaxValue) StartNext();

        // A pump tells at the end of its turn how many have ended at once.
        if (!task.IsCountedByPump) CountEnded(1);
    }

    internal override void TaskEnded(SigilTask ended, Status status)
    {
        if (ended is GroupTask task) task.IsCountedByPump = false;
        TaskEndedAtOnce(ended, status);
    }

    /// <summary>
    /// A child that a pump runs has completed without ever having been suspended. True when there is nothing to it but its result: the task
    /// may become the next.
    /// </summary>
    private bool NoteCompleted(GroupTask child)
    {
        if (child.HasFailed || IsExit(child))
        {
            TaskEndedAtOnce(child, Status.Completed);
            return false;
        }

        if (_results is { } results) child.Entry.Deliver(results, child.Index);
        else child.Entry.DropResult();
        return true;
    }

    private TaskEnd CancelledEnd(GroupTask task)
    {
        if (!IsCancelled && !StartsNobody)
            return new TaskEnd(task.OwnScope is { IsCancelled: true } own ? own.Reason : CancelReason.Requested, task.OwnScope?.ReasonText);
        SawCancelled();
        var last = _lastCancelled;
        var reason = IsCancelled ? Reason : CancelReason.ScopeFailed;
        return last?.ReasonCode == (long)reason ? last : _lastCancelled = new TaskEnd(reason, ReasonText);
    }

    private void Record(GroupTask task, TaskEnd? end)
    {
        if (_results is not null)
        {
            if (end is null) task.Entry.Deliver(_results, task.Index);
            else
            {
                StateLock.Enter();
                (_ends ??= [])[task.Index] = end;
                StateLock.Exit();
            }
        }
        else if (end is null && task.OwnScope is null)
        {
            if (_finished is null) task.Entry.DropResult();
        }

        if (task.OwnScope is not null) task.Ended(end);
        else task.EndedUnobserved(end);
        _finished?.Add(task);
    }

    private void ChildFailed(GroupTask task)
    {
        StateLock.Enter();
        var isFirst = _firstFailed is null && Mode != ErrorMode.CollectAll;
        if (isFirst) _firstFailed = task;
        if (task.End is { Panic: not null } end) (_panics ??= []).Add(end);
        StateLock.Exit();
        if (Mode == ErrorMode.CancelAll) Cancel(CancelReason.ScopeFailed);
        else if (Mode == ErrorMode.CancelRemaining)
        {
            Atomic.Store(ref _startsNobody, 1);
            SkipPending();
        }
    }

    private void StartNext()
    {
        StateLock.Enter();
        var next = _firstPending;
        if (next is null) _running--;
        else Unlist(next);
        StateLock.Exit();
        if (next is not null) Scheduler.Start(next);
    }

    private void Unlist(GroupTask first)
    {
        _firstPending = first.NextPending;
        if (_firstPending is null) _lastPending = null;
        first.NextPending = null;
    }

    private protected override void OnCancelled() => SkipPending();

    /// <summary>Children that have not been started never will be.</summary>
    private void SkipPending()
    {
        StateLock.Enter();
        var pending = _firstPending;
        _firstPending = _lastPending = null;
        StateLock.Exit();
        while (pending is not null)
        {
            var next = pending.NextPending;
            pending.NextPending = null;
            EndUnstarted(pending);
            pending = next;
        }

        EntrySegment? own = null;
        while (_queue?.Take(ref own, out var place) is { } segment) EndUnstarted(TaskOf(segment.EntryAt(place)));
    }

    private void EndUnstarted(GroupTask task)
    {
        Abandon(task.Entry);
        if (task.OwnScope is { } own) task.PopScope(own);
        Record(task, CancelledEnd(task));
        CountEnded(1);
    }

    // Written by the owner for each child, and apart from what the pumps read.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct OwnerSide
    {
        [FieldOffset(64)]
        public long Spawned;
    }
}
