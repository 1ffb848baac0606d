using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Typed;

/// <summary>Which ends of a channel may be cloned.</summary>
public enum ChannelSharing { Exclusive, Producers, Consumers, Both }

/// <summary>What a broadcast does when its slowest consumer is a whole buffer behind.</summary>
public enum LagPolicy { Wait, DropOldest }

/// <summary><c>channel&lt;T&gt;(.buffer:, .share:)</c>, <c>ipc_channel</c> and <c>broadcast&lt;T&gt;(.buffer:, .on_lag:)</c>; the type is the record <c>{ consumer, producer }</c> with the end types that the sharing gives.</summary>
public sealed class ChannelExpression : TypedExpression
{
    public required SigilType ElementType { get; set; }
    public required TypedExpression Buffer { get; set; }
    public required ChannelSharing Sharing { get; init; }
    /// <summary>The ends may move to other processes.</summary>
    public bool IsInterProcess { get; init; }
    /// <summary>Of a broadcast; null for a channel, whose values go to one consumer each.</summary>
    public LagPolicy? OnLag { get; init; }
}

/// <summary>A named function where a <c>ProcessTask</c> is wanted: it will run in a process of its own.</summary>
public sealed class ProcessTaskExpression : TypedExpression
{
    public required FunctionSymbol Function { get; init; }
    /// <summary>Stands for the input in <see cref="Body"/>.</summary>
    public required LocalSymbol Input { get; init; }
    /// <summary>The call of the function with the input.</summary>
    public required TypedExpression Body { get; set; }
}

/// <summary>An expression that stands where a task is created (concurrency rules §1, "Task expressions").</summary>
public sealed class TaskExpression
{
    /// <summary>What the task runs.</summary>
    public required TypedExpression Body { get; set; }
    /// <summary>True when <see cref="Body"/> is a call whose receiver and arguments are evaluated by the creating task, in order, then moved into the new one.</summary>
    public required bool IsCall { get; set; }
    /// <summary>Outer locals mentioned (whole-expression tasks only).</summary>
    public ImmutableArray<LocalSymbol> Captures { get; set; } = [];
    public ImmutableArray<TraitReference> CapturedCapabilities { get; set; } = [];
    /// <summary>The value of the task: the body's type.</summary>
    public SigilType ResultType => Body.Type;
}

/// <summary>A lazily started list of tasks: list literal, <c>map(xs, f)</c> or <c>for … yield e</c>.</summary>
public sealed class FanOut
{
    /// <summary>For list literals: one task per element.</summary>
    public ImmutableArray<TaskExpression> Elements { get; set; } = [];
    /// <summary>For map and for-yield: what is iterated; empty for list literals.</summary>
    public ImmutableArray<ForBinding> Bindings { get; set; } = [];
    public TypedExpression? Guard { get; set; }
    /// <summary>For map and for-yield: the task of one element (the pattern's names are in scope). For <c>map(xs, x -&gt; e)</c> it is e; for <c>map(xs, f)</c> the call f(item).</summary>
    public TaskExpression? Body { get; init; }
    /// <summary>Outer locals that the element expression mentions: the entry owns the unique ones.</summary>
    public ImmutableArray<LocalSymbol> Captures { get; set; } = [];
    public ImmutableArray<TraitReference> CapturedCapabilities { get; set; } = [];
    public required SigilType ElementType { get; set; }
}

/// <summary>A named entry of <c>parallel</c> or <c>race</c>: exactly one of the two forms.</summary>
public sealed class ScopeEntry
{
    public required string Name { get; init; }
    public TaskExpression? Task { get; init; }
    public FanOut? FanOut { get; init; }
    public required Sigil.Syntax.TextSpan Span { get; init; }
    /// <summary>Index of its field in the result record (alphabetical order).</summary>
    public required int ResultIndex { get; init; }
    public SigilType ValueType { get; set; } = ErrorType.Instance;
}

public enum ErrorPolicy
{
    CancelAll, CancelRemaining, CollectAll,
    /// <summary>Of <c>race</c>, never written: the first child to finish cancels the others.</summary>
    FirstWins,
}

/// <summary>Options of a scope.</summary>
public sealed class ScopeOptions
{
    public TypedExpression? OnError { get; set; }
    /// <summary>The policy where it is a constant; the default otherwise.</summary>
    public ErrorPolicy Policy { get; init; }
    public TypedExpression? Timeout { get; set; }
    public TypedExpression? MaxConcurrent { get; set; }
    public TypedExpression? Token { get; set; }
}

/// <summary><c>parallel(…)</c>, both forms. <see cref="IsList"/>: the single entry <c>.tasks</c>, value a list.</summary>
public sealed class ParallelExpression : TypedExpression
{
    public required ImmutableArray<ScopeEntry> Entries { get; set; }
    public required bool IsList { get; init; }
    public required ScopeOptions Options { get; init; }
    /// <summary>CPU work: declared under Parallel.</summary>
    public bool IsCpuBound { get; set; }
}

public sealed class RaceExpression : TypedExpression
{
    public required ImmutableArray<ScopeEntry> Entries { get; set; }
}

/// <summary><c>timeout(.op:, .after:, .on_timeout:)</c>: the op runs in the current task under a new cancellation scope.</summary>
public sealed class TimeoutExpression : TypedExpression
{
    public required TypedExpression Operation { get; set; }
    public required TypedExpression After { get; set; }
    public TypedExpression? OnTimeout { get; set; }
}

/// <summary><c>task_group(.spawn: g -&gt; body)</c> and <c>nursery(.tasks: n -&gt; body)</c>.</summary>
public sealed class GroupExpression : TypedExpression
{
    public required bool IsNursery { get; init; }
    public required LocalSymbol Group { get; init; }
    public required TypedExpression Body { get; set; }
    /// <summary>The boundary of <c>?</c> in a nursery's body.</summary>
    public ExitBoundary? Boundary { get; init; }
    public required ScopeOptions Options { get; init; }
    /// <summary>Of a nursery: somebody calls <c>wait_for_first</c>.</summary>
    public bool AsksForFirst { get; set; }
}

/// <summary><c>g.spawn(e)</c>.</summary>
public sealed class SpawnExpression : TypedExpression
{
    public required TypedExpression Group { get; set; }
    public required TaskExpression Task { get; init; }
    /// <summary>The task ends with a <c>Result&lt;ValueType, ErrorType&gt;</c>.</summary>
    public required SigilType ValueType { get; set; }
    public required SigilType ErrorType { get; set; }
    /// <summary>The task expression is that Result; otherwise it is the value alone.</summary>
    public bool YieldsResult { get; set; }
    /// <summary>Of a nursery: its error type, into which an <c>Err</c> of the task is converted.</summary>
    public SigilType? ScopeErrorType { get; set; }
    /// <summary>Of a group: the error type of the task expression, where that of the task's end is another.</summary>
    public SigilType? ChildErrorType { get; set; }
    /// <summary><c>from</c> of the conversion, when the types differ.</summary>
    public FunctionSymbol? From { get; set; }
    public ImmutableArray<SigilType> FromTypeArguments { get; set; } = [];
}

public enum SelectArmKind { Receive, Send, TaskWait, TokenCancelled, Sleep }

/// <summary>An arm of a select.</summary>
/// <param name="Kind">What it waits for.</param>
/// <param name="Subject">The channel end or token; the duration of a sleep; for a task the whole call of <c>wait</c>, which the body of the arm makes.</param>
/// <param name="Value">What a send sends.</param>
/// <param name="Pattern">Binds what was received, or the task's result.</param>
/// <param name="Guard">Never there: E1024.</param>
/// <param name="Body">Runs when the arm has been taken.</param>
/// <param name="Span">The operation.</param>
public sealed record SelectArm(SelectArmKind Kind, TypedExpression Subject, TypedExpression? Value, TypedPattern? Pattern, TypedExpression? Guard, TypedExpression Body, Sigil.Syntax.TextSpan Span);

public sealed class SelectExpression : TypedExpression
{
    public required bool IsFair { get; init; }
    public required ImmutableArray<SelectArm> Arms { get; set; }
    public TypedExpression? TimeoutAfter { get; set; }
    public TypedExpression? TimeoutBody { get; set; }
    public TypedExpression? Default { get; set; }
    public TypedExpression? Closed { get; set; }
}
