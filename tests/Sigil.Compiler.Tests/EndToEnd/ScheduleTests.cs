using System.Text.RegularExpressions;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary><c>sigil test --schedules</c>: what it finds, replays and says.</summary>
public sealed partial class ScheduleTests : IDisposable
{
    private const string LostUpdate = """
        @deposit (consumer: SharedConsumer<int>, producer: SharedProducer<int>, amount: int) -> void uses Async = run(
            let balance = match(consumer.receive(), Some(b) -> b, None -> 0),
            producer.send(balance),
            consumer.receive(),
            producer.send(balance + amount),
        )

        @test_deposits_add_up tests @deposit () -> void uses Async = run(
            let { producer, consumer } = channel<int>(.buffer: 1, .share: Both),
            producer.send(100),
            parallel(
                .a: deposit(consumer.clone(), producer.clone(), 10),
                .b: deposit(consumer.clone(), producer.clone(), 20),
            ),
            assert_eq(consumer.receive(), Some(130)),
        )

        """;

    private const string Deadlock = """
        @both (first: SharedConsumer<int>, second: SharedConsumer<int>, back1: SharedProducer<int>, back2: SharedProducer<int>) -> void uses Async = run(
            first.receive(),
            second.receive(),
            back1.send(1),
            back2.send(1),
        )

        @test_ends tests @both () -> void uses Async = run(
            let a = channel<int>(.buffer: 1, .share: Both),
            let b = channel<int>(.buffer: 1, .share: Both),
            a.producer.send(1),
            b.producer.send(1),
            parallel(
                .x: both(a.consumer.clone(), b.consumer.clone(), a.producer.clone(), b.producer.clone()),
                .y: both(b.consumer.clone(), a.consumer.clone(), b.producer.clone(), a.producer.clone()),
            ),
            assert(true),
        )

        """;

    private const string Time = """
        @late (d: Duration) -> int uses Async = run(sleep(d), 7)

        @test_sleep_costs_nothing tests @late () -> void uses Async = assert_eq(late(10h), 7)

        @test_timeout_passes tests @late () -> void uses Async = assert(is_err(timeout(.op: late(2h), .after: 1h)))

        @test_timeout_does_not_pass tests @late () -> void uses Async = assert(is_ok(timeout(.op: late(1h), .after: 2h)))

        @test_order_of_sleeps tests @late () -> void uses Async = run(
            let { producer, consumer } = channel<int>(.buffer: 2, .share: Producers),
            parallel(.a: send_after(2s, producer.clone(), 2), .b: send_after(1s, producer.clone(), 1)),
            assert_eq((consumer.receive(), consumer.receive()), (Some(1), Some(2))),
        )

        @send_after (d: Duration, p: SharedProducer<int>, n: int) -> void uses Async = run(sleep(d), p.send(n))

        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("sigil-schedules").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_lost_update_is_found_and_replayed()
    {
        var found = Test(LostUpdate, "--schedules", "500");
        Assert.Equal(1, found.ExitCode);
        Assert.Contains("expected: Some(130)", found.Output, StringComparison.Ordinal);
        var seed = SeedOf(found.Output);
        var replayed = Test(LostUpdate, "--seed", seed);
        Assert.Equal(1, replayed.ExitCode);
        Assert.Equal(seed, SeedOf(replayed.Output));
        Assert.DoesNotContain("diverged", replayed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_of_another_program_says_that_it_diverged()
    {
        var seed = SeedOf(Test(LostUpdate, "--schedules", "500").Output);
        var changed = Test(LostUpdate.Replace("    producer.send(100),", "    producer.send(100),\n    assert_eq(consumer.len(), 1),\n    parallel(.x: sleep(1s), .y: sleep(1s)),", StringComparison.Ordinal), "--seed", seed);
        Assert.Contains("note: the replay diverged", changed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deadlock_in_some_schedule_shows_who_waits()
    {
        var found = Test(Deadlock, "--schedules", "500");
        Assert.Equal(1, found.ExitCode);
        Assert.Contains("deadlock[E9201]", found.Output, StringComparison.Ordinal);
        Assert.Contains("waits for a value from the channel created at", found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Time_is_virtual()
    {
        var found = Test(Time, "--schedules", "100");
        Assert.Equal(0, found.ExitCode);
        Assert.Contains("4 passed, 0 failed", found.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--schedules", "0")]
    [InlineData("--seed", "1x")]
    [InlineData("--seed", "1-xyz")]
    public void Wrong_options_are_refused(string option, string value)
    {
        var refused = Test(Time, option, value);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("E9102", refused.Error, StringComparison.Ordinal);
    }

    private CommandResult Test(string source, params string[] options)
    {
        File.WriteAllText(Path.Combine(_directory, "t.si"), source + "@main () -> void uses Async = ()\n");
        return SigilCommand.Run(_directory, ["test", "t.si", .. options]);
    }

    private static string SeedOf(string output) => Seed().Match(output).Groups[1].Value;

    [GeneratedRegex(@"--seed (\S+)")]
    private static partial Regex Seed();
}
