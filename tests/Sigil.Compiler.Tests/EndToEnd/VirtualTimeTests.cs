namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>Supervisors and retries under explored schedules: what they do and when depends on the rules, not on who runs first.</summary>
public sealed class VirtualTimeTests
{
    /// <summary><c>SIGIL_EXPLORE</c> multiplies the schedules.</summary>
    [Theory, InlineData("supervision.si"), InlineData("retry.si")]
    public void They_do_the_same_in_every_schedule(string name)
    {
        var times = int.TryParse(Environment.GetEnvironmentVariable("SIGIL_EXPLORE"), out var wanted) ? wanted : 1;
        var file = Path.Combine(Repository.Root, "tests", "schedules", name);
        var run = SigilCommand.Run(Repository.Root, "test", file, "--schedules", (15 * times).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
    }
}
