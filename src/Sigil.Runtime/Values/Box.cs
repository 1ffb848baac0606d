namespace Sigil.Runtime.Values;

/// <summary>The object behind an <c>iso</c>, <c>val</c> or <c>ref</c>.</summary>
public sealed class Box<T>
{
    /// <summary>What it holds.</summary>
    public T Value;

    /// <summary>A new object.</summary>
    public Box(T value) => Value = value;
}
