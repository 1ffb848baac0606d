using Sigil.Runtime.Channels;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Supervision;

/// <summary>Whether a child that has ended is started again.</summary>
internal enum RestartKind
{
    /// <summary>Always.</summary>
    Permanent = 0,

    /// <summary>When it failed.</summary>
    Transient = 1,

    /// <summary>Never.</summary>
    Temporary = 2,
}

/// <summary>Who else is started again with a child.</summary>
internal enum SupervisorStrategy
{
    /// <summary>Nobody.</summary>
    OneForOne = 0,

    /// <summary>All others.</summary>
    OneForAll = 1,

    /// <summary>Those that stand behind it.</summary>
    RestForOne = 2,
}

/// <summary>A child of a supervisor: what runs, and what happens when it ends. Its function is called anew at every start.</summary>
public sealed class ChildSpec : IDroppable
{
    private ChildSpec(string name, Fn<Option<string>> start, RestartKind restart, long shutdownNanos)
    {
        Name = name;
        Start = start;
        Restart = restart;
        ShutdownNanos = shutdownNanos;
    }

    internal string Name { get; }

    /// <summary>Runs the child to its end; the result says why it failed, if it did.</summary>
    internal Fn<Option<string>> Start { get; }

    internal RestartKind Restart { get; }

    /// <summary>How long it may take to stop before it is reported.</summary>
    internal long ShutdownNanos { get; }

    /// <summary>The intrinsic behind <c>child</c>.</summary>
    [Intrinsic("make_child")]
    public static ChildSpec Make(string name, Fn<Option<string>> start, long restart, long shutdownNanos) =>
        new(name, start, (RestartKind)restart, shutdownNanos);

    /// <summary>Releases what the function holds.</summary>
    public void Drop() => (Start as IDroppable)?.Drop();
}
