using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;
using Token = Sigil.Runtime.Cancellation.CancellationToken;

namespace Sigil.Runtime.Tests.Cancellation;

public class TokenTests
{
    private const string Site = "test.si:1:1 in @test";

    [Fact]
    public void Cancelling_goes_down_and_never_up()
    {
        var source = CancellationSource.Create();
        var child = TokenOperations.Child(source.Token);
        var grandchild = TokenOperations.Child(child);
        var sibling = TokenOperations.Child(source.Token);
        child.Cancel(CancelReason.Requested, "why");
        Assert.True(grandchild.IsCancelled);
        Assert.Equal((CancelReason.Requested, "why"), (grandchild.Reason, grandchild.ReasonText));
        Assert.False(source.Token.IsCancelled);
        Assert.False(sibling.IsCancelled);
    }

    [Fact]
    public void Only_the_first_reason_counts()
    {
        var source = CancellationSource.Create();
        source.Cancel("first");
        source.Cancel("second");
        Assert.Equal("first", source.Token.ReasonText);
    }

    [Fact]
    public void A_child_is_not_later_than_its_parent()
    {
        var source = CancellationSource.Create();
        var early = TokenOperations.WithTimeout(source.Token, 0);
        var late = TokenOperations.WithTimeout(early, long.MaxValue);
        Assert.True(late.IsCancelled);
        Assert.Equal(CancelReason.ScopeTimedOut, late.Reason);
        Assert.False(source.Token.IsCancelled);
    }

    [Fact]
    public void A_deep_chain_is_no_deep_recursion()
    {
        var source = CancellationSource.Create();
        var deepest = source.Token;
        var heard = 0;
        Running.Run(1, Body);
        Assert.Equal(1, heard);

        IEnumerator<Status> Body(Script<int> main)
        {
            for (var i = 0; i < 20_000; i++)
            {
                deepest = TokenOperations.Child(deepest);

                // Somebody listens at every level, so that each is linked to the one above.
                deepest.TryRegister(new Listener(() => { }), main.Task.Scheduler);
            }

            deepest.TryRegister(new Listener(() => heard++), main.Task.Scheduler);
            source.Cancel("deep");
            yield break;
        }
    }

    [Fact]
    public void Children_that_nobody_listens_to_leave_nothing_behind()
    {
        var source = CancellationSource.Create();
        Running.Run(1, Body);

        IEnumerator<Status> Body(Script<int> main)
        {
            var gone = Dropped(source.Token, main.Task);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            Assert.False(gone.IsAlive);
            yield break;
        }

        static WeakReference Dropped(Token parent, SigilTask task)
        {
            var child = TokenOperations.WithTimeout(TokenOperations.Child(parent), 3_600_000_000_000);
            var listener = new Listener(() => { });
            Assert.True(child.TryRegister(listener, task.Scheduler));
            child.Deregister(listener);
            return new WeakReference(child);
        }
    }

    [Fact]
    public void A_waiting_task_is_told_once()
    {
        // The canceller, the deadline and the task's own scope compete.
        for (var round = 0; round < 300; round++)
        {
            var source = CancellationSource.Create();
            var ended = 0;
            // On a busy machine the scope may end before its task has started.
            var waiter = new Script<int>(Wait) { SeesCancellation = true, OnAbandon = () => Interlocked.Increment(ref ended) };
            Running.Run(2, Body);
            Assert.Equal(1, ended);

            IEnumerator<Status> Wait(Script<int> self)
            {
                yield return TokenOperations.Cancelled(self.Task, TokenOperations.WithTimeout(source.Token, 100_000), Site);
                Interlocked.Increment(ref ended);
            }

            IEnumerator<Status> Cancel(Script<int> self)
            {
                yield return Sleeping.YieldNow(self.Task, Site);
                source.Cancel("now");
            }

            IEnumerator<Status> Body(Script<int> main)
            {
                var scope = ParallelScope.Open(main.Task, timeoutNanos: 120_000);
                scope.Spawn(waiter, Site);
                scope.Spawn(new Script<int>(Cancel), Site);
                yield return scope.Join(main.Task, Site);
            }
        }
    }

    [Fact]
    public void A_scope_follows_its_token()
    {
        var source = CancellationSource.Create();
        var stopped = new Script<int>(Forever) { SeesCancellation = true };
        Running.Run(2, Body);

        IEnumerator<Status> Forever(Script<int> self)
        {
            yield return Sleeping.Sleep(self.Task, long.MaxValue, Site);
            Assert.Equal(Status.Cancelled, self.CalleeStatus);
        }

        IEnumerator<Status> Stop(Script<int> self)
        {
            while (!stopped.IsParked) yield return Sleeping.YieldNow(self.Task, Site);
            source.Cancel("stop");
        }

        IEnumerator<Status> Body(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task, token: TokenOperations.Child(source.Token));
            scope.Spawn(stopped, Site);
            scope.Spawn(new Script<int>(Stop), Site);
            yield return scope.Join(main.Task, Site);
            Assert.Equal(CancelReason.Requested, scope.Reason);
            Assert.Equal("stop", scope.FailureText);
        }
    }

    private sealed class Listener(Action heard) : EventWaiter
    {
        internal override void Happened() => heard();
    }
}
