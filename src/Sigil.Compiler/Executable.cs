using System.Collections.Immutable;
using Sigil.Emit;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler;

/// <summary>A program checked and turned into code.</summary>
public sealed class Executable
{
    private Executable(ImmutableArray<Diagnostic> diagnostics, EmittedProgram? code, ImmutableArray<FunctionSymbol> tests)
    {
        Diagnostics = diagnostics;
        Code = code;
        Tests = tests;
    }

    /// <summary>Of all phases.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    /// <summary>Null when there are errors.</summary>
    public EmittedProgram? Code { get; }

    /// <summary>The tests that <see cref="Code"/> holds, in its order.</summary>
    public ImmutableArray<FunctionSymbol> Tests { get; }

    /// <summary>Compiles <c>@main</c> of the entry file.</summary>
    public static Executable OfMain(ProgramInput input, string name)
    {
        var compilation = Compilation.Check(input);
        if (compilation.HasErrors || compilation.Semantics.EntryPoint is not { } main) return new Executable(compilation.Diagnostics, null, []);
        return Emit(compilation, name, new EmitEntry("main", compilation.Graphs.EntryOf(main)), []);
    }

    /// <summary>Compiles the tests of the root files.</summary>
    /// <param name="input">The program.</param>
    /// <param name="wanted">Which tests.</param>
    /// <param name="skipped">Receives the tests that say they are to be skipped.</param>
    public static Executable OfTests(ProgramInput input, Func<FunctionSymbol, bool> wanted, List<FunctionSymbol> skipped)
    {
        var compilation = Compilation.Check(input);
        if (compilation.HasErrors) return new Executable(compilation.Diagnostics, null, []);
        var all = compilation.Semantics.Modules.SelectMany(m => m.Tests).ToList();
        skipped.AddRange(all.Where(t => t.SkipReason is not null));
        var tests = all.Where(t => t.SkipReason is null && wanted(t)).ToImmutableArray();
        if (tests.IsEmpty) return new Executable(compilation.Diagnostics, null, []);
        return Emit(compilation, "tests", null, tests);
    }

    private static Executable Emit(Compilation compilation, string name, EmitEntry? main, ImmutableArray<FunctionSymbol> tests)
    {
        var emitted = AssemblyEmitter.Emit(compilation.Graphs, name, main, [.. tests.Select((t, i) => new EmitEntry($"{t.Name}#{i}", compilation.Graphs.EntryOf(t)))]);
        return new Executable([.. compilation.Diagnostics, .. emitted.Diagnostics], emitted.Succeeded ? emitted : null, tests);
    }
}
