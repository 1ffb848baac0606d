namespace Sigil.Runtime.Supervision;

/// <summary>How many restarts there may be within a stretch of time: more are a sign that restarting does not help.</summary>
internal sealed class RestartBudget(long most, long withinNanos)
{
    private readonly Queue<long> _recent = new();

    /// <summary>How many restarts there have been within the time.</summary>
    internal int Used => _recent.Count;

    /// <summary>Counts a restart, unless it is one too many.</summary>
    internal bool TrySpend(long now)
    {
        while (_recent.TryPeek(out var oldest) && now - oldest > withinNanos) _recent.Dequeue();
        if (_recent.Count >= most) return false;
        _recent.Enqueue(now);
        return true;
    }
}

/// <summary>How long to wait before a child is started again.</summary>
/// <param name="Kind">0 always <paramref name="First"/>, 1 <paramref name="Second"/> more each time, 2 twice as long each time up to <paramref name="Second"/>.</param>
internal readonly record struct RestartDelay(long Kind, long First, long Second)
{
    /// <summary>Before the <paramref name="attempt"/>th restart in a row, from 1.</summary>
    internal long Nanos(int attempt)
    {
        switch (Kind)
        {
            case 0: return First;
            case 1:
                var linear = First + ((Int128)Second * (attempt - 1));
                return linear > long.MaxValue ? long.MaxValue : (long)linear;
            default:
                var delay = First;
                for (var i = 1; i < attempt && delay < Second; i++) delay = delay > long.MaxValue / 2 ? long.MaxValue : delay * 2;
                return Math.Min(delay, Second);
        }
    }
}
