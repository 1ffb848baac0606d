using System.Runtime.CompilerServices;
using Sigil.Runtime.Channels;

namespace Sigil.Runtime.Values;

/// <summary>Sigil's <c>Option&lt;T&gt;</c>; the default value is <c>None</c>.</summary>
public readonly struct Option<T> : IEquatable<Option<T>>, IDroppable
{
    /// <summary>Whether there is a value.</summary>
    public readonly bool HasValue;

    /// <summary>The value; meaningless when <see cref="HasValue"/> is false.</summary>
    public readonly T Value;

    private Option(T value)
    {
        HasValue = true;
        Value = value;
    }

    void IDroppable.Drop()
    {
        if (HasValue) Undelivered<T>.Drop(Value);
    }

    /// <summary>No value.</summary>
    public static Option<T> None => default;

    /// <summary>An option that holds <paramref name="value"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Option<T> Some(T value) => new(value);

    /// <inheritdoc/>
    public bool Equals(Option<T> other) =>
        HasValue == other.HasValue && (!HasValue || EqualityComparer<T>.Default.Equals(Value, other.Value));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Option<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HasValue ? HashCode.Combine(1, Value) : 0;

    /// <inheritdoc/>
    public override string ToString() => HasValue ? $"Some({Value})" : "None";
}
