using System.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Text;

/// <summary>Properties and case of one char (a Unicode scalar).</summary>
public static class CharOps
{
    /// <summary>A letter.</summary>
    [Intrinsic("char.is_alphabetic")]
    public static bool IsAlphabetic(int c) => Rune.IsLetter(new Rune(c));

    /// <summary>A digit or another number sign.</summary>
    [Intrinsic("char.is_numeric")]
    public static bool IsNumeric(int c) => Rune.IsNumber(new Rune(c));

    /// <summary>White space.</summary>
    [Intrinsic("char.is_whitespace")]
    public static bool IsWhitespace(int c) => Rune.IsWhiteSpace(new Rune(c));

    /// <summary>Below U+0080.</summary>
    [Intrinsic("char.is_ascii")]
    public static bool IsAscii(int c) => (uint)c < 128;

    /// <summary>An upper-case letter.</summary>
    [Intrinsic("char.is_upper")]
    public static bool IsUpper(int c) => Rune.IsUpper(new Rune(c));

    /// <summary>A lower-case letter.</summary>
    [Intrinsic("char.is_lower")]
    public static bool IsLower(int c) => Rune.IsLower(new Rune(c));

    /// <summary>The upper-case form, or the char itself.</summary>
    [Intrinsic("char.upper")]
    public static int Upper(int c) => Rune.ToUpperInvariant(new Rune(c)).Value;

    /// <summary>The lower-case form, or the char itself.</summary>
    [Intrinsic("char.lower")]
    public static int Lower(int c) => Rune.ToLowerInvariant(new Rune(c)).Value;
}
