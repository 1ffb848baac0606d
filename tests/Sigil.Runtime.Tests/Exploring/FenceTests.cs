namespace Sigil.Runtime.Tests.Exploring;

/// <summary>The places where the runtime depends on the order of a store and a later load, on all executions of a machine with store buffers.</summary>
public class FenceTests
{
    private const int Tail = 0;
    private const int Waiting = 1;
    private const int Woken = 2;
    private const int Parked = 3;

    /// <summary>
    /// The exclusive channel: the sender stores the tail and looks for a receiver without a fence; the receiver's worker, before it
    /// sleeps, makes a process-wide fence and looks again. See the remarks of RingChannel.
    /// </summary>
    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, false)]
    public void A_receiver_that_parks_is_woken_by_the_send_that_it_missed(bool waiterFences, bool confirms, bool losesWakeups)
    {
        Instruction[] sender =
        [
            Store(Tail, 1),
            If(read => read(Waiting) != 0, 2, 3),
            Store(Woken, 1),
        ];
        Instruction[] receiver =
        [
            Store(Waiting, 1),
            waiterFences ? new Instruction(Access.Fence) : Nothing(2),
            If(read => read(Tail) != 0, 7, 3),
            Store(Parked, 1),
            confirms ? new Instruction(Access.ProcessFence) : Nothing(5),
            confirms ? If(read => read(Tail) != 0, 6, 7) : Nothing(7),
            Store(Woken, 1),
        ];
        Assert.Equal(losesWakeups, Loses([sender, receiver], memory => memory[Parked] != 0 && memory[Tail] != 0 && memory[Woken] == 0));
    }

    /// <summary>Whoever adds a task stores it, fences, and looks for a sleeper; a worker enters the list of sleepers, fences, and looks for tasks.</summary>
    [Theory]
    [InlineData(true, true, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    public void A_task_that_is_added_meets_a_worker_that_goes_to_sleep(bool adderFences, bool sleeperFences, bool losesWakeups)
    {
        Instruction[] adder =
        [
            Store(Tail, 1),
            adderFences ? new Instruction(Access.Fence) : Nothing(2),
            If(read => read(Waiting) != 0, 3, 4),
            Store(Woken, 1),
        ];
        Instruction[] worker =
        [
            Store(Waiting, 1),
            sleeperFences ? new Instruction(Access.Fence) : Nothing(2),
            If(read => read(Tail) != 0, 4, 3),
            Store(Parked, 1),
        ];
        Assert.Equal(losesWakeups, Loses([adder, worker], memory => memory[Parked] != 0 && memory[Tail] != 0 && memory[Woken] == 0));
    }

    /// <summary>A waiting task stores its wait, fences, and looks at the flag of its scope; the canceller stores the flag and looks for waits under a lock, which fences.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_wait_meets_a_cancellation(bool waiterFences, bool losesCancellations)
    {
        Instruction[] canceller =
        [
            Store(Tail, 1),
            new Instruction(Access.Fence),
            If(read => read(Waiting) != 0, 3, 4),
            Store(Woken, 1),
        ];
        Instruction[] waiter =
        [
            Store(Waiting, 1),
            waiterFences ? new Instruction(Access.Fence) : Nothing(2),
            If(read => read(Tail) != 0, 4, 3),
            Store(Parked, 1),
        ];
        Assert.Equal(losesCancellations, Loses([canceller, waiter], memory => memory[Parked] != 0 && memory[Tail] != 0 && memory[Woken] == 0));
    }

    /// <summary>A leaf without a fence of its own: the exchange that parks the task fences, and its worker looks at the flag after it.</summary>
    [Theory]
    [InlineData(true, true, false)]
    [InlineData(false, true, true)]
    [InlineData(true, false, true)]
    public void A_task_that_parks_meets_a_cancellation_that_missed_its_wait(bool looksAfterwards, bool cancellerFences, bool losesCancellations)
    {
        Instruction[] canceller =
        [
            Store(Tail, 1),
            cancellerFences ? new Instruction(Access.Fence) : Nothing(2),
            If(read => read(Waiting) != 0, 3, 4),
            Store(Woken, 1),
        ];
        Instruction[] worker =
        [
            Store(Waiting, 1),
            Store(Parked, 1),
            new Instruction(Access.Fence),
            looksAfterwards ? If(read => read(Tail) != 0, 4, 5) : Nothing(5),
            Store(Woken, 1),
        ];
        Assert.Equal(losesCancellations, Loses([canceller, worker], memory => memory[Parked] != 0 && memory[Tail] != 0 && memory[Woken] == 0));
    }

    private static bool Loses(Instruction[][] threads, Func<int[], bool> lost)
    {
        var model = new StoreBufferModel(4, threads);
        var found = false;
        model.Explore(memory => found |= lost(memory));
        Assert.True(model.States > 10);
        return found;
    }

    private static Instruction Store(int place, int value) => new(Access.Store, place, value);

    private static Instruction If(Func<Func<int, int>, bool> condition, int then, int otherwise) =>
        new(Access.Decide, Next: read => condition(read) ? then : otherwise);

    private static Instruction Nothing(int next) => new(Access.Decide, Next: _ => next);
}
