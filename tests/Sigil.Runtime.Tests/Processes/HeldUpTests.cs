using Sigil.Runtime.Processes;

namespace Sigil.Runtime.Tests.Processes;

/// <summary>Lines that nobody takes for a while.</summary>
[Collection(nameof(Scheduling.Alone))]
public class HeldUpTests
{
    [Fact]
    public void The_watcher_sleeps_until_it_is_told_of_room()
    {
        var sink = new Reluctant();
        Assert.Equal(OutcomeKind.Finished, Spawned.End(Spawned.Start(new LinesTask(), "line", output: sink)).Kind);
        Thread.Sleep(100);
        var before = sink.Asked;
        Assert.True(before > 0, "no line came");
        Thread.Sleep(400);
        // Other children of this process may have woken it meanwhile, but nothing does so every few milliseconds.
        Assert.InRange(sink.Asked - before, 0, 10);
        Assert.False(sink.IsReleased);
        sink.Open();
        Assert.True(SpinWait.SpinUntil(() => sink.IsReleased, 60_000), "the lines are still held up");
    }

    private sealed class Reluctant : IOutputSink
    {
        private int _asked;
        private int _released;
        private volatile bool _isOpen;

        internal int Asked => Volatile.Read(ref _asked);

        internal bool IsReleased => Volatile.Read(ref _released) == 2;

        public bool TellsOfRoom => true;

        internal void Open()
        {
            _isOpen = true;
            ProcessWatcher.Instance.Wake();
        }

        public bool TryTake(string line, bool isError)
        {
            Interlocked.Increment(ref _asked);
            return _isOpen;
        }

        public void Release() => Interlocked.Increment(ref _released);
    }
}
