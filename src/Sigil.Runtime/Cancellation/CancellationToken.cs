using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Cancellation;

/// <summary>
/// Something that is cancelled at most once, with a reason: a scope, or a token that the program made. Everything that wants
/// to know registers with it.
/// </summary>
/// <remarks>
/// Invariants:
/// (1) what is cancelled stays so;
/// (2) whoever registers does so under the lock and only while the flag is down; the canceller sets the flag and takes the
/// registrations under the same lock, and tells them afterwards, outside all locks;
/// (3) a lock is held while another is taken only from a token to the one it descends from.
/// A token made by the program refers to its parent, not the other way round, unless somebody waits for it: making a million
/// child tokens of a token that lives for ever leaves nothing behind.
/// </remarks>
public abstract class CancellationToken
{
    private protected TinyLock TokenLock;
    private protected EventWaiters Registrations;
    private int _reason;

    /// <summary>Why it was cancelled, or <see cref="CancelReason.None"/>.</summary>
    public CancelReason Reason => IsCancelled ? (CancelReason)Atomic.Load(ref _reason) : CancelReason.None;

    /// <summary>The text given by whoever cancelled.</summary>
    public string? ReasonText { get; private protected set; }

    /// <summary>Whether tasks inside, or work that was given the token, has to stop.</summary>
    public bool IsCancelled => Atomic.Load(ref _reason) != 0 || (LooksUp && LookUp());

    /// <summary><see cref="IsCancelled"/>, asked by a program.</summary>
    [Intrinsic("CancellationToken.is_cancelled")]
    public bool AskIsCancelled()
    {
        Control.Point();
        return IsCancelled;
    }

    /// <summary>The library's code of <see cref="Reason"/>.</summary>
    [Intrinsic("CancellationToken.reason_code")]
    public long ReasonCode => (long)Reason;

    /// <summary>The text given with the cancellation; empty when there is none.</summary>
    [Intrinsic("CancellationToken.reason_text")]
    public string ReasonWords => ReasonText ?? "";

    /// <summary>Whether the answer may come from a parent or a clock that has not told.</summary>
    private protected bool LooksUp { get; init; }

    /// <summary>Whether the flag is up, without asking further.</summary>
    private protected bool IsMarked => Atomic.Load(ref _reason) != 0;

    /// <summary>Cancels this and everything below; only the first reason counts.</summary>
    public void Cancel(CancelReason reason, string? text = null)
    {
        if (IsMarked) return;
        var wave = default(CancelWave);
        CancelOne(reason, text, ref wave);
        wave.Finish();
    }

    internal void CancelOne(CancelReason reason, string? text, ref CancelWave wave)
    {
        TokenLock.Enter();
        if (_reason != 0)
        {
            TokenLock.Exit();
            return;
        }

        ReasonText = text;

        // An exchange, for its fence: the flag is up before the waits below are looked at. See SigilTask.TryPark.
        Atomic.Exchange(ref _reason, (int)reason);
        CollectBelow(ref wave);
        var told = Registrations.TakeAll();
        if (told is not null) OnLastDeregistered();
        TokenLock.Exit();
        OnCancelled();
        while (told is not null)
        {
            var next = told.Next;
            told.Previous = told.Next = null;
            if (told is TokenLink link) wave.Add(link.Target, reason, text);
            else told.Happened();
            told = next;
        }
    }

    /// <summary>Inherits a cancellation when the token is made: nobody can be registered yet.</summary>
    private protected void Inherit(CancelReason reason, string? text)
    {
        ReasonText = text;
        Atomic.Store(ref _reason, (int)reason);
    }

    /// <summary>Registers somebody who is told when this is cancelled; false when it is cancelled already.</summary>
    internal bool TryRegister(EventWaiter waiter, Scheduler scheduler)
    {
        TokenLock.Enter();
        if (_reason != 0)
        {
            TokenLock.Exit();
            return false;
        }

        var isFirst = Registrations.IsEmpty;
        Registrations.Add(waiter);
        var late = isFirst ? OnFirstRegistered(scheduler) : null;
        TokenLock.Exit();
        if (late is { } source) Cancel(source.Reason, source.ReasonText);
        return true;
    }

    /// <summary>Takes a registration back; it may be told all the same if the canceller has it in hand already.</summary>
    internal void Deregister(EventWaiter waiter)
    {
        TokenLock.Enter();
        if (Registrations.Remove(waiter) && Registrations.IsEmpty) OnLastDeregistered();
        TokenLock.Exit();
    }

    /// <summary>Asks whoever this depends on; only when <see cref="LooksUp"/>.</summary>
    private protected virtual bool LookUp() => false;

    /// <summary>Somebody listens now; the lock is held. The result is a parent that has been cancelled already.</summary>
    private protected virtual CancellationToken? OnFirstRegistered(Scheduler scheduler) => null;

    /// <summary>Nobody listens any more; the lock is held.</summary>
    private protected virtual void OnLastDeregistered()
    {
    }

    /// <summary>The flag has just gone up and the lock is held: adds the scopes below and claims waiting tasks.</summary>
    private protected virtual void CollectBelow(ref CancelWave wave)
    {
    }

    /// <summary>Called once, outside the lock, after the flag has gone up.</summary>
    private protected virtual void OnCancelled()
    {
    }
}

/// <summary>One cancellation on its way down: what is still to be cancelled, and the tasks to wake at the end. No recursion, however deep the tree.</summary>
internal struct CancelWave
{
    private Stack<(CancellationToken Target, CancelReason Reason, string? Text)>? _below;
    private List<SigilTask>? _woken;
    private List<SigilTask>? _ready;
    private Scheduler? _scheduler;

    internal void Add(CancellationToken target, CancelReason reason, string? text) => (_below ??= new()).Push((target, reason, text));

    /// <summary>A waiting task has been claimed.</summary>
    internal void Add(SigilTask claimed)
    {
        (_woken ??= []).Add(claimed);
    }

    /// <summary>The wait of a parked task has been completed: it is only to be scheduled.</summary>
    internal readonly void AddReady(SigilTask task) => _ready!.Add(task);

    /// <summary>Whether the wave takes tasks of this scheduler as ready ones: those of the first that it comes upon.</summary>
    internal bool IsOf(Scheduler scheduler)
    {
        _ready ??= [];
        return (_scheduler ??= scheduler) == scheduler;
    }

    internal void Finish()
    {
        while (_below is not null && _below.TryPop(out var next)) next.Target.CancelOne(next.Reason, next.Text, ref this);
        if (_ready is not null) _scheduler!.WakeAll(_ready);
        if (_woken is null) return;
        foreach (var task in _woken) task.CompleteWait(WakeReason.Cancelled);
    }
}

/// <summary>Cancels a token or scope together with another one that it listens to.</summary>
internal sealed class TokenLink(CancellationToken target) : EventWaiter
{
    internal CancellationToken Target => target;

    internal override void Happened()
    {
        // The canceller takes the target itself: see CancelOne.
    }
}
