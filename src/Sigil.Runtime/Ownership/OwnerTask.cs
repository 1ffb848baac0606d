namespace Sigil.Runtime.Ownership;

/// <summary>
/// Somebody who can own mutable objects: a task, the list that tasks are made from, or a thread that runs one side of a parallel recursion.
/// </summary>
/// <remarks>
/// It is not the <see cref="Tasks.SigilTask"/> itself: an object of that class is used again for the next element of a list, and a blocking
/// call runs in a task of its own on behalf of the one that calls.
/// </remarks>
internal sealed class OwnerTask(string description)
{
    private volatile bool _hasEnded;

    /// <summary>Who it is, for people.</summary>
    internal string Description => description;

    /// <summary>It runs no more: whoever reaches what it owned, owns it.</summary>
    internal bool HasEnded => _hasEnded;

    internal void End() => _hasEnded = true;
}
