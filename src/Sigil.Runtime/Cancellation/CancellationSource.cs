using Sigil.Runtime.Sync;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Cancellation;

/// <summary>The half of a cancellation that cancels; any number of copies may be about.</summary>
public sealed class CancellationSource
{
    private CancellationSource()
    {
    }

    /// <summary>The token that this cancels.</summary>
    [Intrinsic("CancellationSource.token")]
    public CancellationToken Token { get; } = new ProgramToken(null);

    /// <summary>A new source with its token.</summary>
    [Intrinsic("new_cancellation")]
    public static CancellationSource Create() => new();

    /// <summary>Cancels the token and everything below it; only the first reason counts.</summary>
    [Intrinsic("CancellationSource.cancel")]
    public void Cancel(string reason)
    {
        Control.Point();
        Token.Cancel(CancelReason.Requested, reason);
    }
}
