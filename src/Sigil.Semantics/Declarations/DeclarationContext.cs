using Sigil.Semantics.Modules;
using Sigil.Semantics.Solving;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Declarations;

/// <summary>What the declaration passes share: the modules, the scopes made so far, and the place for diagnostics.</summary>
internal sealed class DeclarationContext(ProgramInput input, IReadOnlyList<LoadedModule> modules, CoreSymbols core, DiagnosticBag diagnostics)
{
    public ProgramInput Input { get; } = input;
    public IReadOnlyList<LoadedModule> Modules { get; } = modules;
    public CoreSymbols Core { get; } = core;
    public DiagnosticBag Diagnostics { get; } = diagnostics;
    public ModuleExports Exports { get; } = new();
    public Dictionary<ModuleSymbol, LoadedModule> ByModule { get; } = modules.ToDictionary(m => m.Symbol);
    /// <summary>The scope in which the parts of a symbol are written.</summary>
    public Dictionary<Symbol, TypeScope> Scopes { get; } = [];
    /// <summary>Bounds as written, known before they are resolved: <c>T.Item</c> in one bound may need another one.</summary>
    public Dictionary<TypeParameterSymbol, List<(Bound Bound, TypeScope Scope)>> WrittenBounds { get; } = [];
    public Dictionary<TraitSymbol, List<(Bound Bound, TypeScope Scope)>> WrittenSupertraits { get; } = [];
    /// <summary>Bounds on type arguments in signatures, checked once all impls are known.</summary>
    public List<Obligation> Obligations { get; } = [];
    /// <summary>Default values that use what they must not (E3041).</summary>
    public HashSet<Expression> RejectedDefaults { get; } = [];
    /// <summary>Whether impls and bounds are complete, so that obligations are decided at once.</summary>
    public bool IsComplete { get; set; }
    public TypeSystem Types { get; set; } = null!;
    public TypeResolver Resolver { get; set; } = null!;

    /// <summary>What the library declares, imported or not.</summary>
    public LibraryIndex Library { get; } = new(input.Library);

    private readonly List<Action> postponed = [];

    /// <summary>Runs a check once all declarations are known.</summary>
    public void WhenComplete(Action check)
    {
        if (IsComplete) check();
        else postponed.Add(check);
    }

    /// <summary>Declares impls and bounds complete and runs the checks that waited for that.</summary>
    public void Complete()
    {
        IsComplete = true;
        foreach (var check in postponed) check();
        foreach (var o in Obligations) Declarations.Obligations.Decide(this, o, Diagnostics);
    }

    public void Report(Diagnostic d) => Diagnostics.Add(d);

    public static SourceLocation At(SyntaxElement e) => e.Location;

    public static SourceLocation? Place(Symbol s) => s.Source is { } source ? new SourceLocation(source, s.Span) : null;

    /// <summary>The package to which a symbol belongs.</summary>
    /// <summary>The class that provides a capability of this package to <c>@main</c>.</summary>
    public ForeignCapability? ForeignProviderOf(TraitSymbol capability) =>
        PackageOf(capability) == Input.Package ? Input.ForeignCapabilities.FirstOrDefault(f => f.Capability == capability.Name) : null;

    public static string? PackageOf(Symbol s) => s switch
    {
        TypeSymbol t => t.Module?.Package ?? "std",
        TraitSymbol t => t.Module?.Package ?? "std",
        ImplSymbol i => i.Module.Package,
        FunctionSymbol f => f.Module.Package,
        _ => null,
    };
}

/// <summary>Something that must hold about a type in a signature, with the place to report it at.</summary>
/// <param name="Bound">The trait; null when only copyability is asked for.</param>
/// <param name="Owner">The symbol whose bounds are known there.</param>
internal sealed record Obligation(SigilType Type, TraitReference? Bound, string CopyableFor, SourceLocation At, Symbol? Owner)
{
    /// <summary>The parameter for which the type stands; all its bounds are asked for.</summary>
    public TypeParameterSymbol? Parameter { get; init; }
    public Substitution Arguments { get; init; } = Substitution.Empty;
    /// <summary>The type is the content of a <c>val</c>: several tasks will reach it (E6019).</summary>
    public bool IsShared { get; init; }
    /// <summary>The type of which this is an argument: what goes through a channel must be able to (E6002, E6013).</summary>
    public TypeSymbol? ContentOf { get; init; }
}
