using System.Reflection.Emit;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Emit.Functions;

// Built-in operators. Overflow is tested by explicit code, so that the panic knows its operator.
internal sealed partial class FunctionEmitter
{
    private readonly List<Action> coldPaths;

    private static bool CanPanic(MirRvalue value) => value switch
    {
        BinaryRvalue { Operator: BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual or BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.BitAnd or BinaryOperator.BitOr or BinaryOperator.BitXor } => false,
        BinaryRvalue or UnaryRvalue { Operator: UnaryOperator.Negate } or SliceRvalue or LookupRvalue or ConvertRvalue or ChannelRvalue => true,
        _ => false,
    };

    private void EmitUnary(UnaryRvalue unary, TextSpan span)
    {
        EmitOperand(unary.Operand, reads: true);
        var kind = Shape(Concrete(unary.OperandType)).Kind;
        switch (unary.Operator)
        {
            case UnaryOperator.Not:
                il.Emit(OpCodes.Ldc_I4_0);
                il.Emit(OpCodes.Ceq);
                break;
            case UnaryOperator.Complement:
                il.Emit(OpCodes.Not);
                if (kind == RepresentationKind.Byte) il.Emit(OpCodes.Conv_U1);
                break;
            case UnaryOperator.Negate when kind == RepresentationKind.Float: il.Emit(OpCodes.Neg); break;
            default:
                EmitSite(span);
                il.Emit(OpCodes.Call, typeof(IntMath).GetMethod(nameof(IntMath.Neg))!);
                break;
        }
    }

    private void EmitBinary(BinaryRvalue binary, TextSpan span)
    {
        var left = Concrete(binary.LeftType);
        var right = Concrete(binary.RightType);
        var kind = Shape(left).Kind;
        if (binary.Operator is BinaryOperator.Equal or BinaryOperator.NotEqual or BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual)
        {
            EmitComparison(binary, left);
            return;
        }
        switch (kind)
        {
            case RepresentationKind.Float when Shape(right).Kind == RepresentationKind.Float:
                EmitOperand(binary.Left);
                EmitOperand(binary.Right);
                il.Emit(binary.Operator switch
                {
                    BinaryOperator.Add => OpCodes.Add,
                    BinaryOperator.Subtract => OpCodes.Sub,
                    BinaryOperator.Multiply => OpCodes.Mul,
                    BinaryOperator.Divide => OpCodes.Div,
                    _ => OpCodes.Rem,
                });
                return;
            case RepresentationKind.Bool:
                EmitOperand(binary.Left);
                EmitOperand(binary.Right);
                il.Emit(binary.Operator switch { BinaryOperator.BitOr or BinaryOperator.Or => OpCodes.Or, BinaryOperator.BitXor => OpCodes.Xor, _ => OpCodes.And });
                return;
            case RepresentationKind.Str:
                EmitOperand(binary.Left);
                EmitOperand(binary.Right);
                il.Emit(OpCodes.Call, typeof(string).GetMethod(nameof(string.Concat), [typeof(string), typeof(string)])!);
                return;
            case RepresentationKind.List:
                EmitOperand(binary.Left);
                EmitOperand(binary.Right);
                il.Emit(OpCodes.Call, Members.Method(Shape(left).Clr, "Concat"));
                return;
            case RepresentationKind.Byte: EmitByteOperator(binary, span); return;
            case RepresentationKind.Int: EmitIntOperator(binary, left, right, span); return;
            default: throw new InternalEmitException($"no operator {binary.Operator} on {left}");
        }
    }

    private void EmitByteOperator(BinaryRvalue binary, TextSpan span)
    {
        EmitOperand(binary.Left);
        EmitOperand(binary.Right);
        var name = OperatorName(binary.Operator);
        if (name is null)
        {
            il.Emit(BitOperator(binary.Operator));
            return;
        }
        EmitSite(span);
        il.Emit(OpCodes.Call, typeof(ByteMath).GetMethod(name)!);
    }

    private static string? OperatorName(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "Add",
        BinaryOperator.Subtract => "Sub",
        BinaryOperator.Multiply => "Mul",
        BinaryOperator.Divide => "Div",
        BinaryOperator.Remainder => "Rem",
        BinaryOperator.FloorDivide => "FloorDiv",
        BinaryOperator.ShiftLeft => "Shl",
        BinaryOperator.ShiftRight => "Shr",
        _ => null,
    };

    private static OpCode BitOperator(BinaryOperator op) => op switch
    {
        BinaryOperator.BitAnd or BinaryOperator.And => OpCodes.And,
        BinaryOperator.BitOr or BinaryOperator.Or => OpCodes.Or,
        BinaryOperator.BitXor => OpCodes.Xor,
        _ => throw new InternalEmitException($"no operator {op}"),
    };

    private void EmitIntOperator(BinaryRvalue binary, SigilType left, SigilType right, TextSpan span)
    {
        if (OperatorName(binary.Operator) is not { } name)
        {
            EmitOperand(binary.Left);
            EmitOperand(binary.Right);
            il.Emit(BitOperator(binary.Operator));
            return;
        }
        var leftKind = ((NamedType)left).Definition.Kind;
        var rightKind = (right as NamedType)?.Definition.Kind;
        if (leftKind == TypeKind.Int && rightKind == TypeKind.Int)
        {
            EmitIntArithmetic(binary, name, span);
            return;
        }
        var owner = leftKind == TypeKind.Size || rightKind == TypeKind.Size ? typeof(SizeMath) : typeof(DurationMath);
        EmitOperand(binary.Left);
        EmitOperand(binary.Right);
        // int * Duration: the library's operation has the factor second.
        if (leftKind == TypeKind.Int && rightKind != TypeKind.Int) EmitSwap(typeof(long), typeof(long));
        if (owner == typeof(DurationMath) && rightKind == TypeKind.Duration && binary.Operator == BinaryOperator.Divide) name = "Ratio";
        EmitSite(span);
        il.Emit(OpCodes.Call, (owner.GetMethod(name) ?? typeof(IntMath).GetMethod(name))!);
    }

    private void EmitSwap(Type lower, Type upper)
    {
        var a = il.DeclareLocal(lower);
        var b = il.DeclareLocal(upper);
        il.Emit(OpCodes.Stloc, b);
        il.Emit(OpCodes.Stloc, a);
        il.Emit(OpCodes.Ldloc, b);
        il.Emit(OpCodes.Ldloc, a);
    }

    // ---- comparison ----

    private void EmitComparison(BinaryRvalue binary, SigilType type)
    {
        var op = binary.Operator;
        switch (Shape(type).Kind)
        {
            case RepresentationKind.Str when op is BinaryOperator.Equal or BinaryOperator.NotEqual:
                EmitOperand(binary.Left);
                EmitOperand(binary.Right);
                il.Emit(OpCodes.Call, typeof(string).GetMethod(nameof(string.Equals), [typeof(string), typeof(string)])!);
                if (op == BinaryOperator.NotEqual) EmitNot();
                return;
            case RepresentationKind.Str:
                EmitOperand(binary.Left);
                EmitOperand(binary.Right);
                il.Emit(OpCodes.Call, typeof(StringOps).GetMethod(nameof(StringOps.Compare), [typeof(string), typeof(string)])!);
                il.Emit(OpCodes.Ldc_I4_0);
                EmitTest(op, isFloat: false);
                return;
            case RepresentationKind.Int or RepresentationKind.Bool or RepresentationKind.Byte or RepresentationKind.Char or RepresentationKind.Tag:
                EmitOperand(binary.Left);
                EmitOperand(binary.Right);
                EmitTest(op, isFloat: false);
                return;
            case RepresentationKind.Float:
                EmitOperand(binary.Left);
                EmitOperand(binary.Right);
                EmitTest(op, isFloat: true);
                return;
            case RepresentationKind.Void:
                EmitOperand(binary.Left);
                il.Emit(OpCodes.Pop);
                EmitOperand(binary.Right);
                il.Emit(OpCodes.Pop);
                il.Emit(op is BinaryOperator.Equal or BinaryOperator.LessOrEqual or BinaryOperator.GreaterOrEqual ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
                return;
            case var other when op is BinaryOperator.Equal or BinaryOperator.NotEqual:
                context.Equality.Want(type);
                EmitOperand(binary.Left, reads: true);
                EmitOperand(binary.Right, reads: true);
                il.Emit(OpCodes.Call, Members.Construct(typeof(Equality).GetMethod(nameof(Equality.Same))!, Shape(type).Clr));
                if (op == BinaryOperator.NotEqual) EmitNot();
                return;
            default: throw new InternalEmitException($"no comparison of {type}");
        }
    }

    private void EmitNot()
    {
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ceq);
    }

    private void EmitTest(BinaryOperator op, bool isFloat)
    {
        switch (op)
        {
            case BinaryOperator.Equal: il.Emit(OpCodes.Ceq); break;
            case BinaryOperator.Less: il.Emit(OpCodes.Clt); break;
            case BinaryOperator.Greater: il.Emit(OpCodes.Cgt); break;
            case BinaryOperator.NotEqual:
                il.Emit(OpCodes.Ceq);
                EmitNot();
                break;
            // NaN makes both false, so the opposite test is the unordered one.
            case BinaryOperator.LessOrEqual:
                il.Emit(isFloat ? OpCodes.Cgt_Un : OpCodes.Cgt);
                EmitNot();
                break;
            case BinaryOperator.GreaterOrEqual:
                il.Emit(isFloat ? OpCodes.Clt_Un : OpCodes.Clt);
                EmitNot();
                break;
        }
    }

    /// <summary>A comparison as a jump, or null when it has to be computed.</summary>
    private Action<Label, bool>? FusedBranch(BinaryRvalue binary)
    {
        var kind = Shape(Concrete(binary.LeftType)).Kind;
        var isFloat = kind == RepresentationKind.Float;
        if (!isFloat && kind is not (RepresentationKind.Int or RepresentationKind.Bool or RepresentationKind.Byte or RepresentationKind.Char or RepresentationKind.Tag)) return null;
        (OpCode WhenTrue, OpCode WhenFalse)? codes = binary.Operator switch
        {
            BinaryOperator.Equal => (OpCodes.Beq, OpCodes.Bne_Un),
            BinaryOperator.NotEqual => (OpCodes.Bne_Un, OpCodes.Beq),
            BinaryOperator.Less => (OpCodes.Blt, isFloat ? OpCodes.Bge_Un : OpCodes.Bge),
            BinaryOperator.LessOrEqual => (OpCodes.Ble, isFloat ? OpCodes.Bgt_Un : OpCodes.Bgt),
            BinaryOperator.Greater => (OpCodes.Bgt, isFloat ? OpCodes.Ble_Un : OpCodes.Ble),
            BinaryOperator.GreaterOrEqual => (OpCodes.Bge, isFloat ? OpCodes.Blt_Un : OpCodes.Blt),
            _ => null,
        };
        if (codes is not { } both) return null;
        return (target, when) =>
        {
            EmitOperand(binary.Left);
            EmitOperand(binary.Right);
            il.Emit(when ? both.WhenTrue : both.WhenFalse, target);
        };
    }

    private void EmitBranch(Branch branch, int from)
    {
        if (WholeLocal(branch.Condition) is { } local && pending.Count > 0 && pending[^1].Local == local && pending[^1].Branch is { } fused)
        {
            var test = pending[^1];
            pending.RemoveAt(pending.Count - 1);
            FlushAll();
            EmitJumps(fused, branch, from);
            return;
        }
        Prepare([branch.Condition], deferred: false);
        EmitJumps((target, when) =>
        {
            EmitOperand(branch.Condition, reads: true);
            il.Emit(when ? OpCodes.Brtrue : OpCodes.Brfalse, target);
        }, branch, from);
    }

    private void EmitJumps(Action<Label, bool> test, Branch branch, int from)
    {
        if (branch.Then == from + 1)
        {
            test(LabelOf(from, branch.Else), false);
            Jump(branch.Then, from);
        }
        else
        {
            test(LabelOf(from, branch.Then), true);
            Jump(branch.Else, from);
        }
    }
}
