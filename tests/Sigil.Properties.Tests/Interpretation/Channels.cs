namespace Sigil.Properties.Tests.Interpretation;

/// <summary>The task that a thread of the interpreter runs was cancelled.</summary>
internal sealed class CancelledException : Exception;

/// <summary>A child task: a thread.</summary>
internal sealed class ChildTask(ScopeValue scope, int slot)
{
    [ThreadStatic] private static ChildTask? current;

    public int Slot { get; } = slot;
    public object? Result { get; private set; }
    public Exception? Failure { get; private set; }
    private Thread? thread;

    /// <summary>Whether the task that this thread runs, or one around it, is to end.</summary>
    public static bool IsCancelled
    {
        get
        {
            for (var t = current; t is not null; t = t.Scope.Owner)
                if (t.Scope.IsCancelled) return true;
            return false;
        }
    }

    public static ChildTask? Current => current;
    public ScopeValue Scope { get; } = scope;

    public void Start(Func<object?> body)
    {
        thread = new Thread(() =>
        {
            current = this;
            try
            {
                Result = body();
            }
            catch (Exception e)
            {
                Failure = e;
                if (e is not CancelledException) Scope.Fail(e);
            }
        }, 16 << 20);
        thread.Start();
    }

    public void Join() => thread!.Join();
}

/// <summary>A running scope of child tasks.</summary>
internal sealed class ScopeValue
{
    public ChildTask? Owner { get; } = ChildTask.Current;
    public List<ChildTask> Children { get; } = [];
    public bool IsCancelled { get; private set; }
    public Exception? First { get; private set; }
    public object? LeftWith { get; private set; }
    public bool WasLeft { get; private set; }

    public void Fail(Exception e)
    {
        lock (Channel.Gate)
        {
            First ??= e;
            IsCancelled = true;
            Monitor.PulseAll(Channel.Gate);
        }
    }

    public void Leave(object? value)
    {
        lock (Channel.Gate)
        {
            if (!WasLeft) LeftWith = value;
            WasLeft = true;
            IsCancelled = true;
            Monitor.PulseAll(Channel.Gate);
        }
    }

    public void Join()
    {
        for (var i = 0; i < Children.Count; i++) Children[i].Join();
        if (First is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    public void Abandon()
    {
        lock (Channel.Gate)
        {
            IsCancelled = true;
            Monitor.PulseAll(Channel.Gate);
        }
        foreach (var c in Children) c.Join();
    }
}

/// <summary>A bounded queue with counted ends.</summary>
internal sealed class Channel(long capacity)
{
    /// <summary>One lock for all channels: the interpreter is about meaning, not speed.</summary>
    public static readonly object Gate = new();

    private readonly Queue<object?> queue = new();
    private int producers;
    private int consumers;

    public int Length => queue.Count;
    public long Capacity => capacity;
    public bool HasReader => consumers > 0;
    public bool HasWriter => producers > 0;

    public void Count(bool isProducer, int change)
    {
        lock (Gate)
        {
            if (isProducer) producers += change; else consumers += change;
            if (producers < 0 || consumers < 0) throw new InvalidOperationException("an end of a channel was dropped twice");
            if (consumers == 0)
            {
                foreach (var left in queue) Structure.Drop(left);
                queue.Clear();
            }
            Monitor.PulseAll(Gate);
        }
    }

    public void Send(object? value)
    {
        lock (Gate)
        {
            while (queue.Count >= capacity && consumers > 0) Wait();
            if (consumers == 0)
            {
                Structure.Drop(value);
                return;
            }
            queue.Enqueue(value);
            Monitor.PulseAll(Gate);
        }
    }

    /// <summary>The next value, or false at the end.</summary>
    public bool Receive(out object? value)
    {
        lock (Gate)
        {
            while (queue.Count == 0 && producers > 0) Wait();
            var any = queue.TryDequeue(out value);
            Monitor.PulseAll(Gate);
            return any;
        }
    }

    private static void Wait()
    {
        if (ChildTask.IsCancelled) throw new CancelledException();
        if (!Monitor.Wait(Gate, TimeSpan.FromMinutes(3))) throw new InvalidOperationException("the interpreted program waits for ever");
        if (ChildTask.IsCancelled) throw new CancelledException();
    }
}

/// <summary>An end of a channel: unique, dropped once.</summary>
internal sealed class ChannelEnd
{
    private bool isClosed;

    public ChannelEnd(Channel channel, bool isProducer)
    {
        Channel = channel;
        IsProducer = isProducer;
        channel.Count(isProducer, 1);
        lock (Channel.Gate) Live++;
    }

    /// <summary>How many ends of this process have not been dropped.</summary>
    public static int Live { get; private set; }

    public Channel Channel { get; }
    public bool IsProducer { get; }

    public void Close()
    {
        lock (Channel.Gate)
        {
            if (isClosed) throw new InvalidOperationException("an end of a channel was dropped twice");
            isClosed = true;
            Live--;
        }
        Channel.Count(IsProducer, -1);
    }
}

/// <summary>The iteration over a consumer, which owns it.</summary>
internal sealed class ReceivedItems(ChannelEnd end) : IEnumerator<object?>
{
    private object? current;
    public ChannelEnd End => end;
    public object? Current => current;
    public bool MoveNext() => end.Channel.Receive(out current);
    public void Reset() => throw new NotSupportedException();
    public void Dispose() { }
}
