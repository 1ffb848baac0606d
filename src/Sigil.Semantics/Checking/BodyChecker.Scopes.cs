using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// What surrounds the expression at hand: local names, loops, exit boundaries, lambdas and tasks.
public sealed partial class BodyChecker
{
    private Dictionary<string, LocalSymbol> locals = [];
    // Undo log of the innermost scopes: leaving a scope restores what its names hid.
    private readonly List<(string Name, LocalSymbol Declared, LocalSymbol? Hidden)> declared = [];
    private readonly Stack<int> scopeStarts = [];
    private readonly HashSet<LocalSymbol> mentioned = [];
    // Places of names that were used before their `let`.
    private readonly HashSet<TextSpan> mentionedEarly = [];
    private readonly List<LocalSymbol> allLocals = [];
    private List<ExitBoundary> boundaries = [];
    private List<LoopFrame?> loops = [];
    private List<CaptureTracker> captureTrackers = [];
    private List<ProvidedCapability> provided = [];
    // Types of the receivers that a # may measure, innermost last.
    private List<SigilType> measured = [];
    private ImmutableArray<LocalSymbol> currentParameters = [];

    /// <summary>The parameters of the innermost function or lambda, over which <c>recurse</c> ranges.</summary>
    internal ImmutableArray<LocalSymbol> CurrentParameters => currentParameters;

    /// <summary>The capabilities that enclosing <c>with C = v in</c> provide, innermost last.</summary>
    internal IReadOnlyList<ProvidedCapability> Provided => provided;

    internal void PushScope() => scopeStarts.Push(declared.Count);

    internal void PopScope()
    {
        int start = scopeStarts.Pop();
        for (int i = declared.Count - 1; i >= start; i--)
        {
            var (name, local, hidden) = declared[i];
            if (hidden is null) locals.Remove(name);
            else locals[name] = hidden;
            if (local is { IsAssignable: true } or { Kind: LocalKind.Pattern } && name is [not '_', ..] && !mentioned.Contains(local) && local.Type is not ErrorType && !mentionedEarly.Contains(local.Span))
                Report(LocalNameErrors.UnusedBinding(Source, local.Span, name));
            // A function without body has no use for its parameters; one of a trait or impl has them from elsewhere.
            else if (local.Parameter is not null && name is [not '_', ..] && !mentioned.Contains(local) && function is { Container: null } && program.IsEnabled("W2003"))
                Report(LocalNameErrors.UnusedParameter(Source, local.Span, name));
        }
        declared.RemoveRange(start, declared.Count - start);
    }

    /// <summary>Introduces a local name in the innermost scope; hides an older one of the same name.</summary>
    internal LocalSymbol Declare(string name, LocalKind kind, SigilType type, TextSpan span)
    {
        var local = new LocalSymbol(name, kind) { Type = type, Source = Source, Span = span, DeclaringLambda = CurrentTracker };
        Declare(local);
        return local;
    }

    /// <summary>Introduces a symbol made elsewhere.</summary>
    internal void Declare(LocalSymbol local)
    {
        allLocals.Add(local);
        var hidden = locals.GetValueOrDefault(local.Name);
        if (hidden is not null && local.IsAssignable && local.Name[0] != '_' && program.IsEnabled("W2006"))
            Report(LocalNameErrors.Shadows(Source, local.Span, local.Name, new SourceLocation(Source, hidden.Span)));
        if (hidden is null && BuiltInPatternNames.Contains(local.Name) && !scope.Module.IsStandardLibrary) Report(NameErrors.HidesPattern(new SourceLocation(Source, local.Span), local.Name));
        declared.Add((local.Name, local, hidden));
        locals[local.Name] = local;
    }

    /// <summary>The local of that name in scope, without noting a use.</summary>
    internal LocalSymbol? LookupLocal(string name) => locals.GetValueOrDefault(name);

    /// <summary>Notes that a local is read or written here: it counts as used, and every lambda or task between here and its declaration captures it.</summary>
    internal void Mention(LocalSymbol local)
    {
        mentioned.Add(local);
        for (int i = captureTrackers.Count - 1; i >= 0 && !ReferenceEquals(captureTrackers[i], local.DeclaringLambda); i--)
            captureTrackers[i].Add(local);
    }

    /// <summary>Whether a lambda or task stands between here and the declaration of the local.</summary>
    internal bool IsCaptured(LocalSymbol local) => !ReferenceEquals(CurrentTracker, local.DeclaringLambda);

    /// <summary>Where a <c>?</c> leaves to.</summary>
    internal ExitBoundary CurrentBoundary => boundaries[^1];
    internal void PushBoundary(ExitBoundary boundary)
    {
        boundary.Depth = captureTrackers.Count;
        boundaries.Add(boundary);
    }
    internal void PopBoundary() => boundaries.RemoveAt(boundaries.Count - 1);

    /// <summary>The innermost loop of the same function, or null.</summary>
    internal LoopFrame? CurrentLoop => loops.Count > 0 ? loops[^1] : null;
    internal void PushLoop(LoopFrame loop) => loops.Add(loop);
    /// <summary>Hides the loops outside: a lambda or task body starts.</summary>
    internal void PushLoopBarrier() => loops.Add(null);
    internal void PopLoop() => loops.RemoveAt(loops.Count - 1);

    /// <summary>The innermost lambda or task expression, or null at function level.</summary>
    internal CaptureTracker? CurrentTracker => captureTrackers.Count > 0 ? captureTrackers[^1] : null;

    internal CaptureTracker PushCaptures(CaptureContext context)
    {
        var tracker = new CaptureTracker(context);
        captureTrackers.Add(tracker);
        return tracker;
    }

    internal void PopCaptures() => captureTrackers.RemoveAt(captureTrackers.Count - 1);
}

/// <summary>What captures.</summary>
internal enum CaptureContext { Lambda, Task }

/// <summary>The outer locals that a lambda or task expression mentions, in order of first mention.</summary>
internal sealed class CaptureTracker(CaptureContext context)
{
    private readonly HashSet<LocalSymbol> seen = [];
    private readonly ImmutableArray<LocalSymbol>.Builder captures = ImmutableArray.CreateBuilder<LocalSymbol>();
    public CaptureContext Context { get; } = context;
    public ImmutableArray<LocalSymbol> Captures => captures.ToImmutable();
    public void Add(LocalSymbol local)
    {
        if (seen.Add(local)) captures.Add(local);
    }
}

/// <summary>A loop around the expression at hand.</summary>
/// <param name="Target">The typed node, made before its body is checked.</param>
/// <param name="Values">Joins the values of <c>break v</c>; null where <c>break</c> takes no value.</param>
internal sealed record LoopFrame(LoopBase Target, BranchJoin? Values)
{
    /// <summary>A <c>break</c> without value was seen.</summary>
    public bool HasBareBreak { get; set; }
    public bool HasBreak { get; set; }
}
