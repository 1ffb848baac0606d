using System.Runtime.CompilerServices;
using Sigil.Runtime.Channels;

namespace Sigil.Runtime.Values;

/// <summary>What a result holds if it is a success, for code that does not know the type of its error.</summary>
internal interface IHasOk<T>
{
    /// <summary>The success value.</summary>
    T OkPart { get; }
}

/// <summary>Sigil's <c>Result&lt;T, E&gt;</c>.</summary>
public readonly struct Result<T, E> : IEquatable<Result<T, E>>, IHasOk<T>, IDroppable
{
    /// <summary>Whether <see cref="OkValue"/> (rather than <see cref="ErrValue"/>) is meaningful.</summary>
    public readonly bool IsOk;

    /// <summary>The success value.</summary>
    public readonly T OkValue;

    /// <summary>The error value.</summary>
    public readonly E ErrValue;

    private Result(bool isOk, T ok, E err)
    {
        IsOk = isOk;
        OkValue = ok;
        ErrValue = err;
    }

    T IHasOk<T>.OkPart => OkValue;

    void IDroppable.Drop()
    {
        if (IsOk) Undelivered<T>.Drop(OkValue);
        else Undelivered<E>.Drop(ErrValue);
    }

    /// <summary>A success.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Result<T, E> Ok(T value) => new(true, value, default!);

    /// <summary>A failure.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Result<T, E> Err(E error) => new(false, default!, error);

    /// <inheritdoc/>
    public bool Equals(Result<T, E> other) => IsOk == other.IsOk && (IsOk
        ? EqualityComparer<T>.Default.Equals(OkValue, other.OkValue)
        : EqualityComparer<E>.Default.Equals(ErrValue, other.ErrValue));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Result<T, E> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => IsOk ? HashCode.Combine(1, OkValue) : HashCode.Combine(2, ErrValue);

    /// <inheritdoc/>
    public override string ToString() => IsOk ? $"Ok({OkValue})" : $"Err({ErrValue})";
}
