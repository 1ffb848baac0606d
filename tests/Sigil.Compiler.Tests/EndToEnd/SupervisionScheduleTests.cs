namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>Supervisors under explored schedules: the order of what they do depends on the rules, not on who runs first.</summary>
public sealed class SupervisionScheduleTests
{
    /// <summary><c>SIGIL_EXPLORE</c> multiplies the schedules.</summary>
    [Fact]
    public void Supervisors_do_the_same_in_every_schedule()
    {
        var times = int.TryParse(Environment.GetEnvironmentVariable("SIGIL_EXPLORE"), out var wanted) ? wanted : 1;
        var file = Path.Combine(Repository.Root, "tests", "schedules", "supervision.si");
        var run = SigilCommand.Run(Repository.Root, "test", file, "--schedules", (15 * times).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
    }
}
