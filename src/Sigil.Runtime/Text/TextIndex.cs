using System.Runtime.CompilerServices;
using System.Text;

namespace Sigil.Runtime.Text;

/// <summary>
/// Translates between scalar indices, which Sigil counts in, and UTF-16 offsets, which .NET strings have.
/// </summary>
/// <remarks>
/// Without surrogates the two are equal, which a vectorised scan finds out. For long strings each thread remembers the last one
/// it looked at, so that a loop over <c>s[i]</c> does not scan anew each time; with surrogates it also keeps the offset of every
/// 64th scalar.
/// </remarks>
public static class TextIndex
{
    private const int WorthRemembering = 128, Spacing = 64;

    [ThreadStatic]
    private static Shape? last;

    /// <summary>Whether every scalar is one UTF-16 unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFlat(ReadOnlySpan<char> text) => text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0;

    /// <summary>The number of scalars.</summary>
    public static int Length(string text)
    {
        if (text.Length > WorthRemembering)
            return ShapeOf(text).Length;
        return Count(text);
    }

    /// <summary>The number of scalars of a piece of text.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAnyInRange('\uD800', '\uDBFF');
        var pairs = 0;
        while (at >= 0)
        {
            pairs++;
            var next = text[(at + 2)..].IndexOfAnyInRange('\uD800', '\uDBFF');
            at = next < 0 ? -1 : at + 2 + next;
        }
        return text.Length - pairs;
    }

    /// <summary>The UTF-16 offset of a scalar index; the end for the length, -1 outside 0 … length.</summary>
    public static int Offset(string text, long index)
    {
        if ((ulong)index > (uint)text.Length)
            return -1;
        if (text.Length > WorthRemembering)
            return ShapeOf(text).Offset((int)index);
        return Walk(text, 0, (int)index);
    }

    /// <summary>The scalar index of a UTF-16 offset that lies between scalars.</summary>
    public static int IndexAt(string text, int offset)
    {
        if (text.Length > WorthRemembering && ShapeOf(text).IsFlat)
            return offset;
        return Count(text.AsSpan(0, offset));
    }

    private static Shape ShapeOf(string text)
    {
        var seen = last;
        return seen != null && ReferenceEquals(seen.Text, text) ? seen : last = new Shape(text);
    }

    // -1 when the text ends before the index.
    private static int Walk(ReadOnlySpan<char> text, int offset, int scalars)
    {
        while (scalars > 0)
        {
            var piece = text.Slice(offset, Math.Min(scalars, text.Length - offset));
            if (piece.IsEmpty)
                return -1;
            var surrogate = piece.IndexOfAnyInRange('\uD800', '\uDFFF');
            if (surrogate < 0)
                return piece.Length == scalars ? offset + scalars : -1;
            offset += surrogate + 2;
            scalars -= surrogate + 1;
        }
        return offset;
    }

    private sealed class Shape
    {
        private readonly int[]? marks;

        public Shape(string text)
        {
            Text = text;
            if (TextIndex.IsFlat(text))
            {
                Length = text.Length;
                return;
            }
            Length = Count(text);
            marks = new int[Length / Spacing + 1];
            for (var i = 1; i < marks.Length; i++)
                marks[i] = Walk(text, marks[i - 1], Spacing);
        }

        public string Text { get; }

        public int Length { get; }

        public bool IsFlat => marks == null;

        public int Offset(int index)
        {
            if (marks == null || index > Length)
                return index > Length ? -1 : index;
            return Walk(Text, marks[index / Spacing], index % Spacing);
        }
    }

    /// <summary>The scalar at a UTF-16 offset (a scalar's first unit): one step of <c>for c in s</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ScalarAt(string text, int offset)
    {
        var unit = text[offset];
        return char.IsHighSurrogate(unit) ? char.ConvertToUtf32(unit, text[offset + 1]) : unit;
    }

    /// <summary>How many UTF-16 units a scalar takes: <c>offset += Width(c)</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Width(int scalar) => scalar < 0x10000 ? 1 : 2;

    /// <summary>A string from outside as a Sigil str: lone surrogates become U+FFFD.</summary>
    public static string WellFormed(string text)
    {
        if (IsFlat(text))
            return text;
        StringBuilder? repaired = null;
        for (var i = 0; i < text.Length; i++)
        {
            var unit = text[i];
            var isPair = char.IsHighSurrogate(unit) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair)
            {
                repaired?.Append(unit).Append(text[i + 1]);
                i++;
            }
            else if (char.IsSurrogate(unit))
            {
                repaired ??= new StringBuilder(text, 0, i, text.Length);
                repaired.Append('\uFFFD');
            }
            else
            {
                repaired?.Append(unit);
            }
        }
        return repaired?.ToString() ?? text;
    }
}
