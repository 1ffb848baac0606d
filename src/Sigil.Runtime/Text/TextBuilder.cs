using System.Globalization;
using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Text;

/// <summary>Collects the parts of a text; for templates with many parts, derived printing and joins.</summary>
public sealed class TextBuilder
{
    private char[] units = new char[64];
    private int length;

    /// <summary>The builder of a loop that adds to a text: begun at the first addition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TextBuilder Continue(TextBuilder? builder, string text) => builder ?? new TextBuilder().Add(text);

    /// <summary>The text after such a loop.</summary>
    public static string End(TextBuilder? builder, string text) => builder == null ? text : builder.Finish();

    /// <summary>Adds text.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TextBuilder Add(string text)
    {
        var at = length;
        if (text.Length > units.Length - at)
            Grow(text.Length);
        text.CopyTo(units.AsSpan(at));
        length = at + text.Length;
        return this;
    }

    /// <summary>Adds one char.</summary>
    public TextBuilder AddChar(int scalar)
    {
        if (units.Length - length < 2)
            Grow(2);
        if (scalar < 0x10000)
        {
            units[length++] = (char)scalar;
            return this;
        }
        units[length++] = (char)(0xD7C0 + (scalar >> 10));
        units[length++] = (char)(0xDC00 + (scalar & 0x3FF));
        return this;
    }

    /// <summary>Adds an int.</summary>
    public TextBuilder AddInt(long value)
    {
        if (units.Length - length < 20)
            Grow(20);
        value.TryFormat(units.AsSpan(length), out var written, default, CultureInfo.InvariantCulture);
        length += written;
        return this;
    }

    /// <summary>The text so far.</summary>
    public string Finish() => new(units, 0, length);

    /// <inheritdoc/>
    public override string ToString() => Finish();

    private void Grow(int more)
    {
        var wanted = Math.Max((long)length + more, Math.Min(units.Length * 2L, Array.MaxLength));
        if (wanted > Array.MaxLength)
            throw new OutOfMemoryException("a str cannot hold more than 1073741791 UTF-16 units");
        Array.Resize(ref units, (int)wanted);
    }
}
