namespace Sigil.Runtime.Capabilities;

/// <summary>What the scheduler asks before a thread waits. Apart from the streams, so that a program without output does not make them in order to wait.</summary>
internal static class PendingOutput
{
    /// <summary>Set by the first output.</summary>
    internal static volatile bool IsPossible;

    /// <summary>Hands buffered output to the system.</summary>
    internal static void WriteOut()
    {
        if (IsPossible) StandardStreams.FlushPending();
    }
}
