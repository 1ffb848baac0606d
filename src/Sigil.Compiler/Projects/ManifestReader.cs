using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Sigil.Semantics.Modules;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Sigil.Compiler.Projects;

/// <summary>Reads <c>sigil.toml</c>; every complaint is E9103 at the place in the file.</summary>
public sealed partial class ManifestReader
{
    private static readonly string[] tables = ["project", "dependencies", "capabilities", "warnings"];
    private static readonly string[] projectKeys = ["name", "version", "src", "entry", "require_tests"];

    private readonly SourceText source;
    private readonly DiagnosticBag diagnostics;
    private readonly string directory;
    private readonly ImmutableArray<SourceRoot>.Builder roots = ImmutableArray.CreateBuilder<SourceRoot>();
    private readonly ImmutableArray<ManifestDependency>.Builder dependencies = ImmutableArray.CreateBuilder<ManifestDependency>();
    private readonly ImmutableDictionary<string, WarningLevel>.Builder warnings = ImmutableDictionary.CreateBuilder<string, WarningLevel>();
    private string? name;
    private string? version;
    private string? entry;
    private TextSpan entryAt;
    private bool requireTests;

    private ManifestReader(SourceText source, string directory, DiagnosticBag diagnostics)
    {
        this.source = source;
        this.directory = directory;
        this.diagnostics = diagnostics;
    }

    /// <summary>Null when the file has errors.</summary>
    public static Manifest? Read(SourceText source, string directory, DiagnosticBag diagnostics) =>
        new ManifestReader(source, directory, diagnostics).Read();

    private Manifest? Read()
    {
        DocumentSyntax document;
        try
        {
            document = SyntaxParser.Parse(source.Text, source.Path);
        }
        catch (TomlException e)
        {
            // Of what is nested too deeply it says no more.
            Complain(new TextSpan(0, 0), $"this cannot be read: {e.Message}");
            return null;
        }

        foreach (var d in document.Diagnostics) Complain(SpanOf(d.Span), d.Message);
        // Behind an error of syntax, what follows is guesswork.
        if (diagnostics.HasErrors) return null;
        foreach (var item in document.KeyValues)
            Complain(KeySpan(item), $"'{KeyOf(item)}' stands outside a table", "write it below [project]");
        var seen = new HashSet<string>();
        TextSpan? project = null;
        foreach (var table in document.Tables)
        {
            var title = table.Name?.ToString().Trim() ?? "";
            var at = table.Name is { } written ? SpanOf(written.Span) : SpanOf(table.Span);
            if (table is not TableSyntax) Complain(at, $"[[{title}]] is a list of tables; write [{title}]");
            else if (!seen.Add(title)) Complain(at, $"the table [{title}] is there twice");
            else if (title == "project") ReadProject(table, at, out project);
            else if (title == "dependencies") ReadEach(table, ReadDependency);
            else if (title.StartsWith("dependencies.", StringComparison.Ordinal)) ReadDependencyTable(title["dependencies.".Length..], table, at);
            else if (title == "capabilities") ReadEach(table, ReadCapability);
            else if (title == "warnings") ReadEach(table, ReadWarning);
            else Complain(at, $"there is no table [{title}]", Suggestion(title, tables, t => $"[{t}]"));
        }
        if (project is null && !diagnostics.HasErrors) Complain(new TextSpan(0, 0), "the table [project] is missing", "it holds at least: name = \"…\"");
        else if (name is null && !diagnostics.HasErrors) Complain(project!.Value, "[project] needs a name", "write: name = \"…\"");
        if (diagnostics.HasErrors || name is null) return null;
        foreach (var d in dependencies)
            if (d.Name == name) Complain(d.Place.Span, $"'{name}' cannot depend on itself");
        if (diagnostics.HasErrors) return null;
        if (roots.Count == 0) roots.Add(new SourceRoot("src", new SourceLocation(source, project!.Value)));
        return new Manifest
        {
            Directory = directory,
            Name = name,
            Version = version ?? "0.0.0",
            SourceRoots = roots.ToImmutable(),
            Entry = entry ?? "main",
            EntryPlace = new SourceLocation(source, entry is null ? project!.Value : entryAt),
            RequireTests = requireTests,
            Dependencies = dependencies.ToImmutable(),
            Warnings = new WarningLevels(warnings.ToImmutable()),
            Capabilities = capabilities.ToImmutable(),
        };
    }

    private void ReadProject(TableSyntaxBase table, TextSpan at, out TextSpan? place)
    {
        place = at;
        ReadEach(table, item =>
        {
            switch (KeyOf(item))
            {
                case "name":
                    name = Text(item);
                    if (name is not null && !ProjectName().IsMatch(name)) Complain(ValueSpan(item), $"'{name}' is not a project name", "a lower-case letter, then lower-case letters, digits and _");
                    else if (name == "std") Complain(ValueSpan(item), "'std' is the standard library's name");
                    break;
                case "version":
                    version = Text(item);
                    if (version is not null && !Version().IsMatch(version)) Complain(ValueSpan(item), $"'{version}' is not a version", "three numbers, such as \"0.1.0\"; a part such as -beta.1 may follow");
                    break;
                case "entry":
                    entry = Text(item);
                    entryAt = ValueSpan(item);
                    if (entry is not null && !ModuleName().IsMatch(entry)) Complain(entryAt, $"'{entry}' is not a module name", "the path below the source root with dots and without extension, such as \"main\" or \"app.main\"");
                    break;
                case "src": ReadRoots(item); break;
                case "require_tests":
                    if (item.Value is BooleanValueSyntax b) requireTests = b.Value;
                    else Complain(ValueSpan(item), $"require_tests is true or false, not {Kind(item.Value)}");
                    break;
                case var other: Complain(KeySpan(item), $"[project] has no key '{other}'", Suggestion(other, projectKeys)); break;
            }
        });
    }

    private void ReadRoots(KeyValueSyntax item)
    {
        var seen = new HashSet<string>();
        void Add(string path, TextSpan at)
        {
            path = path.TrimEnd('/');
            if (path.Length == 0 || Path.IsPathRooted(path)) Complain(at, "a source root is a directory below the project's", "such as \"src\"");
            else if (path.Split('/').Contains("..")) Complain(at, $"'{path}' is not below the project's directory", "another project is a dependency: [dependencies] name = { path = \"…\" }");
            else if (!seen.Add(path)) Complain(at, $"the source root '{path}' is there twice");
            else roots.Add(new SourceRoot(path == "." ? "" : path, new SourceLocation(source, at)));
        }
        if (item.Value is not ArraySyntax array)
        {
            if (Text(item) is { } one) Add(one, ValueSpan(item));
            return;
        }
        foreach (var element in array.Items)
        {
            if (element.Value is StringValueSyntax { Value: { } v }) Add(v, SpanOf(element.Value.Span));
            else Complain(SpanOf(element.Span), $"a source root is a text in quotes, not {Kind(element.Value)}");
        }
        if (array.Items.ChildrenCount == 0) Complain(ValueSpan(item), "a project needs a source root", "write: src = \"src\"");
    }

    private void ReadDependency(KeyValueSyntax item)
    {
        var key = KeyOf(item);
        if (item.Value is InlineTableSyntax inline)
            AddDependency(key, KeySpan(item), [.. inline.Items.Select(i => i.KeyValue).OfType<KeyValueSyntax>()]);
        else if (item.Value is StringValueSyntax)
            Complain(ValueSpan(item), "there are no versions in a registry yet", $"write {key} = {{ path = \"../{key}\" }}");
        else Complain(ValueSpan(item), $"a dependency is {{ path = \"…\" }}, not {Kind(item.Value)}");
    }

    private void ReadDependencyTable(string key, TableSyntaxBase table, TextSpan at) => AddDependency(key, at, [.. table.Items]);

    private void AddDependency(string key, TextSpan at, ImmutableArray<KeyValueSyntax> properties)
    {
        if (!ProjectName().IsMatch(key) || key == "std")
        {
            Complain(at, $"'{key}' is not the name of a project", "a lower-case letter, then lower-case letters, digits and _");
            return;
        }
        if (dependencies.Any(d => d.Name == key))
        {
            Complain(at, $"the dependency '{key}' is there twice");
            return;
        }
        string? path = null;
        foreach (var property in properties)
        {
            if (KeyOf(property) == "path") path = Text(property);
            else Complain(KeySpan(property), $"a dependency has no key '{KeyOf(property)}'", Suggestion(KeyOf(property), ["path"]));
        }
        if (path is { Length: > 0 }) dependencies.Add(new ManifestDependency(key, path.TrimEnd('/'), new SourceLocation(source, at)));
        else if (!diagnostics.HasErrors) Complain(at, $"the dependency '{key}' lacks its path", $"write {key} = {{ path = \"../{key}\" }}");
    }

    private void ReadWarning(KeyValueSyntax item)
    {
        var code = KeyOf(item);
        if (WarningLevels.Complaint(code) is { } complaint) Complain(KeySpan(item), complaint);
        else if (Text(item) is not { } text) return;
        else if (text is "allow" or "warn" or "deny") warnings[code] = Enum.Parse<WarningLevel>(text, ignoreCase: true);
        else Complain(ValueSpan(item), $"'{text}' is not a level", Suggestion(text, ["allow", "warn", "deny"]));
    }

    /// <summary>The entries of a table, those that are there twice reported.</summary>
    private void ReadEach(TableSyntaxBase table, Action<KeyValueSyntax> read)
    {
        var seen = new HashSet<string>();
        foreach (var item in table.Items)
        {
            if (seen.Add(KeyOf(item))) read(item);
            else Complain(KeySpan(item), $"'{KeyOf(item)}' is there twice");
        }
    }

    private static string KeyOf(KeyValueSyntax item) => item.Key?.ToString().Trim().Trim('"') ?? "";

    private string? Text(KeyValueSyntax item)
    {
        if (item.Value is StringValueSyntax { Value: { } value }) return value;
        Complain(ValueSpan(item), $"{KeyOf(item)} is a text in quotes, not {Kind(item.Value)}");
        return null;
    }

    private static string Kind(ValueSyntax? value) => value switch
    {
        StringValueSyntax => "a text",
        BooleanValueSyntax => "true or false",
        IntegerValueSyntax or FloatValueSyntax => "a number",
        ArraySyntax => "a list",
        InlineTableSyntax => "a table",
        DateTimeValueSyntax => "a date",
        _ => "that",
    };

    private static string Suggestion(string given, string[] known, Func<string, string>? written = null)
    {
        written ??= k => k;
        return Spelling.Closest(given, known) is { } closest
            ? $"did you mean {written(closest)}?"
            : $"known are {string.Join(", ", known.Select(written))}";
    }

    private TextSpan KeySpan(KeyValueSyntax item) => item.Key is { } key ? SpanOf(key.Span) : SpanOf(item.Span);

    private TextSpan ValueSpan(KeyValueSyntax item) => item.Value is { } value ? SpanOf(value.Span) : SpanOf(item.Span);

    private TextSpan SpanOf(SourceSpan span)
    {
        int start = Math.Clamp(span.Offset, 0, source.Length);
        int length = Math.Clamp(span.Length, 0, source.Length - start);
        while (length > 0 && source.Text[start] is ' ' or '\t') (start, length) = (start + 1, length - 1);
        int newline = source.Text.AsSpan(start, length).IndexOfAny('\n', '\r');
        if (newline > 0) length = newline;
        while (length > 0 && source.Text[start + length - 1] is ' ' or '\t') length--;
        return new TextSpan(start, length);
    }

    private void Complain(TextSpan at, string message, string? help = null) =>
        diagnostics.Add(ToolErrors.BadManifest(source, at, message) with { Help = help });

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex ProjectName();

    [GeneratedRegex(@"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$")]
    private static partial Regex Version();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$")]
    private static partial Regex ModuleName();
}
