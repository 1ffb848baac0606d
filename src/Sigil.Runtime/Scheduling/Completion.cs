using System.Runtime.CompilerServices;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scheduling;

/// <summary>
/// Waits for asynchronous operations of .NET: sockets, HTTP, commands. The task suspends, no thread waits, and the operation's
/// end schedules the task. Cancelling the task cancels the operation; the task goes on when the operation has ended, so none
/// outlives the task that started it.
/// </summary>
public static class Completion
{
    /// <summary>
    /// Leaf operation. <paramref name="start"/> begins the operation, which ends with a value, or with an
    /// <see cref="OperationCanceledException"/> after its token was cancelled; any other exception is a defect.
    /// </summary>
    /// <param name="what">What is waited for, in words, for reports.</param>
    public static Status Begin<R>(SigilTask task, Func<CancellationToken, ValueTask<R>> start, out R result, string site, string what)
    {
        result = default!;
        if (task.IsCancellationRequested) return Status.Cancelled;
        // A controlled run knows only threads of its own.
        if (Control.Strand is not null) return Blocking.Run(task, () => start(CancellationToken.None).AsTask().GetAwaiter().GetResult(), out result, site);
        var source = new CancellableOperation();
        return Begin(task, start(source.Token), source, out result, site, what);
    }

    /// <summary>Leaf operation: waits for one that has begun and that <paramref name="canceller"/> can end early.</summary>
    internal static Status Begin<R>(SigilTask task, ValueTask<R> operation, ICanceller canceller, out R result, string site, string what)
    {
        result = default!;
        if (operation.IsCompleted)
        {
            result = operation.GetAwaiter().GetResult();
            return Status.Completed;
        }

        var frame = new CompletionFrame<R>(task, operation.ConfigureAwait(false).GetAwaiter(), canceller, site, what);
        var status = frame.Begin();
        if (status == Status.Completed) result = frame.Result;
        return status;
    }

    /// <summary>The same for plain code: the thread waits, and a worker's queue goes to a spare worker meanwhile.</summary>
    public static R Await<R>(Func<CancellationToken, ValueTask<R>> start)
    {
        var operation = start(CancellationToken.None);
        if (operation.IsCompleted) return operation.GetAwaiter().GetResult();
        using var blocking = Blocking.Section();
        return operation.AsTask().GetAwaiter().GetResult();
    }
}

/// <summary>Ends an operation early; the operation then ends soon, in whatever way.</summary>
internal interface ICanceller
{
    void Cancel();
}

internal sealed class CancellableOperation : CancellationTokenSource, ICanceller;

/// <summary>The leaf of <see cref="Completion.Begin"/>.</summary>
internal sealed class CompletionFrame<R>(
    SigilTask task, ConfiguredValueTaskAwaitable<R>.ConfiguredValueTaskAwaiter operation, ICanceller canceller, string site, string what) : Frame<R>
{
    private int _ticket;
    private int _ended;

    public override string WaitDescription => what;

    public override string WaitSite => site;

    internal Status Begin()
    {
        var ticket = task.BeginWait();
        Atomic.Store(ref _ticket, ticket);
        task.SuspendedFrame = task.Leaf = this;
        // The operation can always still wake somebody.
        task.Scheduler.AddOutstanding(1);
        operation.UnsafeOnCompleted(Ended);
        Atomic.FullFence();
        return task.RetractIfCancelled(ticket) ? AwaitCancelled() : Status.Suspended;
    }

    public override Status Resume(SigilTask resumed) =>
        resumed.Wake == WakeReason.Cancelled && Atomic.Load(ref _ended) == 0 ? AwaitCancelled() : Finish();

    // Either this end sees the ticket of the second wait, or the one who begins that wait sees that the operation has ended.
    private void Ended()
    {
        Atomic.Store(ref _ended, 1);
        Atomic.FullFence();
        if (task.TryClaim(Atomic.Load(ref _ticket))) task.CompleteWait(WakeReason.Signalled);
    }

    private Status AwaitCancelled()
    {
        canceller.Cancel();
        var ticket = task.BeginWait(cancellable: false);
        Atomic.Store(ref _ticket, ticket);
        Atomic.FullFence();
        return Atomic.Load(ref _ended) != 0 && task.TryRetract(ticket) ? Finish() : Status.Suspended;
    }

    private Status Finish()
    {
        task.Scheduler.AddOutstanding(-1);
        task.Leaf = null;
        try
        {
            Result = operation.GetResult();
            return Status.Completed;
        }
        catch (OperationCanceledException)
        {
            return Status.Cancelled;
        }
    }
}
