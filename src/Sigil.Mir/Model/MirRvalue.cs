using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir;

/// <summary>The right side of an assignment.</summary>
public abstract record MirRvalue;

public sealed record UseRvalue(MirOperand Operand) : MirRvalue;

/// <summary>A built-in unary operator; may panic (overflow).</summary>
public sealed record UnaryRvalue(UnaryOperator Operator, MirOperand Operand, SigilType OperandType) : MirRvalue;

/// <summary>A built-in binary operator on operands of built-in types; may panic.</summary>
public sealed record BinaryRvalue(BinaryOperator Operator, MirOperand Left, MirOperand Right, SigilType LeftType, SigilType RightType) : MirRvalue;

/// <summary>A struct, record, tuple or newtype from all its fields in index order.</summary>
public sealed record ProductRvalue(SigilType Type, ImmutableArray<MirOperand> Fields) : MirRvalue;

/// <summary>A variant from its payload in index order.</summary>
public sealed record VariantRvalue(SigilType Type, VariantSymbol Variant, ImmutableArray<MirOperand> Fields) : MirRvalue;

public sealed record ListRvalue(SigilType ElementType, ImmutableArray<MirOperand> Elements) : MirRvalue;
public sealed record MapRvalue(SigilType KeyType, SigilType ValueType, ImmutableArray<(MirOperand Key, MirOperand Value)> Entries) : MirRvalue;
public sealed record RangeRvalue(SigilType ElementType, MirOperand Start, MirOperand End, bool IsInclusive) : MirRvalue;

/// <summary>Concatenation of str operands.</summary>
public sealed record ConcatRvalue(ImmutableArray<MirOperand> Parts) : MirRvalue;

/// <summary>A function object over a nested function of kind Lambda; one argument per capture local, in order.</summary>
public sealed record ClosureRvalue(MirFunction Function, ImmutableArray<MirArgument> Captures, FunctionType Type) : MirRvalue;

/// <summary>A named function as a value; capabilities it needs (beyond the type's uses) are captured.</summary>
public sealed record FunctionRvalue(FunctionSymbol Function, ImmutableArray<SigilType> TypeArguments, ImmutableArray<MirOperand> Capabilities, FunctionType Type) : MirRvalue;

/// <summary>The variant number of a sum value (also of Option, Result).</summary>
public sealed record DiscriminantRvalue(MirPlace Place, SigilType Type) : MirRvalue;

/// <summary>The length of a list (patterns, #), map, set or str.</summary>
public sealed record LengthRvalue(MirPlace Place, SigilType Type) : MirRvalue;

/// <summary>A list's middle part for rest patterns: drops <paramref name="Front"/> elements at the start and <paramref name="Back"/> at the end; lengths have been tested.</summary>
public sealed record RestRvalue(MirPlace Place, int Front, int Back, SigilType ElementType) : MirRvalue;

/// <summary><c>x[a..b]</c> on a list or str; may panic.</summary>
public sealed record SliceRvalue(MirPlace Place, SigilType Type, MirOperand? Start, MirOperand? End, bool EndInclusive) : MirRvalue;

/// <summary><c>m[k]</c> as Option, or <c>s[i]</c>; list elements are places.</summary>
public sealed record LookupRvalue(MirPlace Place, SigilType Type, MirOperand Key) : MirRvalue;

/// <summary>A change of representation; the kinds that need none at run time are still written.</summary>
public sealed record ConvertRvalue(ConversionKind Kind, MirOperand Operand, SigilType From, SigilType To) : MirRvalue;

/// <summary>Makes an iso, val or ref object around a value.</summary>
public sealed record MakeObjectRvalue(MirOperand Operand, SigilType Type) : MirRvalue;

/// <summary>A new channel, or (with <paramref name="OnLag"/>) broadcast: the record of its two ends.</summary>
public sealed record ChannelRvalue(SigilType ElementType, MirOperand Buffer, ChannelSharing Sharing, bool IsInterProcess, LagPolicy? OnLag, SigilType Type) : MirRvalue;

/// <summary>
/// A function that another process can run: <paramref name="Body"/>, of kind Task, takes the input as its only capture. <paramref name="Providers"/> are the capabilities
/// in force here; those that are not the standard ones go along, and <paramref name="Body"/> makes the others for itself.
/// </summary>
public sealed record ProcessTaskRvalue(string Name, MirFunction Body, int Rights, ImmutableArray<(TraitReference Capability, MirOperand Provider)> Providers, SigilType Type) : MirRvalue;

/// <summary>
/// The runtime's default provider of a standard capability (entry point and tests); in a process with <paramref name="MayHaveCome"/>, the
/// one that came with the task if there is one.
/// </summary>
public sealed record StandardCapabilityRvalue(TraitReference Capability, bool MayHaveCome = false) : MirRvalue;

/// <summary>The monotonic clock as a Duration.</summary>
public sealed record ClockRvalue : MirRvalue;
