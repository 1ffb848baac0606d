using System.Diagnostics;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;
using Sigil.Runtime.Timers;

namespace Sigil.Runtime.Tests.Scheduling;

/// <summary>Measures the whole process, so nothing else may run meanwhile.</summary>
[Collection(nameof(Alone))]
public class IdleTests
{
    private const string Site = "test.si:1:1 in @test";

    [Fact]
    public void A_program_that_only_waits_uses_no_cpu()
    {
        var used = TimeSpan.Zero;
        Running.Run(2, Body);
        Assert.InRange(used, TimeSpan.Zero, TimeSpan.FromMilliseconds(60));

        IEnumerator<Status> Body(Script<int> self)
        {
            yield return Sleeping.Sleep(self.Task, 20_000_000, Site);
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            yield return Sleeping.Sleep(self.Task, 300_000_000, Site);
            used = Process.GetCurrentProcess().TotalProcessorTime - before;
        }
    }
}

/// <summary>Tests that run when no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
