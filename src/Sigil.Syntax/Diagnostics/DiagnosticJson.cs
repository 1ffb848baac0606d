using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sigil.Syntax.Diagnostics;

/// <summary>
/// The machine-readable form: one JSON object a line. Lines and columns count from 1, columns in Unicode scalars;
/// the end is the place just behind the last character.
/// </summary>
public static class DiagnosticJson
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One diagnostic as one line, without the line end.</summary>
    public static string ToLine(Diagnostic diagnostic)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, _options))
            Write(writer, diagnostic);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>One diagnostic as an object.</summary>
    public static void Write(Utf8JsonWriter writer, Diagnostic diagnostic)
    {
        writer.WriteStartObject();
        writer.WriteString("code", diagnostic.Code);
        writer.WriteString("severity", NameOf(diagnostic.Severity));
        writer.WriteString("message", diagnostic.Message);
        WritePlace(writer, diagnostic.Location);
        if (diagnostic.PrimaryLabel is not null)
            writer.WriteString("label", diagnostic.PrimaryLabel);
        writer.WriteStartArray("labels");
        foreach (var label in diagnostic.Labels)
        {
            writer.WriteStartObject();
            writer.WriteString("message", label.Message);
            WritePlace(writer, new SourceLocation(label.Source, label.Span));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        if (diagnostic.Help is not null)
            writer.WriteString("help", diagnostic.Help);
        if (diagnostic.Fix is not null)
            WriteFix(writer, diagnostic.Fix);
        writer.WriteEndObject();
    }

    /// <summary>A severity as it is written everywhere: error, warning, note.</summary>
    public static string NameOf(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };

    private static void WriteFix(Utf8JsonWriter writer, DiagnosticFix fix)
    {
        writer.WriteStartObject("fix");
        writer.WriteString("message", fix.Message);
        writer.WriteStartArray("edits");
        foreach (var edit in fix.Edits)
        {
            writer.WriteStartObject();
            WritePlace(writer, new SourceLocation(edit.Source, edit.Span));
            writer.WriteString("newText", edit.NewText);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter writer, SourceLocation at)
    {
        var start = at.Start;
        var end = at.Source.GetLinePosition(at.Span.End);
        writer.WriteString("file", at.Source.Path);
        writer.WriteNumber("line", start.Line);
        writer.WriteNumber("column", start.Column);
        writer.WriteNumber("endLine", end.Line);
        writer.WriteNumber("endColumn", end.Column);
    }
}
