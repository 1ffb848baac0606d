namespace Sigil.Runtime.Values;

/// <summary>The value of Sigil's <c>void</c> in generic positions.</summary>
public readonly struct Unit : IEquatable<Unit>
{
    /// <inheritdoc/>
    public bool Equals(Unit other) => true;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Unit;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <inheritdoc/>
    public override string ToString() => "()";
}
