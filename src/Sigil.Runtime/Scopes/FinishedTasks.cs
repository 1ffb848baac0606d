using Sigil.Runtime.Panics;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scopes;

/// <summary>The children of a nursery that have ended and that <c>wait_for_first</c> has not handed out yet, in the order of their ends.</summary>
internal sealed class FinishedTasks(SigilTask owner)
{
    private TinyLock _lock;
    private readonly LinkedList<GroupTask> _tasks = new();
    private FirstWait? _waiting;
    private long _taken;

    internal void Add(GroupTask task)
    {
        _lock.Enter();
        var waiting = _waiting;
        if (waiting is not null && waiting.Wants(task) && owner.TryClaim(waiting.Ticket)) _waiting = null;
        else
        {
            waiting = null;
            _tasks.AddLast(task);
        }

        _lock.Exit();
        if (waiting is null) return;
        waiting.Result = task;
        owner.CompleteWait(WakeReason.Signalled);
    }

    internal Status Wait<T>(GroupScope scope, SigilTask task, out GroupTask result, string site)
    {
        result = null!;
        if (task.IsCancellationRequested) return Status.Cancelled;
        _lock.Enter();
        for (var node = _tasks.First; node is not null; node = node.Next)
        {
            if (!IsWanted<T>(node.Value)) continue;
            result = node.Value;
            _tasks.Remove(node);
            _taken++;
            _lock.Exit();
            return Status.Completed;
        }

        if (_taken + _tasks.Count >= scope.Spawned)
        {
            _lock.Exit();
            throw new SigilPanic("E9001", "wait_for_first: every task of this nursery has been waited for", site);
        }

        var wait = new FirstWait<T>(this, site) { Ticket = task.BeginWait() };
        _waiting = wait;
        _taken++;
        task.SuspendedFrame = task.Leaf = wait;
        _lock.Exit();
        Atomic.FullFence();
        if (!task.RetractIfCancelled(wait.Ticket)) return Status.Suspended;
        task.Leaf = null;
        Withdraw();
        return Status.Cancelled;
    }

    private void Withdraw()
    {
        _lock.Enter();
        _waiting = null;
        _taken--;
        _lock.Exit();
    }

    // A task without value is wanted by everybody: it fails the nursery.
    private static bool IsWanted<T>(GroupTask task) => task.End is not null || task.HasFailed || task.Entry.YieldsOk<T>();

    private abstract class FirstWait : Frame<GroupTask>
    {
        internal int Ticket;

        internal abstract bool Wants(GroupTask task);
    }

    private sealed class FirstWait<T>(FinishedTasks tasks, string site) : FirstWait
    {
        public override string WaitDescription => "the first task of its nursery to end";

        public override string WaitSite => site;

        internal override bool Wants(GroupTask task) => IsWanted<T>(task);

        public override Status Resume(SigilTask task)
        {
            if (task.Wake != WakeReason.Cancelled) return Status.Completed;
            tasks.Withdraw();
            return Status.Cancelled;
        }
    }
}
