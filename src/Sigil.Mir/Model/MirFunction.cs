using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir;

// The one flow graph. A MirFunction is made per function, method, test, lambda, task body, default-value thunk and
// structural method. It is generic: types may mention type parameters; the emitter substitutes while it instantiates.
// Blocks are extended: instructions that may unwind (panic, or be cancelled while suspended) name a cleanup block.

/// <summary>What a local is for.</summary>
public enum MirLocalKind
{
    Self, Parameter,
    /// <summary>A hidden parameter that holds a capability (<c>dyn C</c>).</summary>
    Capability,
    /// <summary>A value captured by a lambda or task; initialised by the closure.</summary>
    Capture,
    /// <summary>A name of the user.</summary>
    User,
    /// <summary>A temporary of the builder; assigned once.</summary>
    Temporary,
    /// <summary>The state of an iteration (see <see cref="IterationStart"/>); its <see cref="MirLocal.Type"/> is the iterable's type.</summary>
    Iterator,
    /// <summary>A running scope (parallel, group); Type is void.</summary>
    Scope,
    /// <summary>Whether a place still holds a value to drop; made by drop elaboration.</summary>
    DropFlag,
}

/// <summary>How a parameter is received.</summary>
public enum MirParameterMode { Value, Borrow, BorrowMutable }

/// <summary>A local variable of the flow graph.</summary>
public sealed class MirLocal
{
    public required int Index { get; init; }
    public string? Name { get; init; }
    public required SigilType Type { get; init; }
    public required MirLocalKind Kind { get; init; }
    public MirParameterMode Mode { get; init; }
    /// <summary>Declared with <c>let mut</c>, or a <c>mut self</c>/<c>&amp;mut</c> parameter.</summary>
    public bool IsMutable { get; init; }
    public TextSpan Span { get; init; }
    public LocalSymbol? Symbol { get; init; }
    /// <summary>For <see cref="MirLocalKind.Capability"/>: which one.</summary>
    public TraitReference? Capability { get; init; }
    /// <summary>A name that a pattern, for or match lends from another place instead of owning (unique parts): the place it was lent from.</summary>
    public MirPlace? LentFrom { get; set; }
    /// <summary>For the item of an iteration over a lent container: the Iterator local that lends a new item at every <see cref="IterationNext"/>; -1 otherwise. <see cref="LentFrom"/> is then the whole container.</summary>
    public int LentByIterator { get; set; } = -1;
    /// <summary>Holds a provider with unique parts, which is dropped where its <c>with</c> ends.</summary>
    public bool IsLentProvider { get; set; }
    /// <summary>For a parameter of a lambda that is lent the elements of a container: the container, a place of the function around the lambda.</summary>
    public MirPlace? ElementOf { get; set; }
}

/// <summary>What kind of code a function is.</summary>
/// <remarks>
/// <c>Lambda</c>: captures that are unique and by value belong to the closure object, which drops them; the body never does. <c>Task</c> and <c>TaskSource</c> own their captures and drop them at their end.
/// <c>Recurse</c> borrows its captures from the caller. <c>Entry</c> has no parameters and returns the exit code as int.
/// </remarks>
public enum MirFunctionKind { Function, Lambda, Task, TaskSource, Structural, Recurse, Entry }

/// <summary>A function as a flow graph. Block 0 is the entry.</summary>
public sealed class MirFunction
{
    public required string Name { get; init; }
    public required MirFunctionKind Kind { get; init; }
    /// <summary>The symbol, for functions, methods and tests; the enclosing one for nested code.</summary>
    public FunctionSymbol? Symbol { get; init; }
    public required SourceText Source { get; init; }
    public TextSpan Span { get; init; }
    /// <summary>Type parameters in scope (those of the enclosing function for nested code).</summary>
    public ImmutableArray<TypeParameterSymbol> TypeParameters { get; init; } = [];
    /// <summary>Locals; the first <see cref="ParameterCount"/> are, in order: self, declared parameters, hidden capabilities; captures follow as locals of kind Capture.</summary>
    public List<MirLocal> Locals { get; } = [];
    public int ParameterCount { get; set; }
    public required SigilType ReturnType { get; init; }
    public List<MirBlock> Blocks { get; } = [];
    /// <summary>Lambdas, task bodies and task sources made inside; they refer to this function's type parameters.</summary>
    public List<MirFunction> Nested { get; } = [];
    public MirFunction? Parent { get; init; }
    /// <summary>The code may wait: the function declares Async (or a subtrait), or the lambda/task body is in such a place. Whether an instance really suspends is decided at instantiation.</summary>
    public bool MaySuspend { get; set; }
    /// <summary>Contains calls whose effect follows a borrowed function parameter: has a plain and an all-suspending variant.</summary>
    public bool IsEffectPolymorphic { get; set; }
    /// <summary>For lambdas: captures unique values by borrow, must not escape.</summary>
    public bool IsBorrowingClosure { get; set; }
    /// <summary>For lambdas that run at most once (of <c>with</c>, Option, Result) and consume what they capture: the body owns its captures and drops what it leaves over.</summary>
    public bool OwnsCaptures { get; set; }
    public IEnumerable<MirLocal> Captures => Locals.Where(l => l.Kind == MirLocalKind.Capture);
}

/// <summary>A basic block.</summary>
public sealed class MirBlock
{
    public required int Index { get; init; }
    public List<MirInstruction> Instructions { get; } = [];
    public MirTerminator Terminator { get; set; } = null!;
    /// <summary>Reached only by unwinding.</summary>
    public bool IsCleanup { get; init; }
}

/// <summary>A path to a value: a local and projections.</summary>
public sealed record MirPlace(int Local, ImmutableArray<MirProjection> Path)
{
    public static MirPlace Of(int local) => new(local, []);
    public MirPlace With(MirProjection p) => new(Local, Path.Add(p));
    public bool IsLocal => Path.IsEmpty;
    public bool Equals(MirPlace? other) => other is not null && other.Local == Local && other.Path.SequenceEqual(Path);
    public override int GetHashCode() => Path.Aggregate(Local, HashCode.Combine);
}

/// <summary>One step of a place.</summary>
/// <param name="Type">The type of the place after the step.</param>
public abstract record MirProjection(SigilType Type);

/// <summary>A field of a struct or record, a tuple component, a newtype's content.</summary>
public sealed record FieldProjection(int Index, SigilType Type) : MirProjection(Type);

/// <summary>A payload part of a sum value whose variant has been tested.</summary>
public sealed record VariantProjection(VariantSymbol Variant, int Index, SigilType Type) : MirProjection(Type);

/// <summary>An element of a list; <paramref name="IndexLocal"/> holds the int index (checked, panics E9005).</summary>
public sealed record ElementProjection(int IndexLocal, SigilType Type, TextSpan Span) : MirProjection(Type);

/// <summary>An element at a constant position, from the start or (negative) from the end; the length has been tested by a pattern.</summary>
public sealed record ConstantElementProjection(int Position, SigilType Type) : MirProjection(Type);

/// <summary>The middle part of a list that a rest pattern names, without so many elements at either end. Only in <see cref="MirLocal.LentFrom"/>.</summary>
public sealed record RestProjection(int Front, int Back, SigilType Type) : MirProjection(Type);

/// <summary>What a look-up by key or index found. Only in <see cref="MirLocal.LentFrom"/>.</summary>
public sealed record EntryProjection(SigilType Type) : MirProjection(Type);

/// <summary>The object behind an iso, val or ref.</summary>
public sealed record DereferenceProjection(SigilType Type) : MirProjection(Type);

/// <summary>A value that an instruction reads.</summary>
public abstract record MirOperand
{
    /// <summary>Where the operand was written; empty: use the instruction's span.</summary>
    public TextSpan Span { get; init; }
}

/// <summary>Copies out of a place (the type is copyable, or a lent unique value is passed on).</summary>
public sealed record CopyOperand(MirPlace Place) : MirOperand;

/// <summary>Takes the value out of the place. Of value and copy kinds only where the language moves the binding (send), or by last-use analysis.</summary>
public sealed record MoveOperand(MirPlace Place) : MirOperand
{
    /// <summary>Made by last-use analysis for speed: not a move for the ownership rules.</summary>
    public bool IsLastUse { get; init; }
}

/// <summary>A constant as in <c>LiteralExpression</c>; null is <c>()</c>.</summary>
public sealed record ConstantOperand(object? Value, SigilType Type) : MirOperand;
