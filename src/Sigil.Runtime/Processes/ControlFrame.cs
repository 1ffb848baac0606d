namespace Sigil.Runtime.Processes;

/// <summary>What a frame of the control socket says.</summary>
internal enum FrameKind : byte
{
    /// <summary>To a child: the code of the program.</summary>
    Load = 1,

    /// <summary>To a child: run this task.</summary>
    Start = 2,

    /// <summary>From a child: the value of the task.</summary>
    Result = 3,

    /// <summary>From a child: the task panicked.</summary>
    Panicked = 4,

    /// <summary>From a child: the memory limit was reached.</summary>
    OutOfMemory = 5,

    /// <summary>From a child: it cannot run the task as asked.</summary>
    Refused = 6,
}

/// <summary>One message of the control socket.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Payload">The content.</param>
/// <param name="Descriptors">What travels with it; the receiver owns them.</param>
internal readonly record struct ControlFrame(FrameKind Kind, byte[] Payload, int[] Descriptors)
{
    /// <summary>Closes what nobody took.</summary>
    internal void Discard()
    {
        foreach (var descriptor in Descriptors ?? []) Posix.CloseQuietly(descriptor);
    }
}

/// <summary>How an attempt to read a frame ended.</summary>
internal enum ReadOutcome
{
    /// <summary>There is a frame.</summary>
    Frame,

    /// <summary>Its rest has not come yet.</summary>
    Incomplete,

    /// <summary>The other side has gone.</summary>
    Closed,

    /// <summary>What came is no frame.</summary>
    Malformed,
}
