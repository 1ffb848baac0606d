using System.Buffers;
using System.Text;
using System.Text.Json;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Json;

/// <summary>What a value writes itself into as JSON.</summary>
public sealed class JsonWriter
{
    // Values may be nested as deeply as the stack allows.
    private const int MaxDepth = int.MaxValue / 2;
    private readonly ArrayBufferWriter<byte> buffer = new(256);
    private readonly Utf8JsonWriter writer;

    private JsonWriter(bool pretty)
    {
        // Whoever calls it is the compiler or the library: what they write is well-formed.
        writer = new Utf8JsonWriter(buffer, new JsonWriterOptions
        {
            Encoder = PlainEncoder.Instance,
            Indented = pretty,
            NewLine = "\n",
            MaxDepth = MaxDepth,
            SkipValidation = true,
        });
    }

    /// <summary>An empty writer; pretty: on lines of their own, indented by two spaces.</summary>
    [Intrinsic("json_writer")]
    public static JsonWriter New(bool pretty) => new(pretty);

    /// <summary>What has been written.</summary>
    [Intrinsic("JsonWriter.text")]
    public string Text()
    {
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary><c>null</c>.</summary>
    [Intrinsic("JsonWriter.put_null")]
    public void PutNull() => writer.WriteNullValue();

    /// <summary><c>true</c> or <c>false</c>.</summary>
    [Intrinsic("JsonWriter.put_bool")]
    public void PutBool(bool value) => writer.WriteBooleanValue(value);

    /// <summary>A number without fraction.</summary>
    [Intrinsic("JsonWriter.put_int")]
    public void PutInt(long value) => writer.WriteNumberValue(value);

    /// <summary>A number that reads back as a float; <c>null</c> for what JSON has no number for.</summary>
    [Intrinsic("JsonWriter.put_float")]
    public void PutFloat(double value)
    {
        if (double.IsFinite(value)) writer.WriteRawValue(Literals.Float(value), skipInputValidation: true);
        else writer.WriteNullValue();
    }

    /// <summary>A string.</summary>
    [Intrinsic("JsonWriter.put_str")]
    public void PutText(string value) => writer.WriteStringValue(value);

    /// <summary>JSON that somebody else has made; panics when it is none.</summary>
    [Intrinsic("JsonWriter.put_json")]
    public void PutJson(string json, string site)
    {
        try
        {
            writer.WriteRawValue(json);
        }
        catch (Exception problem) when (problem is JsonException or ArgumentException)
        {
            Panic.User($"to_json gave text that is no JSON: {Literals.Quote(json.Length > 100 ? TextIndex.WellFormed(json[..100]) + "…" : json)}", site);
        }
    }

    /// <summary><c>[</c></summary>
    [Intrinsic("JsonWriter.begin_array")]
    public void BeginArray() => writer.WriteStartArray();

    /// <summary><c>]</c></summary>
    [Intrinsic("JsonWriter.end_array")]
    public void EndArray() => writer.WriteEndArray();

    /// <summary><c>{</c></summary>
    [Intrinsic("JsonWriter.begin_object")]
    public void BeginObject() => writer.WriteStartObject();

    /// <summary><c>}</c></summary>
    [Intrinsic("JsonWriter.end_object")]
    public void EndObject() => writer.WriteEndObject();

    /// <summary>The name of the member whose value comes next.</summary>
    [Intrinsic("JsonWriter.put_name")]
    public void PutName(string name) => writer.WritePropertyName(name);
}
