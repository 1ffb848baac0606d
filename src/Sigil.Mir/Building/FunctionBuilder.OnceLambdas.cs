using Sigil.Mir.Analysis;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Building;

/// <summary>What a lambda that runs at most once gives away of the names around it.</summary>
/// <param name="Names">Captured names whose value the body consumes (unique) or sends.</param>
/// <param name="Parts">Captured parts of names that the body consumes, by name and field path.</param>
internal sealed record ConsumedCaptures(HashSet<LocalSymbol> Names, HashSet<(LocalSymbol Name, string Path)> Parts)
{
    public static ConsumedCaptures None { get; } = new([], []);
    public bool IsEmpty => Names.Count == 0 && Parts.Count == 0;
    public static string KeyOf(IEnumerable<int> path) => string.Join('.', path);
}

internal sealed partial class FunctionBuilder
{
    private ConsumedCaptures consumes = ConsumedCaptures.None;

    /// <summary>The lambda behind a value that is one, possibly converted to another function type.</summary>
    private static LambdaExpression? LambdaOf(TypedExpression e) => e switch
    {
        LambdaExpression l => l,
        ConversionExpression { Kind: ConversionKind.Function, Operand: LambdaExpression l } => l,
        _ => null,
    };

    /// <summary>
    /// What the body of a lambda gives away. Such a lambda takes these values with it and drops them itself, when it runs or when it is dropped without having run.
    /// The body is built once to see it; the result is remembered, so that nested lambdas cost no more than one extra build each.
    /// </summary>
    private ConsumedCaptures ConsumedBy(LambdaExpression l)
    {
        if (!l.RunsAtMostOnce) return ConsumedCaptures.None;
        if (Context.Consumed.TryGetValue(l, out var known)) return known;
        var own = (FunctionType)LoweringContext.Strip(l.Type);
        var trial = NestLambda(l, own, own);
        trial.BuildLambda(l, own, own);
        Function.Nested.Remove(trial.Function);
        return Context.Consumed[l] = trial.FindConsumed();
    }

    private ConsumedCaptures FindConsumed()
    {
        var found = new ConsumedCaptures([], []);
        var accesses = new List<Access>();
        foreach (var block in Function.Blocks)
        {
            if (block.IsCleanup) continue;
            foreach (var instruction in block.Instructions)
            {
                AccessVisitor.Before(instruction, accesses);
                AccessVisitor.After(instruction, accesses);
            }
            AccessVisitor.Of(block.Terminator, Function.Span, accesses);
        }
        foreach (var access in accesses)
        {
            if (access.Kind != AccessKind.Move) continue;
            int index = access.Place.Local;
            while (Function.Locals[index].LentFrom is { } from) index = from.Local;
            if (Function.Locals[index] is not { Kind: MirLocalKind.Capture } capture) continue;
            if (capture.Symbol is { } symbol) found.Names.Add(symbol);
            else
                foreach (var (name, parts) in captureParts)
                    foreach (var (path, local) in parts)
                        if (local == index) found.Parts.Add((name, ConsumedCaptures.KeyOf(path)));
        }
        return found.IsEmpty ? ConsumedCaptures.None : found;
    }

    /// <summary>Captures everything up front and drops at the body's end what it owns.</summary>
    private void OwnConsumedCaptures(LambdaExpression l)
    {
        CaptureMentioned([l.Body]);
        foreach (var (local, _, _) in captured)
            if (Function.Locals[local].Mode == MirParameterMode.Value) ScheduleDrop(local, l.Span);
    }
}
