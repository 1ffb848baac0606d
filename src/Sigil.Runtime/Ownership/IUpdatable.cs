namespace Sigil.Runtime.Ownership;

/// <summary>A container that its only owner updates in place.</summary>
internal interface IUpdatable
{
    /// <summary>A second reference exists: it is copied before it is changed.</summary>
    bool IsShared { get; }

    /// <summary>Calls <paramref name="visit"/> for the elements, as far as they can lead to mutable objects.</summary>
    void VisitParts(Action<object?> visit);
}

/// <summary>The end of a channel.</summary>
internal interface IExclusive;

/// <summary>The object behind an <c>iso</c>, <c>val</c> or <c>ref</c>.</summary>
internal interface IBox
{
    /// <summary>What it holds; null when that leads to no mutable object.</summary>
    object? Part { get; }
}
