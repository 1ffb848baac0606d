using System.Runtime.ExceptionServices;
using Sigil.Runtime.Ownership;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// Two calls that do not depend on each other, at the same time while a core is free: the calls of <c>recurse(.parallel: n)</c>. Neither waits for
/// anything, so they need no task; a thread that has nothing to do but to wait for the other call counts as a free core.
/// </summary>
public static class ParallelCalls
{
    private const int IdleMillis = 200;

    private static readonly Gate _gate = new();
    private static readonly Stack<Helper> _idle = [];
    private static int _free = WorkStealingScheduler.DefaultWorkers - 1;

    /// <summary>Runs both; what the first one throws goes before what the second one throws.</summary>
    [Intrinsic("both_calls")]
    public static (A, B) Both<A, B>(Fn<A> first, Fn<B> second)
    {
        if (Control.Strand is not null || !TryTakeCore())
        {
            var early = first.Invoke();
            return (early, second.Invoke());
        }

        if (Owners.IsOn) Owners.Give(second, "a parallel recursion");
        var job = new Job<B>(second);
        Give(job);
        A result;
        try
        {
            result = first.Invoke();
        }
        catch
        {
            Await(job, isWanted: false);
            throw;
        }

        Await(job, isWanted: true);
        return (result, job.Result);
    }

    private static bool TryTakeCore()
    {
        using (_gate.Hold())
        {
            if (_free <= 0) return false;
            _free--;
            return true;
        }
    }

    private static void Give(Job job)
    {
        Helper? helper;
        using (_gate.Hold())
        {
            if (_idle.TryPop(out helper))
            {
                helper.Next = job;
                _gate.PulseAll();
                return;
            }
        }

        helper = new Helper { Next = job };
        StackGuard.StartThread("sigil recurse", () => Serve(helper));
    }

    /// <summary>The job has been done when this returns: by its helper, or here if the helper has not begun.</summary>
    private static void Await(Job job, bool isWanted)
    {
        using (_gate.Hold())
        {
            if (!job.HasBegun)
            {
                job.HasBegun = true;
                _free++;
                if (!isWanted) return;
            }
            else
            {
                if (!job.HasEnded)
                {
                    _free++;
                    using (Blocking.Section())
                        while (!job.HasEnded) _gate.Wait();
                    _free--;
                }

                if (isWanted) job.Fault?.Throw();
                return;
            }
        }

        job.Run();
        job.Fault?.Throw();
    }

    private static void Serve(Helper helper)
    {
        while (true)
        {
            Job job;
            using (_gate.Hold())
            {
                while (helper.Next is null)
                    if (!_gate.Wait(IdleMillis) && helper.Next is null)
                    {
                        Forget(helper);
                        return;
                    }

                job = helper.Next;
                helper.Next = null;
                if (job.HasBegun)
                {
                    _idle.Push(helper);
                    continue;
                }

                job.HasBegun = true;
            }

            job.Run();
            using (_gate.Hold())
            {
                job.HasEnded = true;
                _free++;
                _idle.Push(helper);
                _gate.PulseAll();
            }
        }
    }

    private static void Forget(Helper helper)
    {
        var others = _idle.Where(h => h != helper).Reverse().ToArray();
        _idle.Clear();
        foreach (var other in others) _idle.Push(other);
    }

    /// <summary>A thread that runs one job after the other.</summary>
    private sealed class Helper
    {
        internal Job? Next;
    }

    private abstract class Job
    {
        // The assertions of a test are counted through it.
        private readonly ExecutionContext? _context = ExecutionContext.Capture();

        internal bool HasBegun, HasEnded;

        internal ExceptionDispatchInfo? Fault { get; private set; }

        internal void Run()
        {
            if (!Owners.IsOn)
            {
                RunHere();
                return;
            }

            var self = new OwnerTask("one side of a parallel recursion");
            var before = Owners.Enter(self);
            RunHere();
            Owners.Leave(before);
            self.End();
        }

        private void RunHere()
        {
            try
            {
                if (_context is null) Invoke();
                else ExecutionContext.Run(_context, static job => ((Job)job!).Invoke(), this);
            }
            catch (Exception fault)
            {
                Fault = ExceptionDispatchInfo.Capture(fault);
            }
        }

        protected abstract void Invoke();
    }

    private sealed class Job<T>(Fn<T> body) : Job
    {
        internal T Result { get; private set; } = default!;

        protected override void Invoke() => Result = body.Invoke();
    }
}
