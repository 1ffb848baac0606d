using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Operators as function values.
public sealed partial class BodyChecker
{
    /// <summary>An operator as a function value, where a function of two operands is expected.</summary>
    private TypedExpression OperatorValue(Ast.OperatorExpression e, Expectation expected)
    {
        var at = At(e);
        // Elsewhere than as an argument it was reported by the parser.
        if (e.Parent is not Ast.Argument && expected.Known is null) return ErrorAt(at);
        if (e.Operator is not { } written || written == Ast.BinaryOperator.Coalesce) return ErrorAt(at);
        var op = ToTyped(written);
        var kind = expected.Known is FunctionType f ? f.Kind : FunctionKind.Plain;
        SigilType left = NewVariable(), right = NewVariable(), result = NewVariable();
        if (expected.Known is FunctionType { Parameters.Length: 2 } wanted)
        {
            (left, right) = (wanted.Parameters[0], wanted.Parameters[1]);
            result = wanted.Result;
        }
        else if (expected.Known is not null)
        {
            Report(TypeErrors.Mismatch(Source, at, Zonk(expected.Known).ToString(), $"the operator {OperatorName(op)}"));
            return ErrorAt(at);
        }
        var node = new OperatorValueExpression { Operator = op, OperandType = left, Type = new FunctionType([left, right], result, [], kind), Span = at };
        Defer(force => ResolveOperatorValue(node, op, left, right, result, at, force));
        return node;
    }

    private bool ResolveOperatorValue(OperatorValueExpression node, BinaryOperator op, SigilType left, SigilType right, SigilType result, TextSpan at, bool force)
    {
        bool isLogical = op is BinaryOperator.And or BinaryOperator.Or;
        if (isLogical) Unify(left, Core.Bool);
        bool isTest = isLogical || IsEquality(op) || IsOrdering(op);
        // Of arithmetic on one type the result tells the operands.
        if (IsUnknown(left) && !IsUnknown(right)) Unify(left, right);
        if (IsUnknown(left) && !isTest && !IsUnknown(result)) Unify(left, result);
        if (IsUnknown(left))
        {
            if (!force) return false;
            Report(TypeErrors.CannotInfer(Source, at, "this operator"));
            return true;
        }
        Unify(right, op is BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight ? Core.Int : left);
        var operand = new ErrorExpression { Type = left, Span = at };
        var other = new ErrorExpression { Type = right, Span = at };
        SigilType? type = isTest ? Core.Bool : BuiltInResult(op, operand, other);
        if (isLogical && !IsBool(left)) type = null;
        else if (IsEquality(op) && !HasBuiltInEquality(left)) node.Method = UserOperator(op, left, right, at);
        else if (IsOrdering(op) && !HasBuiltInOrder(left)) node.Method = UserOperator(op, left, right, at);
        else if (type is null && UserOperator(op, left, right, at) is { } method)
        {
            node.Method = method;
            var trait = method.Trait!;
            type = Normalize(new ProjectionType(left, new TraitReference(trait, [right], []), trait.AssociatedTypes[0]));
        }
        if (type is null || !Unify(left, left) || !Unify(result, type))
        {
            if (!HasError(Zonk(left)) && !HasError(Zonk(right)))
                Report(type is null
                    ? TypeErrors.OperatorUndefined(Source, at, OperatorName(op), Zonk(left).ToString(), Zonk(right).ToString())
                    : TypeErrors.Mismatch(Source, at, Zonk(result).ToString(), Zonk(type).ToString()));
        }
        return true;
    }

    private FunctionSymbol? UserOperator(BinaryOperator op, SigilType left, SigilType right, TextSpan at)
    {
        var (traitName, methodName) = op switch
        {
            BinaryOperator.Equal or BinaryOperator.NotEqual => ("Eq", "equals"),
            BinaryOperator.Less or BinaryOperator.Greater or BinaryOperator.LessOrEqual or BinaryOperator.GreaterOrEqual => ("Comparable", "compare"),
            BinaryOperator.Add => ("Add", "add"),
            BinaryOperator.Subtract => ("Sub", "sub"),
            BinaryOperator.Multiply => ("Mul", "mul"),
            BinaryOperator.Divide => ("Div", "div"),
            BinaryOperator.Remainder => ("Rem", "rem"),
            _ => ("", ""),
        };
        if (Core.FindTrait(traitName) is not { } trait) return null;
        bool hasArgument = !trait.TypeParameters.IsEmpty;
        var reference = new TraitReference(trait, hasArgument ? [right] : [], []);
        if (hasArgument && Types.Solve(left, reference).IsNo) return null;
        if (!hasArgument) Require(left, reference, at, $"`{OperatorName(op)}`");
        return trait.FindMethod(methodName);
    }
}
