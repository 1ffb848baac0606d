using Sigil.Semantics.Typed;

namespace Sigil.Mir.Building;

/// <summary>
/// Whether evaluating an expression may write to a local of the function. A place that was read as an argument must be copied before a later
/// argument that writes is evaluated; where nothing writes, the place itself serves. Every expression is visited once.
/// </summary>
internal sealed class WriteScan
{
    private readonly Dictionary<TypedExpression, bool> known = [];

    public bool MayWrite(TypedExpression expression)
    {
        switch (expression)
        {
            case LiteralExpression or LocalExpression or LambdaExpression or FunctionValueExpression: return false;
            case AssignExpression: return true;
        }
        if (known.TryGetValue(expression, out var result)) return result;
        result = LendsForWriting(expression);
        if (!result)
        {
            foreach (var child in TypedChildren.Of(expression))
            {
                if (!MayWrite(child)) continue;
                result = true;
                break;
            }
        }
        return known[expression] = result;
    }

    /// <summary>Evaluating it has no effect and moves nothing but the place it names.</summary>
    public static bool IsTrivial(TypedExpression expression) => expression switch
    {
        LiteralExpression or LocalExpression or FunctionValueExpression or CapabilityExpression => true,
        // A borrowed lambda takes nothing when it is made.
        LambdaExpression { IsBorrowed: true } => true,
        MemberExpression m => IsTrivial(m.Receiver),
        DereferenceExpression d => IsTrivial(d.Operand),
        ConversionExpression { Kind: ConversionKind.CopyBorrow } c => IsTrivial(c.Operand),
        UnaryExpression u => IsTrivial(u.Operand),
        BinaryExpression b => IsTrivial(b.Left) && IsTrivial(b.Right),
        _ => false,
    };

    private static bool LendsForWriting(TypedExpression expression) => expression switch
    {
        CallExpression c => c.Arguments.Any(a => a.Mode == PassMode.BorrowMutable),
        IndirectCallExpression c => c.Arguments.Any(a => a.Mode == PassMode.BorrowMutable),
        DynCallExpression c => c.Arguments.Any(a => a.Mode == PassMode.BorrowMutable),
        CapabilityCallExpression c => c.Arguments.Any(a => a.Mode == PassMode.BorrowMutable),
        ReplaceExpression => true,
        _ => false,
    };
}
