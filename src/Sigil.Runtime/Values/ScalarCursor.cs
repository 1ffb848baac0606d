using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Values;

/// <summary>Walks over the scalars of a str.</summary>
public static class ScalarCursor
{
    /// <summary>The scalar at <paramref name="at"/>, which moves behind it. The text is well-formed and not at its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Next(string text, ref int at)
    {
        var unit = text[at++];
        return char.IsHighSurrogate(unit) ? char.ConvertToUtf32(unit, text[at++]) : unit;
    }
}
