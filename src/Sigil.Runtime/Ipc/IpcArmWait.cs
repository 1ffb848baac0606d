using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Ipc;

/// <summary>The wait of an arm of a select at an end of a channel between processes: a wake-up makes the select look again.</summary>
internal sealed class IpcArmWait(SigilTask task) : IEndWaiter
{
    private int _ticket;

    // The select asks its arms itself.
    bool IEndWaiter.IsReady => false;

    public void Wake()
    {
        if (task.TryClaim(Atomic.Load(ref _ticket))) task.CompleteWait(WakeReason.Signalled);
    }

    /// <summary>Enters the list of the end; the select looks at it once more afterwards.</summary>
    internal void Enter(TransportEnd end, int ticket)
    {
        Atomic.Store(ref _ticket, ticket);
        // Other processes may end the wait: this is no deadlock.
        task.Scheduler.AddOutstanding(1);
        end.AddWaiter(this);
    }

    internal void Leave(TransportEnd end)
    {
        end.RemoveWaiter(this);
        task.Scheduler.AddOutstanding(-1);
    }
}
