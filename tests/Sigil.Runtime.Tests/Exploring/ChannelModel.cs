namespace Sigil.Runtime.Tests.Exploring;

/// <summary>
/// The channel as a sequential machine with waiting parties, and the search for an order of the calls of a history that
/// it agrees with (Herlihy and Wing 1990; Wing and Gong 1993; waiting operations as in Scherer and Scott 2004).
/// </summary>
/// <remarks>
/// A call takes effect at one moment between its start and its end: it completes there, or starts to wait and is completed by the
/// moment of another call, which must come before its end. Calls that timed out or were cancelled have no effect at all. Calls that
/// never ended must still wait at the end of the order: one that could go on is a lost wake-up. A receive of many is a
/// receive followed by receives that do not wait.
/// </remarks>
internal sealed class ChannelModel(int capacity, int producers, int consumers, List<Call> history)
{
    private readonly List<Step> _steps = Steps(history);
    private readonly HashSet<string> _seen = [];

    /// <summary>One effect of a call; parts of one call follow each other.</summary>
    private sealed record Step(int Number, Call Call, bool IsReceive, bool Waits, OpResult Result, Parcel? Value, Step? After);

    private sealed record State(
        ulong Begun,
        ulong Ended,
        Parcel[] Buffer,
        Step[] Senders,
        Step[] Receivers,
        int Producers,
        int Consumers);

    /// <summary>Whether some order explains the history.</summary>
    internal bool Explains() => Search(new State(0, 0, [], [], [], producers, consumers));

    private static List<Step> Steps(List<Call> history)
    {
        var steps = new List<Step>();
        foreach (var call in history)
        {
            if (call.Kind == OpKind.Cancel || call.Result is OpResult.TimedOut or OpResult.Cancelled) continue;
            var isReceive = call.Kind is >= OpKind.Receive and <= OpKind.ReceiveMany;
            var waits = call.Kind is not (OpKind.TrySend or OpKind.TryReceive);
            Add(call.Result, call.Got.FirstOrDefault(), waits);
            if (call.Kind != OpKind.ReceiveMany || call.Result != OpResult.Done) continue;
            for (var i = 1; i < call.Got.Count; i++) Add(OpResult.Done, call.Got[i], false);

            // It stopped because nothing more was there, for whatever reason.
            if (call.Got.Count < Operations.Max) Add(OpResult.Full, null, false);

            void Add(OpResult result, Parcel? value, bool waiting)
            {
                var after = steps.Count > 0 && steps[^1].Call == call ? steps[^1] : null;
                steps.Add(new Step(steps.Count, call, isReceive, waiting, result, value, after));
            }
        }

        return steps;
    }

    private bool Search(State state)
    {
        if (!_seen.Add(Key(state))) return false;
        var firstEnd = int.MaxValue;
        var open = false;
        foreach (var step in _steps)
        {
            if (Has(state.Ended, step)) continue;
            if (!Has(state.Begun, step)) open = true;
            firstEnd = Math.Min(firstEnd, step.Call.End);
        }

        // Every call that has begun and not ended is one that never returned.
        if (!open) return firstEnd == int.MaxValue;
        foreach (var step in _steps)
        {
            if (Has(state.Begun, step) || step.Call.Start > firstEnd) continue;
            if (step.After is { } after && !Has(state.Ended, after)) continue;
            if (Apply(state with { Begun = state.Begun | Bit(step) }, step) is { } next && Search(next)) return true;
        }

        return false;
    }

    private State? Apply(State state, Step step)
    {
        if (step.Call.Kind == OpKind.CloseProducer) return CloseProducer(Ends(state, step, OpResult.Done, null));
        if (step.Call.Kind == OpKind.CloseConsumer) return CloseConsumer(Ends(state, step, OpResult.Done, null));
        return step.IsReceive ? Receive(state, step) : Send(state, step);
    }

    private State? Send(State state, Step step)
    {
        if (state.Consumers == 0) return Ends(state, step, OpResult.Closed, null);
        if (state.Receivers.Length > 0)
        {
            var ended = Ends(state with { Receivers = state.Receivers[1..] }, state.Receivers[0], OpResult.Done, step.Call.Sent);
            return Ends(ended, step, OpResult.Done, null);
        }

        if (state.Buffer.Length < capacity) return Ends(state with { Buffer = [.. state.Buffer, step.Call.Sent!] }, step, OpResult.Done, null);
        return step.Waits ? state with { Senders = [.. state.Senders, step] } : Ends(state, step, OpResult.Full, null);
    }

    private State? Receive(State state, Step step)
    {
        if (state.Buffer.Length > 0)
        {
            var taken = Ends(state with { Buffer = state.Buffer[1..] }, step, OpResult.Done, state.Buffer[0]);
            if (taken is null || state.Senders.Length == 0) return taken;
            var sender = state.Senders[0];
            return Ends(taken with { Senders = state.Senders[1..], Buffer = [.. taken.Buffer, sender.Call.Sent!] }, sender, OpResult.Done, null);
        }

        if (state.Senders.Length > 0)
        {
            var sender = state.Senders[0];
            var taken = Ends(state with { Senders = state.Senders[1..] }, sender, OpResult.Done, null);
            return Ends(taken, step, OpResult.Done, sender.Call.Sent);
        }

        if (state.Producers == 0) return Ends(state, step, step.After is null ? OpResult.Closed : OpResult.Full, null);
        return step.Waits ? state with { Receivers = [.. state.Receivers, step] } : Ends(state, step, OpResult.Full, null);
    }

    private static State? CloseProducer(State? state)
    {
        if (state is null || state.Producers > 1) return state is null ? null : state with { Producers = state.Producers - 1 };
        var waiting = state.Receivers;
        State? next = state with { Producers = 0, Receivers = [] };
        foreach (var receiver in waiting) next = Ends(next, receiver, OpResult.Closed, null);
        return next;
    }

    private static State? CloseConsumer(State? state)
    {
        if (state is null || state.Consumers > 1) return state is null ? null : state with { Consumers = state.Consumers - 1 };
        var waiting = state.Senders;
        State? next = state with { Consumers = 0, Senders = [], Buffer = [] };
        foreach (var sender in waiting) next = Ends(next, sender, OpResult.Closed, null);
        return next;
    }

    /// <summary>The step has this outcome in the machine: it must be the one in the history.</summary>
    private static State? Ends(State? state, Step step, OpResult result, Parcel? value) =>
        state is null || step.Result != result || step.Value != value ? null : state with { Ended = state.Ended | Bit(step) };

    private static ulong Bit(Step step) => 1UL << step.Number;

    private static bool Has(ulong set, Step step) => (set & Bit(step)) != 0;

    private static string Key(State s) =>
        $"{s.Begun:x}/{s.Ended:x}/{string.Join(',', s.Buffer.Select(b => b.Number))}/{string.Join(',', s.Senders.Select(x => x.Number))}/{string.Join(',', s.Receivers.Select(x => x.Number))}";
}
