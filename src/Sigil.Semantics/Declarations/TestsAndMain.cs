using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Tests and their targets (E7001–E7003, W7001), and <c>@main</c> (E2025, E5007).</summary>
internal sealed class TestsAndMain(DeclarationContext context)
{
    /// <summary><c>@main</c> of the entry module, or null.</summary>
    public FunctionSymbol? EntryPoint { get; private set; }

    public void Run()
    {
        foreach (var m in context.Modules)
            if (!m.IsLibrary)
                foreach (var t in m.Symbol.Tests) Test(m, t);
        foreach (var m in context.Modules)
            if (!m.IsLibrary) Main(m);
        if (context.Input.ReportUntested) Untested();
    }

    private void Test(LoadedModule module, FunctionSymbol test)
    {
        if (!test.Parameters.IsEmpty) context.Report(TestErrors.TestSignature(new(test.Source!, test.Parameters[0].Span), "has no parameters"));
        if (test.ReturnType is not (NamedType { Definition.Kind: TypeKind.Void } or ErrorType))
        {
            var at = test.Syntax switch { TestDeclaration t => t.ReturnType.Span, FunctionDeclaration f => f.ReturnType.Span, _ => test.Span };
            context.Report(TestErrors.TestSignature(new(test.Source!, at), "returns void"));
        }
        if (test.Syntax is not TestDeclaration syntax) return;
        var targets = ImmutableArray.CreateBuilder<FunctionSymbol>();
        foreach (var target in syntax.Targets)
        {
            if (target.Name.IsMissing) continue;
            if (target.Type is { IsMissing: false } type)
            {
                var methods = Methods(module, type.Text, target.Name.Text).ToList();
                if (methods.Count > 0) targets.AddRange(methods);
                else context.Report(TestErrors.TargetNotFound(target.Name.Location, $"{type.Text}.{target.Name.Text}", null));
                continue;
            }
            var name = target.Name.Text;
            var found = module.Scope.LookupValue(name).Candidates.OfType<FunctionSymbol>().ToList();
            if (found.Count > 0) targets.AddRange(found);
            else context.Report(TestErrors.TargetNotFound(target.Name.Location, name, Suggest(module, name)));
        }
        test.TestTargets = targets.ToImmutable();
    }

    // Methods that a type has in its impls, wherever those are in the program, or a trait in its declaration.
    private IEnumerable<FunctionSymbol> Methods(LoadedModule module, string type, string name)
    {
        foreach (var found in module.Scope.LookupType(type).Candidates)
        {
            var methods = found switch
            {
                TypeSymbol t => context.Modules.SelectMany(m => m.Symbol.Impls).Where(i => i.SelfType.Resolve() is NamedType n && n.Definition == t).SelectMany(i => i.Methods),
                TraitSymbol t => t.Methods,
                _ => [],
            };
            foreach (var m in methods.Where(m => m.Name == name)) yield return m;
        }
    }

    private static string? Suggest(LoadedModule module, string name) =>
        Spelling.Closest(name, module.Symbol.Functions.Where(f => !f.IsTest).Select(f => f.Name)
            .Concat(module.Scope.Imports.Where(i => i.Symbol is FunctionSymbol).Select(i => i.Name)));

    private void Untested()
    {
        var tested = context.Modules.SelectMany(m => m.Symbol.Tests).SelectMany(t => t.TestTargets).ToHashSet();
        foreach (var m in context.Modules)
        {
            if (m.Symbol.Package != context.Input.Package || m.IsTestFile) continue;
            foreach (var f in m.Symbol.Functions)
                if (!f.IsTest && f.Name != "main" && f.Body is not null && !tested.Contains(f))
                    context.Report(TestErrors.Untested(new(f.Source!, f.Span), f.Name, context.Input.RequireTests));
        }
    }

    private void Main(LoadedModule module)
    {
        bool isEntry = context.Input.EntryFile is { } entry && ModulePaths.Combine("", entry) == module.Path;
        var main = module.Symbol.Functions.FirstOrDefault(f => f.Name == "main" && !f.IsTest);
        if (main is null)
        {
            if (isEntry) context.Report(NameErrors.NoMain(new(module.Source, new TextSpan(0, 0))));
            return;
        }
        if (!isEntry && context.Input.EntryFile is not null) return;
        if (isEntry || EntryPoint is null) EntryPoint = main;
        var syntax = (FunctionDeclaration)main.Syntax!;
        if (!main.Parameters.IsEmpty) context.Report(NameErrors.MainSignature(syntax.Parameters.Location, "has no parameters"));
        else if (!main.TypeParameters.IsEmpty) context.Report(NameErrors.MainSignature(syntax.TypeParameters!.Location, "is not generic"));
        else if (Result(main.ReturnType) is { } problem) context.Report(NameErrors.MainSignature(syntax.ReturnType.Location, problem));
        foreach (var u in main.Uses)
        {
            if (u.Trait.IsMarkerCapability || u.Trait.IsStandardCapability || context.ForeignProviderOf(u.Trait) is not null) continue;
            var at = syntax.Uses?.Capabilities.FirstOrDefault(p => p.Last.Text == u.Trait.Name)?.Location ?? new SourceLocation(main.Source!, main.Span);
            context.Report(DeclarationErrors.MainCapability(at, u.Trait.Name));
        }
    }

    private string? Result(SigilType type)
    {
        switch (type)
        {
            case ErrorType or NamedType { Definition.Kind: TypeKind.Void or TypeKind.Never }: return null;
            case NamedType n when n.Definition == context.Core.FindType("Result"):
                if (n.Arguments[0] is not (ErrorType or NamedType { Definition.Kind: TypeKind.Void })) return $"returns `{type}`";
                return n.Arguments[1] is ErrorType || context.Types.Implements(n.Arguments[1], new TraitReference(context.Core.Trait("Printable"))) ? null : $"returns an error that is not printable: `{n.Arguments[1]}`";
            default: return $"returns `{type}`";
        }
    }
}
