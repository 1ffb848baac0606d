using System.Collections.Immutable;
using Sigil.Mir;
using Sigil.Mir.Building;
using Sigil.Semantics;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler;

/// <summary>The phases in order. Each takes what the one before has made; a phase that found errors is the last one to run.</summary>
public sealed class Compilation
{
    private Compilation(ProgramAnalysis semantics, MirProgramBuilder graphs, ImmutableArray<Diagnostic> diagnostics)
    {
        Semantics = semantics;
        Graphs = graphs;
        Diagnostics = diagnostics;
    }

    public ProgramAnalysis Semantics { get; }
    public MirProgramBuilder Graphs { get; }
    /// <summary>In the order of report: file, line, column, code.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }
    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);

    /// <summary>Everything that can be said about a program without emitting code.</summary>
    public static Compilation Check(ProgramInput input)
    {
        var all = new DiagnosticBag();
        // Modules, declarations, signatures, coherence.
        var semantics = ProgramAnalysis.Analyze(input);
        all.AddRange(semantics.DeclarationDiagnostics);
        // Types, effects, sendability, patterns, body by body.
        var functions = semantics.Modules.SelectMany(Bodies).ToList();
        var sound = new List<FunctionSymbol>();
        foreach (var f in functions)
        {
            var found = semantics.BodyOf(f).Diagnostics;
            all.AddRange(found);
            if (!found.Any(d => d.Severity == Severity.Error)) sound.Add(f);
        }
        // Flow graph: ownership and borrows. A graph needs declarations that hold together.
        var graphs = new MirProgramBuilder(semantics) { Unchecked = input.Unchecked };
        if (!semantics.DeclarationDiagnostics.Any(d => d.Severity == Severity.Error))
            foreach (var f in sound) all.AddRange(graphs.Check(f));
        // An import may be used by what an error kept from being looked at.
        bool hasErrors = all.HasErrors;
        all.AddRange(semantics.WholeProgramDiagnostics().Where(d => d.Severity == Severity.Error || !hasErrors));
        return new Compilation(semantics, graphs, [.. all.ToImmutable().Where(d => !semantics.IsAllowed(d))]);
    }

    /// <summary>The functions of a module that have a body: free ones, tests, and those in impls, traits and extensions.</summary>
    public static IEnumerable<FunctionSymbol> Bodies(ModuleSymbol module) =>
        module.Functions
            .Concat(module.Tests)
            .Concat(module.Impls.SelectMany(i => i.Methods))
            .Concat(module.Traits.SelectMany(t => t.Methods))
            .Concat(module.Extensions.SelectMany(e => e.Methods))
            .Where(f => f.Body is not null)
            .Distinct();
}
