namespace Sigil.Runtime.Serialization;

/// <summary>A frame that cannot be read, or a value that cannot be written. It ends a connection, never a process.</summary>
public sealed class FrameException : Exception
{
    /// <summary>Says what is wrong with the frame.</summary>
    public FrameException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong with the frame, and how that was noticed.</summary>
    public FrameException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
