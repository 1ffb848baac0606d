using System.Collections.Immutable;
using Sigil.Mir;
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

    /// <summary>
    /// Everything that can be said about a program without emitting code. Modules whose checks are remembered to find nothing are passed
    /// over (<see cref="ProgramInput.Memory"/>); what comes out is the same.
    /// </summary>
    public static Compilation Check(ProgramInput input)
    {
        var all = new DiagnosticBag();
        // Modules, declarations, signatures, coherence.
        var semantics = ProgramAnalysis.Analyze(input);
        all.AddRange(semantics.DeclarationDiagnostics);
        // Types, effects, sendability, patterns, body by body.
        var keys = input.Memory is null ? [] : semantics.CheckKeys();
        var sound = new List<FunctionSymbol>();
        var findings = new HashSet<ModuleSymbol>();
        foreach (var module in semantics.Modules)
        {
            bool isKnown = keys.TryGetValue(module, out var key) && input.Memory!.Contains(key);
            if (isKnown) semantics.Pass(module);
            foreach (var f in module.AllFunctions.Where(f => f.Body is not null))
            {
                // Endless instantiation is seen only in the generic bodies of the whole program.
                if (isKnown && f.AllTypeParameters.IsEmpty) continue;
                var found = semantics.BodyOf(f).Diagnostics;
                all.AddRange(found);
                if (found.Any(d => CountsFor(module, d))) findings.Add(module);
                if (!found.Any(d => d.Severity == Severity.Error)) sound.Add(f);
            }
        }
        // Flow graph: ownership and borrows. A graph needs declarations whose meaning is known.
        var graphs = new MirProgramBuilder(semantics) { Unchecked = input.Unchecked };
        bool areDeclared = !semantics.DeclarationDiagnostics.Any(d => d.Severity == Severity.Error);
        var misread = semantics.DeclarationDiagnostics.Where(d => !FlawedDeclarations.LeaveGraphs(d)).ToList();
        if (misread.TrueForAll(d => semantics.Modules.SelectMany(m => m.AllFunctions).Any(f => FlawedDeclarations.IsMisread(f, d))))
            foreach (var f in sound)
            {
                if (semantics.IsKnownSound(f)) continue;
                if (!areDeclared && (misread.Exists(d => FlawedDeclarations.IsMisread(f, d)) || !FlawedDeclarations.IsTyped(f, semantics.BodyOf(f).Root))) continue;
                var found = graphs.Check(f);
                all.AddRange(found);
                if (found.Any(d => CountsFor(f.Module, d))) findings.Add(f.Module);
            }
        var whole = semantics.WholeProgramDiagnostics();
        if (areDeclared && input.Memory is { } memory)
            foreach (var (module, key) in keys)
                if (!findings.Contains(module) && !whole.Any(d => d.Severity == Severity.Error || d.Source == module.Source)) memory.Add(key);
        // An import may be used by what an error kept from being looked at.
        bool hasErrors = all.HasErrors;
        all.AddRange(whole.Where(d => d.Severity == Severity.Error || !hasErrors));
        return new Compilation(semantics, graphs, [.. WithoutFollowUps(all.ToImmutable(), semantics).Where(d => !semantics.IsAllowed(d))]);

        // What a module allows itself is no finding.
        bool CountsFor(ModuleSymbol module, Diagnostic d) => d.Source != module.Source || !semantics.IsAllowed(d);
    }

    /// <summary>
    /// What is said about the meaning of an item falls away when the item is not written as it should be: where a token is missing or one too many,
    /// what was read is a guess. Missing expressions, types and patterns are holes in an item that is known otherwise.
    /// </summary>
    private static IEnumerable<Diagnostic> WithoutFollowUps(ImmutableArray<Diagnostic> all, SemanticProgram semantics)
    {
        var damaged = all.Where(d => d.Code is "E1001" or "E1002" or "E1009").ToList();
        if (damaged.Count == 0) return all;
        var items = semantics.Modules.SelectMany(m => (m.Syntax?.Items ?? []).Select(i => (m.Source, i.Span))).ToLookup(i => i.Source, i => i.Span);
        var spans = damaged.Select(d => (d.Source, Span: items[d.Source].LastOrDefault(s => s.Start <= d.Span.Start))).ToHashSet();
        return all.Where(d => d.Code is ['E' or 'W', '0' or '1', ..] || !spans.Contains((d.Source, items[d.Source].LastOrDefault(s => s.Start <= d.Span.Start))));
    }
}
