using System.Collections.Immutable;
using Sigil.Semantics.Declarations;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Solving;
using Sigil.Semantics.Symbols;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics;

/// <summary>The semantic phase: loads modules, binds declarations, and checks bodies on demand. Not safe for concurrent use.</summary>
public sealed partial class ProgramAnalysis : SemanticProgram
{
    private readonly DiagnosticBag diagnostics = [];
    private readonly Attributes attributes;

    private ProgramAnalysis(ProgramInput input)
    {
        Core = new CoreSymbols();
        Solver = new TypeSystem(Core);
        var modules = new ModuleLoader(input, diagnostics).Load();
        Context = new DeclarationContext(input, modules, Core, diagnostics) { Types = Solver };
        Context.Resolver = new TypeResolver(Context, diagnostics);
        Modules = [.. modules.Where(m => !m.IsLibrary).Select(m => m.Symbol)];
        LibraryModules = [.. modules.Where(m => m.IsLibrary).Select(m => m.Symbol)];
        attributes = new Attributes(Context);
        EntryPoint = Declare(modules);
        Members = new MemberLookup(Solver, modules.Select(m => m.Symbol));
    }

    /// <summary>Loads and binds a program.</summary>
    public static ProgramAnalysis Analyze(ProgramInput input) => new(input);

    internal DeclarationContext Context { get; }
    public override CoreSymbols Core { get; }
    public override ITypeSystem Types => Solver;
    /// <summary>The same as <see cref="Types"/>, with what the expression checker needs besides.</summary>
    public TypeSystem Solver { get; }
    public MemberLookup Members { get; }
    public ModuleExports Exports => Context.Exports;
    public override ImmutableArray<ModuleSymbol> Modules { get; }
    public override ImmutableArray<ModuleSymbol> LibraryModules { get; }
    public override ImmutableArray<Diagnostic> DeclarationDiagnostics
    {
        get
        {
            CheckDeclaredDefaults();
            return diagnostics.ToImmutable();
        }
    }
    public override FunctionSymbol? EntryPoint { get; }

    /// <summary>The declaration passes in order; each relies on those before it only.</summary>
    private FunctionSymbol? Declare(IReadOnlyList<LoadedModule> modules)
    {
        new SymbolCollection(Context).Run();
        var prelude = new Prelude(modules.Select(m => m.Symbol));
        var capabilities = StandardCapabilities.InScope(modules);
        foreach (var m in modules)
        {
            m.Scope = new ModuleScope(m.Symbol, prelude, capabilities);
            Exports.Register(m.Scope);
        }
        new ImportBinder(modules, Exports, diagnostics).Bind();
        new TypeParameters(Context).Run();
        new TypeContents(Context).Run();
        new ImplHeads(Context).Run();
        new Signatures(Context).Run();
        attributes.Run();
        new ImpliedBounds(Context).Run();
        new ExtensionImports(Context).Run();
        foreach (var m in modules) Solver.Add(m.Symbol);
        Context.Complete();
        new BorrowedParameters(Context).Run();
        new ImplChecks(Context).Run();
        new SizeCheck(Context).Run();
        new EndlessTypes(Context).Run();
        new DefaultValues(Context).Run();
        new NormalSignatures(Context).Run();
        var tests = new TestsAndMain(Context);
        tests.Run();
        return tests.EntryPoint;
    }

    /// <summary>The names in scope in a module.</summary>
    public ModuleScope ScopeOf(ModuleSymbol module) => Context.ByModule[module].Scope;

    /// <summary>The type names in scope in the body of a function: its type parameters, those of its container, <c>Self</c>.</summary>
    public TypeScope ScopeOf(FunctionSymbol function) => Context.Scopes.TryGetValue(function, out var scope) ? scope : new TypeScope(ScopeOf(function.Module));

    /// <summary>The scope in which the default value of a field or parameter stands.</summary>
    public TypeScope ScopeOfDefault(Symbol fieldOrParameter) => Context.Scopes[fieldOrParameter];

    /// <summary>What only the whole program shows: unused imports (W2002), generic functions that need ever larger instances of each other (E3044). To be asked after the bodies of all modules are checked.</summary>
    public ImmutableArray<Diagnostic> WholeProgramDiagnostics()
    {
        var found = new DiagnosticBag();
        foreach (var module in Modules)
            foreach (var i in passed.Contains(module) ? [] : ScopeOf(module).Imports)
                if (!i.IsUsed && !i.IsReExported && !i.IsImplicit) found.Add(NameErrors.UnusedImport(new SourceLocation(module.Source!, i.Span), i.Name));
        var graph = new InstantiationGraph();
        foreach (var (function, body) in bodies)
            if (function.Source is { } source && !function.AllTypeParameters.IsEmpty) new InstantiationCollector(graph, source).Visit(body.Root);
        graph.Report(found);
        return found.ToImmutable();
    }

    /// <summary>Whether a warning that is off by default is wanted.</summary>
    internal bool IsEnabled(string warning) => Context.Input.EnabledWarnings.Contains(warning);

    /// <summary>Whether <c>#[allow]</c> switches a warning off at its place.</summary>
    public bool IsAllowed(Diagnostic warning) =>
        warning.Severity == Severity.Warning && attributes.Allowed.Any(a => a.Code == warning.Code && a.Source == warning.Source && a.Span.Contains(warning.Span.Start));
}
