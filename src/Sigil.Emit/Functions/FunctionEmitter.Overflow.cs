using System.Reflection.Emit;
using Sigil.Mir;
using Sigil.Mir.Analysis;
using Sigil.Runtime.Values;
using Sigil.Semantics.Typed;
using Sigil.Syntax;

namespace Sigil.Emit.Functions;

// Operators on two ints. The tests are written out, not called: the JIT inlines only so much into one method. What the ranges of the
// operands rule out is not tested.
internal sealed partial class FunctionEmitter
{
    private void EmitIntArithmetic(BinaryRvalue binary, string name, TextSpan span)
    {
        var known = KnownInts.Of(binary);
        var fits = known.IsRepeated || Interval.Fits(binary.Operator, known.Left, known.Right);
        switch (binary.Operator)
        {
            case BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply when fits:
                EmitOperands(binary, binary.Operator switch { BinaryOperator.Add => OpCodes.Add, BinaryOperator.Subtract => OpCodes.Sub, _ => OpCodes.Mul });
                return;
            case BinaryOperator.Add or BinaryOperator.Subtract: EmitCheckedSum(binary, known, span); return;
            case BinaryOperator.Multiply when known.Right.Low == known.Right.High && known.Right.Low is > 1 or < -1: EmitCheckedMultiple(binary, known.Right.Low, span); return;
            case BinaryOperator.Multiply when known.Left.IsNotNegative && known.Right.IsNotNegative: EmitCheckedProduct(binary, span); return;
            case BinaryOperator.Divide or BinaryOperator.Remainder when !known.Right.IsEmpty && (known.Right.Low > 0 || known.Right.High < -1):
                // Unsigned division needs no correction of the sign.
                if (known.Left.IsNotNegative && known.Right.Low > 0) EmitOperands(binary, binary.Operator == BinaryOperator.Divide ? OpCodes.Div_Un : OpCodes.Rem_Un);
                else EmitOperands(binary, binary.Operator == BinaryOperator.Divide ? OpCodes.Div : OpCodes.Rem);
                return;
            case BinaryOperator.FloorDivide when known.Right.Low > 0 && known.Left.IsNotNegative: EmitOperands(binary, OpCodes.Div_Un); return;
            case BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight when known.Right.Low >= 0 && known.Right.High <= 63:
                EmitOperand(binary.Left);
                EmitOperand(binary.Right);
                il.Emit(OpCodes.Conv_I4);
                il.Emit(binary.Operator == BinaryOperator.ShiftLeft ? OpCodes.Shl : OpCodes.Shr);
                return;
        }
        EmitOperand(binary.Left);
        EmitOperand(binary.Right);
        EmitSite(span);
        il.Emit(OpCodes.Call, typeof(IntMath).GetMethod(name)!);
    }

    private void EmitOperands(BinaryRvalue binary, OpCode operation)
    {
        EmitOperand(binary.Left);
        EmitOperand(binary.Right);
        il.Emit(operation);
    }

    /// <summary>Pushes what loads each operand again; the first time they are computed.</summary>
    private (Action Left, Action Right) HoldOperands(BinaryRvalue binary)
    {
        if (binary.Right is ConstantOperand)
        {
            var held = il.DeclareLocal(typeof(long));
            EmitOperand(binary.Left);
            il.Emit(OpCodes.Stloc, held);
            return (() => il.Emit(OpCodes.Ldloc, held), () => EmitOperand(binary.Right));
        }
        var left = il.DeclareLocal(typeof(long));
        var right = il.DeclareLocal(typeof(long));
        EmitOperand(binary.Left);
        EmitOperand(binary.Right);
        il.Emit(OpCodes.Stloc, right);
        il.Emit(OpCodes.Stloc, left);
        return (() => il.Emit(OpCodes.Ldloc, left), () => il.Emit(OpCodes.Ldloc, right));
    }

    // The result has wrapped around exactly when it lies on the wrong side of one operand, as the other operand's sign says.
    private void EmitCheckedSum(BinaryRvalue binary, OperandRanges known, TextSpan span)
    {
        var isSum = binary.Operator == BinaryOperator.Add;
        var (left, right) = HoldOperands(binary);
        var result = il.DeclareLocal(typeof(long));
        var cold = il.DefineLabel();
        left();
        right();
        il.Emit(isSum ? OpCodes.Add : OpCodes.Sub);
        il.Emit(OpCodes.Stloc, result);
        if (known.Right.Low >= 0) Compare(left, isSum ? OpCodes.Blt : OpCodes.Bgt);
        else if (known.Right.High <= 0) Compare(left, isSum ? OpCodes.Bgt : OpCodes.Blt);
        else if (isSum && known.Left.Low >= 0) Compare(right, OpCodes.Blt);
        else if (isSum && known.Left.High <= 0) Compare(right, OpCodes.Bgt);
        else
        {
            var negative = il.DefineLabel();
            var back = il.DefineLabel();
            right();
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Blt, negative);
            Compare(left, isSum ? OpCodes.Blt : OpCodes.Bgt);
            il.MarkLabel(back);
            coldPaths.Add(() =>
            {
                il.MarkLabel(negative);
                Compare(left, isSum ? OpCodes.Bgt : OpCodes.Blt);
                il.Emit(OpCodes.Br, back);
            });
        }
        il.Emit(OpCodes.Ldloc, result);
        coldPaths.Add(() => EmitOverflow(cold, left, right, isSum ? "+" : "-", span));

        void Compare(Action operand, OpCode branch)
        {
            il.Emit(OpCodes.Ldloc, result);
            operand();
            il.Emit(branch, cold);
        }
    }

    // The factors that do not overflow lie in one interval: one unsigned comparison.
    private void EmitCheckedMultiple(BinaryRvalue binary, long factor, TextSpan span)
    {
        var low = factor > 0 ? long.MinValue / factor : long.MaxValue / factor;
        var high = factor > 0 ? long.MaxValue / factor : long.MinValue / factor;
        var (left, right) = HoldOperands(binary);
        var cold = il.DefineLabel();
        left();
        il.Emit(OpCodes.Ldc_I8, low);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldc_I8, unchecked(high - low));
        il.Emit(OpCodes.Bgt_Un, cold);
        left();
        right();
        il.Emit(OpCodes.Mul);
        coldPaths.Add(() => EmitOverflow(cold, left, right, "*", span));
    }

    // Neither factor is negative. Below 2^31 they cannot overflow; others have together at least 64 leading zeros, and then the product has
    // at most 64 bits, of which the first must be zero.
    private void EmitCheckedProduct(BinaryRvalue binary, TextSpan span)
    {
        var (left, right) = HoldOperands(binary);
        var wide = il.DefineLabel();
        var back = il.DefineLabel();
        var cold = il.DefineLabel();
        left();
        right();
        il.Emit(OpCodes.Or);
        il.Emit(OpCodes.Ldc_I8, (long)int.MaxValue);
        il.Emit(OpCodes.Bgt_Un, wide);
        il.MarkLabel(back);
        left();
        right();
        il.Emit(OpCodes.Mul);
        coldPaths.Add(() =>
        {
            il.MarkLabel(wide);
            left();
            il.Emit(OpCodes.Call, LeadingZeroCount);
            right();
            il.Emit(OpCodes.Call, LeadingZeroCount);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldc_I4, 64);
            il.Emit(OpCodes.Blt, cold);
            left();
            right();
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Bge, back);
            EmitOverflow(cold, left, right, "*", span);
        });
    }

    private static readonly System.Reflection.MethodInfo LeadingZeroCount =
        typeof(System.Numerics.BitOperations).GetMethod(nameof(System.Numerics.BitOperations.LeadingZeroCount), [typeof(ulong)])!;

    private void EmitOverflow(Label cold, Action left, Action right, string op, TextSpan span)
    {
        il.MarkLabel(cold);
        positions.Mark(span);
        left();
        right();
        il.Emit(OpCodes.Ldc_I4, context.Panics.Of(SiteText(span)));
        il.Emit(OpCodes.Call, context.Panics.Overflow(op));
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Throw);
    }
}
