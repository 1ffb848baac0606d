using System.Collections.Immutable;
using Sigil.Compiler.Caching;
using Sigil.Compiler.Projects;
using Sigil.Compiler.Testing;
using Sigil.Emit;
using Sigil.Semantics;
using Sigil.Semantics.Modules;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler;

/// <summary>A program checked and turned into code.</summary>
public sealed class Executable
{
    private Executable(ImmutableArray<Diagnostic> diagnostics, EmittedProgram? code)
    {
        Diagnostics = diagnostics;
        Code = code;
    }

    /// <summary>Of all phases.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    /// <summary>Null when there are errors, or nothing to run.</summary>
    public EmittedProgram? Code { get; }

    /// <summary>The tests that <see cref="Code"/> holds, in its order.</summary>
    public ImmutableArray<TestCase> Tests { get; private init; } = [];

    /// <summary>The wanted tests that say they are to be skipped.</summary>
    public ImmutableArray<TestCase> Skipped { get; private init; } = [];

    /// <summary>Compiles <c>@main</c> of the entry file.</summary>
    /// <param name="input">The program.</param>
    /// <param name="name">The assembly's.</param>
    /// <param name="prepare">What else must be in place before code is made; it says what is not.</param>
    /// <param name="checksOwners">Whether the program asks the runtime who owns what it touches.</param>
    public static Executable OfMain(ProgramInput input, string name, Func<SemanticProgram, ImmutableArray<Diagnostic>>? prepare = null, bool checksOwners = false)
    {
        var compilation = Compilation.Check(input);
        if (compilation.HasErrors || compilation.Semantics.EntryPoint is not { } main) return new Executable(compilation.Diagnostics, null);
        if (prepare?.Invoke(compilation.Semantics) is { Length: > 0 } missing) return new Executable([.. compilation.Diagnostics, .. missing], null);
        return Emit(compilation, name, new EmitEntry("main", compilation.Graphs.EntryOf(main)), [], checksOwners);
    }

    /// <summary>Compiles the tests of the root files.</summary>
    /// <param name="input">The program.</param>
    /// <param name="wanted">Which tests.</param>
    /// <param name="checksOwners">As in <see cref="OfMain"/>.</param>
    public static Executable OfTests(ProgramInput input, Func<TestCase, bool> wanted, bool checksOwners = false)
    {
        var compilation = Compilation.Check(input);
        if (compilation.HasErrors) return new Executable(compilation.Diagnostics, null);
        var all = compilation.Semantics.Modules.SelectMany(m => m.Tests).Select(t => (Symbol: t, Case: TestCase.Of(t))).Where(t => wanted(t.Case)).ToList();
        var skipped = all.Where(t => t.Case.SkipReason is not null).Select(t => t.Case).ToImmutableArray();
        var tests = all.Where(t => t.Case.SkipReason is null).ToList();
        var executable = tests.Count == 0
            ? new Executable(compilation.Diagnostics, null)
            : Emit(compilation, "tests", null, [.. tests.Select((t, i) => new EmitEntry($"{t.Symbol.Name}#{i}", compilation.Graphs.EntryOf(t.Symbol)))], checksOwners);
        return new Executable(executable.Diagnostics, executable.Code) { Tests = executable.HasErrors ? [] : [.. tests.Select(t => t.Case)], Skipped = skipped };
    }

    /// <summary><c>@main</c> of a target, from the cache or compiled.</summary>
    public static Executable MainOf(ProgramTarget target, ProgramCache? cache, bool checksOwners = false) =>
        Cached(cache, checksOwners ? "run checked" : "run", target, program => OfMain(program, target.Name, target.Prepare, checksOwners));

    /// <summary>Tests of a target, from the cache or compiled.</summary>
    /// <param name="target">The program.</param>
    /// <param name="cache">Null for none.</param>
    /// <param name="filter">Only tests whose name contains it.</param>
    /// <param name="function">Only tests of this function.</param>
    /// <param name="checksOwners">As in <see cref="OfMain"/>.</param>
    public static Executable TestsOf(ProgramTarget target, ProgramCache? cache, string? filter = null, string? function = null, bool checksOwners = false)
    {
        return Cached(cache, $"test{(checksOwners ? " checked" : "")} --filter {filter} --function {function}", target, program => OfTests(program, IsWanted, checksOwners));

        bool IsWanted(TestCase t) =>
            (filter is null || t.Name.Contains(filter, StringComparison.Ordinal)) && (function is null || t.Targets.Contains(function.TrimStart('@')));
    }

    /// <summary>From the cache if it has the program as it is now; else it is compiled, and kept if nothing in it fails.</summary>
    /// <param name="cache">Null for none.</param>
    /// <param name="purpose">What is made of the program, with all options that decide it.</param>
    /// <param name="target">The program.</param>
    /// <param name="compile">How it is compiled.</param>
    public static Executable Cached(ProgramCache? cache, string purpose, ProgramTarget target, Func<ProgramInput, Executable> compile)
    {
        var input = target.Input!;
        if (cache is null) return compile(input);
        var levels = string.Join(',', target.Levels.ByCode.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"));
        // All that the manifest says counts, whether it has become a part of the input or not.
        var manifest = target.Manifest?.EntryPlace.Source.Text;
        var key = ProgramCache.KeyOf($"{purpose} {target.Name} {levels}\n{manifest}", input, cache.WorkingDirectory);
        if (cache.Find(key) is { } known) return known;
        var sources = new RecordingSources(input.Sources);
        var executable = cache.WithMemory(input with { Sources = sources }, compile);
        var fails = executable.Diagnostics.Any(d => target.Levels.Apply(d) is { Severity: Severity.Error });
        if (!fails) cache.Store(key, sources, executable);
        return executable;
    }

    /// <summary>A program without errors as bytes, for another process of this compiler.</summary>
    public byte[] Pack() => CacheEntry.Write([], this);

    /// <summary>A program from its bytes; null when they are none.</summary>
    public static Executable? Unpack(byte[] content) => CacheEntry.Read(content)?.Program;

    internal static Executable FromCache(EmittedProgram? code, ImmutableArray<TestCase> tests, ImmutableArray<TestCase> skipped) =>
        new([], code) { Tests = tests, Skipped = skipped };

    private bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);

    private static Executable Emit(Compilation compilation, string name, EmitEntry? main, ImmutableArray<EmitEntry> tests, bool checksOwners)
    {
        var emitted = AssemblyEmitter.Emit(compilation.Graphs, name, main, [.. tests], checksOwners);
        return new Executable([.. compilation.Diagnostics, .. emitted.Diagnostics], emitted.Succeeded ? emitted : null);
    }
}
