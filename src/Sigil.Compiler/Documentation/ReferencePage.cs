using System.Text;
using System.Text.RegularExpressions;
using Sigil.Syntax;
using Sigil.Syntax.Ast;

namespace Sigil.Compiler.Documentation;

/// <summary>The reference page of one module, in Markdown: what it offers to others, with the doc comments.</summary>
public static partial class ReferencePage
{
    /// <summary>Writes the page.</summary>
    /// <param name="module">The name of the module.</param>
    /// <param name="tree">Its source.</param>
    /// <returns>Null when the module offers nothing.</returns>
    public static string? Of(string module, SyntaxTree tree)
    {
        var root = tree.Root;
        var page = new StringBuilder();
        var types = root.Items.OfType<TypeDeclaration>().Where(t => t.IsPublic).ToList();
        var traits = root.Items.OfType<TraitDeclaration>().Where(t => t.IsPublic).ToList();
        var functions = root.Items.OfType<FunctionDeclaration>().Where(f => f.IsPublic && !IsInternal(f)).ToList();
        var configs = root.Items.OfType<ConfigDeclaration>().Where(c => c.IsPublic).ToList();
        var elsewhere = OfOtherTypes(root, [.. root.Items.OfType<TypeDeclaration>().Select(t => t.Name.Text)]);
        if (types.Count + traits.Count + functions.Count + configs.Count + elsewhere.Count == 0) return null;

        page.Append($"# {module}\n");
        Describe(page, DocComment.OfModule(root));
        Section(page, "Traits", traits.Count);
        foreach (var t in traits) Trait(page, t);
        Section(page, "Types", types.Count);
        foreach (var t in types) Type(page, t, root);
        Section(page, "Methods of other types", elsewhere.Count);
        foreach (var (type, methods) in elsewhere)
        {
            page.Append($"\n### {type.Replace("<", "&lt;", StringComparison.Ordinal)}\n");
            Methods(page, methods, []);
        }
        Section(page, "Functions", functions.Count);
        foreach (var f in functions)
        {
            page.Append($"\n### @{f.Name.Text}\n\n```sigil\n{Signature(f)}\n```\n");
            Describe(page, f.Documentation);
        }
        Section(page, "Constants", configs.Count);
        foreach (var c in configs)
        {
            page.Append($"\n### ${c.Name.Text}\n\n```sigil\n{Constant(c)}\n```\n");
            Describe(page, c.Documentation);
        }
        return page.ToString();
    }

    // Methods that the module gives to types of others, in the order of the types' first impl.
    private static List<(string Type, List<FunctionDeclaration> Methods)> OfOtherTypes(ModuleSyntax root, HashSet<string> own)
    {
        var inherent = root.Items.OfType<ImplDeclaration>().Where(i => i.Trait is null && !own.Contains(Head(i.Type)))
            .Select(i => (Name: Slice(i.Type, i.Type.Span.Start, i.Type.Span.End), i.Members));
        var extended = root.Items.OfType<ExtendDeclaration>().Where(e => e.IsPublic).Select(e => (Name: Slice(e.Trait, e.Trait.Span.Start, e.Trait.Span.End), e.Members));
        return [.. inherent.Concat(extended).GroupBy(i => i.Name).Select(g => (g.Key, g.SelectMany(i => i.Members.OfType<FunctionDeclaration>()).Where(m => !IsInternal(m)).ToList()))
            .Where(g => g.Item2.Count > 0)];
    }

    // What the library needs itself.
    private static bool IsInternal(FunctionDeclaration f) => f.Attributes.Any(a => a.Name.Text == "internal");

    private static string Constant(ConfigDeclaration c) =>
        c.Attributes.FirstOrDefault(a => a.Name.Text == "intrinsic") is { Arguments: [{ Value: LiteralExpression { Value: string key } }] } && key.Contains('.', StringComparison.Ordinal)
            ? $"${c.Name.Text} = {key}" : Slice(c, c.Dollar.Span.Start, c.Span.End);

    /// <summary>The first sentence of a module's description, for lists of modules.</summary>
    public static string Summary(SyntaxTree tree) =>
        DocComment.OfModule(tree.Root)?.Description is { Length: > 0 } text ? FirstSentence().Match(text).Value.ReplaceLineEndings(" ") : "";

    private static void Trait(StringBuilder page, TraitDeclaration t)
    {
        page.Append($"\n### {t.Name.Text}\n\n```sigil\n{Slice(t, t.TraitKeyword.Span.Start, t.OpenBrace?.Span.Start ?? t.Span.End)}\n```\n");
        Describe(page, t.Documentation);
        Methods(page, t.Members.OfType<FunctionDeclaration>(), t.Members.OfType<AssociatedTypeDeclaration>());
    }

    private static void Type(StringBuilder page, TypeDeclaration t, ModuleSyntax root)
    {
        page.Append($"\n### {t.Name.Text}\n\n```sigil\n");
        foreach (var a in t.Attributes)
            if (Slice(a, a.Span.Start, a.Span.End) is var text && text.StartsWith("#[derive", StringComparison.Ordinal)) page.Append(text).Append('\n');
        // What the runtime provides has no parts that could be told.
        var isOpaque = t.Attributes.Any(a => a.Name.Text == "runtime");
        page.Append($"{Slice(t, t.TypeKeyword.Span.Start, isOpaque && t.EqualsToken is { } equals ? equals.Span.Start : t.Span.End, keepLines: true)}\n```\n");
        Describe(page, t.Documentation);
        var impls = root.Items.OfType<ImplDeclaration>().Where(i => Head(i.Type) == t.Name.Text).ToList();
        if (impls.Where(i => i.Trait is not null).Select(i => $"`{(i.Bang is null ? "" : "!")}{Slice(i.Trait!, i.Trait!.Span.Start, i.Trait.Span.End)}`").ToList() is { Count: > 0 } traits)
            page.Append($"\nImplements {string.Join(", ", traits)}.\n");
        Methods(page, impls.Where(i => i.Trait is null).SelectMany(i => i.Members.OfType<FunctionDeclaration>()), []);
    }

    private static void Methods(StringBuilder page, IEnumerable<FunctionDeclaration> methods, IEnumerable<AssociatedTypeDeclaration> types)
    {
        var text = new StringBuilder();
        foreach (var t in types) text.Append($"- `{Slice(t, t.TypeKeyword.Span.Start, t.Span.End)}`{Short(t.Documentation)}\n");
        foreach (var m in methods.Where(m => !IsInternal(m))) text.Append($"- `{Signature(m)}`{Short(m.Documentation)}\n");
        if (text.Length > 0) page.Append('\n').Append(text);
    }

    private static void Section(StringBuilder page, string title, int entries)
    {
        if (entries > 0) page.Append($"\n## {title}\n");
    }

    private static void Describe(StringBuilder page, DocComment? doc)
    {
        if (doc is null) return;
        if (doc.Description.Length > 0) page.Append($"\n{doc.Description}\n");
        Notes(page, "", [.. doc.Parameters, .. doc.Fields]);
        Notes(page, "\nFails with:\n", doc.Errors);
        if (doc.Examples.Length > 0) page.Append($"\n```sigil\n{string.Join('\n', doc.Examples)}\n```\n");
    }

    private static void Notes(StringBuilder page, string title, IReadOnlyCollection<DocNote> notes)
    {
        if (notes.Count == 0) return;
        page.Append($"{title}\n");
        foreach (var (name, text) in notes) page.Append($"- `{name}`: {text}\n");
    }

    private static string Short(DocComment? doc) => doc?.Description is { Length: > 0 } text ? ": " + text.ReplaceLineEndings(" ") : "";

    private static string Signature(FunctionDeclaration f) => Slice(f, f.At.Span.Start, f.EqualsToken?.Span.Start ?? f.Span.End);

    /// <summary>The name of a type without its arguments.</summary>
    private static string Head(TypeSyntax type) => Slice(type, type.Span.Start, type.Span.End).Split('<')[0];

    /// <summary>Source text without comments, on one line unless lines matter.</summary>
    private static string Slice(SyntaxNode node, int start, int end, bool keepLines = false)
    {
        var text = node.Source.Text[start..end].ReplaceLineEndings("\n");
        text = CommentLine().Replace(text, "").Trim();
        return keepLines ? text : Brackets().Replace(Blanks().Replace(text, " "), m => m.Value.Trim(' ', ','));
    }

    [GeneratedRegex(@"^[ \t]*//.*\n", RegexOptions.Multiline)]
    private static partial Regex CommentLine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<=[(\[]) |,? (?=[)\]])")]
    private static partial Regex Brackets();

    [GeneratedRegex(@"^.*?(?:\.(?=\s|$)|$)", RegexOptions.Singleline)]
    private static partial Regex FirstSentence();
}
