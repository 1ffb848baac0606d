using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Values;

/// <summary>The value of <c>a..b</c> and <c>a..=b</c>.</summary>
public readonly struct Range<T> : IEquatable<Range<T>>
{
    /// <summary>Where it begins.</summary>
    public readonly T Start;

    /// <summary>Where it ends.</summary>
    public readonly T End;

    /// <summary>The distance between elements; never zero, negative when counting down.</summary>
    public readonly long Step;

    /// <summary>Whether <see cref="End"/> belongs to it.</summary>
    public readonly bool Inclusive;

    /// <summary>A range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Range(T start, T end, bool inclusive, long step)
    {
        Start = start;
        End = end;
        Inclusive = inclusive;
        Step = step;
    }

    /// <summary><c>start..end</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Range<T> Exclusive(T start, T end) => new(start, end, false, 1);

    /// <summary><c>start..=end</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Range<T> Closed(T start, T end) => new(start, end, true, 1);

    /// <inheritdoc/>
    public bool Equals(Range<T> other) =>
        Inclusive == other.Inclusive && Step == other.Step && Equality.Same(Start, other.Start) && Equality.Same(End, other.End);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Range<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashOps.ToInt32(HashOps.Combine(HashOps.Combine(HashOps.Of(Start), HashOps.Of(End)), Inclusive ? -Step : Step));
}
