using Sigil.Runtime.Channels;

namespace Sigil.Runtime.Values;

/// <summary>The object behind an <c>iso</c>, <c>val</c> or <c>ref</c>.</summary>
public class Box<T> : Ownership.IBox
{
    /// <summary>What it holds.</summary>
    public T Value;

    /// <summary>A new object.</summary>
    public Box(T value) => Value = value;

    object? Ownership.IBox.Part => Ownership.MutableGraph.MayHold<T>() ? Value : null;
}

/// <summary>
/// The object behind an <c>iso</c> whose content has unique parts. Where the static type is this one, the object's owner drops
/// the content with it; frozen to a <c>val</c> it is a plain <see cref="Box{T}"/> to everyone, and nobody does.
/// </summary>
public sealed class OwnedBox<T> : Box<T>, IDroppable
{
    /// <summary>A new object.</summary>
    public OwnedBox(T value)
        : base(value)
    {
    }

    void IDroppable.Drop() => Undelivered<T>.Drop(Value);
}
