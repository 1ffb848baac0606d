using Sigil.Semantics.Modules;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Pass 8: what attributes mean (E1015, E1018, E1019, E7004, E7005).</summary>
internal sealed class Attributes(DeclarationContext context)
{
    private static readonly string[] known = ["derive", "skip", "allow", "json"];
    private readonly LibraryAttributes libraryAttributes = new(context.Core);

    /// <summary>Codes allowed by <c>#[allow]</c>, with the span in which they are.</summary>
    public List<(SourceText Source, TextSpan Span, string Code)> Allowed { get; } = [];

    public void Run()
    {
        foreach (var m in context.Modules)
        {
            foreach (var a in m.Syntax.InnerAttributes)
            {
                if (a.Name.Text == "allow") Allow(a, new TextSpan(0, m.Source.Length));
                else if (known.Contains(a.Name.Text)) context.Report(DeclarationErrors.MisplacedAttribute(a.Location, a.Name.Text, "before an item, as `#[…]`"));
                else Unknown(a);
            }
            foreach (var item in m.Syntax.Items) Item(m, item, null);
            if (m.IsLibrary) libraryAttributes.Read(m.Symbol);
        }
    }

    private void Item(LoadedModule module, Item item, Item? container)
    {
        foreach (var a in item.Attributes)
        {
            if (a.Name.IsMissing) continue;
            switch (a.Name.Text)
            {
                case "derive":
                    if (item is not TypeDeclaration) context.Report(DeclarationErrors.MisplacedAttribute(a.Location, "derive", "before a type"));
                    break;
                case "skip": Skip(module, a, item, container); break;
                case "allow":
                    if (container is not null && item is FieldDeclaration) context.Report(DeclarationErrors.MisplacedAttribute(a.Location, "allow", "before an item, or in the first line as `#![allow(…)]`"));
                    else Allow(a, item.Span);
                    break;
                case "json":
                    if (item is FieldDeclaration f) Json(module, a, f, (TypeDeclaration)container!);
                    else context.Report(DeclarationErrors.MisplacedAttribute(a.Location, "json", "before a field of a struct"));
                    break;
                case var name when module.IsLibrary && LibraryAttributes.Names.Contains(name): break;
                default: Unknown(a); break;
            }
        }
        switch (item)
        {
            case TypeDeclaration { Definition: StructDefinition s }: foreach (var f in s.Members) Item(module, f, item); break;
            case TraitDeclaration t: foreach (var i in t.Members) Item(module, i, item); break;
            case ImplDeclaration t: foreach (var i in t.Members) Item(module, i, item); break;
            case ExtendDeclaration t: foreach (var i in t.Members) Item(module, i, item); break;
        }
    }

    private void Unknown(AttributeSyntax a) =>
        context.Report(DeclarationErrors.UnknownAttribute(a.Name.Location, a.Name.Text, Spelling.Closest(a.Name.Text, known)));

    private void Allow(AttributeSyntax a, TextSpan span)
    {
        foreach (var argument in a.Arguments)
        {
            if (argument is { Name: { } code, Value: null } && DiagnosticCatalogue.Find(code.Text) is { DefaultSeverity: Severity.Warning })
                Allowed.Add((a.Source, span, code.Text));
            else context.Report(DeclarationErrors.MalformedAttribute(argument.Location, "allow", "#[allow(W4001)]"));
        }
        if (a.Arguments.IsEmpty) context.Report(DeclarationErrors.MalformedAttribute(a.Location, "allow", "#[allow(W4001)]"));
    }

    private void Skip(LoadedModule module, AttributeSyntax a, Item item, Item? container)
    {
        var name = item switch { TestDeclaration t => t.Name.Span, FunctionDeclaration f when container is null => f.Name.Span, _ => default };
        var test = module.Symbol.Tests.FirstOrDefault(t => t.Span == name);
        if (test is null)
        {
            context.Report(TestErrors.SkipNotOnTest(a.Location));
            return;
        }
        if (a.Arguments.IsEmpty) context.Report(TestErrors.SkipWithoutReason(a.Location));
        else if (a.Arguments is [{ Name: null, Value: LiteralExpression { Value: string reason } }])
        {
            if (reason.Trim().Length == 0) context.Report(TestErrors.SkipWithoutReason(a.Location));
            test.SkipReason = reason;
        }
    }

    private void Json(LoadedModule module, AttributeSyntax a, FieldDeclaration f, TypeDeclaration owner)
    {
        var field = module.Symbol.Types.FirstOrDefault(t => t.Syntax == owner)?.Fields.FirstOrDefault(o => o.Span == f.Name.Span);
        if (field is null) return;
        if (a.Arguments.IsEmpty) Malformed(a);
        foreach (var argument in a.Arguments)
        {
            switch (argument)
            {
                case { Name.Text: "name", Value: LiteralExpression { Value: string name } }: field.JsonName = name; break;
                case { Name.Text: "default", Value: { } value }: field.JsonDefault = value; break;
                case { Name.Text: "skip_if_none", Value: null }: field.JsonSkipIfNone = true; break;
                default: Malformed(argument); break;
            }
        }
        void Malformed(SyntaxNode at) => context.Report(DeclarationErrors.MalformedAttribute(at.Location, "json", "#[json(name = \"n\")]`, `#[json(default = 0)]` or `#[json(skip_if_none)]"));
    }
}
