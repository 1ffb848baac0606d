namespace Sigil.Runtime.Panics;

/// <summary>What is known about a panic: its code, its message and where it happened.</summary>
/// <param name="Code">The stable code, such as <c>E9001</c> or <c>ChannelClosed</c>.</param>
/// <param name="Message">What went wrong, in one sentence.</param>
/// <param name="Site">Where: <c>file:line:col in @fn</c>, compiled into the panicking instruction.</param>
public sealed record PanicInfo(string Code, string Message, string Site)
{
    /// <summary>Where the task that panicked was created; null for the main task.</summary>
    public string? SpawnedAt { get; set; }

    /// <summary>The file part of <see cref="Site"/>.</summary>
    public string File => SplitSite().File;

    /// <summary>The line part of <see cref="Site"/>, from 1; 0 when unknown.</summary>
    public long Line => SplitSite().Line;

    /// <summary>The column part of <see cref="Site"/>, from 1; 0 when unknown.</summary>
    public long Column => SplitSite().Column;

    private (string File, long Line, long Column) SplitSite()
    {
        var end = Site.IndexOf(" in ", StringComparison.Ordinal);
        var place = end < 0 ? Site : Site[..end];
        var columnAt = place.LastIndexOf(':');
        var lineAt = columnAt > 0 ? place.LastIndexOf(':', columnAt - 1) : -1;
        return lineAt > 0
            && long.TryParse(place.AsSpan(lineAt + 1, columnAt - lineAt - 1), out var line)
            && long.TryParse(place.AsSpan(columnAt + 1), out var column)
            ? (place[..lineAt], line, column)
            : (place, 0, 0);
    }
}

/// <summary>
/// A panic on its way through one native segment of a task. Trampolines turn it into a status; see
/// <see cref="Tasks.SigilTask.PendingPanic"/>.
/// </summary>
public sealed class SigilPanic : Exception
{
    /// <summary>Makes a panic; the caller throws it.</summary>
    public SigilPanic(PanicInfo info)
        : base(info.Message) => Info = info;

    /// <summary>Makes a panic; the caller throws it.</summary>
    public SigilPanic(string code, string message, string site)
        : this(new PanicInfo(code, message, site))
    {
    }

    /// <summary>The facts.</summary>
    public PanicInfo Info { get; }

    /// <summary>For a failed assertion: what it compared.</summary>
    public AssertionFailure? Assertion { get; init; }

    /// <summary>The callers' positions, innermost first, as far as they are known.</summary>
    public List<string> Frames { get; } = [];

    /// <summary>Notes where a suspended caller stands that the panic reaches; those of an endless recursion need not all be known.</summary>
    internal void PassedThrough(Tasks.Frame caller)
    {
        if (Frames.Count <= PanicReport.MaxFrames && caller.WaitSite is { } site && !site.Contains(" in entry.", StringComparison.Ordinal)) Frames.Add(site);
    }

    /// <summary>Further panics that happened in cleanup, or in sibling tasks, while this one was on its way.</summary>
    public List<SigilPanic> Suppressed { get; } = [];
}
