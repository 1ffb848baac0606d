using System.Globalization;
using Sigil.Runtime.Processes.Sandbox;
using Sigil.Runtime.Processes;
using Sigil.Runtime.Tests.Scheduling;

namespace Sigil.Runtime.Tests.Processes;

[Collection(nameof(Alone))]
public class LifetimeTests
{
    [Fact]
    public void A_value_comes_back() => Assert.Equal("hello ✓", Spawned.Value(new EchoTask(), "hello ✓"));

    [Fact]
    public void A_panic_comes_back_with_its_place()
    {
        var handle = Spawned.Start(new PanicTask(), "boom");
        Assert.Equal(OutcomeKind.Panicked, Spawned.End(handle).Kind);
        var (_, _, texts, numbers) = handle.TakeEnd();
        Assert.Equal(("boom", "E9001", "task.si", ""), texts);
        Assert.Equal((3L, 7L), numbers);
    }

    [Fact]
    public void A_silent_exit_is_told()
    {
        Assert.Equal((OutcomeKind.Exited, "", 9L), Spawned.End(Spawned.Start(new ExitTask(), "9")));
        Assert.Equal((OutcomeKind.Exited, "", 0L), Spawned.End(Spawned.Start(new ExitTask(), "0")));
    }

    [Fact]
    public void A_signal_from_elsewhere_is_told_apart_from_a_kill()
    {
        var foreign = Spawned.Start(new ForeverTask(), "");
        Native.Kill((int)foreign.Id, 9);
        Assert.Equal((OutcomeKind.Signalled, "", 9L), Spawned.End(foreign));
        var own = Spawned.Start(new ForeverTask(), "");
        own.Kill();
        Assert.Equal(OutcomeKind.Killed, Spawned.End(own).Kind);
        Assert.False(own.IsAlive);
    }

    [Fact]
    public void A_process_that_takes_too_long_is_ended()
    {
        var handle = Spawned.Start(new ForeverTask(), "", timeoutNanos: 50_000_000);
        Assert.Equal(OutcomeKind.TimedOut, Spawned.End(handle).Kind);
        Spawned.AwaitGone((int)handle.Id);
    }

    [Fact]
    public void A_dropped_handle_ends_its_process()
    {
        var handle = Spawned.Start(new ForeverTask(), "");
        handle.Drop();
        Spawned.AwaitGone((int)handle.Id);
    }

    [Fact]
    public void Too_much_memory_is_an_outcome_and_a_small_limit_leaves_the_runtime_alone()
    {
        var limits = ProcessLimits.None with { Memory = 64 << 20 };
        Assert.Equal(OutcomeKind.OutOfMemory, Spawned.End(Spawned.Start(new HungryTask(), "", limits)).Kind);
        Assert.Equal((OutcomeKind.Finished, "x", 0L), Spawned.End(Spawned.Start(new EchoTask(), "x", limits)));
    }

    [Fact]
    public void Senseless_limits_do_not_start()
    {
        Assert.Equal(OutcomeKind.StartFailed, Spawned.End(Spawned.Start(new EchoTask(), "", ProcessLimits.None with { Memory = 0 })).Kind);
        Assert.Equal(OutcomeKind.StartFailed, Spawned.End(Spawned.Start(new EchoTask(), "", ProcessLimits.None with { Memory = 1000 })).Kind);
    }

    [Fact]
    public void A_process_may_have_only_so_many_of_its_own()
    {
        var (kind, text, _) = Spawned.End(Spawned.Start(new ParentTask(), "", ProcessLimits.None with { Processes = 0 }));
        Assert.Equal((OutcomeKind.Finished, "0"), (kind, text));
    }

    [Fact]
    public void Output_and_a_large_value_do_not_wait_for_each_other()
    {
        var lines = new Lines();
        var (kind, text, _) = Spawned.End(Spawned.Start(new TalkativeTask(), new string('i', 1 << 20), output: lines));
        Assert.Equal((OutcomeKind.Finished, 1 << 20), (kind, text.Length));
        // Every line was there before the end was told.
        Assert.Equal(1000, lines.All.Count);
        Assert.All(lines.All, l => Assert.Equal(1000, l.Length));
    }

    [Fact]
    public void Nothing_of_the_parent_is_open_in_a_child()
    {
        using var secret = File.Create(Path.GetTempFileName());
        var open = Spawned.Value(new DescriptorsTask(), "");
        Assert.DoesNotContain(Path.GetFileName(secret.Name), open, StringComparison.Ordinal);
        Assert.Contains("0=null", open, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leave")]
    [InlineData("stay")]
    public void Grandchildren_end_with_their_parent(string mode)
    {
        var lines = new Lines();
        var handle = Spawned.Start(new ParentTask(), mode, output: lines);
        var inner = int.Parse(lines.AwaitFirst(), CultureInfo.InvariantCulture);
        if (mode == "stay")
        {
            Assert.True(Spawned.Exists(inner));
            handle.Kill();
        }

        Spawned.End(handle);
        Spawned.AwaitGone(inner);
    }

    /// <summary>Processes one after the other; <c>SIGIL_TEST_SPAWNS</c> asks for more rounds.</summary>
    [Fact]
    public void Rounds_leave_nothing_behind()
    {
        var rounds = Wanted("SIGIL_TEST_SPAWNS", 100);
        Spawned.Value(new EchoTask(), "warm up");
        var before = Footprint.Now();
        for (var i = 0; i < rounds; i++)
        {
            var handle = Spawned.Start(new EchoTask(), i.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), Spawned.End(handle).Text);
            handle.Drop();
        }

        before.AwaitAgain();
    }

    /// <summary>Processes beside each other, of which each second is killed and the others dropped; <c>SIGIL_TEST_ALIVE</c> asks for more.</summary>
    [Fact]
    public void Many_at_once_leave_nothing_behind()
    {
        var count = Wanted("SIGIL_TEST_ALIVE", 20);
        // The first round makes what every later one uses again.
        StartAndEnd(count).ForEach(Spawned.AwaitGone);
        var before = Footprint.Now();
        StartAndEnd(count).ForEach(Spawned.AwaitGone);
        before.AwaitAgain();
    }

    private static List<int> StartAndEnd(int count)
    {
        var handles = Enumerable.Range(0, count).Select(_ => Spawned.Start(new ForeverTask(), "")).ToList();
        var processes = handles.ConvertAll(h => (int)h.Id);
        Assert.Equal(count, processes.Distinct().Count());
        Assert.All(handles, h => Assert.True(h.IsAlive));
        for (var i = 0; i < count; i++)
        {
            if (i % 2 == 0)
            {
                handles[i].Kill();
                Assert.Equal(OutcomeKind.Killed, Spawned.End(handles[i]).Kind);
            }

            handles[i].Drop();
        }

        return processes;
    }

    private static int Wanted(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var wanted) ? wanted : otherwise;

}
