using Sigil.Syntax;

namespace Sigil.Mir.Building;

/// <summary>
/// What has to be done when control leaves a region: a list that grows inwards, shared by all exits. Normal exits run the nodes from the
/// innermost to the target's; unwinding runs them through cleanup blocks that are made at the first need and shared by all inner nodes.
/// </summary>
internal abstract class CleanupNode(CleanupNode? parent)
{
    public CleanupNode? Parent { get; } = parent;

    /// <summary>The cleanup block that runs this node and everything outside it; -1 while nothing needs it.</summary>
    public int CleanupBlock { get; set; } = -1;

    /// <summary>Whether unwinding has something to do here.</summary>
    public virtual bool ActsOnUnwind => true;
}

/// <summary>Drops a local that may hold unique values.</summary>
internal sealed class DropNode(CleanupNode? parent, int local, TextSpan span) : CleanupNode(parent)
{
    public int Local { get; } = local;
    public TextSpan Span { get; } = span;
}

/// <summary>Ends a borrow that the borrow check watches.</summary>
internal sealed class EndBorrowNode(CleanupNode? parent, BorrowMarker start) : CleanupNode(parent)
{
    public BorrowMarker Start { get; } = start;
    public override bool ActsOnUnwind => false;
}

/// <summary>Any other code to run on the way out: releasing a resource, abandoning a scope.</summary>
/// <param name="emit">Builds the code into the current block; called once per exit chain.</param>
/// <param name="emitUnwind">The same for unwinding; null when it is the same code.</param>
internal sealed class ActionNode(CleanupNode? parent, Action emit, Action? emitUnwind = null) : CleanupNode(parent)
{
    /// <summary>The same action with another node outside it.</summary>
    public ActionNode Under(CleanupNode? parent) => new(parent, emit, emitUnwind);

    public void Run(bool unwinding) => (unwinding && emitUnwind is not null ? emitUnwind : emit)();
}

/// <summary>Where an exit goes: a block and the cleanup that is still pending there.</summary>
internal sealed class ExitTarget(MirBlock block, CleanupNode? node)
{
    public MirBlock Block { get; } = block;
    public CleanupNode? Node { get; } = node;

    /// <summary>For each node: the block that runs it and everything up to the target.</summary>
    public Dictionary<CleanupNode, int> Chain { get; } = [];
}
