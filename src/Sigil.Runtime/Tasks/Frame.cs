using System.Runtime.CompilerServices;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tasks;

/// <summary>
/// The saved state of one suspended call. A frame comes into being only when a callee reports
/// <see cref="Status.Suspended"/>, on the way out, and is reused by later suspensions of the same call.
/// </summary>
/// <remarks>
/// A suspending caller links itself above the suspended chain:
/// <code>
/// task.SuspendedFrame.Caller = F; task.SuspendedFrame = F; return Suspended;
/// </code>
/// The trampoline resumes the leaf first and then each <see cref="Caller"/> in turn, with the frame that has ended, which holds the
/// result, in <see cref="SigilTask.SuspendedFrame"/>.
/// </remarks>
public abstract class Frame
{
    /// <summary>The frame that is resumed when this one has ended.</summary>
    public Frame? Caller;

    /// <summary>Where the body goes on; 0 is the start of a task entry.</summary>
    public int State;

    /// <summary>The state of a task's entry whose place a call has taken that the task ends with: nothing refers to it any more. Stored last, with release.</summary>
    public const int Left = -1;

    /// <summary>How the callee ended; set by the trampoline before <see cref="Resume"/>.</summary>
    public Status CalleeStatus;

    /// <summary>Goes on at <see cref="State"/>.</summary>
    public abstract Status Resume(SigilTask task);

    /// <summary>
    /// Called instead of <see cref="Resume"/> on a task entry that never runs, because its scope was cancelled first: an entry
    /// that owns unique values drops them here.
    /// </summary>
    public virtual void Abandon()
    {
    }

    /// <summary>Of a task's entry that is queued as its captures alone: a further one like it, without them.</summary>
    public virtual Frame Another() => this;

    /// <summary>The captures of such an entry: what stands at <paramref name="place"/> in an array of them.</summary>
    public virtual void Load(object captures, int place)
    {
    }

    /// <summary>Of a task's entry, in a checked run: the task leaves its result to whoever takes it.</summary>
    internal virtual void LeaveResult(SigilTask task)
    {
    }

    /// <summary>Of a task's entry: puts the result where its scope collects results, a <c>GroupStore</c> of its type.</summary>
    internal virtual void Deliver(object store, int index)
    {
    }

    /// <summary>Of a task's entry: drops the unique parts of a result that nobody wants.</summary>
    internal virtual void DropResult()
    {
    }

    /// <summary>Of a task's entry whose result is a <c>Result</c>: whether an <c>Ok</c> of it holds a value of this type.</summary>
    internal virtual bool YieldsOk<T>() => false;

    /// <summary>The value of the <c>Ok</c>; only where <see cref="YieldsOk{T}"/>.</summary>
    internal virtual T TakeOk<T>() => default!;

    /// <summary>What a waiting leaf waits for, in words, for the deadlock report and the task dump; null for other frames.</summary>
    public virtual string? WaitDescription => null;

    /// <summary>Where the wait, or the suspended call, stands in the source: <c>file:line:col in @fn</c>.</summary>
    public virtual string? WaitSite => null;
}

/// <summary>A frame of a call that yields an <typeparamref name="R"/>.</summary>
public abstract class Frame<R> : Frame
{
    /// <summary>The result, valid once the frame has ended with <see cref="Status.Completed"/>.</summary>
    public R Result = default!;

    internal sealed override void LeaveResult(SigilTask task) => Ownership.Owners.Left(Result, task);

    // The store is that of the group, made for the results of all its children: no need to look.
    internal sealed override void Deliver(object store, int index) => Unsafe.As<GroupStore<R>>(store).Set(index, in Result);

    internal sealed override void DropResult() => Undelivered<R>.Drop(Result);

    internal sealed override bool YieldsOk<T>() => Result is IHasOk<T>;

    internal sealed override T TakeOk<T>() => ((IHasOk<T>)Result!).OkPart;
}
