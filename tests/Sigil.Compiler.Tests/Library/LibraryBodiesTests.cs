using Sigil.Compiler.Tests.EndToEnd;
using Sigil.Semantics;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Tests.Library;

/// <summary>The standard library as it is embedded: programs only ever check the bodies that they reach.</summary>
public sealed class LibraryBodiesTests
{
    [Fact]
    public void Every_body_of_every_module_type_checks()
    {
        var library = new EmbeddedLibrary();
        var imports = library.ModuleNames.Where(m => m != "std.prelude").Select((m, i) => $"use {m} as module{i}\n");
        var program = ProgramAnalysis.Analyze(new ProgramInput
        {
            Library = library,
            Sources = new OneFile(string.Concat(imports) + "@main () -> void = ()"),
            RootFiles = [OneFile.Path],
        });
        var bodies = program.LibraryModules.SelectMany(Functions).Where(f => f.Body is not null).ToList();
        Assert.True(bodies.Count > 300, $"only {bodies.Count} bodies");
        var errors = program.DeclarationDiagnostics.Concat(bodies.SelectMany(f => program.BodyOf(f).Diagnostics)).Where(d => d.Severity == Severity.Error);
        Assert.Empty(errors.Select(d => d.ToString()));
    }

    [Fact]
    public void The_library_s_own_tests_pass()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "library"), "*.si").Order(StringComparer.Ordinal))
        {
            var run = WarmCommand.Test(Repository.Root, file);
            Assert.True(run.ExitCode == 0 && run.Output.Contains(" 0 failed", StringComparison.Ordinal), $"{file}\n{run.Output}{run.Error}");
        }
    }

    private static IEnumerable<FunctionSymbol> Functions(ModuleSymbol module) => module.Functions
        .Concat(module.Impls.SelectMany(i => i.Methods)).Concat(module.Traits.SelectMany(t => t.Methods)).Concat(module.Extensions.SelectMany(e => e.Methods));

    private sealed class OneFile(string text) : ISourceProvider
    {
        public const string Path = "program.si";
        public bool Exists(string path) => path == Path;
        public SourceText? Read(string path, DiagnosticBag diagnostics) => path == Path ? SourceText.FromString(Path, text) : null;
        public IEnumerable<string> List(string directory) => [Path];
    }
}
