namespace Sigil.Runtime.Supervision;

/// <summary>What a supervisor reports; the numbers are those that the library makes its events from.</summary>
internal enum SupervisorEventKind
{
    /// <summary>All children have ended for good: the last event.</summary>
    Finished = 0,

    /// <summary>Too many restarts: the last event, after all children have been stopped.</summary>
    GaveUp = 1,
    Started = 2,
    Ended = 3,
    Failed = 4,
    Restarting = 5,
    Stopping = 6,
    Stopped = 7,
    Overdue = 8,

    /// <summary>The supervisor's token was cancelled: the last event, after all children have been stopped.</summary>
    Cancelled = 9,
}

/// <summary>Something that happened to a child.</summary>
/// <param name="Kind">What.</param>
/// <param name="Child">Its name.</param>
/// <param name="Text">Why.</param>
/// <param name="Number">The wait before a restart in nanoseconds, the number of restarts, or the reason of a cancellation.</param>
internal readonly record struct SupervisorEvent(SupervisorEventKind Kind, string Child, string Text, long Number)
{
    internal (long, string, string, long) AsTuple() => ((long)Kind, Child, Text, Number);
}
