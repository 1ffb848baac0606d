using System.Text;

static partial class P
{
    static long Scatter(long x) => (x * 1103515245 + 12345) % 2147483648;

    static long ListAppend(int n)
    {
        var xs = new List<long>();
        long x = 1;
        for (int i = 0; i < n; i++) { xs.Add(x); x = Scatter(x); }
        long sum = 0;
        foreach (var v in xs) sum += v;
        return sum + xs.Count;
    }

    static long MapInts(int n)
    {
        var m = new Dictionary<long, long>();
        long x = 1;
        for (int i = 0; i < n; i++) { m[x] = i; x = Scatter(x); }
        long sum = 0;
        x = 1;
        for (int i = 0; i < n; i++)
        {
            if (m.TryGetValue(x, out var v)) sum += v;
            if (m.ContainsKey(x + 2147483648)) sum++;
            x = Scatter(x);
        }
        return sum + m.Count;
    }

    static long StringBuild(int n)
    {
        var b = new StringBuilder();
        for (int i = 0; i < n; i++) b.Append(i & 1023).Append(',');
        return b.ToString().Length;
    }

    static long SortInts(int n)
    {
        var xs = new List<long>(n);
        long x = 1;
        for (int i = 0; i < n; i++) { x = Scatter(x); xs.Add(x); }
        xs.Sort();
        long sum = 0;
        for (int i = 0; i < xs.Count; i++) sum += xs[i] % 1000 * (i % 7);
        return sum;
    }
}
