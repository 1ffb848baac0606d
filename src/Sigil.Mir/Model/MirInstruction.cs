using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir;

/// <summary>An instruction. <see cref="Unwind"/> names the cleanup block entered when it panics or is cancelled; -1: none needed.</summary>
public abstract class MirInstruction
{
    public required TextSpan Span { get; init; }
    public int Unwind { get; set; } = -1;
}

/// <summary>Evaluates and stores. Storing drops nothing: a preceding <see cref="DropInstruction"/> drops an old unique value.</summary>
public sealed class AssignInstruction : MirInstruction
{
    public required MirPlace Target { get; init; }
    public required MirRvalue Value { get; set; }
}

/// <summary>Drops the unique parts of a place that are still there. Drop elaboration makes it unconditional, flagged, or removes it.</summary>
public sealed class DropInstruction : MirInstruction
{
    public required MirPlace Place { get; init; }
    /// <summary>A bool local that must be true; -1: unconditional.</summary>
    public int Flag { get; set; } = -1;
}

/// <summary>How an argument crosses.</summary>
public abstract record MirArgument
{
    /// <summary>Where the argument was written; empty: use the instruction's span.</summary>
    public TextSpan Span { get; init; }
}
/// <summary>Evaluated value.</summary>
public sealed record ValueArgument(MirOperand Operand) : MirArgument;
/// <summary>Lent for reading: passed by value, nothing moves.</summary>
public sealed record BorrowArgument(MirPlace Place) : MirArgument;
/// <summary>Lent for writing: a reference (plain callee) or copy-in copy-out (suspending callee).</summary>
public sealed record BorrowMutableArgument(MirPlace Place) : MirArgument;

/// <summary>Which variant of an effect-polymorphic callee a call needs.</summary>
public enum EffectVariant
{
    Plain,
    /// <summary>An argument suspends.</summary>
    Suspending,
    /// <summary>The variant of the enclosing instance: an own borrowed function parameter is passed on.</summary>
    Inherit,
}

public abstract record MirCallee;
/// <summary>
/// A function or method by symbol (trait methods are resolved at instantiation, intrinsics by key). Arguments: receiver, declared parameters in index order, then capabilities.
/// The capabilities are those that <see cref="Function"/> declares, in its order; an impl method that declares fewer than its trait's takes those that it names.
/// </summary>
public sealed record StaticCallee(FunctionSymbol Function, ImmutableArray<SigilType> TypeArguments, EffectVariant Variant) : MirCallee
{
    /// <summary>The variant of a data pattern that owns the container it walks over, given by value.</summary>
    public bool TakesSequence { get; init; }
}
/// <summary>A function value; <paramref name="Function"/> is read, not moved. <paramref name="Variant"/>: Suspending when its type uses Async, Inherit for an own borrowed parameter.</summary>
public sealed record IndirectCallee(MirPlace Function, FunctionType Type, EffectVariant Variant) : MirCallee;
/// <summary>A method of a trait object, capability value or user-implemented opaque value; the receiver is argument 0.</summary>
public sealed record DynamicCallee(FunctionSymbol Method, ImmutableArray<SigilType> TypeArguments, bool CallerMaySuspend) : MirCallee;
/// <summary>A nested function called directly (recurse); captures are passed first.</summary>
public sealed record NestedCallee(MirFunction Function) : MirCallee;

/// <summary>A call.</summary>
public sealed class CallInstruction : MirInstruction
{
    /// <summary>Null when the result is void or Never.</summary>
    public MirPlace? Target { get; init; }
    public required MirCallee Callee { get; init; }
    public required ImmutableArray<MirArgument> Arguments { get; set; }
    /// <summary>The result type in terms of the enclosing function's parameters.</summary>
    public required SigilType ResultType { get; init; }
}

/// <summary>Panics with a str message (E9001), or another code with constant text.</summary>
public sealed class PanicInstruction : MirInstruction
{
    public required MirOperand Message { get; init; }
    public string Code { get; init; } = "E9001";
}

/// <summary>Begins an iteration: evaluates nothing, sets up the Iterator local over a place (lent) or owned value.</summary>
public sealed class IterationStart : MirInstruction
{
    public required int Iterator { get; init; }
    /// <summary>The iterable: a BorrowArgument for lists of unique values etc. that are lent, else a value (a consumed Consumer, an Iterator).</summary>
    public required MirArgument Source { get; set; }
    public required IterationKind Kind { get; init; }
}

/// <summary>Advances: sets <see cref="HasItem"/> (bool local) and, if true, <see cref="Item"/>. May suspend for consumers.</summary>
public sealed class IterationNext : MirInstruction
{
    public required int Iterator { get; init; }
    public required int HasItem { get; init; }
    public required int Item { get; init; }
    public required IterationKind Kind { get; init; }
}

/// <summary>Makes a scope for child tasks.</summary>
public sealed class ScopeStart : MirInstruction
{
    public required int Scope { get; init; }
    public MirOperand? MaxConcurrent { get; init; }
    public MirOperand? Timeout { get; init; }
    public MirOperand? Token { get; init; }
    public required ErrorPolicy Policy { get; init; }
    public bool IsCpuBound { get; init; }
}

/// <summary>Creates a child task that runs a nested function of kind Task over captured operands. <see cref="Slot"/> identifies its result inside the scope.</summary>
public sealed class SpawnInstruction : MirInstruction
{
    public required int Scope { get; init; }
    public required int Slot { get; init; }
    public required MirFunction Body { get; init; }
    public required ImmutableArray<MirArgument> Captures { get; set; }
}

/// <summary>Adds a lazily started list of tasks: <see cref="Source"/> (kind TaskSource) owns the iteration and yields one task body after the other.</summary>
public sealed class SpawnManyInstruction : MirInstruction
{
    public required int Scope { get; init; }
    public required int Slot { get; init; }
    /// <summary>The code of one element's task, kind Task; null for list literals, whose elements differ. What runs is said by <see cref="YieldTask.Body"/>.</summary>
    public MirFunction? Element { get; init; }
    /// <summary>Kind TaskSource: a plain function over <see cref="Captures"/> that iterates and, per element, ends with the operands for the task's captures (see <see cref="YieldTask"/>).</summary>
    public required MirFunction Source { get; init; }
    public required ImmutableArray<MirArgument> Captures { get; set; }
    public required SigilType ElementType { get; init; }
}

/// <summary>Inside a TaskSource: hands out the next task and pauses until another one is wanted.</summary>
public sealed class YieldTask : MirInstruction
{
    public required MirFunction Body { get; init; }
    public required ImmutableArray<MirArgument> Captures { get; set; }
}

/// <summary>Waits for all children; a panic of a child goes on here after all have ended. Suspends.</summary>
public sealed class ScopeJoin : MirInstruction
{
    public required int Scope { get; init; }
    /// <summary>A bool local set when a child asked to leave the scope (<c>?</c> in a task expression); -1: cannot happen.</summary>
    public int LeftEarly { get; init; } = -1;
    /// <summary>An int local: 0 when the children ended by themselves, 1 when the timeout ended the scope, 2 when its token did; -1: the scope has neither.</summary>
    public int Failure { get; init; } = -1;
    /// <summary>A str local with the reason given to the token's source (when <see cref="Failure"/> is 2); -1 with it.</summary>
    public int FailureReason { get; init; } = -1;
    /// <summary>For a race: an int local with the slot of the child that finished first, -1 when there was none; -1: no race.</summary>
    public int Winner { get; init; } = -1;
}

/// <summary>Ends a scope that is left before its join (a panic or an exit while the children are being started): cancels the started children and waits for them, shielded. Suspends. Does nothing for a scope that has been joined.</summary>
public sealed class ScopeAbandon : MirInstruction
{
    public required int Scope { get; init; }
}

/// <summary>Reads a child's value after the join: T for a spawn, [T] for a fan-out.</summary>
public sealed class TaskResult : MirInstruction
{
    public required int Scope { get; init; }
    public required int Slot { get; init; }
    public required MirPlace Target { get; init; }
    public required SigilType Type { get; init; }
    /// <summary>The value of a fan-out; of a race only the element that finished first, if any.</summary>
    public bool IsList { get; init; }
    /// <summary><c>collect_all</c>: the value (or each element) is a <c>Result&lt;T, TaskError&gt;</c> made from the child's outcome; <see cref="Type"/> says so.</summary>
    public bool IsCollected { get; init; }
}

/// <summary>
/// Inside a task body: a <c>?</c> that ends the whole scope; stores the value that leaves and asks the scope to cancel the siblings.
/// Drops follow, then <c>Return(null)</c> whatever the return type: the task has no result.
/// </summary>
public sealed class LeaveScope : MirInstruction
{
    public required MirOperand Value { get; init; }
    public required SigilType Type { get; init; }
}

/// <summary>After a join that was left early: the value that the <c>?</c> left with.</summary>
public sealed class LeftScopeValue : MirInstruction
{
    /// <summary>The scope; of a group its own local.</summary>
    public required int Scope { get; init; }
    public bool IsGroup { get; init; }
    public required MirPlace Target { get; init; }
    public required SigilType Type { get; init; }
}

/// <summary>Opens the scope of a <c>task_group</c> or <c>nursery</c> and enters it: the body follows, in the same task. The scope is an ordinary local, which the body's code may lend.</summary>
public sealed class GroupStart : MirInstruction
{
    public required int Group { get; init; }
    public MirOperand? MaxConcurrent { get; init; }
    public MirOperand? Timeout { get; init; }
    public MirOperand? Token { get; init; }
    public required ErrorPolicy Policy { get; init; }
    public required bool IsNursery { get; init; }
    /// <summary>The <c>Result</c> type of the tasks when their results are wanted as a list.</summary>
    public SigilType? CollectedType { get; init; }
    /// <summary>Somebody asks which task ends first.</summary>
    public bool KeepsFinished { get; init; }
}

/// <summary>Starts a task of a group; it ends with a <c>Result</c>. <see cref="Target"/> takes its handle; -1: nobody has it.</summary>
public sealed class GroupSpawn : MirInstruction
{
    public required MirPlace Group { get; init; }
    public required int Target { get; init; }
    public required MirFunction Body { get; init; }
    public required ImmutableArray<MirArgument> Captures { get; set; }
}

/// <summary>The body has ended: leaves the scope and waits for its tasks. Suspends.</summary>
public sealed class GroupJoin : MirInstruction
{
    public required int Group { get; init; }
    /// <summary>As in <see cref="ScopeJoin"/>.</summary>
    public int LeftEarly { get; init; } = -1;
}

/// <summary>The body is left by an exit or unwinding: cancels the tasks and waits for them. Does nothing after a join. Suspends.</summary>
public sealed class GroupAbandon : MirInstruction
{
    public required int Group { get; init; }
    /// <summary>A <c>?</c> of a nursery's body: the scope still has a value, so panics of its tasks do not go on from here.</summary>
    public bool HasValue { get; init; }
}

/// <summary>At a cleanup block: as <see cref="CatchCancellation"/>, but the scope stays; a join or <see cref="GroupAbandon"/> follows.</summary>
public sealed class GroupCatch : MirInstruction
{
    public required int Group { get; init; }
    public required int Caught { get; init; }
}

/// <summary>Inside the body of a group's task whose value is an <c>Err</c>: the task has failed. The value is the error as the nursery's error; null in a task group.</summary>
public sealed class TaskFails : MirInstruction
{
    public MirOperand? Value { get; init; }
    public SigilType? Type { get; init; }
}

/// <summary>Enters (with a deadline in ns from now, or none) and leaves a cancellation scope in the current task: <c>timeout</c>.</summary>
public sealed class CancelScopeStart : MirInstruction
{
    public required int Scope { get; init; }
    public MirOperand? After { get; init; }
}

public sealed class CancelScopeEnd : MirInstruction
{
    public required int Scope { get; init; }
}

/// <summary>At a cleanup block: when the unwinding is the cancellation of exactly this scope, stop it and set the bool local (the branch that follows leads to normal code); otherwise false and unwinding goes on. Ends the scope in both cases, as <see cref="CancelScopeEnd"/> does.</summary>
public sealed class CatchCancellation : MirInstruction
{
    public required int Scope { get; init; }
    public required int Caught { get; init; }
}

/// <summary>At a cleanup block of assert_panics: stops a panic and gives its message (Option&lt;str&gt;-free: str, empty bool false when it was a cancellation).</summary>
public sealed class CatchPanic : MirInstruction
{
    public required int Caught { get; init; }
    public required int Message { get; init; }
}

/// <summary>Turns the cancellation shield on or off (cleanup code runs shielded).</summary>
public sealed class ShieldInstruction : MirInstruction
{
    public required bool Enter { get; init; }
}

/// <summary>Marks the beginning and end of a borrow that outlasts one instruction (a lent name, a receiver held while arguments are evaluated); for the borrow check only, emits nothing.</summary>
public sealed class BorrowMarker : MirInstruction
{
    public required MirPlace Place { get; init; }
    public required bool IsMutable { get; init; }
    public required bool IsStart { get; init; }
    /// <summary>Pairs start and end.</summary>
    public required int Id { get; init; }
}

/// <summary>Appends to a list that only this function holds: comprehensions and other lists under construction. Never copies the list.</summary>
public sealed class AppendInstruction : MirInstruction
{
    public required int List { get; init; }
    public required MirOperand Value { get; init; }
}

/// <summary><c>m[k] = v</c>: inserts or replaces in place; a shared map is copied first, as every write through a place does.</summary>
public sealed class MapInsertInstruction : MirInstruction
{
    public required MirPlace Map { get; init; }
    public required MirOperand Key { get; init; }
    public required MirOperand Value { get; init; }
}

/// <summary>Waits for a Duration between attempts: suspends in a suspending instance, blocks elsewhere. <see cref="Jitter"/>: a bool that varies it by ±25 %.</summary>
public sealed class PauseInstruction : MirInstruction
{
    public required MirOperand Duration { get; init; }
    public required MirOperand Jitter { get; init; }
}

/// <summary>Writes a line to standard error: the message of an <c>Err</c> that <c>@main</c> returned.</summary>
public sealed class WriteErrorInstruction : MirInstruction
{
    public required MirOperand Message { get; init; }
}

/// <summary>The end of a local's scope: it holds nothing afterwards.</summary>
public sealed class StorageDead : MirInstruction
{
    public required int Local { get; init; }
}

/// <summary>
/// Panics where an index in the place is out of range, as the instruction behind it would: there a unique value has already left its own place,
/// and nobody would drop it.
/// </summary>
public sealed class CheckElementInstruction : MirInstruction
{
    public required MirPlace Place { get; init; }
}

/// <summary>
/// Leaves a hole in a list whose element (or a part of it) has been given away, so that dropping the list drops the rest. Made by drop elaboration;
/// the ownership check has seen to it that the list is used no more. Ends in a <see cref="RestProjection"/> for several elements.
/// </summary>
public sealed class VacateInstruction : MirInstruction
{
    public required MirPlace Place { get; init; }
}

/// <summary>How a block ends.</summary>
public abstract record MirTerminator
{
    public abstract IEnumerable<int> Successors { get; }
}
public sealed record Goto(int Target) : MirTerminator
{
    public override IEnumerable<int> Successors => [Target];
}
public sealed record Branch(MirOperand Condition, int Then, int Else) : MirTerminator
{
    public override IEnumerable<int> Successors => [Then, Else];
}
/// <summary>Dispatch on an int, char, byte, bool or discriminant.</summary>
public sealed record Switch(MirOperand Value, ImmutableArray<(long Value, int Target)> Cases, int Default) : MirTerminator
{
    public override IEnumerable<int> Successors => Cases.Select(c => c.Target).Append(Default);
}
/// <summary>Leaves the function with a value (null: void).</summary>
public sealed record Return(MirOperand? Value) : MirTerminator
{
    public override IEnumerable<int> Successors => [];
}
/// <summary>Self tail call: all <see cref="Arguments"/> (one per parameter: self, declared ones, capabilities; a <c>&amp;mut</c> parameter is passed on as itself) are read, then the parameters are assigned and control goes back to the entry.</summary>
public sealed record TailCall(ImmutableArray<MirOperand> Arguments) : MirTerminator
{
    public override IEnumerable<int> Successors => [];
}
/// <summary>The end of a cleanup chain: unwinding goes on outwards.</summary>
public sealed record ResumeUnwind : MirTerminator
{
    public override IEnumerable<int> Successors => [];
}
public sealed record Unreachable : MirTerminator
{
    public override IEnumerable<int> Successors => [];
}
