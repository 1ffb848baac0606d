using Sigil.Emit.Instantiation;
using Sigil.Mir;
using Sigil.Mir.Analysis;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Functions;

// What is known of ints where an operator stands: tests that cannot fail are left out.
internal sealed partial class FunctionEmitter
{
    private IntRanges? intRanges;
    private Interval[]? parameterRanges;

    private IntRanges KnownInts => intRanges ??= new IntRanges(function, new RangeSources
    {
        IsInt = local => function.Locals[local].Kind is not (MirLocalKind.Iterator or MirLocalKind.Scope) && IsIntType(instance.LocalTypes[local]),
        IsRange = local => instance.LocalTypes[local] is NamedType { Definition.Kind: TypeKind.Range, Arguments: [var element] } && IsIntType(element),
        ResultOf = RangeOfResult,
        ParameterOf = local => parameterRanges is not null && local < parameterRanges.Length ? parameterRanges[local] : Interval.Full,
    });

    private static bool IsIntType(SigilType type) => type is NamedType { Definition.Kind: TypeKind.Int };

    private Interval RangeOfResult(CallInstruction call) => instance.Targets.TryGetValue(call, out var target) ? RangeOfResult(target, 0) : Interval.Full;

    // The lengths of the library, also through its own wrappers.
    private static Interval RangeOfResult(CallTarget target, int depth)
    {
        switch (target)
        {
            case IntrinsicTarget { Call.Key: "list_len" or "map_len" or "set_len" or "str_len" or "int_of_byte" or "int_of_char" }: return Interval.Length;
            case InstanceTarget { Instance: { IsInlinable: true, Graph.Blocks: [{ Terminator: Return { Value: { } value } } block] } callee } when depth < 4:
                foreach (var instruction in block.Instructions)
                    if (instruction is CallInstruction { Target: { IsLocal: true } result } inner && WholeLocal(value) == result.Local && callee.Targets.TryGetValue(inner, out var next)) return RangeOfResult(next, depth + 1);
                break;
        }
        return Interval.Full;
    }

    /// <summary>For the code of an inlined callee: what its parameters hold.</summary>
    private Interval[] RangesOfArguments(CallInstruction call) => [.. Enumerable.Range(0, call.Arguments.Length).Select(i => KnownInts.Of(call, i))];
}
