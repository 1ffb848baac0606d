using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Channels;

/// <summary>One producer, and consumers that each see every value sent since they were made.</summary>
/// <remarks>
/// The values of the last <c>capacity</c> sends stand in one ring; every consumer has its place in it.
/// Invariants, true whenever the lock is free: (1) a consumer waits only at the tail; (2) the sender waits only while the slowest
/// consumer is a whole buffer behind, and never when lagging consumers lose the oldest values instead; (3) claims are made
/// under the lock and let go after it, as in <see cref="LockedChannel{T}"/>.
/// </remarks>
internal sealed class BroadcastChannel<T>(int capacity, bool dropsOldest, string createdAt) : ChannelGate, IWaitRoom<SendWait<T>>
{
    private readonly List<BroadcastConsumer<T>> _consumers = [];
    private T[] _ring = new T[Math.Min(capacity, Channel.EagerCapacity)];
    private SendWait<T>? _sender;
    private long _tail;

    // Never above the place of the slowest consumer; looked up again only when the ring seems full.
    private long _slowest;
    private int _producerClosed;
    private int _consumerCount;

    internal int Capacity => capacity;

    internal bool HasNoConsumer => Atomic.Load(ref _consumerCount) == 0;

    internal bool IsProducerClosed => Atomic.Load(ref _producerClosed) != 0;

    internal long Tail => Atomic.Load(ref _tail);

    /// <summary>How many values the slowest consumer has before it.</summary>
    internal long Lag
    {
        get
        {
            Lock.Enter();
            var lag = _consumers.Count == 0 ? 0 : Math.Min(capacity, _tail - SlowestPlace());
            Lock.Exit();
            return lag;
        }
    }

    /// <summary>The next value for a consumer in this place; what it has missed is dropped.</summary>
    internal long FirstKept(long place) => Math.Max(place, Atomic.Load(ref _tail) - capacity);

    internal void Join(BroadcastConsumer<T> consumer)
    {
        Lock.Enter();
        consumer.Place = _tail;
        _consumers.Add(consumer);
        Atomic.Store(ref _consumerCount, _consumers.Count);
        Lock.Exit();
    }

    // ---- sending ----

    internal int TrySend(T value)
    {
        var wake = default(WakeList);
        Lock.Enter();
        var outcome = SendLocked(value, ref wake);
        Lock.Exit();
        wake.WakeAll();
        return outcome;
    }

    internal int SendOrWait(SigilTask task, T value, string site, bool panicWhenClosed, out SendWait<T>? wait)
    {
        wait = null;
        var wake = default(WakeList);
        Lock.Enter();
        var outcome = SendLocked(value, ref wake);
        if (outcome == Outcome.Full) _sender = wait = new SendWait<T>(this, task, value, site, panicWhenClosed);
        Lock.Exit();
        wake.WakeAll();
        return outcome;
    }

    /// <summary>Whether a send would have to wait; the caller holds no lock.</summary>
    internal bool AskSenderWaits()
    {
        Lock.Enter();
        var waits = SenderWaits;
        Lock.Exit();
        return waits;
    }

    /// <summary>The same for who holds the lock.</summary>
    internal bool SenderWaits => _consumers.Count > 0 && !HasRoom;

    private int SendLocked(T value, ref WakeList wake)
    {
        if (_consumers.Count == 0) return Outcome.Closed;
        if (!HasRoom) return Outcome.Full;
        Put(value, ref wake);
        return Outcome.Done;
    }

    internal void Enlist(SendWait<T> wait) => _sender = wait;

    private bool HasRoom
    {
        get
        {
            if (dropsOldest || _tail - _slowest < capacity) return true;
            _slowest = SlowestPlace();
            return _tail - _slowest < capacity;
        }
    }

    private long SlowestPlace()
    {
        var slowest = _tail;
        foreach (var consumer in _consumers) slowest = Math.Min(slowest, consumer.Place);
        return slowest;
    }

    private void Put(T value, ref WakeList wake)
    {
        if (_tail < capacity && _tail == _ring.Length) Grow();
        _ring[_tail % _ring.Length] = value;
        Atomic.Store(ref _tail, _tail + 1);
        foreach (var consumer in _consumers)
        {
            while (consumer.Waiting.First is { } wait)
            {
                consumer.Waiting.Remove(wait);
                if (!wait.Task.TryClaim(wait.Ticket)) continue;
                consumer.Place = _tail;
                Serve(wait, Option<T>.Some(value), ref wake);
                break;
            }
        }
    }

    // Before the first lap only, so every value keeps its place.
    private void Grow() => Array.Resize(ref _ring, (int)Math.Min((long)_ring.Length * 2, capacity));

    private void ServeSender(ref WakeList wake)
    {
        if (_sender is not { } sender || !HasRoom) return;
        _sender = null;
        if (!sender.Task.TryClaim(sender.Ticket)) return;
        sender.Result = Outcome.Done;
        sender.Served();
        wake.Add(sender.Task);
        Put(sender.Value, ref wake);
    }

    private static void Serve(ReceiveWait<T> wait, Option<T> result, ref WakeList wake)
    {
        wait.Result = result;
        wait.Served();
        wake.Add(wait.Task);
    }

    // ---- receiving ----

    internal int TryReceive(BroadcastConsumer<T> consumer, out T value)
    {
        var wake = default(WakeList);
        Lock.Enter();
        var outcome = ReceiveLocked(consumer, out value, ref wake);
        Lock.Exit();
        wake.WakeAll();
        return outcome;
    }

    internal int ReceiveOrWait(BroadcastConsumer<T> consumer, SigilTask task, out T value, out ReceiveWait<T>? wait)
    {
        wait = null;
        var wake = default(WakeList);
        Lock.Enter();
        var outcome = ReceiveLocked(consumer, out value, ref wake);
        if (outcome == Outcome.Empty)
        {
            wait = new ReceiveWait<T>(consumer, task);
            consumer.Waiting.Add(wait);
        }

        Lock.Exit();
        wake.WakeAll();
        return outcome;
    }

    private int ReceiveLocked(BroadcastConsumer<T> consumer, out T value, ref WakeList wake)
    {
        consumer.Place = FirstKept(consumer.Place);
        if (consumer.Place == _tail)
        {
            value = default!;
            return _producerClosed != 0 ? Outcome.Closed : Outcome.Empty;
        }

        value = _ring[consumer.Place % _ring.Length];
        consumer.Place++;
        ServeSender(ref wake);
        return Outcome.Done;
    }

    // ---- ends ----

    internal void CloseProducer()
    {
        var wake = default(WakeList);
        Lock.Enter();
        Atomic.Store(ref _producerClosed, 1);
        foreach (var consumer in _consumers)
        {
            while (consumer.Waiting.First is { } wait)
            {
                consumer.Waiting.Remove(wait);
                if (wait.Task.TryClaim(wait.Ticket)) Serve(wait, default, ref wake);
            }
        }

        Lock.Exit();
        wake.WakeAll();
    }

    internal void CloseConsumer(BroadcastConsumer<T> closing)
    {
        var wake = default(WakeList);
        Lock.Enter();
        _consumers.Remove(closing);
        Atomic.Store(ref _consumerCount, _consumers.Count);
        if (_consumers.Count > 0) ServeSender(ref wake);
        else
        {
            _ring = [];
            if (_sender is { } sender)
            {
                _sender = null;
                if (sender.Task.TryClaim(sender.Ticket))
                {
                    sender.Result = Outcome.Closed;
                    sender.Served();
                    wake.Add(sender.Task);
                }
            }
        }

        Lock.Exit();
        wake.WakeAll();
    }

    internal void Withdraw(BroadcastConsumer<T> consumer, ReceiveWait<T> wait)
    {
        Lock.Enter();
        consumer.Waiting.Remove(wait);
        Lock.Exit();
    }

    public void Withdraw(SendWait<T> wait)
    {
        Lock.Enter();
        if (_sender == wait) _sender = null;
        Lock.Exit();
    }

    public string Describe()
    {
        var ends = $"{(_producerClosed == 0 ? "producer open" : "producer closed")}, {_consumerCount} consuming";
        return $"the broadcast created at {createdAt} (buffer {capacity}, {_tail} sent; {ends})";
    }
}
