namespace Sigil.Runtime.Tests.Scheduling;

/// <summary>What is alive on the managed heap.</summary>
internal static class ManagedHeap
{
    /// <summary>The bytes of the objects that a full collection leaves, finalizers having run.</summary>
    /// <remarks>
    /// Not <see cref="GC.GetTotalMemory"/>: that adds what has been set aside for allocations since the collection, sometimes megabytes
    /// for a heap of two.
    /// </remarks>
    public static long BytesAlive()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var left = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        return left.HeapSizeBytes - left.FragmentedBytes;
    }
}
