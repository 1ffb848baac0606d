using Sigil.Semantics.Solving;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Operators: built-in ones by the table of §5.2, others by the operator traits.
public sealed partial class BodyChecker
{
    private TypedExpression Binary(Ast.BinaryExpression e, Expectation expected)
    {
        var at = At(e);
        switch (e.Operator)
        {
            case Ast.BinaryOperator.And or Ast.BinaryOperator.Or: return Logical(e, at);
            case Ast.BinaryOperator.Coalesce: return Coalesce(e, expected, at);
            case Ast.BinaryOperator.ShiftLeft or Ast.BinaryOperator.ShiftRight:
                {
                    var value = Decay(Visit(e.Left, ByteHint(expected)));
                    var count = Decay(Visit(e.Right, Expectation.Of(Core.Int)));
                    return Operate(ToTyped(e.Operator), value, count, e, at);
                }
        }
        bool isComparison = e.Operator is Ast.BinaryOperator.Equal or Ast.BinaryOperator.NotEqual or Ast.BinaryOperator.Less
            or Ast.BinaryOperator.Greater or Ast.BinaryOperator.LessOrEqual or Ast.BinaryOperator.GreaterOrEqual;
        var (left, right) = Pair(e.Left, e.Right, isComparison ? null : ByteHint(expected).Type, sameType: isComparison);
        return Operate(ToTyped(e.Operator), left, right, e, at);
    }

    // Only byte makes literals something else than they look.
    private Expectation ByteHint(Expectation expected) =>
        expected.Known is NamedType n && n.Definition == Core.ByteSymbol ? Expectation.Of(Core.Byte) : Expectation.None;

    // Checks the operands so that the one that says more helps the other.
    private (TypedExpression Left, TypedExpression Right) Pair(Ast.Expression left, Ast.Expression right, SigilType? hint, bool sameType = false)
    {
        if (hint is not null) return (Decay(Visit(left, Expectation.Of(hint))), Decay(Visit(right, Expectation.Of(hint))));
        if ((IsIntLiteral(left) && !IsIntLiteral(right)) || (NeedsExpectation(left) && !NeedsExpectation(right)) || (sameType && IsBareVariant(left) && !IsBareVariant(right)))
        {
            var second = InferValue(right);
            return (Decay(Visit(left, Expectation.Of(second.Type))), second);
        }
        var first = InferValue(left);
        return (first, Decay(Visit(right, Expectation.Of(first.Type))));
    }

    private static bool IsIntLiteral(Ast.Expression e) => Unparenthesized(e) switch
    {
        Ast.LiteralExpression { LiteralKind: Ast.LiteralKind.Int } => true,
        Ast.UnaryExpression { Operator: Ast.UnaryOperator.Negate } u => IsIntLiteral(u.Operand),
        _ => false,
    };

    private static bool IsBareVariant(Ast.Expression e) => e is Ast.NameExpression { Name.Text: { Length: > 0 } name } && char.IsUpper(name[0]);

    private static BinaryOperator ToTyped(Ast.BinaryOperator op) => op switch
    {
        Ast.BinaryOperator.Add => BinaryOperator.Add,
        Ast.BinaryOperator.Subtract => BinaryOperator.Subtract,
        Ast.BinaryOperator.Multiply => BinaryOperator.Multiply,
        Ast.BinaryOperator.Divide => BinaryOperator.Divide,
        Ast.BinaryOperator.Remainder => BinaryOperator.Remainder,
        Ast.BinaryOperator.FloorDivide => BinaryOperator.FloorDivide,
        Ast.BinaryOperator.ShiftLeft => BinaryOperator.ShiftLeft,
        Ast.BinaryOperator.ShiftRight => BinaryOperator.ShiftRight,
        Ast.BinaryOperator.BitAnd => BinaryOperator.BitAnd,
        Ast.BinaryOperator.BitXor => BinaryOperator.BitXor,
        Ast.BinaryOperator.BitOr => BinaryOperator.BitOr,
        Ast.BinaryOperator.Less => BinaryOperator.Less,
        Ast.BinaryOperator.Greater => BinaryOperator.Greater,
        Ast.BinaryOperator.LessOrEqual => BinaryOperator.LessOrEqual,
        Ast.BinaryOperator.GreaterOrEqual => BinaryOperator.GreaterOrEqual,
        Ast.BinaryOperator.Equal => BinaryOperator.Equal,
        Ast.BinaryOperator.NotEqual => BinaryOperator.NotEqual,
        Ast.BinaryOperator.And => BinaryOperator.And,
        _ => BinaryOperator.Or,
    };

    private TypedExpression Operate(BinaryOperator op, TypedExpression left, TypedExpression right, Ast.BinaryExpression e, TextSpan at)
    {
        if (IsError(left.Type) || IsError(right.Type)) return ErrorAt(at);
        if (!IsUnknown(left.Type) && !IsUnknown(right.Type)) return OperateKnown(op, left, right, e, at);
        return DeferExpression(at, force =>
        {
            if (IsUnknown(left.Type) && IsNumeric(right.Type)) Unify(left.Type, right.Type);
            else if (IsUnknown(right.Type) && IsNumeric(left.Type)) Unify(left.Type, right.Type);
            else if (IsEquality(op) || IsOrdering(op)) Unify(left.Type, right.Type);
            if (!IsUnknown(left.Type) && !IsUnknown(right.Type))
                return IsError(left.Type) || IsError(right.Type) ? ErrorAt(at) : OperateKnown(op, left, right, e, at);
            if (!force) return null;
            if (IsEquality(op) && Unify(left.Type, right.Type) && Unify(left.Type, Core.Void)) return OperateKnown(op, left, right, e, at);
            Report(TypeErrors.CannotInfer(Source, IsUnknown(left.Type) ? left.Span : right.Span, "this operand"));
            return ErrorAt(at);
        });
    }

    private static bool IsEquality(BinaryOperator op) => op is BinaryOperator.Equal or BinaryOperator.NotEqual;
    private static bool IsOrdering(BinaryOperator op) => op is BinaryOperator.Less or BinaryOperator.Greater or BinaryOperator.LessOrEqual or BinaryOperator.GreaterOrEqual;
    private static bool IsNumeric(SigilType t) => t.Resolve() is NamedType { Definition.Kind: TypeKind.Int or TypeKind.Float or TypeKind.Byte };

    private TypedExpression OperateKnown(BinaryOperator op, TypedExpression left, TypedExpression right, Ast.BinaryExpression e, TextSpan at)
    {
        left = ReadObject(left);
        right = ReadObject(right);
        if (IsNever(left.Type) || IsNever(right.Type))
            return new BlockExpression { Statements = [Step(left), Step(right)], Type = Core.Never, Span = at };
        if (IsEquality(op)) return Equality(op, left, right, e, at);
        if (IsOrdering(op)) return Ordering(op, left, right, e, at);
        if (BuiltInResult(op, left, right) is { } type)
        {
            var node = new BinaryExpression { Operator = op, Left = left, Right = right, Type = type, Span = at };
            return Fold(node);
        }
        return ByTrait(op, left, right, e, at);
    }

    private static ExpressionStatement Step(TypedExpression e) => new() { Expression = e, Span = e.Span };

    // An operand behind iso, val or ref is read.
    private TypedExpression ReadObject(TypedExpression e)
    {
        while (ThroughCapability(e) is { } behind) e = Convert(behind, ConversionKind.CopyBorrow, behind.Type);
        return e;
    }

    private SigilType? BuiltInResult(BinaryOperator op, TypedExpression leftOperand, TypedExpression rightOperand)
    {
        if (leftOperand.Type.Resolve() is not NamedType left || rightOperand.Type.Resolve() is not NamedType right) return null;
        var (l, r) = (left.Definition.Kind, right.Definition.Kind);
        switch (op)
        {
            case BinaryOperator.Add when l == TypeKind.List && r == TypeKind.List: return Unify(left, right) ? left : null;
            case BinaryOperator.Add: return l == r && l is TypeKind.Int or TypeKind.Byte or TypeKind.Float or TypeKind.Duration or TypeKind.Size or TypeKind.Str ? Same(left, right) : null;
            case BinaryOperator.Subtract: return l is TypeKind.Int or TypeKind.Byte or TypeKind.Float or TypeKind.Duration or TypeKind.Size ? Same(left, right) : null;
            case BinaryOperator.Multiply:
                return (l, r) switch
                {
                    (TypeKind.Int, TypeKind.Int) or (TypeKind.Byte, TypeKind.Byte) or (TypeKind.Float, TypeKind.Float) => left,
                    (TypeKind.Duration, TypeKind.Int) or (TypeKind.Int, TypeKind.Duration) => Core.Duration,
                    (TypeKind.Size, TypeKind.Int) or (TypeKind.Int, TypeKind.Size) => Core.Size,
                    _ => null,
                };
            case BinaryOperator.Divide:
                return (l, r) switch
                {
                    (TypeKind.Int, TypeKind.Int) or (TypeKind.Byte, TypeKind.Byte) or (TypeKind.Float, TypeKind.Float) => left,
                    (TypeKind.Duration, TypeKind.Int) => Core.Duration,
                    (TypeKind.Duration, TypeKind.Duration) => Core.Float,
                    (TypeKind.Size, TypeKind.Int) => Core.Size,
                    _ => null,
                };
            case BinaryOperator.Remainder or BinaryOperator.FloorDivide or BinaryOperator.BitAnd or BinaryOperator.BitOr or BinaryOperator.BitXor:
                return l is TypeKind.Int or TypeKind.Byte ? Same(left, right) : null;
            case BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight: return l is TypeKind.Int or TypeKind.Byte && r == TypeKind.Int ? left : null;
            default: return null;
        }
        static SigilType? Same(NamedType a, NamedType b) => a.Definition == b.Definition ? a : null;
    }

    private static bool HasBuiltInEquality(SigilType t) => t.Resolve() is NamedType
    {
        Definition.Kind: TypeKind.Int or TypeKind.Float or TypeKind.Bool or TypeKind.Byte or TypeKind.Char or TypeKind.Str or TypeKind.Duration or TypeKind.Size,
    };

    private static bool HasBuiltInOrder(SigilType t) => t.Resolve() is NamedType
    {
        Definition.Kind: TypeKind.Int or TypeKind.Float or TypeKind.Byte or TypeKind.Char or TypeKind.Str or TypeKind.Duration or TypeKind.Size,
    };

    private TypedExpression Equality(BinaryOperator op, TypedExpression left, TypedExpression right, Ast.BinaryExpression e, TextSpan at)
    {
        if (!UnifyOperands(op, ref left, ref right, e)) return ErrorAt(at);
        var type = left.Type.Resolve();
        if (HasBuiltInEquality(type)) return Fold(new BinaryExpression { Operator = op, Left = left, Right = right, Type = Core.Bool, Span = at });
        if (type is FunctionType)
        {
            Report(TypeErrors.FunctionsCompared(Source, At(e)));
            return ErrorAt(at);
        }
        if (type is NamedType { Definition.Kind: TypeKind.Opaque } opaque && !Types.Implements(type, new TraitReference(Core.Trait("Eq"))))
        {
            Report(TypeErrors.OpaqueUse(Source, At(e), opaque.Definition.Name, "its values cannot be compared"));
            return ErrorAt(at);
        }
        var equals = TraitCall("Eq", "equals", left, right, Core.Bool, at, OperatorName(op), e);
        return op == BinaryOperator.Equal ? equals : new UnaryExpression { Operator = UnaryOperator.Not, Operand = equals, Type = Core.Bool, Span = at };
    }

    private TypedExpression Ordering(BinaryOperator op, TypedExpression left, TypedExpression right, Ast.BinaryExpression e, TextSpan at)
    {
        if (!UnifyOperands(op, ref left, ref right, e)) return ErrorAt(at);
        if (HasBuiltInOrder(left.Type)) return Fold(new BinaryExpression { Operator = op, Left = left, Right = right, Type = Core.Bool, Span = at });
        if (left.Type.Resolve() is FunctionType)
        {
            Report(TypeErrors.FunctionsCompared(Source, At(e)));
            return ErrorAt(at);
        }
        var compare = TraitCall("Comparable", "compare", left, right, Core.Type("Ordering").SelfType, at, OperatorName(op), e);
        return new OrderingTestExpression { Operator = op, Comparison = compare, Type = Core.Bool, Span = at };
    }

    private bool UnifyOperands(BinaryOperator op, ref TypedExpression left, ref TypedExpression right, Ast.BinaryExpression e)
    {
        if (Unify(left.Type, right.Type)) return true;
        // A literal beside a byte is a byte.
        if (TryLiteralAsByte(ref right, left.Type) || TryLiteralAsByte(ref left, right.Type)) return !IsError(left.Type) && !IsError(right.Type);
        Report(TypeErrors.OperatorUndefined(Source, At(e), OperatorName(op), Zonk(left.Type).ToString(), Zonk(right.Type).ToString(), "both sides have one type"));
        return false;
    }

    private bool TryLiteralAsByte(ref TypedExpression e, SigilType other)
    {
        if (e is not LiteralExpression { Value: long n } || e.Type.Resolve() != Core.Int || other.Resolve() != Core.Byte) return false;
        e = ByteLiteral(n, e.Span);
        return true;
    }

    private CallExpression TraitCall(string traitName, string methodName, TypedExpression left, TypedExpression right, SigilType result, TextSpan at, string op, Ast.BinaryExpression e)
    {
        var trait = Core.Trait(traitName);
        var source = Source;
        Require(left.Type, new TraitReference(trait), at, null, t => TypeErrors.OperatorUndefined(source, at, op, t.ToString(), t.ToString(),
            BoundHelp(t, new TraitReference(trait)) ?? $"`{t}` does not implement `{traitName}`"));
        return new CallExpression
        {
            Function = trait.FindMethod(methodName)!,
            TypeArguments = [left.Type],
            Arguments = [new Argument(-1, left, PassMode.Borrow), new Argument(0, right, PassMode.Value)],
            Type = result,
            Span = at,
        };
    }

    private TypedExpression ByTrait(BinaryOperator op, TypedExpression left, TypedExpression right, Ast.BinaryExpression e, TextSpan at)
    {
        // A literal that was int before the other side was known to be byte.
        if (TryLiteralAsByte(ref right, left.Type) || TryLiteralAsByte(ref left, right.Type))
            return IsError(left.Type) || IsError(right.Type) ? ErrorAt(at) : OperateKnown(op, left, right, e, at);
        var names = op switch
        {
            BinaryOperator.Add => ("Add", "add"),
            BinaryOperator.Subtract => ("Sub", "sub"),
            BinaryOperator.Multiply => ("Mul", "mul"),
            BinaryOperator.Divide => ("Div", "div"),
            BinaryOperator.Remainder => ("Rem", "rem"),
            _ => (null, null),
        };
        if (names is ({ } traitName, { } methodName) && Core.FindTrait(traitName) is { } trait && trait.FindMethod(methodName) is { } method && !IsPrimitivePair(left, right))
        {
            var reference = new TraitReference(trait, [right.Type], []);
            if (Types.SolveAndBind(left.Type, reference, unifier).Outcome != SolveOutcome.No)
            {
                var output = trait.AssociatedTypes[0];
                return new CallExpression
                {
                    Function = method,
                    TypeArguments = [left.Type, right.Type],
                    Arguments = [new Argument(-1, left, PassMode.Borrow), new Argument(0, right, PassMode.Value)],
                    Type = Normalize(new ProjectionType(left.Type, reference, output)),
                    Span = at,
                };
            }
        }
        Report(TypeErrors.OperatorUndefined(Source, At(e), OperatorName(op), Zonk(left.Type).ToString(), Zonk(right.Type).ToString(), OperatorHelp(op, left.Type, right.Type)));
        return ErrorAt(at);
    }

    private static bool IsPrimitivePair(TypedExpression left, TypedExpression right) => HasBuiltInEquality(left.Type) && HasBuiltInEquality(right.Type);

    private string? OperatorHelp(BinaryOperator op, SigilType left, SigilType right)
    {
        if (left.Resolve() is not NamedType l || right.Resolve() is not NamedType r) return null;
        if (op == BinaryOperator.Add && (l == (SigilType)Core.Str || r == (SigilType)Core.Str)) return "make text of the other side with `str(…)`, or write a template";
        if (IsNumeric(l) && IsNumeric(r) && l.Definition != r.Definition) return $"there are no implicit conversions: write `{(l.Definition.Kind == TypeKind.Float || r.Definition.Kind == TypeKind.Float ? "float" : l.Definition.Name)}(…)`";
        if (AsPrelude(left, "Option") is not null || AsPrelude(right, "Option") is not null) return "open the Option first: `?`, `?? default` or `match`";
        if (AsPrelude(left, "Result") is not null || AsPrelude(right, "Result") is not null) return "open the Result first: `?` or `match`";
        return null;
    }

    private static string OperatorName(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
        BinaryOperator.FloorDivide => "div",
        BinaryOperator.ShiftLeft => "<<",
        BinaryOperator.ShiftRight => ">>",
        BinaryOperator.BitAnd => "&",
        BinaryOperator.BitXor => "^",
        BinaryOperator.BitOr => "|",
        BinaryOperator.Less => "<",
        BinaryOperator.Greater => ">",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.And => "&&",
        _ => "||",
    };

    private TypedExpression Logical(Ast.BinaryExpression e, TextSpan at)
    {
        var left = LogicalOperand(e.Left, e);
        var right = LogicalOperand(e.Right, e);
        if (IsError(left.Type) || IsError(right.Type)) return ErrorAt(at);
        return new LogicalExpression { IsAnd = e.Operator == Ast.BinaryOperator.And, Left = left, Right = right, Type = Core.Bool, Span = at };
    }

    private TypedExpression LogicalOperand(Ast.Expression operand, Ast.BinaryExpression e)
    {
        var value = ReadObject(Decay(Visit(operand, Expectation.Of(Core.Bool))));
        if (IsError(value.Type)) return value;
        if (TryConvert(value, Core.Bool, At(operand), isTail: false) is { } good) return good;
        Report(TypeErrors.OperatorUndefined(Source, At(operand), Ast.OperatorTable.Symbol(e.Operator), Zonk(value.Type).ToString(), "bool"));
        return ErrorAt(At(operand));
    }

    private TypedExpression Coalesce(Ast.BinaryExpression e, Expectation expected, TextSpan at)
    {
        var left = InferValue(e.Left);
        RetryDeferred();
        if (IsError(left.Type))
        {
            Infer(e.Right);
            return ErrorAt(at);
        }
        var wrapper = AsPrelude(left.Type, "Option") ?? AsPrelude(left.Type, "Result");
        if (wrapper is null)
        {
            InferLoosely(e.Right);
            Report(IsUnknown(left.Type)
                ? TypeErrors.CannotInfer(Source, left.Span, "this")
                : TypeErrors.OperatorUndefined(Source, at, "??", Zonk(left.Type).ToString(), "…", "its left side is an Option or a Result"));
            return ErrorAt(at);
        }
        var content = wrapper.Arguments[0];
        bool looksWrapped = Unparenthesized(e.Right) switch
        {
            Ast.NameExpression { Name.Text: "None" } => true,
            Ast.CallExpression { Callee: Ast.NameExpression { Name.Text: "Some" or "Ok" or "Err" } } => true,
            _ => false,
        } && AsPrelude(content, "Option") is null && AsPrelude(content, "Result") is null;
        var right = Decay(Visit(e.Right, Expectation.Of(looksWrapped ? wrapper : content)));
        bool keeps = looksWrapped || (right.Type.Resolve() is NamedType n && n.Definition == wrapper.Definition && !CanEqual(n, content));
        SigilType type = keeps ? wrapper : content;
        return new CoalesceExpression { Left = left, Right = Coerce(right, type, At(e.Right)), KeepsWrapper = keeps, Type = type, Span = at };
    }
}
