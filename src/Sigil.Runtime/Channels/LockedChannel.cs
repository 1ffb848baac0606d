using System.Diagnostics;
using Sigil.Runtime.Ownership;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Channels;

/// <summary>
/// The general channel: any number of ends on both sides, any capacity, rendezvous included.
/// </summary>
/// <remarks>
/// Invariants, true whenever the lock is free:
/// (1) receivers wait only while the buffer is empty and no sender waits; senders wait only while the buffer is full;
/// (2) so values pass in the order of their sends and waiting parties are served in the order of their arrival;
/// (3) a waiting party that is served is <em>claimed</em> under the lock (see the wait word in <see cref="SigilTask"/>): a value
/// is put into a receiver's frame, or taken from a sender's, only by the winner of that claim, so a cancelled or
/// timed-out operation has had no effect;
/// (4) when no producer is left no receiver waits; when no consumer is left no sender waits and the buffer is empty.
/// Claimed parties are let go (<c>CompleteWait</c>) after unlocking. Parties that were cancelled take themselves off the
/// list when they are resumed, so nothing piles up.
/// </remarks>
internal sealed class LockedChannel<T>(int capacity, string createdAt) : ChannelGate, IWaitRoom<ReceiveWait<T>>, IWaitRoom<SendWait<T>>
{
    internal WaiterList<ReceiveWait<T>> Receivers;
    internal WaiterList<SendWait<T>> Senders;
    private T[] _buffer = capacity == 0 ? [] : new T[Math.Min(capacity, Channel.EagerCapacity)];
    private int _head;
    private int _count;
    private int _producers = 1;
    private int _consumers = 1;

    internal int Capacity => capacity;

    internal int Count => Atomic.Load(ref _count);

    internal bool HasNoConsumer => Atomic.Load(ref _consumers) == 0;

    internal bool IsDrained => Atomic.Load(ref _producers) == 0 && Atomic.Load(ref _count) == 0;

    internal void AddProducer() => Atomic.Add(ref _producers, 1);

    internal void AddConsumer() => Atomic.Add(ref _consumers, 1);

    /// <summary>Sends without waiting.</summary>
    internal int TrySend(T value)
    {
        Lock.EnterPatiently();
        var outcome = SendLocked(value, out var served);
        Lock.Exit();
        served?.Task.CompleteWait(WakeReason.Signalled);
        return outcome;
    }

    /// <summary>
    /// Sends, or enters the list of senders: then the outcome is <see cref="Outcome.Full"/> and the wait is returned,
    /// already visible to others.
    /// </summary>
    internal int SendOrWait(SigilTask task, T value, string site, bool panicWhenClosed, out SendWait<T>? wait)
    {
        wait = null;
        Lock.EnterPatiently();
        var outcome = SendLocked(value, out var served);
        if (outcome == Outcome.Full)
        {
            wait = new SendWait<T>(this, task, value, site, panicWhenClosed);
            Senders.Add(wait);
        }

        Lock.Exit();
        served?.Task.CompleteWait(WakeReason.Signalled);
        return outcome;
    }

    /// <summary>Whether a receive would have to wait: exact under the lock, a moment old without it.</summary>
    internal bool LooksEmpty => Atomic.Load(ref _count) == 0 && Senders.First is null && Atomic.Load(ref _producers) != 0;

    /// <summary>Whether a send would have to wait: exact under the lock, a moment old without it.</summary>
    internal bool LooksFull => Atomic.Load(ref _count) == capacity && Receivers.First is null && Atomic.Load(ref _consumers) != 0;

    private int SendLocked(T value, out ReceiveWait<T>? served)
    {
        served = null;
        if (_consumers == 0) return Outcome.Closed;
        while (Receivers.First is { } receiver)
        {
            Receivers.Remove(receiver);
            if (!receiver.Task.TryClaim(receiver.Ticket)) continue;
            if (Owners.IsOn) Hand(value, null, receiver.Task);
            receiver.Result = Values.Option<T>.Some(value);
            receiver.Served();
            served = receiver;
            return Outcome.Done;
        }

        if (_count == capacity) return Outcome.Full;
        if (Owners.IsOn) Owners.Sent(value, null);
        Enqueue(value);
        return Outcome.Done;
    }

    /// <summary>Receives without waiting.</summary>
    internal int TryReceive(out T value)
    {
        Lock.EnterPatiently();
        var outcome = ReceiveLocked(out value, out var served);
        Lock.Exit();
        served?.Task.CompleteWait(WakeReason.Signalled);
        return outcome;
    }

    /// <summary>
    /// Receives, or enters the list of receivers: then the outcome is <see cref="Outcome.Empty"/> and the wait is
    /// returned, already visible to others.
    /// </summary>
    internal int ReceiveOrWait(SigilTask task, out T value, out ReceiveWait<T>? wait)
    {
        wait = null;
        Lock.EnterPatiently();
        var outcome = ReceiveLocked(out value, out var served);
        if (outcome == Outcome.Empty)
        {
            wait = new ReceiveWait<T>(this, task);
            Receivers.Add(wait);
        }

        Lock.Exit();
        served?.Task.CompleteWait(WakeReason.Signalled);
        return outcome;
    }

    private int ReceiveLocked(out T value, out SendWait<T>? served)
    {
        served = null;
        var sender = ClaimSender();
        if (_count > 0)
        {
            Debug.Assert(sender is null || _count == capacity, "senders wait only while the buffer is full");
            value = Dequeue();
            if (Owners.IsOn) Owners.Received(value, null);
            if (sender is not null)
            {
                if (Owners.IsOn) Owners.Sent(sender.Value, sender.Task);
                Enqueue(sender.Value);
                Serve(sender, Outcome.Done);
                served = sender;
            }

            return Outcome.Done;
        }

        if (sender is not null)
        {
            value = sender.Value;
            if (Owners.IsOn) Hand(value, sender.Task, null);
            Serve(sender, Outcome.Done);
            served = sender;
            return Outcome.Done;
        }

        value = default!;
        return _producers == 0 ? Outcome.Closed : Outcome.Empty;
    }

    // From one task to another without a stay in the buffer; the one that is not named runs here.
    private static void Hand(T value, SigilTask? sender, SigilTask? receiver)
    {
        Owners.Sent(value, sender);
        Owners.Received(value, receiver);
    }

    private static void Serve(SendWait<T> sender, int outcome)
    {
        sender.Result = outcome;
        sender.Served();
    }

    private SendWait<T>? ClaimSender()
    {
        while (Senders.First is { } sender)
        {
            Senders.Remove(sender);
            if (sender.Task.TryClaim(sender.Ticket)) return sender;
        }

        return null;
    }

    // A second call is harmless once no end is open.
    private static bool IsLastToClose(ref int open)
    {
        while (true)
        {
            var before = Atomic.Load(ref open);
            if (before == 0) return false;
            if (Atomic.CompareExchange(ref open, before - 1, before) == before) return before == 1;
        }
    }

    internal void CloseProducer()
    {
        if (!IsLastToClose(ref _producers)) return;
        var served = default(WaiterList<ReceiveWait<T>>);
        Lock.Enter();
        while (Receivers.First is { } receiver)
        {
            Receivers.Remove(receiver);
            if (!receiver.Task.TryClaim(receiver.Ticket)) continue;
            receiver.Result = default;
            receiver.Served();
            served.Add(receiver);
        }

        Lock.Exit();
        while (served.First is { } receiver)
        {
            served.Remove(receiver);
            receiver.Task.CompleteWait(WakeReason.Signalled);
        }
    }

    internal void CloseConsumer()
    {
        if (!IsLastToClose(ref _consumers)) return;
        var served = default(WaiterList<SendWait<T>>);
        var undelivered = Undelivered<T>.NeedsDrop ? new List<T>() : null;
        Lock.Enter();
        while (ClaimSender() is { } sender)
        {
            Serve(sender, Outcome.Closed);
            served.Add(sender);
        }

        while (_count > 0)
        {
            var value = Dequeue();
            undelivered?.Add(value);
        }

        _buffer = [];
        Lock.Exit();
        while (served.First is { } sender)
        {
            served.Remove(sender);
            sender.Task.CompleteWait(WakeReason.Signalled);
        }

        if (undelivered is null) return;
        foreach (var value in undelivered) Undelivered<T>.Drop(value);
    }

    public void Withdraw(ReceiveWait<T> wait)
    {
        Lock.Enter();
        Receivers.Remove(wait);
        Lock.Exit();
    }

    public void Withdraw(SendWait<T> wait)
    {
        Lock.Enter();
        Senders.Remove(wait);
        Lock.Exit();
    }

    public string Describe()
    {
        var state = _count == 0 ? "empty" : _count == capacity ? "full" : $"{_count} buffered";
        return $"the channel created at {createdAt} (buffer {capacity}, {state}; open ends: {_producers} producing, {_consumers} consuming)";
    }

    private void Enqueue(T value)
    {
        if (_count == _buffer.Length) GrowBuffer();
        var tail = _head + _count;
        if (tail >= _buffer.Length) tail -= _buffer.Length;
        _buffer[tail] = value;
        Atomic.Store(ref _count, _count + 1);
    }

    private T Dequeue()
    {
        var value = _buffer[_head];
        _buffer[_head] = default!;
        if (++_head == _buffer.Length) _head = 0;
        Atomic.Store(ref _count, _count - 1);
        return value;
    }

    private void GrowBuffer()
    {
        var grown = new T[(int)Math.Min((long)_buffer.Length * 2, capacity)];
        var first = Math.Min(_count, _buffer.Length - _head);
        Array.Copy(_buffer, _head, grown, 0, first);
        Array.Copy(_buffer, 0, grown, first, _count - first);
        _buffer = grown;
        _head = 0;
    }
}
