using System.Text.RegularExpressions;

namespace Sigil.Runtime.Tests.Exploring;

/// <summary>What a controlled run cannot see it cannot order: atomics, parking, clocks and randomness go through <c>Sync/</c>.</summary>
public partial class DoorTests
{
    // Rooms that talk to the system or to other processes, which no controlled run contains.
    private static readonly string[] s_outside = ["Sync", "Exploring", "Processes", "Ipc", "Capabilities", "Net", "Supervision"];

    // Threads that carry strands, those that print dumps (asked by a signal or an option; they only look on), and a seed that a controlled run replaces.
    private static readonly string[] s_known =
    [
        "Scheduling/StackGuard.cs: new Thread", "Scheduling/SigilProgram.cs: new Thread", "Scheduling/RegularDump.cs: new Thread",
        "Select/Selection.cs: Environment.TickCount",
    ];

    [Fact]
    public void Nothing_goes_past_the_door()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Sigil.slnx"))) root = root.Parent!;
        var runtime = Path.Combine(root.FullName, "src", "Sigil.Runtime");
        var past = new List<string>();
        foreach (var file in Directory.EnumerateFiles(runtime, "*.cs", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(runtime, file).Replace('\\', '/');
            if (s_outside.Any(room => name.StartsWith(room + "/", StringComparison.Ordinal)) || name.StartsWith("obj/", StringComparison.Ordinal)) continue;
            past.AddRange(Uses().Matches(File.ReadAllText(file)).Select(match => $"{name}: {match.Value}").Where(use => !s_known.Contains(use)));
        }

        Assert.Empty(past);
    }

    [GeneratedRegex(@"\b(Interlocked|Volatile|Monitor)\.\w+|\bThread\.(Sleep|SpinWait|Yield)|\bStopwatch\.\w+|\bRandom\.Shared|\bnew Random\b|\bDateTime\.UtcNow|\bEnvironment\.TickCount|\bnew Thread\b")]
    private static partial Regex Uses();
}
