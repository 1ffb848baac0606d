namespace Sigil.Runtime.Channels;

/// <summary>What a waiting party needs in order to stand in a <see cref="WaiterList{W}"/>.</summary>
internal interface IWaiter<W>
    where W : class
{
    ref W? Previous { get; }

    ref W? Next { get; }

    ref bool IsListed { get; }
}

/// <summary>First-in first-out list of waiting parties with removal from the middle; guarded by its channel's lock.</summary>
internal struct WaiterList<W>
    where W : class, IWaiter<W>
{
    private W? _last;

    internal W? First { get; private set; }

    internal void Add(W waiter)
    {
        waiter.Previous = _last;
        waiter.Next = null;
        waiter.IsListed = true;
        if (_last is null) First = waiter;
        else _last.Next = waiter;
        _last = waiter;
    }

    /// <summary>Takes a waiter off the list; no effect when it is not on it.</summary>
    internal void Remove(W waiter)
    {
        if (!waiter.IsListed) return;
        waiter.IsListed = false;
        if (waiter.Previous is null) First = waiter.Next;
        else waiter.Previous.Next = waiter.Next;
        if (waiter.Next is null) _last = waiter.Previous;
        else waiter.Next.Previous = waiter.Previous;
        waiter.Previous = waiter.Next = null;
    }
}
