using Sigil.Semantics.Typed;

namespace Sigil.Mir.Building;

/// <summary>Which instructions may panic or be cancelled.</summary>
public static class Unwinding
{
    /// <summary>Whether the instruction, as the builder makes it, can end in a panic or a cancellation.</summary>
    public static bool MayUnwind(MirInstruction instruction) => instruction switch
    {
        AssignInstruction a => HasCheckedIndex(a.Target) || MayPanic(a.Value),
        DropInstruction or VacateInstruction or StorageDead or BorrowMarker or CancelScopeStart or CancelScopeEnd or CatchCancellation or CatchPanic or ShieldInstruction or LeaveScope or LeftScopeValue or TaskResult or GroupStart or GroupCatch or TaskFails => false,
        AppendInstruction a => HasCheckedIndex(a.Value),
        _ => true,
    };

    private static bool MayPanic(MirRvalue value) => value switch
    {
        UseRvalue u => HasCheckedIndex(u.Operand),
        UnaryRvalue u => u.Operator == UnaryOperator.Negate || HasCheckedIndex(u.Operand),
        BinaryRvalue b => !IsComparison(b.Operator) || HasCheckedIndex(b.Left) || HasCheckedIndex(b.Right),
        ProductRvalue p => p.Fields.Any(HasCheckedIndex),
        VariantRvalue v => v.Fields.Any(HasCheckedIndex),
        ListRvalue l => l.Elements.Any(HasCheckedIndex),
        ConcatRvalue c => c.Parts.Any(HasCheckedIndex),
        DiscriminantRvalue d => HasCheckedIndex(d.Place),
        LengthRvalue l => HasCheckedIndex(l.Place),
        RestRvalue r => HasCheckedIndex(r.Place),
        RangeRvalue r => HasCheckedIndex(r.Start) || HasCheckedIndex(r.End),
        ConvertRvalue c => HasCheckedIndex(c.Operand),
        MakeObjectRvalue m => HasCheckedIndex(m.Operand),
        StandardCapabilityRvalue or ProcessTaskRvalue or ClockRvalue or FunctionRvalue or ClosureRvalue => false,
        _ => true,
    };

    private static bool IsComparison(BinaryOperator @operator) => @operator is >= BinaryOperator.Less and <= BinaryOperator.Or
        or BinaryOperator.BitAnd or BinaryOperator.BitOr or BinaryOperator.BitXor;

    private static bool HasCheckedIndex(MirOperand operand) => operand switch
    {
        CopyOperand c => HasCheckedIndex(c.Place),
        MoveOperand m => HasCheckedIndex(m.Place),
        _ => false,
    };

    private static bool HasCheckedIndex(MirPlace place)
    {
        foreach (var step in place.Path) if (step is ElementProjection) return true;
        return false;
    }
}
