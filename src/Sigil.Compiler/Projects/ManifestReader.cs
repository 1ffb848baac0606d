using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Sigil.Compiler.Projects;

/// <summary>Reads <c>sigil.toml</c>; every complaint is E9103 at the place in the file.</summary>
public sealed partial class ManifestReader
{
    private readonly SourceText source;
    private readonly DiagnosticBag diagnostics;

    private ManifestReader(SourceText source, DiagnosticBag diagnostics)
    {
        this.source = source;
        this.diagnostics = diagnostics;
    }

    /// <summary>Null when the file has errors.</summary>
    public static Manifest? Read(SourceText source, string directory, DiagnosticBag diagnostics) =>
        new ManifestReader(source, diagnostics).Read(directory);

    private Manifest? Read(string directory)
    {
        var document = SyntaxParser.Parse(source.Text, source.Path);
        foreach (var d in document.Diagnostics) Complain(SpanOf(d.Span), d.Message);
        string? name = null, version = null, entry = null;
        var roots = ImmutableArray.Create("src");
        bool requireTests = false, hasProject = false;
        var dependencies = ImmutableDictionary.CreateBuilder<string, string>();
        var warnings = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var key in document.KeyValues) Complain(SpanOf(key.Span), $"'{KeyOf(key)}' stands outside a table; write it below [project]");
        foreach (var table in document.Tables)
        {
            var title = table.Name?.ToString().Trim() ?? "";
            switch (title)
            {
                case "project":
                    hasProject = true;
                    foreach (var item in table.Items)
                    {
                        switch (KeyOf(item))
                        {
                            case "name":
                                name = Text(item);
                                if (name is not null && !ProjectName().IsMatch(name)) Complain(SpanOf(item.Span), $"'{name}' is not a project name: a lower-case letter, then lower-case letters, digits and _");
                                break;
                            case "version": version = Text(item); break;
                            case "entry": entry = Text(item); break;
                            case "src": roots = Texts(item); break;
                            case "require_tests":
                                if (item.Value is BooleanValueSyntax b) requireTests = b.Value;
                                else Complain(SpanOf(item.Span), "require_tests is true or false");
                                break;
                            case var other: Complain(SpanOf(item.Span), $"[project] has no key '{other}'"); break;
                        }
                    }
                    break;
                case "dependencies":
                    foreach (var item in table.Items)
                    {
                        if (item.Value is InlineTableSyntax inline && inline.Items.Select(i => i.KeyValue).FirstOrDefault(k => k is not null && KeyOf(k) == "path") is { } path && Text(path) is { } target)
                            dependencies[KeyOf(item)] = target;
                        else Complain(SpanOf(item.Span), $"a dependency is written {KeyOf(item)} = {{ path = \"../directory\" }}");
                    }
                    break;
                case "warnings":
                    foreach (var item in table.Items)
                    {
                        var level = Text(item);
                        if (level is "allow" or "warn" or "deny") warnings[KeyOf(item)] = level;
                        else if (level is not null) Complain(SpanOf(item.Span), $"'{level}' is not a level: allow, warn or deny");
                    }
                    break;
                default: Complain(SpanOf(table.Span), $"there is no table [{title}]: [project], [dependencies] and [warnings] are known"); break;
            }
        }
        if (!hasProject) Complain(new TextSpan(0, 0), "the table [project] is missing");
        else if (name is null && !diagnostics.HasErrors) Complain(new TextSpan(0, 0), "[project] needs a name");
        if (diagnostics.HasErrors || name is null) return null;
        return new Manifest
        {
            Directory = directory,
            Name = name,
            Version = version ?? "0.0.0",
            SourceRoots = roots,
            Entry = entry ?? "main",
            RequireTests = requireTests,
            Dependencies = dependencies.ToImmutable(),
            Warnings = warnings.ToImmutable(),
        };
    }

    private static string KeyOf(KeyValueSyntax item) => item.Key?.ToString().Trim().Trim('"') ?? "";

    private string? Text(KeyValueSyntax item)
    {
        if (item.Value is StringValueSyntax { Value: { } value }) return value;
        Complain(SpanOf(item.Span), $"'{KeyOf(item)}' needs a text in quotes");
        return null;
    }

    private ImmutableArray<string> Texts(KeyValueSyntax item)
    {
        if (item.Value is ArraySyntax array)
        {
            var list = ImmutableArray.CreateBuilder<string>();
            foreach (var element in array.Items)
            {
                if (element.Value is StringValueSyntax { Value: { } v }) list.Add(v);
                else Complain(SpanOf(element.Span), "a source root is a text in quotes");
            }
            return list.ToImmutable();
        }
        return Text(item) is { } one ? [one] : [];
    }

    private TextSpan SpanOf(SourceSpan span)
    {
        int start = Math.Clamp(span.Offset, 0, source.Length);
        int length = Math.Clamp(span.Length, 0, source.Length - start);
        int newline = source.Text.IndexOf('\n', start, length);
        return new TextSpan(start, newline > start ? newline - start : length);
    }

    private void Complain(TextSpan at, string message) => diagnostics.Add(ToolErrors.BadManifest(source, at, message));

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex ProjectName();
}
