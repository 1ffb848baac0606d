using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Building;

// The data patterns (`map`, `fold`, …) are library functions over `&I` where `I: Sequence`; what they hand to their functions are elements of type `I.Item`.
// Over a container of unique values these elements are lent, like the items of a `for` loop; a function that consumes them takes the container apart.
internal sealed partial class FunctionBuilder
{
    /// <summary>What each lambda among the arguments of a call is lent: positions in the parameters of its function type.</summary>
    private readonly Dictionary<LambdaExpression, ImmutableArray<int>> elementsLent = [];

    /// <summary>Functions that only read, given where elements are lent: nothing is theirs to drop.</summary>
    private readonly HashSet<ConversionExpression> readersLent = [];

    /// <summary>Calls that take a container apart.</summary>
    private readonly HashSet<CallExpression> takenApart = [];

    /// <summary>In a lambda: the parameters that hold elements lent to it.</summary>
    private ImmutableArray<int> lentElements = [];
    private bool isTrial;

    /// <summary>
    /// Decides for a call whether its functions are lent the container's elements (noted for the lambdas) or take them: then the container itself is given to the call.
    /// Returns the argument that holds a container to be taken apart, or null.
    /// </summary>
    private Argument? TakenApart(CallExpression c, bool forTask)
    {
        if (ContainerOf(c) is not { } container) return null;
        var sequence = ((BorrowType)c.Function.Parameters[container.Parameter].Type.Resolve()).Target.Resolve();
        var functions = new List<(LambdaExpression Lambda, ImmutableArray<int> Positions)>();
        var consumes = false;
        foreach (var a in c.Arguments)
        {
            if (a.Parameter < 0 || a.Parameter >= c.Function.Parameters.Length) continue;
            if (LoweringContext.Strip(c.Function.Parameters[a.Parameter].Type) is not FunctionType declared) continue;
            ImmutableArray<int> positions = [.. Enumerable.Range(0, declared.Parameters.Length).Where(i => IsElement(declared.Parameters[i], sequence))];
            if (positions.IsEmpty) continue;
            if (LambdaOf(a.Value) is { } lambda)
            {
                functions.Add((lambda, positions));
                consumes |= ConsumesElements(lambda, positions);
            }
            else
            {
                consumes |= !TakesBorrows(a.Value, positions);
            }
        }

        // Lent to a task, the container belongs to the task for as long as the call lasts; a lambda that consumes is then refused where it does.
        var isOwned = !IsPlace(container.Value) || (IsNamePath(container.Value) && MayTake(PlaceOf(container.Value)));
        if (consumes && !forTask && (isOwned || functions.All(f => !ConsumesElements(f.Lambda, f.Positions)))) return container;
        foreach (var (lambda, positions) in functions) elementsLent[lambda] = positions;
        foreach (var a in c.Arguments)
            if (a.Value is ConversionExpression conversion) readersLent.Add(conversion);
        return null;
    }

    /// <summary>Tells the lambdas of a call whose elements they are lent: what is true of the container is true of these.</summary>
    private void NoteLentElements(CallExpression c, MirArgument[] arguments, int receiver)
    {
        foreach (var a in c.Arguments)
        {
            if (LambdaOf(a.Value) is not { } lambda || !elementsLent.TryGetValue(lambda, out var positions) || !Context.Lambdas.TryGetValue(lambda, out var body)) continue;
            var container = ContainerOf(c)!;
            var place = PlaceOfArgument(arguments[container.Parameter + receiver], container.Value);
            foreach (var i in positions)
                if (i < body.ParameterCount) body.Locals[i].ElementOf = place;
        }
    }

    private Argument? ContainerOf(CallExpression c)
    {
        foreach (var a in c.Arguments)
        {
            if (a.Mode != PassMode.Borrow || a.Parameter < 0 || a.Parameter >= c.Function.Parameters.Length) continue;
            if (c.Function.Parameters[a.Parameter].Type.Resolve() is not BorrowType { IsMutable: false, Target: var target } || Context.Types.Iteration(target.Resolve())?.Kind != IterationKind.Generic) continue;
            var given = LoweringContext.Strip(a.Value.Type);
            if (Context.Types.Iteration(given) is not { Kind: IterationKind.List or IterationKind.Map or IterationKind.Set or IterationKind.Generic, Item: var item }) continue;
            if (IsUnique(item)) return a;
        }
        return null;
    }

    private static bool IsElement(SigilType type, SigilType sequence) =>
        type.Resolve() is ProjectionType { Associated.Name: "Item" } p && p.Self.Resolve().Equals(sequence);

    private static bool IsNamePath(TypedExpression e) => LoweringContext.Strip(e.Type) is not CapabilityType && e switch
    {
        LocalExpression => true,
        MemberExpression m => IsNamePath(m.Receiver),
        _ => false,
    };

    // A named function or a function value says in its type what it does with its arguments.
    private static bool TakesBorrows(TypedExpression function, ImmutableArray<int> positions)
    {
        while (function is ConversionExpression { Kind: ConversionKind.Function, Operand: var operand }) function = operand;
        return LoweringContext.Strip(function.Type) is FunctionType t && positions.All(i => i < t.Parameters.Length && t.Parameters[i].Resolve() is BorrowType);
    }

    /// <summary>Whether the body gives away what it is lent. It is built once to see it; the result is remembered, so that nested lambdas cost no more than one extra build each.</summary>
    private bool ConsumesElements(LambdaExpression l, ImmutableArray<int> positions)
    {
        if (Context.ElementConsumers.TryGetValue(l, out var known)) return known;
        var own = (FunctionType)LoweringContext.Strip(l.Type);
        var trial = NestLambda(l, own, own);
        trial.lentElements = positions;
        // As if they were owned, so that a consuming call inside is seen to take them.
        trial.isTrial = true;
        trial.BuildLambda(l, own, own);
        Function.Nested.Remove(trial.Function);
        return Context.ElementConsumers[l] = trial.Function.Locals.Take(trial.Function.ParameterCount).Any(p => p.Kind == MirLocalKind.Parameter && trial.IsLentElement(p.Index) && trial.ConsumesItem(p.Index, 0));
    }

    /// <summary>The library's own loops over any `Sequence` hand each item to a function; whether it is lent is decided where they are called.</summary>
    private bool IsDataPattern => parent?.IsDataPattern ?? Function.Symbol is { Module.IsStandardLibrary: true };

    /// <summary>In the variant of a data pattern that takes its container apart: the name that holds it.</summary>
    private LocalSymbol? takenSequence;

    private bool IsTakenSequence(TypedExpression e) => takenSequence is not null && e is LocalExpression l && l.Local == takenSequence;

    private bool IsLentElement(int parameter) => lentElements.Contains(parameter) && IsUnique(TypeOf(parameter));
}
