namespace Sigil.Cli;

/// <summary>Work on several threads, each with a stack on which any tree can be walked.</summary>
internal static class LargeStack
{
    private const int Size = 64 << 20;

    /// <summary>Does something for each number below a count, in no order, on some threads.</summary>
    public static void ForEach(int count, int workers, Action<int> work)
    {
        int next = -1;
        Exception? failure = null;
        void Worker()
        {
            try
            {
                for (int i; (i = Interlocked.Increment(ref next)) < count;) work(i);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
        }
        if (workers <= 1)
        {
            // The command's own thread has such a stack.
            Worker();
        }
        else
        {
            var threads = Enumerable.Range(0, workers).Select(_ => new Thread(Worker, Size) { IsBackground = true }).ToList();
            threads.ForEach(t => t.Start());
            threads.ForEach(t => t.Join());
        }
        if (failure is not null) throw new InvalidOperationException("a worker failed", failure);
    }
}
