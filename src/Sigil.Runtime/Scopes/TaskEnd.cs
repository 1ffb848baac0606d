using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Scopes;

/// <summary>Why a task has no result: what the library makes its <c>TaskError</c> from.</summary>
public sealed class TaskEnd
{
    private readonly SigilPanic? _panic;
    private readonly CancelReason _reason;
    private readonly string _text;

    internal TaskEnd(SigilPanic panic)
    {
        _panic = panic;
        _text = "";
    }

    internal TaskEnd(CancelReason reason, string? text)
    {
        _reason = reason;
        _text = text ?? "";
    }

    /// <summary>The task has ended its whole scope, with a value that is the scope's.</summary>
    internal bool HasLeftScope { get; init; }

    /// <summary>1 panicked, 2 cancelled, 3 timed out, 4 panicked because nobody receives any more.</summary>
    [Intrinsic("TaskEnd.kind")]
    public long Kind => _panic is not null ? _panic.Info.Code == "ChannelClosed" ? 4 : 1 : _reason == CancelReason.ScopeTimedOut ? 3 : 2;

    /// <summary>Why the task was cancelled: the code of <see cref="CancelReason"/>.</summary>
    [Intrinsic("TaskEnd.reason_code")]
    public long ReasonCode => (long)_reason;

    /// <summary>The text given by whoever cancelled.</summary>
    [Intrinsic("TaskEnd.reason_text")]
    public string ReasonText => _text;

    /// <summary>The panic's code.</summary>
    [Intrinsic("TaskEnd.panic_code")]
    public string PanicCode => _panic?.Info.Code ?? "";

    /// <summary>The panic's message.</summary>
    [Intrinsic("TaskEnd.panic_message")]
    public string PanicMessage => _panic?.Info.Message ?? "";

    /// <summary>Where it happened.</summary>
    [Intrinsic("TaskEnd.panic_file")]
    public string PanicFile => _panic?.Info.File ?? "";

    /// <summary>Where it happened.</summary>
    [Intrinsic("TaskEnd.panic_line")]
    public long PanicLine => _panic?.Info.Line ?? 0;

    /// <summary>Where it happened.</summary>
    [Intrinsic("TaskEnd.panic_column")]
    public long PanicColumn => _panic?.Info.Column ?? 0;

    /// <summary>Where the task was created.</summary>
    [Intrinsic("TaskEnd.panic_spawned_at")]
    public string PanicSpawnedAt => _panic?.Info.SpawnedAt ?? "";

    internal SigilPanic? Panic => _panic;

    /// <summary>Whether the panic has been handed to the program as a value.</summary>
    internal bool IsTold { get; set; }
}
