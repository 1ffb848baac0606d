using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scopes;

/// <summary>Pumps: tasks of the runtime's own that run queued children.</summary>
public sealed partial class GroupScope
{
    private sealed class Pump(GroupScope scope, EntryQueue queue) : Frame, IPump
    {
        // A pump goes behind other ready tasks after this many entries.
        private const int EntriesPerTurn = 64;

        private EntrySegment? _segment;

        // The latest child when it has ended at once: the next one is made of it.
        private GroupTask? _child;

        // Its entry, when that was made with a model; the next child of that model is the same task in the same entry with other captures.
        private Frame? _entry;
        private Frame? _model;
        private string? _site;

        // Children that have ended and have not been counted: the scope cannot end before the turn does, since it has a child then.
        private int _ended;

        // Whether a child runs, and whether it has blocked and another pump has the place of this one, which ends with the child.
        private bool _runsChild;
        private bool _isReplaced;

        public override Status Resume(SigilTask task)
        {
            var worker = Worker.Current;
            if (worker is not null) worker.Pump = this;
            try
            {
                return RunChildren(task);
            }
            finally
            {
                if (worker is not null) worker.Pump = null;
            }
        }

        /// <inheritdoc/>
        public void GiveUpPlace()
        {
            if (!_runsChild || _isReplaced) return;
            _isReplaced = true;
            _segment?.Leave();
            _segment = null;

            // As in Retire: whoever queues a child from now on sees the place free, or the child is seen here.
            Atomic.Add(ref scope._pumps, -1);
            if (!queue.IsEmpty && scope.TryAddPump()) scope.StartPump(queue, _site!);
        }

        private Status RunChildren(SigilTask task)
        {
            for (var i = 0; i < EntriesPerTurn; i++)
            {
                if (queue.Take(ref _segment, out var place) is not { } segment)
                {
                    Count();
                    if (scope.Retire()) return Status.Completed;
                    continue;
                }

                if (scope.IsCancelled || scope.StartsNobody)
                {
                    scope.EndUnstarted(scope.TaskOf(segment.EntryAt(place)));
                    continue;
                }

                var child = Prepare(segment, place);
                _runsChild = true;
                var run = Trampoline.RunChild(child, scope);
                _runsChild = false;
                switch (run)
                {
                    case ChildRun.Completed:
                        _ended++;
                        if (!scope.NoteCompleted(child)) Forget();
                        break;
                    case ChildRun.Ended:
                        _ended++;
                        if (child.End is not null || child.HasFailed) Forget();
                        break;
                    default:
                        // Whoever runs the task now, perhaps another worker, does not know an entry that was left.
                        _child = null;
                        if (_entry is { } entry && Atomic.Load(ref entry.State) != Left) _entry = null;
                        break;
                }

                if (!_isReplaced) continue;
                Count();
                return Status.Completed;
            }

            Count();

            // Not a cancellation point: entries may be queued that only this pump will find.
            var ticket = task.BeginWait(cancellable: false);
            task.TryClaim(ticket);
            task.CompleteWait(WakeReason.GaveWay);
            task.SuspendedFrame = task.Leaf = this;
            return Status.Suspended;
        }

        private GroupTask Prepare(EntrySegment segment, int place)
        {
            if (segment.IsPlain(place) && segment.Model == _model && _entry is { } used)
            {
                segment.Fill(used, place);
                if (_child is { } same && ReferenceEquals(segment.Site, _site))
                {
                    same.Recycle(used, segment.FirstIndex + place);
                    return same;
                }

                return ChildOf(new QueuedEntry(used, segment.FirstIndex + place, segment.Site));
            }

            var isPlain = segment.IsPlain(place);
            var queued = segment.EntryAt(place);
            _entry = isPlain ? queued.Entry : null;
            _model = segment.Model;
            return ChildOf(queued);
        }

        private GroupTask ChildOf(QueuedEntry queued)
        {
            _site = queued.Site;
            if (_child is { } ended) ended.Reuse(queued);
            else
            {
                _child = scope.TaskOf(queued);
                _child.IsCountedByPump = true;
            }

            return _child;
        }

        private void Forget() => _child = null;

        private void Count()
        {
            if (_ended == 0) return;
            var ended = _ended;
            _ended = 0;
            scope.CountEnded(ended);
        }
    }
}
