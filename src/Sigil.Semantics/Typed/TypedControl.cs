using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Semantics.Typed;

/// <summary>A statement of <c>run</c>, <c>try</c> or <c>loop</c>.</summary>
public abstract class TypedStatement
{
    public required TextSpan Span { get; init; }
}

public sealed class ExpressionStatement : TypedStatement
{
    public required TypedExpression Expression { get; set; }
}

public sealed class LetStatement : TypedStatement
{
    public required TypedPattern Pattern { get; init; }
    public required TypedExpression Value { get; set; }
    public required bool IsMutable { get; init; }
}

/// <summary>A sequence with its own scope; the value is the last statement's expression (already converted), or void.</summary>
public sealed class BlockExpression : TypedExpression
{
    public required ImmutableArray<TypedStatement> Statements { get; set; }
}

/// <summary>Where a <c>?</c> leaves to: identity only. One per function body, lambda body, <c>try</c>, and nursery body.</summary>
public sealed class ExitBoundary
{
    public SigilType? Type { get; set; }
    /// <summary>How many lambdas and task expressions surround it; for the checker.</summary>
    internal int Depth { get; set; }
}

/// <summary><c>try(…)</c>: the value of the block, or what a <c>?</c> leaves with.</summary>
public sealed class TryExpression : TypedExpression
{
    public required ExitBoundary Boundary { get; init; }
    public required TypedExpression Body { get; set; }
}

/// <summary><c>e?</c>: unwraps or leaves to the boundary with Err(error, converted) or None. Also the implicit unwrapping of <c>let</c> in <c>try</c>.</summary>
public sealed class QuestionExpression : TypedExpression
{
    public required TypedExpression Operand { get; set; }
    public required ExitBoundary Boundary { get; init; }
    /// <summary>The <c>from</c> that converts the error, or null.</summary>
    public FunctionSymbol? From { get; set; }
    public ImmutableArray<SigilType> FromTypeArguments { get; set; } = [];
    /// <summary>Inside a task expression that is not a call: ends the whole scope and leaves through the boundary outside it.</summary>
    public bool LeavesTask { get; init; }
}

public sealed class IfExpression : TypedExpression
{
    public required TypedExpression Condition { get; set; }
    public required TypedExpression Then { get; set; }
    public TypedExpression? Else { get; set; }
}

/// <summary>A loop that <c>break</c> and <c>continue</c> refer to.</summary>
public abstract class LoopBase : TypedExpression { }

public sealed class WhileExpression : LoopBase
{
    public required TypedExpression Condition { get; set; }
    public required TypedExpression Body { get; set; }
}

public sealed class LoopExpression : LoopBase
{
    public required TypedExpression Body { get; set; }
}

/// <summary>What a <c>for</c> iterates over, decided by the iterable's type (a type parameter bounded by the internal sequence trait stays Generic).</summary>
public enum IterationKind { List, Range, Map, Set, Str, Consumer, Iterator, Iterable, Generic }

/// <summary><c>pattern in iterable</c>.</summary>
public sealed record ForBinding(TypedPattern Pattern, TypedExpression Iterable, IterationKind Kind, SigilType ItemType);

/// <summary><c>for … do</c> (type void) and <c>for … yield</c> (type list).</summary>
public sealed class ForExpression : LoopBase
{
    public required ImmutableArray<ForBinding> Bindings { get; set; }
    public TypedExpression? Guard { get; set; }
    public required TypedExpression Body { get; set; }
    public required bool IsYield { get; init; }
}

public sealed class BreakExpression : TypedExpression
{
    public required LoopBase Target { get; init; }
    public TypedExpression? Value { get; set; }
}

public sealed class ContinueExpression : TypedExpression
{
    public required LoopBase Target { get; init; }
}

public sealed record MatchArm(TypedPattern Pattern, TypedExpression? Guard, TypedExpression Body, TextSpan Span);

public sealed class MatchExpression : TypedExpression
{
    public required TypedExpression Scrutinee { get; set; }
    public required ImmutableArray<MatchArm> Arms { get; set; }
}

/// <summary>The search form <c>for(.over:, .map:, .match:, .default:)</c>.</summary>
public sealed class ForSearchExpression : TypedExpression
{
    public required TypedExpression Over { get; set; }
    public required IterationKind Kind { get; set; }
    public required SigilType ItemType { get; set; }
    /// <summary>A function expression, or null for identity.</summary>
    public TypedExpression? Map { get; set; }
    public required TypedPattern Pattern { get; init; }
    public TypedExpression? Guard { get; set; }
    /// <summary>The value: the mapped item (bound to <see cref="Item"/>).</summary>
    public required LocalSymbol Item { get; init; }
    public required TypedExpression Default { get; set; }
}

/// <summary><c>with C = v in e</c>.</summary>
public sealed class WithCapabilityExpression : TypedExpression
{
    public required TraitReference Capability { get; init; }
    public required TypedExpression Value { get; set; }
    public required TypedExpression Body { get; set; }
}

/// <summary><c>with(.acquire:, .use:, .release:)</c>: use and release are function expressions.</summary>
public sealed class WithResourceExpression : TypedExpression
{
    public required TypedExpression Acquire { get; set; }
    public required TypedExpression Use { get; set; }
    public required TypedExpression Release { get; set; }
}

public sealed class RetryExpression : TypedExpression
{
    public required TypedExpression Operation { get; set; }
    public required TypedExpression Attempts { get; set; }
    public TypedExpression? Backoff { get; set; }
    /// <summary>Variants to retry on; default: all. Exclusive with <see cref="OnPredicate"/>.</summary>
    public ImmutableArray<VariantSymbol> OnVariants { get; set; } = [];
    public TypedExpression? OnPredicate { get; set; }
    public TypedExpression? Jitter { get; set; }
    public TypedExpression? Timeout { get; set; }
}

public sealed class CacheExpression : TypedExpression
{
    public required TypedExpression Key { get; set; }
    public required TypedExpression Operation { get; set; }
    public TypedExpression? TimeToLive { get; set; }
}

public sealed class ValidateExpression : TypedExpression
{
    public required ImmutableArray<(TypedExpression Condition, TypedExpression Message)> Rules { get; set; }
    public required TypedExpression Then { get; set; }
}

/// <summary><c>recurse(…)</c>: a local function over the enclosing function's parameters.</summary>
public sealed class RecurseExpression : TypedExpression
{
    public required TypedExpression Condition { get; set; }
    public required TypedExpression Base { get; set; }
    public required TypedExpression Step { get; set; }
    public TypedExpression? Memo { get; set; }
    public TypedExpression? ParallelThreshold { get; set; }
    /// <summary>The parameters of the enclosing function or lambda that the local function ranges over; inside the three parts these very locals stand for its own parameters.</summary>
    public required ImmutableArray<LocalSymbol> Parameters { get; set; }
}

/// <summary><c>self(args)</c> inside <c>recurse</c>.</summary>
public sealed class SelfCallExpression : TypedExpression
{
    public required RecurseExpression? Target { get; set; }
    public required ImmutableArray<TypedExpression> Arguments { get; set; }
}

/// <summary><c>assert_panics(e)</c> and <c>assert_panics_with(e, msg)</c>.</summary>
public sealed class AssertPanicsExpression : TypedExpression
{
    public required TypedExpression Operand { get; set; }
    public TypedExpression? Message { get; set; }
}

/// <summary><c>panic(m)</c> and its kin, of type Never.</summary>
public sealed class PanicExpression : TypedExpression
{
    public required TypedExpression Message { get; set; }
}

/// <summary><c>recover(e)</c>.</summary>
public sealed class RecoverExpression : TypedExpression
{
    public required TypedExpression Body { get; set; }
}

/// <summary><c>replace(place, new) -&gt; old</c>.</summary>
public sealed class ReplaceExpression : TypedExpression
{
    public required TypedExpression Place { get; set; }
    public required TypedExpression Value { get; set; }
}
