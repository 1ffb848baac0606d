using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sigil.Mir.Analysis;
using Sigil.Mir.Building;
using Sigil.Mir.Structural;
using Sigil.Mir.Verification;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Mir;

/// <summary>Flow graphs made on demand, each once: build, verify, then the passes in order.</summary>
public sealed class MirProgramBuilder : MirProgram
{
    private sealed record Outcome(MirFunction? Graph, ImmutableArray<Diagnostic> Diagnostics);

    private readonly ConcurrentDictionary<FunctionSymbol, Lazy<Outcome>> functions = [];
    private readonly ConcurrentDictionary<FunctionSymbol, Lazy<Outcome>> taking = [];
    private readonly ConcurrentDictionary<MethodTarget, Lazy<MirFunction>> structural = new(new TargetComparer());
    private readonly ConcurrentDictionary<FunctionSymbol, Lazy<MirFunction>> entries = [];
    private readonly ConcurrentDictionary<FieldSymbol, Lazy<MirFunction>> fieldDefaults = [];
    private readonly ImmutableArray<MirPass> passes;
    private readonly bool verify;

    /// <summary>The checks and changes that every compilation runs.</summary>
    public static ImmutableArray<MirPass> StandardPasses { get; } =
    [
        new("ownership", OwnershipCheck.Run, NeedsSoundProgram: false, OnlyReports: true),
        new("drop elaboration", (f, types, _) => DropElaboration.Run(f, types), NeedsSoundProgram: true),
        new("tidy", (f, _, _) => BlockSimplifier.RunAll(f), NeedsSoundProgram: true),
        new("text joins", (f, _, _) => TextJoins.Run(f), NeedsSoundProgram: true),
        new("loop peeling", (f, _, _) => LoopPeeling.Run(f), NeedsSoundProgram: true),
        new("last uses", (f, types, _) => LastUse.Run(f, types), NeedsSoundProgram: true),
    ];

    /// <param name="semantics">The checked program.</param>
    /// <param name="passes">What runs on every graph; the standard passes when left out.</param>
    /// <param name="verify">Whether every graph is verified after building and after each pass; by default in debug builds.</param>
    public MirProgramBuilder(SemanticProgram semantics, ImmutableArray<MirPass>? passes = null, bool? verify = null)
    {
        Semantics = semantics;
        this.passes = passes ?? StandardPasses;
#if DEBUG
        this.verify = verify ?? true;
#else
        this.verify = verify ?? false;
#endif
    }

    public override SemanticProgram Semantics { get; }

    /// <summary>Errors that the passes find in vain: <see cref="Sigil.Semantics.Modules.ProgramInput.Unchecked"/>.</summary>
    public ImmutableHashSet<string> Unchecked { get; init; } = [];

    public override MirFunction GraphOf(FunctionSymbol function)
    {
        var outcome = OutcomeOf(function);
        return outcome.Graph ?? throw new InvalidOperationException($"'{function.Name}' has errors: {string.Join("; ", outcome.Diagnostics)}");
    }

    public override MirFunction TakingGraphOf(FunctionSymbol function)
    {
        var outcome = taking.GetOrAdd(function, f => new Lazy<Outcome>(() => Make(f, takesSequence: true))).Value;
        return outcome.Graph ?? throw new InvalidOperationException($"'{function.Name}' has errors: {string.Join("; ", outcome.Diagnostics)}");
    }

    public override IReadOnlyList<Diagnostic> Check(FunctionSymbol function)
    {
        var body = Semantics.BodyOf(function);
        return body.Diagnostics.Any(d => d.Severity == Severity.Error) ? [] : OutcomeOf(function).Diagnostics;
    }

    public override MirFunction StructuralGraphOf(MethodTarget target) =>
        structural.GetOrAdd(target, t => new Lazy<MirFunction>(() =>
        {
            var context = new LoweringContext(Semantics);
            var graph = StructuralBuilder.Build(context, t);
            Verify(graph, "building");
            return graph;
        })).Value;

    public override MirFunction DefaultGraphOf(FieldSymbol field) => fieldDefaults.GetOrAdd(field, f => new Lazy<MirFunction>(() => MakeDefault(f))).Value;

    private MirFunction MakeDefault(FieldSymbol field)
    {
        var context = new LoweringContext(Semantics);
        var graph = new MirFunction
        {
            Name = $"{field.Owner.Name}.{field.Name} (default)",
            Kind = MirFunctionKind.Structural,
            Source = field.Source ?? field.Owner.Source ?? SourceText.FromString("", ""),
            Span = field.Span,
            ReturnType = LoweringContext.Strip(field.Type),
        };
        FunctionBuilder.BuildExpression(context, graph, Semantics.DefaultOf(field));
        Verify(graph, "building");
        var bag = new DiagnosticBag();
        foreach (var pass in passes)
        {
            pass.Run(graph, Semantics.Types, bag);
            Verify(graph, pass.Name);
        }
        // What is wrong in a default is reported at its declaration, and such a program is not emitted.
        return graph;
    }

    /// <summary>The code that the runtime starts: provides the standard capabilities and calls <c>@main</c> or a test; returns the exit code.</summary>
    public MirFunction EntryOf(FunctionSymbol function) =>
        entries.GetOrAdd(function, f => new Lazy<MirFunction>(() =>
        {
            var graph = EntryPointBuilder.Build(new LoweringContext(Semantics), f);
            Verify(graph, "building");
            return graph;
        })).Value;

    private Outcome OutcomeOf(FunctionSymbol function) => functions.GetOrAdd(function, f => new Lazy<Outcome>(() => Make(f))).Value;

    private Outcome Make(FunctionSymbol function, bool takesSequence = false)
    {
        var body = Semantics.BodyOf(function);
        if (body.Diagnostics.Any(d => d.Severity == Severity.Error)) return new Outcome(null, body.Diagnostics);
        // What the where clauses say of associated types decides what is copied and what moves.
        using var clauses = Semantics.Types.Within(function);
        var context = new LoweringContext(Semantics);
        var graph = FunctionBuilder.Build(context, body, takesSequence);
        var bag = new DiagnosticBag();
        bag.AddRange(context.Diagnostics.Where(d => !Unchecked.Contains(d.Code)));
        if (!bag.HasErrors) Verify(graph, "building");
        foreach (var pass in passes)
        {
            if (bag.HasErrors && (pass.NeedsSoundProgram || context.Diagnostics.Count > 0)) continue;
            if (pass.OnlyReports && Semantics.IsKnownSound(function)) continue;
            var found = new DiagnosticBag();
            pass.Run(graph, Semantics.Types, found);
            bag.AddRange(found.Where(d => !Unchecked.Contains(d.Code)));
            if (!bag.HasErrors) Verify(graph, pass.Name);
        }
        return new Outcome(bag.HasErrors ? null : graph, bag.ToImmutable());
    }

    private void Verify(MirFunction graph, string after)
    {
        if (!verify || !Unchecked.IsEmpty) return;
        var findings = MirVerifier.Verify(graph, Semantics.Types);
        if (findings.Count == 0) return;
        throw new InvalidOperationException($"unsound flow graph of '{graph.Name}' after {after}:\n{string.Join("\n", findings.Take(20))}\n{Printing.MirPrinter.Print(graph)}");
    }

    private sealed class TargetComparer : IEqualityComparer<MethodTarget>
    {
        public bool Equals(MethodTarget? x, MethodTarget? y) =>
            ReferenceEquals(x, y) || (x is not null && y is not null && x.Function == y.Function && x.Self.Equals(y.Self) && x.TypeArguments.SequenceEqual(y.TypeArguments));

        public int GetHashCode(MethodTarget t) => HashCode.Combine(t.Function, t.Self);
    }
}
