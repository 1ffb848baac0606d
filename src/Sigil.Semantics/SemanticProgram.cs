using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics;

/// <summary>What the semantic phase knows about a program. Bodies are checked on demand and cached; those of the library only when something reaches them.</summary>
public abstract class SemanticProgram
{
    public abstract CoreSymbols Core { get; }
    public abstract ITypeSystem Types { get; }
    /// <summary>The modules of the program under compilation (without the library's).</summary>
    public abstract ImmutableArray<ModuleSymbol> Modules { get; }
    public abstract ImmutableArray<ModuleSymbol> LibraryModules { get; }
    /// <summary>Diagnostics of imports, declarations, coherence and signatures.</summary>
    public abstract ImmutableArray<Diagnostic> DeclarationDiagnostics { get; }
    /// <summary>Whether the checks of a function's body are known to find nothing, so that they need not be run.</summary>
    public virtual bool IsKnownSound(FunctionSymbol function) => false;
    /// <summary>The typed body of a function, method or test that has one.</summary>
    public abstract TypedBody BodyOf(FunctionSymbol function);
    /// <summary>The typed default value of a field or parameter (module-level names only), evaluated where it is left out.</summary>
    public abstract TypedExpression DefaultOf(Symbol fieldOrParameter);
    /// <summary>The value of <c>#[json(default = …)]</c>, of an optional field's content; null where there is none.</summary>
    public virtual TypedExpression? JsonDefaultOf(FieldSymbol field) => null;
    /// <summary><c>@main</c> of the entry module, or null.</summary>
    public abstract FunctionSymbol? EntryPoint { get; }
    /// <summary>The class that provides a capability of the program's own to <c>@main</c>, if one does.</summary>
    public virtual ForeignCapability? ForeignProviderOf(TraitSymbol capability) => null;
}
