using Sigil.Semantics.Symbols;
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

    /// <summary>The names that expressions assign, wholly or in part, or lend for writing.</summary>
    public static HashSet<LocalSymbol> WrittenBy(IEnumerable<TypedExpression> expressions)
    {
        var written = new HashSet<LocalSymbol>();
        var open = new Stack<TypedExpression>(expressions);
        while (open.TryPop(out var expression))
        {
            foreach (var place in WrittenPlaces(expression))
                if (RootOf(place) is { } name) written.Add(name);
            foreach (var child in TypedChildren.Of(expression)) open.Push(child);
        }
        return written;
    }

    private static bool LendsForWriting(TypedExpression expression) => expression is not AssignExpression && WrittenPlaces(expression).Any();

    private static IEnumerable<TypedExpression> WrittenPlaces(TypedExpression expression) => expression switch
    {
        AssignExpression a => [a.Target],
        ReplaceExpression r => [r.Place],
        CallExpression c => LentForWriting(c.Arguments),
        IndirectCallExpression c => LentForWriting(c.Arguments),
        DynCallExpression c => LentForWriting(c.Arguments),
        CapabilityCallExpression c => LentForWriting(c.Arguments),
        _ => [],
    };

    private static IEnumerable<TypedExpression> LentForWriting(IEnumerable<Argument> arguments) => arguments.Where(a => a.Mode == PassMode.BorrowMutable).Select(a => a.Value);

    // What lies behind an object is written there: the name stays as it is.
    private static LocalSymbol? RootOf(TypedExpression place) => place switch
    {
        LocalExpression local => local.Local,
        MemberExpression member => RootOf(member.Receiver),
        IndexExpression index => RootOf(index.Receiver),
        ConversionExpression conversion => RootOf(conversion.Operand),
        _ => null,
    };
}
