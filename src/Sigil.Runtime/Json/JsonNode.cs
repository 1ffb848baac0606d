using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Json;

/// <summary>A value within a JSON text that has been found well-formed. It knows where it stands.</summary>
public sealed class JsonNode
{
    private const long Good = 0, WrongType = 1, OutOfRange = 2;
    private readonly JsonSource source;
    private readonly JsonElement element;

    internal JsonNode(JsonSource source, JsonElement element)
    {
        this.source = source;
        this.element = element;
    }

    /// <summary>0 null, 1 bool, 2 number without fraction or exponent, 3 other number, 4 string, 5 array, 6 object.</summary>
    [Intrinsic("JsonNode.kind")]
    public long Kind => element.ValueKind switch
    {
        JsonValueKind.Null => 0,
        JsonValueKind.True or JsonValueKind.False => 1,
        JsonValueKind.Number => IsWhole() ? 2 : 3,
        JsonValueKind.String => 4,
        JsonValueKind.Array => 5,
        _ => 6,
    };

    /// <summary>Line and column, from 1; columns count scalars.</summary>
    [Intrinsic("JsonNode.position")]
    public (long Line, long Column) Position()
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return source.PositionOf((int)Unsafe.ByteOffset(ref MemoryMarshal.GetArrayDataReference(source.Bytes), ref MemoryMarshal.GetReference(raw)));
    }

    /// <summary>The text that it was read from.</summary>
    [Intrinsic("JsonNode.json")]
    public string Json() => element.GetRawText();

    /// <summary>Of a bool.</summary>
    [Intrinsic("JsonNode.get_bool")]
    public Option<bool> Bool() => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? Option<bool>.Some(element.GetBoolean()) : Option<bool>.None;

    /// <summary>Of a number without fraction or exponent: code 0; 1 for anything else, 2 for a number that an int cannot hold.</summary>
    [Intrinsic("JsonNode.get_int")]
    public (long Code, long Value) Int() =>
        element.ValueKind != JsonValueKind.Number || !IsWhole() ? (WrongType, 0)
        : element.TryGetInt64(out var value) ? (Good, value) : (OutOfRange, 0);

    /// <summary>Of a number: code 0; 1 for anything else, 2 for a number beyond the largest float.</summary>
    [Intrinsic("JsonNode.get_float")]
    public (long Code, double Value) Float() =>
        element.ValueKind != JsonValueKind.Number ? (WrongType, 0)
        : double.TryParse(JsonMarshal.GetRawUtf8Value(element), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? (Good, value)
        : (OutOfRange, 0);

    /// <summary>Of a string.</summary>
    [Intrinsic("JsonNode.get_str")]
    public Option<string> Text() => element.ValueKind == JsonValueKind.String ? Option<string>.Some(element.GetString()!) : Option<string>.None;

    /// <summary>Of an array.</summary>
    [Intrinsic("JsonNode.items")]
    public Option<SigilList<JsonNode>> Items()
    {
        if (element.ValueKind != JsonValueKind.Array) return Option<SigilList<JsonNode>>.None;
        var items = new JsonNode[element.GetArrayLength()];
        var i = 0;
        foreach (var item in element.EnumerateArray()) items[i++] = new JsonNode(source, item);
        return Option<SigilList<JsonNode>>.Some(SigilList<JsonNode>.Of(items));
    }

    /// <summary>Of an object: names and values as they stand, repeated names included.</summary>
    [Intrinsic("JsonNode.members")]
    public Option<SigilList<(string Name, JsonNode Value)>> Members()
    {
        if (element.ValueKind != JsonValueKind.Object) return Option<SigilList<(string, JsonNode)>>.None;
        var members = SigilList<(string, JsonNode)>.WithCapacity(element.GetPropertyCount());
        foreach (var member in element.EnumerateObject()) members = members.Append((member.Name, new JsonNode(source, member.Value)));
        return Option<SigilList<(string, JsonNode)>>.Some(members);
    }

    /// <summary>The last member of an object with that name.</summary>
    [Intrinsic("JsonNode.member")]
    public Option<JsonNode> Member(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? Option<JsonNode>.Some(new JsonNode(source, value)) : Option<JsonNode>.None;

    private bool IsWhole() => JsonMarshal.GetRawUtf8Value(element).IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0;
}
