using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Exploring;

internal enum OpKind
{
    Send,
    Offer,
    TrySend,
    SendTimeout,
    Receive,
    TryReceive,
    ReceiveTimeout,
    ReceiveMany,
    CloseProducer,
    CloseConsumer,
    Cancel,
}

internal enum OpResult
{
    Pending,
    Done,
    Closed,
    Full,
    TimedOut,
    Cancelled,
}

/// <summary>A value that knows what became of it.</summary>
internal sealed class Parcel(int number) : IDroppable
{
    internal readonly int Number = number;
    internal int Dropped;
    internal int Received;
    internal int GivenBack;

    public void Drop() => Dropped++;

    public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>One call in a history; the moments are numbers that only grow.</summary>
internal sealed class Call(int task, OpKind kind, Parcel? sent)
{
    internal readonly int Task = task;
    internal readonly OpKind Kind = kind;
    internal readonly Parcel? Sent = sent;
    internal int Start;
    internal int End = int.MaxValue;
    internal OpResult Result;
    internal readonly List<Parcel> Got = [];

    public override string ToString() =>
        $"[{Start}..{(End == int.MaxValue ? "" : End)}] task {Task}: {Kind}({Sent}) = {Result} {string.Join(",", Got)}";
}

/// <summary>What the tasks of one run share: the clock of the history, and the scopes that can be cancelled.</summary>
internal sealed class History(int tasks)
{
    internal readonly List<Call> Calls = [];
    internal readonly CancelScope?[] Scopes = new CancelScope?[tasks];
    private int _now;

    internal int Tick() => ++_now;
}

/// <summary>A task that does a list of operations, each inside a scope of its own that others may cancel.</summary>
internal sealed class Operations(int task, OpKind[] kinds, Producer<Parcel>? producer, Consumer<Parcel>? consumer, History history) : Frame
{
    internal const int Max = 2;
    private const string Site = "model";

    private int _next;
    private Call? _call;
    private CancelScope? _scope;

    public override Status Resume(SigilTask self)
    {
        if (_call is not null)
        {
            if (CalleeStatus == Status.Panicked)
            {
                Assert.Equal("ChannelClosed", self.TakePanic().Info.Code);
                _call.Result = OpResult.Closed;
            }
            else if (CalleeStatus == Status.Completed)
            {
                TakeResult(self.SuspendedFrame);
            }

            Finish(self, CalleeStatus);
        }

        while (_next < kinds.Length)
        {
            var status = Begin(self, kinds[_next++]);
            if (status == Status.Suspended) return Unwinding.Suspend(self, this, 1);
            Finish(self, status);
        }

        return Status.Completed;
    }

    private Status Begin(SigilTask self, OpKind kind)
    {
        var sent = kind <= OpKind.SendTimeout ? new Parcel((task * 10) + _next) : null;
        _call = new Call(task, kind, sent) { Start = history.Tick() };
        history.Calls.Add(_call);
        history.Scopes[task] = _scope = self.PushScope(-1);
        try
        {
            return Do(self, kind, sent!);
        }
        catch (SigilPanic panic)
        {
            Assert.Equal("ChannelClosed", panic.Info.Code);
            _call.Result = OpResult.Closed;
            return Status.Completed;
        }
    }

    private Status Do(SigilTask self, OpKind kind, Parcel sent)
    {
        Status status;
        switch (kind)
        {
            case OpKind.Send:
                status = producer!.Send(self, sent, Site);
                if (status == Status.Completed) _call!.Result = OpResult.Done;
                return status;
            case OpKind.Offer:
                status = producer!.Offer(self, sent, out var offered, Site);
                if (status == Status.Completed) SentWith(offered);
                return status;
            case OpKind.SendTimeout:
                status = producer!.SendTimeout(self, sent, 1_000_000, out var timed, Site);
                if (status == Status.Completed) SentWith(timed);
                return status;
            case OpKind.TrySend:
                SentWith(producer!.TrySend(sent));
                return Status.Completed;
            case OpKind.Receive:
                status = consumer!.Receive(self, out var received, Site);
                if (status == Status.Completed) Received(received);
                return status;
            case OpKind.ReceiveTimeout:
                status = consumer!.ReceiveTimeout(self, 1_000_000, out var within, Site);
                if (status == Status.Completed) Received(within);
                return status;
            case OpKind.ReceiveMany:
                status = consumer!.ReceiveMany(self, Max, out var many, Site);
                if (status == Status.Completed) Received(many);
                return status;
            case OpKind.TryReceive:
                Received(consumer!.TryReceive());
                return Status.Completed;
            case OpKind.CloseProducer:
                producer!.Close();
                break;
            case OpKind.CloseConsumer:
                consumer!.Close();
                break;
            default:
                foreach (var scope in history.Scopes)
                    if (scope is not null && scope != _scope) scope.Cancel(CancelReason.Requested);
                break;
        }

        _call!.Result = OpResult.Done;
        return Status.Completed;
    }

    private void TakeResult(Frame? callee)
    {
        switch (callee)
        {
            case Frame<int> sent when _call!.Kind == OpKind.Send: _call.Result = sent.Result == Outcome.Done ? OpResult.Done : OpResult.Closed; break;
            case Frame<int> sent: SentWith(sent.Result); break;
            case Frame<Option<Parcel>> received: Received(received.Result); break;
            case Frame<ReceiveOutcome<Parcel>> received: Received(received.Result); break;
            case Frame<Parcel[]> many: Received(many.Result); break;
            default: throw new InvalidOperationException("an unknown frame");
        }
    }

    private void SentWith(int code)
    {
        _call!.Result = code switch
        {
            Outcome.Done => OpResult.Done,
            Outcome.Closed => OpResult.Closed,
            Outcome.TimedOut => OpResult.TimedOut,
            _ => OpResult.Full,
        };
        if (code != Outcome.Done) _call.Sent!.GivenBack++;
    }

    private void Received(Option<Parcel> received)
    {
        _call!.Result = received.HasValue ? OpResult.Done : OpResult.Closed;
        if (received.HasValue) Took(received.Value);
    }

    private void Received(ReceiveOutcome<Parcel> received)
    {
        _call!.Result = received.Code switch
        {
            Outcome.Done => OpResult.Done,
            Outcome.Closed => OpResult.Closed,
            Outcome.TimedOut => OpResult.TimedOut,
            _ => OpResult.Full,
        };
        if (received.Code == Outcome.Done) Took(received.Value);
    }

    private void Received(Parcel[] many)
    {
        _call!.Result = many.Length > 0 ? OpResult.Done : OpResult.Closed;
        foreach (var parcel in many) Took(parcel);
    }

    private void Took(Parcel parcel)
    {
        parcel.Received++;
        _call!.Got.Add(parcel);
    }

    private void Finish(SigilTask self, Status status)
    {
        if (status == Status.Cancelled)
        {
            _call!.Result = OpResult.Cancelled;
            Assert.True(self.TryCatchCancellation(_scope!));
        }
        else
        {
            self.PopScope(_scope!);
        }

        history.Scopes[task] = null;
        _call!.End = history.Tick();
        _call = null;
    }
}
