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
        var least = TimeSpan.MaxValue;
        Running.Run(2, Body);
        Assert.InRange(least, TimeSpan.Zero, TimeSpan.FromMilliseconds(10));

        IEnumerator<Status> Body(Script<int> self)
        {
            // The just-in-time compiler may still be busy with the tests before: the quietest of several looks counts.
            for (var i = 0; i < 10 && least > TimeSpan.FromMilliseconds(10); i++)
            {
                var before = Process.GetCurrentProcess().TotalProcessorTime;
                yield return Sleeping.Sleep(self.Task, 150_000_000, Site);
                var used = Process.GetCurrentProcess().TotalProcessorTime - before;
                if (used < least) least = used;
            }
        }
    }
}

/// <summary>Tests that run when no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
