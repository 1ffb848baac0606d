namespace Sigil.Runtime.Cancellation;

/// <summary>Why a scope was cancelled; the codes of the library's <c>CancelReason</c>, shifted by one.</summary>
public enum CancelReason
{
    /// <summary>Not cancelled.</summary>
    None = 0,

    /// <summary>A sibling failed.</summary>
    ScopeFailed = 1,

    /// <summary>The scope's deadline passed.</summary>
    ScopeTimedOut = 2,

    /// <summary>Somebody asked for it; the text is in <see cref="CancelScope.ReasonText"/>.</summary>
    Requested = 3,

    /// <summary>A scope further out was cancelled.</summary>
    ParentCancelled = 4,

    /// <summary>Ctrl-C or a termination signal.</summary>
    Interrupted = 5,
}
