using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Ownership;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scopes;

/// <summary>
/// The scope of a list form of <c>parallel</c>: one task per element, made when it may start, so that a million elements with
/// a limit of ten hold ten tasks.
/// </summary>
/// <remarks>
/// <em>Pumps</em>, at most one per worker, make elements into tasks and run each on the spot. An element that never suspends costs no
/// queue and no wake-up; one that suspends lives on as a task of its own while its pump goes on to the next. A pump stops at the
/// limit; the end of a suspended element starts one again. One whose element blocks its thread gives its place to another one, and ends with the
/// element. The counters are guarded by <c>StateLock</c>, the source by its own
/// lock, since asking it runs user code.
/// The scope's children, for the owner's wait, are the pumps and the elements together: a pump registers an element before it
/// runs it, so the balance cannot reach zero early. An element that never suspends leaves its registration to the next.
/// Elements that are CPU work are taken in chunks; see the other part of this class.
/// </remarks>
public sealed partial class ListScope<R> : ChildScope
{
    // A pump goes behind other ready tasks after this many elements.
    private const int ElementsPerTurn = 64;

    private readonly Gate _sourceGate = new();
    private readonly TaskSource<R> _source;
    private readonly int _maxConcurrent;
    private readonly string _site;
    private readonly ResultStore<R> _results = new();
    private readonly ResultBuffer<ChildEnd>? _ends;
    private int _pumps;
    private int _maxPumps;
    private int _unfinished;
    private int _started;
    private bool _exhausted;
    private int _winner = -1;
    private readonly bool _isCpuBound;
    private OwnerTask? _sourceOwner;

    // Nothing but its result is to be noted of an element that has ended well.
    private readonly bool _isPlain;

    private ListScope(SigilTask owner, TaskSource<R> source, long maxConcurrent, ErrorMode mode, long timeoutNanos, string site, bool isCpuBound)
        : base(owner, mode, timeoutNanos)
    {
        _source = source;
        _isCpuBound = isCpuBound;
        _site = site;
        _maxConcurrent = maxConcurrent is <= 0 or > int.MaxValue ? int.MaxValue : (int)maxConcurrent;
        _isPlain = _maxConcurrent == int.MaxValue && mode is not (ErrorMode.CollectAll or ErrorMode.FirstWins);
        _ends = mode == ErrorMode.CollectAll ? new ResultBuffer<ChildEnd>(source.KnownCount) : null;
    }

    /// <summary>The results in the order of the elements, after the join; under <see cref="ErrorMode.FirstWins"/> only that of the element that finished first.</summary>
    public R[] Results => Mode != ErrorMode.FirstWins ? _results.ToArray(_started) : _winner < 0 ? [] : [_results.Get(_winner)];

    /// <summary>How each element ended; only under <see cref="ErrorMode.CollectAll"/>, after the join.</summary>
    public ChildEnd[] Ends
    {
        get
        {
            // Elements that were never started count too, where their number is known.
            var count = _source.KnownCount is >= 0 and <= int.MaxValue and var known ? Math.Max((int)known, _started) : _started;
            var ends = _ends!.ToArray(count);
            for (var i = _started; i < count; i++) ends[i] = EndOf(Status.Cancelled, null);
            return ends;
        }
    }

    /// <summary>The values of the elements, with gaps where one has failed; after the join.</summary>
    public R[] Collected => _results.ToArray(_ends!.ToArray(Math.Max(_started, (int)Math.Min(int.MaxValue, Math.Max(0, _source.KnownCount)))).Length);

    // What ended the form that the list stands in ended its elements.
    private ChildEnd EndOf(Status status, SigilPanic? panic)
    {
        var scope = Reason == CancelReason.ParentCancelled && Parent is ParallelScope form ? form : (CancelScope)this;
        return new ChildEnd(status, panic, scope.Reason, scope.ReasonText ?? "");
    }

    /// <summary>Opens a scope in <paramref name="owner"/>; see <see cref="ParallelScope.Open"/> for the options.</summary>
    public static ListScope<R> Open(
        SigilTask owner,
        TaskSource<R> source,
        string site,
        long maxConcurrent = 0,
        ErrorMode mode = ErrorMode.CancelAll,
        long timeoutNanos = -1,
        bool isCpuBound = false) => new(owner, source, maxConcurrent, mode, timeoutNanos, site, isCpuBound);

    /// <summary>Leaf operation: runs all elements and waits for them; ends like <see cref="ParallelScope.Join"/>.</summary>
    public Status Join(SigilTask owner, string site)
    {
        var workers = owner.Scheduler.Parallelism;
        _maxPumps = Math.Min(workers, _maxConcurrent);
        if (_source.KnownCount is >= 0 and var count) _maxPumps = (int)Math.Min(_maxPumps, count);
        _pumps = _maxPumps;
        if (_maxPumps == 0) return Finish();
        var status = BeginJoin(_maxPumps, site);
        if (TakesChunks) _chunks = new Chunk?[_maxPumps];
        for (var i = 0; i < _maxPumps; i++) owner.Scheduler.Start(new SigilTask(new Pump(this, i), this, _site));
        return status;
    }

    internal override void TaskEnded(SigilTask task, Status status)
    {
        if (task.Entry is Pump)
        {
            PumpEnded(task, status);
            return;
        }

        Note(task, status);
        CountEnded(1);
    }

    // In a pump, which counts for its elements until they suspend.
    internal override void TaskEndedAtOnce(SigilTask task, Status status)
    {
        if (task.Entry is Pump) PumpEnded(task, status);
        else if (_isPlain && status == Status.Completed) StoreResult(task);
        else Note(task, status);
    }

    // Into the element's own place: no lock.
    private void StoreResult(SigilTask task)
    {
        // What ended is the entry, or the call that it ended with; one without a result may have no place for it.
        if (task.Entry is Frame<R> last) _results.Set(task.Index, last.Result);
    }

    private void Note(SigilTask task, Status status)
    {
        var panic = status == Status.Panicked ? task.TakePanic() : null;
        if (status == Status.Completed) StoreResult(task);

        // When all have been started, nobody counts any more how many may start.
        if (_isPlain && panic is null && Atomic.Load(ref _exhausted))
        {
            if (status == Status.Cancelled) SawCancelled();
            return;
        }

        StateLock.Enter();
        var wins = Mode == ErrorMode.FirstWins && status == Status.Completed && _winner < 0;
        if (wins) _winner = task.Index;
        _ends?.Set(task.Index, EndOf(status, panic));
        _unfinished--;
        var pump = !_exhausted && _pumps < _maxPumps;
        if (pump) _pumps++;
        StateLock.Exit();
        if (status == Status.Cancelled) SawCancelled();
        if (panic is not null)
        {
            RecordPanic(panic);
            if (Mode is ErrorMode.CancelAll or ErrorMode.FirstWins) Cancel(CancelReason.ScopeFailed);
            else if (Mode == ErrorMode.CancelRemaining) StopStarting();
        }

        if (wins) Cancel(CancelReason.ScopeFailed);

        if (pump)
        {
            CountStarted();
            Scheduler.Start(new SigilTask(new Pump(this, 0), this, _site));
        }
    }

    private void PumpEnded(SigilTask task, Status status)
    {
        // A pump that never ran, because the scope was cancelled first.
        if (status == Status.Cancelled) SawCancelled();
        if (task.PendingPanic is not null) Fail(task.TakePanic());
        CountEnded(((Pump)task.Entry).Counts);
    }

    private void StopStarting()
    {
        StateLock.Enter();
        var stopped = !_exhausted || _chunks is not null;
        _exhausted = true;
        Atomic.Store(ref _stopped, true);
        StateLock.Exit();
        if (stopped) SawCancelled();
    }

    private protected override void OnFinished()
    {
        _sourceOwner?.End();
        _source.Drop();
    }

    private protected override Status Finish()
    {
        var status = Status.Panicked;
        try
        {
            return status = base.Finish();
        }
        finally
        {
            if (status != Status.Completed || HasExit) DropResults(-1);
            else if (Mode == ErrorMode.FirstWins) DropResults(_winner);
            else if (Mode != ErrorMode.CollectAll && FailureCode != 0) DropResults(-1);
        }
    }

    // Results that nobody will see; those of a race but the winner's.
    private void DropResults(int kept)
    {
        if (!Undelivered<R>.NeedsDrop) return;
        var results = _results.ToArray(_started);
        for (var i = 0; i < results.Length; i++)
            if (i != kept) Undelivered<R>.Drop(results[i]);
    }

    /// <summary>Takes the next element if one may start now; otherwise the calling pump has to end.</summary>
    private Frame<R>? TakeNext(Frame<R>? spare, out int index)
    {
        index = 0;
        using (_sourceGate.HoldPatiently())
        {
            if (!_isPlain || Atomic.Load(ref _exhausted))
            {
                StateLock.Enter();
                var may = !_exhausted && _unfinished < _maxConcurrent;
                if (may) _unfinished++;
                else _pumps--;
                StateLock.Exit();
                if (!may) return null;
            }

            if (IsCancelled)
            {
                SawCancelled();
                End();
                return null;
            }

            Frame<R>? entry;
            _source.Spare = spare;
            try
            {
                if (!Ask(out entry)) entry = null;
            }
            catch (SigilPanic)
            {
                End();
                throw;
            }

            if (entry is null) End();
            else _results.Reserve(index = _started++);
            return entry;
        }

        void End()
        {
            StateLock.Enter();
            _exhausted = true;
            _unfinished--;
            _pumps--;
            StateLock.Exit();
        }
    }

    /// <summary>Asks the source, which owns what the list mentions, whoever asks.</summary>
    private bool Ask(out Frame<R>? entry)
    {
        if (!Owners.IsOn) return _source.Next(out entry);
        var before = Owners.Enter(_sourceOwner ??= new OwnerTask($"the list of tasks created at {_site}"));
        try
        {
            return _source.Next(out entry);
        }
        finally
        {
            Owners.Leave(before);
        }
    }

    /// <summary>The next element of a pump, out of its chunk when it takes chunks.</summary>
    private Frame<R>? TakeNext(Pump pump, out int index) => _chunks is null ? TakeNext(pump.SpareEntry, out index) : TakeFromChunk(pump, out index);

    // Whether elements are left that have not been taken.
    private bool HasMore => !Atomic.Load(ref _exhausted) || HasChunks;

    private sealed class Pump(ListScope<R> scope, int number) : Frame, IPump
    {
        internal readonly int Number = number;
        internal int ChunkSize = 1;
        internal long ChunkBegan;
        internal Frame<R>? SpareEntry;

        // Of the scope's children: itself, and the element that it runs or will run next.
        internal int Counts = 1;
        private SigilTask? _spare;

        // Whether an element runs, and whether it has blocked and another pump has the place of this one, which ends with the element.
        private bool _runsElement;
        private bool _isReplaced;

        public override Status Resume(SigilTask task)
        {
            var worker = Worker.Current;
            if (worker is not null) worker.Pump = this;
            try
            {
                return RunElements(task);
            }
            finally
            {
                if (worker is not null) worker.Pump = null;
            }
        }

        /// <inheritdoc/>
        public void GiveUpPlace()
        {
            if (!_runsElement || _isReplaced || !scope.HasMore) return;
            _isReplaced = true;
            scope.CountStarted();
            scope.Scheduler.Start(new SigilTask(new Pump(scope, Number), scope, scope._site));
        }

        private Status RunElements(SigilTask task)
        {
            for (var i = 0; i < ElementsPerTurn; i++)
            {
                if (scope.TakeNext(this, out var index) is not { } entry) return Status.Completed;
                var element = _spare ?? new SigilTask(entry, scope, scope._site);
                _spare = null;
                element.Recycle(entry, index);
                if (Counts == 1)
                {
                    scope.CountStarted();
                    Counts = 2;
                }

                SpareEntry = null;
                _runsElement = true;
                var hasEnded = Trampoline.Run(element);
                _runsElement = false;
                if (hasEnded)
                {
                    _spare = element;
                    SpareEntry = entry;
                }
                else
                {
                    // Its end will be counted. Whoever runs the task now, perhaps another worker, does not know an entry that was left.
                    Counts = 1;
                    if (Atomic.Load(ref entry.State) == Left) SpareEntry = entry;
                }

                if (_isReplaced) return Status.Completed;

                // CPU work does not hold up what has been woken, such as I/O that is complete.
                if (scope._isCpuBound && Worker.Current is { HasWokenWork: true }) break;
            }

            // Not a cancellation point: a cancelled pump still has to leave its counters right.
            var ticket = task.BeginWait(cancellable: false);
            task.TryClaim(ticket);
            task.CompleteWait(WakeReason.GaveWay);
            task.SuspendedFrame = task.Leaf = this;
            return Status.Suspended;
        }
    }
}
