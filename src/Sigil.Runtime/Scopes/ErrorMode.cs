namespace Sigil.Runtime.Scopes;

/// <summary>What a failing child does to its siblings: the <c>.on_error</c> option.</summary>
public enum ErrorMode
{
    /// <summary>All siblings are cancelled.</summary>
    CancelAll = 0,

    /// <summary>Siblings that have not started yet are cancelled.</summary>
    CancelRemaining = 1,

    /// <summary>Nobody is cancelled; each child's outcome is reported.</summary>
    CollectAll = 2,

    /// <summary>The first child to finish cancels the others: <c>race</c>.</summary>
    FirstWins = 3,
}
