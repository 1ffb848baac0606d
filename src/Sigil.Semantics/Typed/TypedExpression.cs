using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Semantics.Typed;

// The typed tree: what a body means, with every name resolved, every type known (no inference variable is left when
// the check of a body has ended), defaults filled in, conversions explicit, and sub-expressions in evaluation order.
// One class per meaning; sugar (method or function form, named arguments, operators of user types) is gone.

/// <summary>An expression with its type and the span it was written at.</summary>
public abstract class TypedExpression
{
    /// <summary>Assigned by the checker; may hold inference variables until the body's check has ended, then zonked.</summary>
    public required SigilType Type { get; set; }
    public required TextSpan Span { get; init; }
}

/// <summary>An erroneous expression; a diagnostic has been reported.</summary>
public sealed class ErrorExpression : TypedExpression { }

/// <summary>A constant: long (int, Duration in ns, Size in bytes), double, bool, byte, int (char as scalar), string; null for <c>()</c>.</summary>
public sealed class LiteralExpression : TypedExpression
{
    public required object? Value { get; init; }
}

/// <summary>A read of (or place named by) a local.</summary>
public sealed class LocalExpression : TypedExpression
{
    public required LocalSymbol Local { get; init; }
}

/// <summary>A capability in scope as a value (<c>dyn C</c>, or the lexical provider's own type).</summary>
public sealed class CapabilityExpression : TypedExpression
{
    public required TraitReference Capability { get; init; }
}

/// <summary>A named function, method, variant constructor or capability method used as a value.</summary>
public sealed class FunctionValueExpression : TypedExpression
{
    public required FunctionSymbol Function { get; init; }
    public required ImmutableArray<SigilType> TypeArguments { get; set; }
    /// <summary>For <c>Cap.m</c> used as a value: the capability captured where the value is made.</summary>
    public TraitReference? Capability { get; init; }
}

/// <summary>A variant or newtype constructor as a function value: <c>map(xs, Some)</c>.</summary>
public sealed class ConstructorValueExpression : TypedExpression
{
    /// <summary>Null for a newtype.</summary>
    public VariantSymbol? Variant { get; init; }
}

/// <summary>An operator as a function value: <c>fold(0, +)</c>, on built-in operand types.</summary>
public sealed class OperatorValueExpression : TypedExpression
{
    public required BinaryOperator Operator { get; init; }
    public required SigilType OperandType { get; set; }
    /// <summary>For user types: the trait method that gives the operator its meaning.</summary>
    public FunctionSymbol? Method { get; set; }
}

/// <summary>How an argument crosses a call.</summary>
public enum PassMode
{
    /// <summary>By value: copied or moved by its type's kind.</summary>
    Value,
    /// <summary>Lent for reading: <c>&amp;x</c>, a plain self receiver, a lambda for a borrowed function parameter.</summary>
    Borrow,
    /// <summary>Lent for writing: <c>&amp;mut x</c>, a <c>mut self</c> receiver.</summary>
    BorrowMutable,
}

/// <summary>An argument; the list of a call stands in evaluation order.</summary>
/// <param name="Parameter">Index into the callee's parameters; -1 for the receiver.</param>
public sealed record Argument(int Parameter, TypedExpression Value, PassMode Mode)
{
    /// <summary>Filled in from the parameter's default.</summary>
    public bool IsDefault { get; init; }
}

/// <summary>A call of a function or method known by symbol (trait methods are resolved to impls at instantiation).</summary>
public sealed class CallExpression : TypedExpression
{
    public required FunctionSymbol Function { get; init; }
    /// <summary>One per <see cref="FunctionSymbol.AllTypeParameters"/>.</summary>
    public required ImmutableArray<SigilType> TypeArguments { get; set; }
    public required ImmutableArray<Argument> Arguments { get; set; }
}

/// <summary>A call of a function value; arguments are positional.</summary>
public sealed class IndirectCallExpression : TypedExpression
{
    public required TypedExpression Callee { get; set; }
    public required ImmutableArray<Argument> Arguments { get; set; }
}

/// <summary>A call through <c>dyn Trait</c> or a user-implemented opaque value; the receiver is the argument with index -1.</summary>
public sealed class DynCallExpression : TypedExpression
{
    public required FunctionSymbol Method { get; init; }
    public required ImmutableArray<SigilType> TypeArguments { get; set; }
    public required ImmutableArray<Argument> Arguments { get; set; }
}

/// <summary><c>Cap.method(args)</c>: a call through the provided capability.</summary>
public sealed class CapabilityCallExpression : TypedExpression
{
    public required TraitReference Capability { get; init; }
    public required FunctionSymbol Method { get; init; }
    public required ImmutableArray<Argument> Arguments { get; set; }
}

/// <summary>A field of a struct, record, newtype content (index 0), tuple component, or data field of an iso/val/ref (dereferenced).</summary>
public sealed class MemberExpression : TypedExpression
{
    public required TypedExpression Receiver { get; set; }
    /// <summary>Field index: declaration order in structs, alphabetical in records, position in tuples.</summary>
    public required int Index { get; init; }
    public required string Name { get; init; }
}

/// <summary>Goes through an <c>iso</c>, <c>val</c> or <c>ref</c> to the object behind it.</summary>
public sealed class DereferenceExpression : TypedExpression
{
    public required TypedExpression Operand { get; set; }
}

/// <summary>What is indexed; <c>Entry</c>: a list, with an Option as result (<c>get</c>).</summary>
public enum IndexKind { List, Map, Str, Entry }

/// <summary><c>x[i]</c>; a place for lists (write: element) and maps (write: insert or replace). A map read is an Option.</summary>
public sealed class IndexExpression : TypedExpression
{
    public required IndexKind Kind { get; init; }
    /// <summary>Written as <c>get</c> on a container of unique values: a list's element is an Option then.</summary>
    public bool IsGet { get; init; }
    public required TypedExpression Receiver { get; set; }
    public required TypedExpression Index { get; set; }
}

/// <summary><c>x[a..b]</c> on lists and strings.</summary>
public sealed class SliceExpression : TypedExpression
{
    public required TypedExpression Receiver { get; set; }
    public TypedExpression? Start { get; set; }
    public TypedExpression? End { get; set; }
    public required bool EndInclusive { get; init; }
}

/// <summary><c>#</c>: length of the receiver of the innermost enclosing index or method call.</summary>
public sealed class LengthExpression : TypedExpression
{
    /// <summary>The node (IndexExpression, SliceExpression, CallExpression…) whose receiver it measures is the innermost one that encloses it; the receiver is evaluated once, before.</summary>
    public required SigilType ReceiverType { get; set; }
}

public enum UnaryOperator { Not, Negate, Complement }

/// <summary>A unary operator on a built-in type.</summary>
public sealed class UnaryExpression : TypedExpression
{
    public required UnaryOperator Operator { get; init; }
    public required TypedExpression Operand { get; set; }
}

public enum BinaryOperator
{
    Add, Subtract, Multiply, Divide, Remainder, FloorDivide,
    ShiftLeft, ShiftRight, BitAnd, BitXor, BitOr,
    Less, Greater, LessOrEqual, GreaterOrEqual, Equal, NotEqual,
    /// <summary>As function values only; expressions use <see cref="LogicalExpression"/>.</summary>
    And, Or,
}

/// <summary>A strict binary operator whose operands are built-in (int, float, bool, byte, char, str, Duration, Size; list + list). The types of both operands are in the operands.</summary>
public sealed class BinaryExpression : TypedExpression
{
    public required BinaryOperator Operator { get; init; }
    public required TypedExpression Left { get; set; }
    public required TypedExpression Right { get; set; }
}

/// <summary><c>&lt; &gt; &lt;= &gt;=</c> of other types: the operator applied to the Ordering of <c>compare</c>.</summary>
public sealed class OrderingTestExpression : TypedExpression
{
    public required BinaryOperator Operator { get; init; }
    public required TypedExpression Comparison { get; set; }
}

/// <summary><c>&amp;&amp;</c> and <c>||</c>.</summary>
public sealed class LogicalExpression : TypedExpression
{
    public required bool IsAnd { get; init; }
    public required TypedExpression Left { get; set; }
    public required TypedExpression Right { get; set; }
}

/// <summary><c>a ?? b</c>.</summary>
public sealed class CoalesceExpression : TypedExpression
{
    public required TypedExpression Left { get; set; }
    public required TypedExpression Right { get; set; }
    /// <summary>The right side has the left's own Option/Result type.</summary>
    public required bool KeepsWrapper { get; init; }
}

/// <summary><c>place = value</c>, of type void. The target is a Local, Member, Index or Dereference chain.</summary>
public sealed class AssignExpression : TypedExpression
{
    public required TypedExpression Target { get; set; }
    public required TypedExpression Value { get; set; }
}

/// <summary>Implicit or built-in conversions.</summary>
public enum ConversionKind
{
    /// <summary>Discards a value in a position of type void.</summary>
    Discard,
    /// <summary>Never to anything.</summary>
    NeverToAny,
    /// <summary>T to <c>dyn Trait</c>; the dyn type is the node's type.</summary>
    ToDyn,
    /// <summary>T to an opaque type with <c>impl Opaque for T</c>.</summary>
    ToOpaque,
    /// <summary>SharedProducer to Producer, SharedConsumer to Consumer (and IPC forms).</summary>
    ToPlainRole,
    /// <summary>Plain value to iso/val (implicit) or iso/val/ref (written): makes a new object.</summary>
    MakeObject,
    /// <summary>iso moved to a place of type val.</summary>
    Freeze,
    /// <summary>iso moved to a place of type ref.</summary>
    Open,
    /// <summary><c>clone()</c> of a ref: an isolated copy of the graph behind it.</summary>
    DeepCopy,
    /// <summary>Function value whose kind or uses are widened (plain to borrowed, plain to iso, extra uses; n-ary lambda where a tuple function is expected).</summary>
    Function,
    /// <summary>Result&lt;T, E&gt; to Result&lt;T, E2&gt; in tail position through From; <see cref="ConversionExpression.Method"/> is the from.</summary>
    ResultError,
    /// <summary>A borrow of a copyable type used as an owned value, or an owned temporary lent.</summary>
    CopyBorrow,
}

public sealed class ConversionExpression : TypedExpression
{
    public required ConversionKind Kind { get; init; }
    public required TypedExpression Operand { get; set; }
    public FunctionSymbol? Method { get; init; }
    public ImmutableArray<SigilType> MethodTypeArguments { get; set; } = [];
}

/// <summary>A struct literal; fields in evaluation order, then defaults; <see cref="Spread"/> supplies the rest. Also record literals (indices alphabetical).</summary>
public sealed class StructExpression : TypedExpression
{
    public TypedExpression? Spread { get; set; }
    public required ImmutableArray<FieldInitializer> Fields { get; set; }
}

public sealed record FieldInitializer(int Index, TypedExpression Value);

/// <summary>A variant with its payload in evaluation order.</summary>
public sealed class VariantExpression : TypedExpression
{
    public required VariantSymbol Variant { get; init; }
    public required ImmutableArray<FieldInitializer> Fields { get; set; }
}

/// <summary><c>N(v)</c>.</summary>
public sealed class NewtypeExpression : TypedExpression
{
    public required TypedExpression Content { get; set; }
}

public sealed class TupleExpression : TypedExpression
{
    public required ImmutableArray<TypedExpression> Elements { get; set; }
}

public sealed class ListExpression : TypedExpression
{
    public required ImmutableArray<TypedExpression> Elements { get; set; }
}

public sealed class MapExpression : TypedExpression
{
    public required ImmutableArray<(TypedExpression Key, TypedExpression Value)> Entries { get; set; }
}

public sealed class RangeExpression : TypedExpression
{
    public required TypedExpression Start { get; set; }
    public required TypedExpression End { get; set; }
    public required bool IsInclusive { get; init; }
}

/// <summary>A template: every part is a str expression (literal text or a call of to_string).</summary>
public sealed class TemplateExpression : TypedExpression
{
    public required ImmutableArray<TypedExpression> Parts { get; set; }
}

/// <summary>A name captured by a lambda or task expression.</summary>
/// <param name="Local">The outer local.</param>
/// <param name="Inner">The local that stands for it inside the body (the same symbol when the lambda borrows).</param>
public sealed record Capture(LocalSymbol Local, LocalSymbol Inner);

/// <summary>A lambda. Its body refers to captured outer locals directly through their own symbols; <see cref="Captures"/> lists them.</summary>
public sealed class LambdaExpression : TypedExpression
{
    public required ImmutableArray<LocalSymbol> Parameters { get; set; }
    /// <summary>One pattern per parameter that is not a plain name; null entries otherwise.</summary>
    public required ImmutableArray<TypedPattern?> ParameterPatterns { get; set; }
    public required TypedExpression Body { get; set; }
    /// <summary>Outer locals mentioned, in order of first mention. Set after the body is checked.</summary>
    public ImmutableArray<LocalSymbol> Captures { get; set; } = [];
    /// <summary>Capabilities taken from the scope where the lambda is made.</summary>
    public ImmutableArray<TraitReference> CapturedCapabilities { get; set; } = [];
    /// <summary>Given directly to a borrowed function parameter: captures unique values by borrow.</summary>
    public bool IsBorrowed { get; set; }
    /// <summary>Given to a parameter that runs it at most once (<c>with</c>, Option, Result).</summary>
    public bool RunsAtMostOnce { get; set; }
    /// <summary>The body waits or calls suspending functions. Set by the effect pass.</summary>
    public bool IsSuspending { get; set; }
}
