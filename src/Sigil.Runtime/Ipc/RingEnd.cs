using System.Runtime.CompilerServices;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Ipc;

/// <summary>
/// What one end of a channel between processes holds: two memory files (the data, written by producers; the control words,
/// written by consumers), one side of a socket pair, and the bells of both sides.
/// </summary>
/// <remarks>
/// The kernel counts the ends: every end of a side holds the same side of the socket pair, so the other side hears of it when the
/// last one is gone, however it went. An end that closes in good order says so in its side's words too, for those who do not wait.
/// Who is about to wait (1) is on the list of waiters, (2) adds one to its side's <see cref="RingLayout.WaitsAt"/>, (3) executes a full fence and
/// looks again; who has changed something (1) publishes it, (2) executes a full fence, (3) reads that word and rings when it
/// has a value for which it has not rung yet. One of the two sees the other.
/// On a shared side an end may die between its change and the bell while others live on, and no socket tells. So it rings before the
/// change too, and who is about to wait does not sleep while an end of the other side is at work: whoever was rung for, or came too
/// late to be rung for, looks until the owner of the other side's lock is through or dead.
/// </remarks>
internal sealed unsafe class RingEnd : TransportEnd
{
    /// <summary>How many descriptors an end has: data, control, socket, bell of the consumers, bell of the producers.</summary>
    internal const int DescriptorCount = 5;

    private readonly int[] _descriptors;
    private readonly MappedFile _data;
    private readonly MappedFile _control;
    private readonly long _watch;
    private TinyLock _gate;
    private List<IEndWaiter> _waiters = [];
    private List<IEndWaiter> _spare = [];
    private int _isOtherSideGone;
    private int _state;
    private int _rungFor;

    private RingEnd(int[] descriptors, bool isProducer, MappedFile data, MappedFile control)
    {
        _descriptors = descriptors;
        _data = data;
        _control = control;
        IsProducer = isProducer;
        Own = isProducer ? data.Words : control.Words;
        Other = isProducer ? control.Words : data.Words;
        Capacity = *(int*)(data.Words + RingLayout.CapacityAt);
        if (Capacity == 0) Meeting = new MeetingLock(descriptors[0], isProducer);
        try
        {
            _watch = IpcPoller.Watch(this, descriptors[isProducer ? 4 : 3], Socket);
        }
        catch
        {
            // Whoever opened the files closes them.
            GC.SuppressFinalize(this);
            throw;
        }
    }

    /// <summary>An end that was lost, not dropped: the system gets back what it holds.</summary>
    ~RingEnd() => Release(Closed);

    private const int Closed = 1;
    private const int Moved = 2;

    internal bool IsProducer { get; }

    internal override IpcTransport Transport => IpcTransport.OfThisSystem!;

    internal override int Number => Lock?.End ?? 0;

    internal byte* Ring => _data.Ring;

    /// <summary>The words that this side writes.</summary>
    internal byte* Own { get; }

    /// <summary>The words that the other side writes; to be believed only after a look.</summary>
    internal byte* Other { get; }

    internal int Socket => _descriptors[2];

    /// <summary>Set when the side is shared.</summary>
    internal RingLock? Lock { get; private set; }

    /// <summary>Set when the channel has no buffer.</summary>
    internal MeetingLock? Meeting { get; }

    internal override bool IsOpen => _state == 0;

    internal override bool IsOtherSideGone
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Atomic.Load(ref Unsafe.AsRef<int>(Other + RingLayout.OpenEndsAt)) <= 0 || Atomic.Load(ref _isOtherSideGone) != 0;
    }

    // Never on an exclusive side.
    internal override bool IsOtherSideAtWork => RingLock.OwnerOf(Other) is not 0 and var owner && RingLock.IsAlive(_descriptors[IsProducer ? 1 : 0], owner);

    private int OwnFile => _descriptors[IsProducer ? 0 : 1];

    /// <summary>Both ends of a new channel.</summary>
    internal static (RingEnd Producer, RingEnd Consumer) Create(int capacity, bool shareProducers, bool shareConsumers)
    {
        var files = new int[2 * DescriptorCount];
        Array.Fill(files, -1);
        try
        {
            files[0] = MappedFile.Create("sigil-ipc-data", RingLayout.RingBytes);
            files[6] = MappedFile.Create("sigil-ipc-control", 0);
            Begin(files[0], capacity, RingLayout.RingBytes);
            Begin(files[6], capacity, 0);
            files[5] = Reopen(files[0], writable: false);
            files[1] = Reopen(files[6], writable: false);
            fixed (int* sockets = &files[0])
            {
                var pair = stackalloc int[2];
                Libc.Checked(Libc.SocketPair(Libc.AddressFamilyUnix, Libc.SequencedPacketsNonBlockingCloseOnExec, 0, pair), "make a pair of sockets");
                sockets[2] = pair[0];
                sockets[7] = pair[1];
            }

            files[3] = Libc.Checked(Libc.CreateEvent(0, Libc.EventNonBlockingCloseOnExec), "make a bell");
            files[4] = Libc.Checked(Libc.CreateEvent(0, Libc.EventNonBlockingCloseOnExec), "make a bell");
            files[8] = Libc.Duplicate(files[3]);
            files[9] = Libc.Duplicate(files[4]);
        }
        catch
        {
            CloseAll(files);
            throw;
        }

        RingEnd? opened = null;
        RingEnd producer, consumer;
        try
        {
            producer = opened = Open(files[..DescriptorCount], isProducer: true);
            consumer = Open(files[DescriptorCount..], isProducer: false);
        }
        catch
        {
            CloseAll(opened is null ? files : files[DescriptorCount..]);
            opened?.Close();
            throw;
        }

        if (shareProducers) producer.Lock = RingLock.Create(producer.Own, producer.OwnFile);
        if (shareConsumers) consumer.Lock = RingLock.Create(consumer.Own, consumer.OwnFile);
        return (producer, consumer);
    }

    /// <summary>An end that came from another process, or the copy of one; it owns the descriptors from here on.</summary>
    /// <exception cref="FrameException">They are not what an end has.</exception>
    internal static RingEnd Receive(int[] descriptors, bool isProducer, int number)
    {
        try
        {
            var end = Open(descriptors, isProducer);
            if (number != 0) end.Lock = new RingLock(end.Own, end.OwnFile, number);
            return end;
        }
        catch (IpcSystemException fault)
        {
            foreach (var descriptor in descriptors) _ = Libc.Close(descriptor);
            throw new FrameException($"an end of a channel that came is damaged: {fault.Message}", fault);
        }
    }

    internal override RingEnd Clone()
    {
        var copies = NoDescriptors();
        var own = IsProducer ? 0 : 1;
        ref var openEnds = ref Unsafe.AsRef<int>(Own + RingLayout.OpenEndsAt);
        Atomic.Add(ref openEnds, 1);
        try
        {
            for (var i = 0; i < copies.Length; i++)
            {
                // What locks are taken on is open for this end alone: they go with it when its process dies.
                var isLocked = i == own || (i == 0 && Meeting is not null);
                copies[i] = isLocked ? Reopen(_descriptors[i], writable: i == own) : Libc.Duplicate(_descriptors[i]);
            }

            var clone = Open(copies, IsProducer);
            clone.Lock = RingLock.Create(clone.Own, clone.OwnFile);
            return clone;
        }
        catch
        {
            // An end that never was must not be waited for by the other side.
            Atomic.Add(ref openEnds, -1);
            CloseAll(copies);
            throw;
        }
    }

    internal override int[] DuplicateDescriptors()
    {
        var copies = NoDescriptors();
        try
        {
            for (var i = 0; i < copies.Length; i++) copies[i] = Libc.Duplicate(_descriptors[i]);
            return copies;
        }
        catch
        {
            CloseAll(copies);
            throw;
        }
    }

    private static int[] NoDescriptors()
    {
        var none = new int[DescriptorCount];
        Array.Fill(none, -1);
        return none;
    }

    private static void CloseAll(int[] files)
    {
        foreach (var file in files)
            if (file >= 0) _ = Libc.Close(file);
    }

    private static RingEnd Open(int[] descriptors, bool isProducer)
    {
        var data = MappedFile.Map(descriptors[0], RingLayout.RingBytes, writable: isProducer);
        MappedFile? control = null;
        try
        {
            control = MappedFile.Map(descriptors[1], 0, writable: !isProducer);
            if (!IsBegun(data) || !IsBegun(control)) throw new IpcSystemException("use shared memory of another kind", 22);
            return new RingEnd(descriptors, isProducer, data, control);
        }
        catch
        {
            data.Unmap();
            control?.Unmap();
            throw;
        }
    }

    private static bool IsBegun(MappedFile file) =>
        *(long*)(file.Words + RingLayout.MagicAt) == RingLayout.Magic && *(int*)(file.Words + RingLayout.VersionAt) == RingLayout.Version
        && *(int*)(file.Words + RingLayout.CapacityAt) >= 0;

    private static void Begin(int file, int capacity, int ringBytes)
    {
        var map = MappedFile.Map(file, ringBytes, writable: true);
        *(long*)(map.Words + RingLayout.MagicAt) = RingLayout.Magic;
        *(int*)(map.Words + RingLayout.VersionAt) = RingLayout.Version;
        *(int*)(map.Words + RingLayout.CapacityAt) = capacity;
        *(int*)(map.Words + RingLayout.OpenEndsAt) = 1;
        // Both counts begin near their end, so that every run passes it.
        *(long*)(map.Words + RingLayout.PositionAt) = new RingPosition(uint.MaxValue - 40, uint.MaxValue - 511).Word;
        map.Unmap();
    }

    private static int Reopen(int file, bool writable) =>
        Libc.Checked(Libc.Open($"/proc/self/fd/{file}", writable ? Libc.OpenReadWriteCloseOnExec : Libc.OpenReadOnlyCloseOnExec), "open shared memory again");

    // ---- waiting and waking ----

    // Steps (1) and (2) of who is about to wait, and the fence.
    internal override void AddWaiter(IEndWaiter waiter)
    {
        _gate.Enter();
        _waiters.Add(waiter);
        _gate.Exit();
        if (Meeting is not null && !IsProducer)
        {
            Atomic.Add(ref Unsafe.AsRef<int>(Own + RingLayout.WillingAt), 1);
            RingIfWaiting();
        }

        Atomic.Add(ref Unsafe.AsRef<int>(Own + RingLayout.WaitsAt), 1);
        FaultPoints.Reach(FaultPoints.WaitAnnounced);
        Atomic.FullFence();
    }

    internal override void RemoveWaiter(IEndWaiter waiter)
    {
        _gate.Enter();
        _waiters.Remove(waiter);
        _gate.Exit();
        if (Meeting is not null && !IsProducer) Atomic.Add(ref Unsafe.AsRef<int>(Own + RingLayout.WillingAt), -1);
    }

    /// <summary>Steps (2) and (3) of who has changed something.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void RingIfWaiting()
    {
        Atomic.FullFence();
        var waits = Atomic.Load(ref Unsafe.AsRef<int>(Other + RingLayout.WaitsAt));
        if (waits != _rungFor) RingFor(waits);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RingFor(int waits)
    {
        _rungFor = waits;
        RingBell();
    }

    private void RingBell()
    {
        var one = 1L;
        _ = Libc.Write(_descriptors[IsProducer ? 3 : 4], &one, sizeof(long));
    }

    /// <summary>Has the other ends of this side look again.</summary>
    internal void RingOwnSide()
    {
        var one = 1L;
        _ = Libc.Write(_descriptors[IsProducer ? 4 : 3], &one, sizeof(long));
    }

    /// <summary>On the poller's thread: somebody rang, or the last peer is gone.</summary>
    internal void OnEvent(bool isSocket)
    {
        if (isSocket && HasHungUp()) Atomic.Store(ref _isOtherSideGone, 1);
        WakeAll();
    }

    private void WakeAll()
    {
        _gate.Enter();
        var woken = _waiters;
        if (woken.Count == 0)
        {
            _gate.Exit();
            return;
        }

        _waiters = _spare;
        _spare = [];
        _gate.Exit();
        foreach (var waiter in woken) waiter.Wake();
        woken.Clear();
        _gate.Enter();
        _spare = woken;
        _gate.Exit();
    }

    internal override void LookForOtherSide()
    {
        if (!IsOtherSideGone && HasHungUp()) Atomic.Store(ref _isOtherSideGone, 1);
    }

    private bool HasHungUp()
    {
        var entry = new Libc.PollEntry { File = Socket, Wanted = 0x2000 };
        return Libc.Poll(&entry, 1, 0) > 0 && (entry.Found & (0x2000 | 0x10 | 0x08)) != 0;
    }

    // ---- the end of an end ----

    internal override void Close()
    {
        if (Atomic.CompareExchange(ref _state, Closed, 0) != 0) return;
        var left = Atomic.Add(ref Unsafe.AsRef<int>(Own + RingLayout.OpenEndsAt), -1);
        FaultPoints.Reach(FaultPoints.CloseCounted);
        if (left <= 0) RingBell();
        ReleaseNow();
    }

    internal override void Move() => Release(Moved);

    private void Release(int state)
    {
        if (_descriptors is null || Atomic.CompareExchange(ref _state, state, 0) != 0) return;
        ReleaseNow();
    }

    private void ReleaseNow()
    {
        GC.SuppressFinalize(this);
        IpcPoller.Forget(_watch, _descriptors[IsProducer ? 4 : 3], Socket);
        foreach (var descriptor in _descriptors) _ = Libc.Close(descriptor);
        _data.Unmap();
        _control.Unmap();
    }
}
