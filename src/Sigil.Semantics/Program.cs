using System.Collections.Immutable;
using Sigil.Semantics.Declarations;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Solving;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics;

/// <summary>The semantic phase: loads modules, binds declarations, and checks bodies on demand.</summary>
public sealed partial class ProgramAnalysis : SemanticProgram
{
    /// <summary>Loads and binds a program.</summary>
    public static ProgramAnalysis Analyze(ProgramInput input) => throw new NotImplementedException();

    public override CoreSymbols Core => throw new NotImplementedException();
    public override ITypeSystem Types => Solver;
    /// <summary>The same as <see cref="Types"/>, with what the expression checker needs besides.</summary>
    public TypeSystem Solver => throw new NotImplementedException();
    public MemberLookup Members => throw new NotImplementedException();
    public ModuleExports Exports => throw new NotImplementedException();
    public override ImmutableArray<ModuleSymbol> Modules => throw new NotImplementedException();
    public override ImmutableArray<ModuleSymbol> LibraryModules => throw new NotImplementedException();
    public override ImmutableArray<Diagnostic> DeclarationDiagnostics => throw new NotImplementedException();
    public override FunctionSymbol? EntryPoint => throw new NotImplementedException();

    /// <summary>The names in scope in a module.</summary>
    public ModuleScope ScopeOf(ModuleSymbol module) => throw new NotImplementedException();
    /// <summary>The type names in scope in the body of a function: its type parameters, those of its container, <c>Self</c>.</summary>
    public TypeScope ScopeOf(FunctionSymbol function) => throw new NotImplementedException();
    /// <summary>The scope in which the default value of a field or parameter stands.</summary>
    public TypeScope ScopeOfDefault(Symbol fieldOrParameter) => throw new NotImplementedException();

    /// <summary>Calls <c>new BodyChecker(this, …).CheckBody(function)</c> once per function.</summary>
    public override TypedBody BodyOf(FunctionSymbol function) => throw new NotImplementedException();
    public override TypedExpression DefaultOf(Symbol fieldOrParameter) => throw new NotImplementedException();
}
