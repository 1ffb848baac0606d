using System.Text.Encodings.Web;
using System.Text.Json;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Cli;

/// <summary>Findings in SARIF 2.1.0, which code hosts and editors read.</summary>
internal static class SarifOutput
{
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    private static readonly JsonWriterOptions options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One document with one run.</summary>
    public static void Write(IReadOnlyCollection<Diagnostic> findings, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", Schema);
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            Tool(findings, json);
            // Columns count Unicode scalars.
            json.WriteString("columnKind", "unicodeCodePoints");
            json.WriteStartArray("results");
            foreach (var d in findings) Result(d, json);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }

    private static void Tool(IReadOnlyCollection<Diagnostic> findings, Utf8JsonWriter json)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "sigil");
        json.WriteString("version", ToolVersion.Text);
        json.WriteStartArray("rules");
        var used = findings.Select(d => d.Code).ToHashSet(StringComparer.Ordinal);
        foreach (var rule in DiagnosticCatalogue.All.Where(r => used.Contains(r.Code)))
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Code);
            json.WriteStartObject("shortDescription");
            json.WriteString("text", rule.Title);
            json.WriteEndObject();
            json.WriteStartObject("help");
            json.WriteString("text", $"sigil explain {rule.Code}");
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Result(Diagnostic d, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", d.Code);
        json.WriteString("level", DiagnosticJson.NameOf(d.Severity));
        json.WriteStartObject("message");
        json.WriteString("text", d.Help is null ? d.Message : $"{d.Message}\n{d.Help}");
        json.WriteEndObject();
        json.WriteStartArray("locations");
        Location(d.Location, d.PrimaryLabel, json);
        json.WriteEndArray();
        if (!d.Labels.IsDefaultOrEmpty)
        {
            json.WriteStartArray("relatedLocations");
            foreach (var label in d.Labels) Location(new SourceLocation(label.Source, label.Span), label.Message, json);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Location(SourceLocation place, string? message, Utf8JsonWriter json)
    {
        var start = place.Source.GetLinePosition(place.Span.Start);
        var end = place.Source.GetLinePosition(place.Span.End);
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", Uri(place.Source.Path));
        json.WriteEndObject();
        json.WriteStartObject("region");
        json.WriteNumber("startLine", start.Line);
        json.WriteNumber("startColumn", start.Column);
        json.WriteNumber("endLine", end.Line);
        json.WriteNumber("endColumn", end.Column);
        json.WriteEndObject();
        json.WriteEndObject();
        if (message is not null)
        {
            json.WriteStartObject("message");
            json.WriteString("text", message);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static string Uri(string path) => Path.IsPathRooted(path)
        ? new Uri(path).AbsoluteUri
        : string.Join('/', path.Replace('\\', '/').Split('/').Select(System.Uri.EscapeDataString));
}
