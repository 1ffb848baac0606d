using Sigil.Runtime.Tests.Scheduling;

namespace Sigil.Runtime.Tests.Processes;

/// <summary>What this process has: open descriptors, ended children that nobody has waited for, and bytes on the managed heap.</summary>
internal sealed record Footprint(int Descriptors, int Zombies, long Bytes)
{
    public static Footprint Now() => new(CountDescriptors(), CountZombies(), ManagedHeap.BytesAlive());

    /// <summary>Waits until no more is held than at this time, but for what the pool of ready children keeps.</summary>
    public void AwaitAgain()
    {
        // The pool keeps a few children, each with four descriptors here.
        var descriptors = Descriptors + (5 * (Environment.ProcessorCount + 2));
        Await(CountDescriptors, descriptors);
        Await(CountZombies, Zombies);
        Assert.InRange(ManagedHeap.BytesAlive() - Bytes, long.MinValue, 1 << 20);
    }

    private static void Await(Func<int> count, int allowed)
    {
        for (var i = 0; i < 300 && count() > allowed; i++) Thread.Sleep(10);
        Assert.InRange(count(), 0, allowed);
    }

    private static int CountDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static int CountZombies() => Directory.EnumerateDirectories("/proc")
        .Select(d => Path.Combine(d, "stat"))
        .Select(Read)
        .Count(s => s.Contains($") Z {Environment.ProcessId} ", StringComparison.Ordinal));

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
