using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Pass 6: parameters, results, <c>uses</c> and where clauses of functions and methods (E2005, E2018).</summary>
internal sealed class Signatures(DeclarationContext context)
{
    private readonly Bounds bounds = new(context);

    public void Run()
    {
        foreach (var m in context.Modules)
        {
            foreach (var t in m.Symbol.Traits) foreach (var f in t.Methods) TraitMethod(f, t);
            foreach (var t in m.Symbol.Types) foreach (var f in t.OpaqueMethods) OpaqueMethod(f, t.SelfType);
        }
        foreach (var m in context.Modules)
        {
            foreach (var f in m.Symbol.Functions) Function(f);
            foreach (var i in m.Symbol.Impls) foreach (var f in i.Methods) ImplMethod(f, i);
            foreach (var e in m.Symbol.Extensions) foreach (var f in e.Methods) Method(f, new TypeParameterType(e.Self));
        }
    }

    private void Function(FunctionSymbol function)
    {
        switch (function.Syntax)
        {
            case FunctionDeclaration f:
                if (f.Parameters.Self is { } self) context.Report(NameErrors.SelfOutsideMethod(self.Location));
                Declare(function, f.TypeParameters, f.Parameters, f.ReturnType, f.Uses, f.Where);
                break;
            case TestDeclaration t: Declare(function, null, t.Parameters, t.ReturnType, t.Uses, null); break;
        }
    }

    private void TraitMethod(FunctionSymbol method, TraitSymbol trait)
    {
        var self = new TypeParameterType(trait.Self);
        Method(method, self);
        if (method.SelfKind != SelfKind.None || TypeContents.MentionsSelf((FunctionDeclaration)method.Syntax!)) return;
        method.IsCapabilityMethod = true;
        method.SelfType = self;
    }

    private void ImplMethod(FunctionSymbol method, ImplSymbol impl)
    {
        if (impl.Opaque is not null)
        {
            OpaqueMethod(method, impl.SelfType);
            return;
        }
        Method(method, impl.SelfType);
        // The provided value is `self` in capability methods although the signature does not say so.
        if (method.SelfKind == SelfKind.None && impl.Trait?.Trait.FindMethod(method.Name) is { IsCapabilityMethod: true })
        {
            method.IsCapabilityMethod = true;
            method.SelfType = impl.SelfType;
        }
    }

    private void OpaqueMethod(FunctionSymbol method, SigilType self)
    {
        Method(method, self);
        if (method.SelfKind != SelfKind.None) return;
        method.SelfKind = SelfKind.Borrowed;
        method.SelfType = self;
    }

    private void Method(FunctionSymbol method, SigilType self)
    {
        var f = (FunctionDeclaration)method.Syntax!;
        if (f.Parameters.Self is { } receiver)
        {
            method.SelfKind = receiver.IsMut ? SelfKind.Mutable : receiver.IsOwn ? SelfKind.Owned : SelfKind.Borrowed;
            method.SelfType = self;
        }
        Declare(method, f.TypeParameters, f.Parameters, f.ReturnType, f.Uses, f.Where);
    }

    private void Declare(FunctionSymbol function, TypeParameterList? generics, ParameterList list, TypeSyntax result, UsesClause? uses, WhereClause? where)
    {
        var scope = context.Scopes[function];
        bounds.OfParameters(generics, function.TypeParameters, scope);
        function.Constraints = bounds.OfWhere(where, function, scope);
        var parameters = ImmutableArray.CreateBuilder<ParameterSymbol>();
        var names = new Dictionary<string, SyntaxToken>();
        foreach (var written in list.Parameters)
        {
            if (written is not Parameter p)
            {
                if (written != list.Self || written != list.Parameters[0]) context.Report(NameErrors.SelfOutsideMethod(written.Location));
                continue;
            }
            foreach (var name in NamesIn(p.Pattern))
            {
                if (name.IsMissing || names.TryAdd(name.Text, name)) continue;
                context.Report(NameErrors.DuplicatePart(name.Location, "parameter", name.Text, names[name.Text].Location));
            }
            var type = context.Resolver.Resolve(p.Type, scope, TypePosition.Parameter);
            var text = p.Name is { } n ? n.Text : p.Pattern is WildcardPattern ? "_" : "";
            bool isPlain = p.Pattern is BindingPattern or WildcardPattern;
            var symbol = new ParameterSymbol(text, parameters.Count)
            {
                Type = type,
                Default = p.Default,
                Source = p.Pattern.Source,
                Span = p.Pattern.Span,
                // In the library a trailing underscore lets a keyword be a label: `where_` is written `.where:`.
                Label = p.Pattern is BindingPattern ? function.Module.IsStandardLibrary ? text.TrimEnd('_') : text : null,
                Pattern = isPlain ? null : p.Pattern,
            };
            context.Scopes[symbol] = scope;
            parameters.Add(symbol);
        }
        function.Parameters = parameters.ToImmutable();
        function.ReturnType = context.Resolver.Resolve(result, scope);
        function.Uses = context.Resolver.ResolveUses(uses, scope);
    }

    private static IEnumerable<SyntaxToken> NamesIn(Pattern pattern) => pattern switch
    {
        BindingPattern b => [b.Name],
        WildcardPattern => [],
        _ => pattern.DescendantNodesAndSelf().Select(n => n switch
        {
            BindingPattern b => b.Name,
            AsPattern a => a.Name,
            RestPattern { Name: { } r } => r,
            FieldPattern { Pattern: null } f => f.Name,
            _ => null,
        }).OfType<SyntaxToken>(),
    };
}
