using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Operators before their one operand.
public sealed partial class BodyChecker
{
    private TypedExpression Unary(Ast.UnaryExpression e, Expectation expected)
    {
        var at = At(e);
        if (e.Operator == Ast.UnaryOperator.Negate && Unparenthesized(e.Operand) is Ast.LiteralExpression { LiteralKind: Ast.LiteralKind.Int, Value: long n })
        {
            // -9223372036854775808 is read as the negation of a magnitude that wraps to itself.
            long value = unchecked(-n);
            if (expected.Known is { } t && Underlying(t) is NamedType b && b.Definition == Core.ByteSymbol && value != 0) return ByteLiteral(value, at);
            return new LiteralExpression { Value = value, Type = Core.Int, Span = at };
        }
        var operand = ReadObject(Decay(Visit(e.Operand, e.Operator == Ast.UnaryOperator.Not ? Expectation.None : ByteHint(expected))));
        if (IsError(operand.Type)) return ErrorAt(at);
        return DeferExpression(at, force =>
        {
            if (IsUnknown(operand.Type))
            {
                if (e.Operator == Ast.UnaryOperator.Not && force) Unify(operand.Type, Core.Bool);
                else if (!force) return null;
                else
                {
                    Report(TypeErrors.CannotInfer(Source, operand.Span, "this operand"));
                    return ErrorAt(at);
                }
            }
            return UnaryKnown(e, operand, at);
        });
    }

    private TypedExpression UnaryKnown(Ast.UnaryExpression e, TypedExpression operand, TextSpan at)
    {
        var type = operand.Type.Resolve();
        var kind = (type as NamedType)?.Definition.Kind;
        var (op, fits, traitName, methodName) = e.Operator switch
        {
            Ast.UnaryOperator.Not => (UnaryOperator.Not, kind == TypeKind.Bool, "Not", "not"),
            Ast.UnaryOperator.Negate => (UnaryOperator.Negate, kind is TypeKind.Int or TypeKind.Float or TypeKind.Duration, "Neg", "neg"),
            _ => (UnaryOperator.Complement, kind is TypeKind.Int or TypeKind.Byte, null, null),
        };
        if (fits) return Fold(new UnaryExpression { Operator = op, Operand = operand, Type = type, Span = at });
        if (IsNever(type) || type is ErrorType) return operand;
        if (traitName is not null && !HasBuiltInEquality(type) && Core.FindTrait(traitName) is { } trait && trait.FindMethod(methodName!) is { } method
            && !Types.Solve(type, new TraitReference(trait)).IsNo)
            return new CallExpression
            {
                Function = method,
                TypeArguments = [type],
                Arguments = [new Argument(-1, operand, PassMode.Borrow)],
                Type = Normalize(new ProjectionType(type, new TraitReference(trait), trait.AssociatedTypes[0])),
                Span = at,
            };
        Report(TypeErrors.UnaryUndefined(Source, at, Ast.OperatorTable.Symbol(e.Operator), Zonk(type).ToString()));
        return ErrorAt(at);
    }
}
