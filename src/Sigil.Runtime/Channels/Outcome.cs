namespace Sigil.Runtime.Channels;

/// <summary>
/// Outcome codes of channel operations. The library's sum types (<c>SendError</c>, <c>ReceiveError</c>) are built from
/// them by library code written in Sigil, since the runtime does not know those types.
/// </summary>
public static class Outcome
{
    /// <summary>The value was sent or received.</summary>
    public const int Done = 0;

    /// <summary>The other side is gone (for a receive: and the buffer is drained).</summary>
    public const int Closed = 1;

    /// <summary>A send that does not wait found no room.</summary>
    public const int Full = 2;

    /// <summary>A receive that does not wait found nothing.</summary>
    public const int Empty = 2;

    /// <summary>The deadline came first.</summary>
    public const int TimedOut = 3;
}

/// <summary>A received value, or the reason why there is none.</summary>
/// <param name="Code">One of <see cref="Outcome"/>.</param>
/// <param name="Value">The value when <paramref name="Code"/> is <see cref="Outcome.Done"/>.</param>
public readonly record struct ReceiveOutcome<T>(int Code, T Value)
{
    /// <summary>The code, and the value if there is one.</summary>
    public (long Code, Values.Option<T> Value) AsPair() => (Code, Code == Outcome.Done ? Values.Option<T>.Some(Value) : default);

    /// <summary>A received value.</summary>
    public static ReceiveOutcome<T> Received(T value) => new(Outcome.Done, value);

    /// <summary>No value, for the reason <paramref name="code"/>.</summary>
    public static ReceiveOutcome<T> Failed(int code) => new(code, default!);
}
