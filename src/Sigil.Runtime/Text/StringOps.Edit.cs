using System.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Text;

// New text from old.
public static partial class StringOps
{
    /// <summary>Upper case, scalar by scalar.</summary>
    [Intrinsic("str.upper")]
    public static string Upper(string text) => text.ToUpperInvariant();

    /// <summary>Lower case, scalar by scalar.</summary>
    [Intrinsic("str.lower")]
    public static string Lower(string text) => text.ToLowerInvariant();

    /// <summary>The first scalar in upper case, the rest as it is.</summary>
    [Intrinsic("str.capitalize")]
    public static string Capitalize(string text)
    {
        if (text.Length == 0)
            return text;
        var first = TextIndex.ScalarAt(text, 0);
        var upper = CharOps.Upper(first);
        return upper == first ? text : Literals.Char(upper) + text[TextIndex.Width(first)..];
    }

    /// <summary>Every word's first scalar in upper case, the rest in lower case; blanks stay.</summary>
    [Intrinsic("str.title_case")]
    public static string TitleCase(string text)
    {
        var title = new StringBuilder(text.Length);
        var inWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            title.Append((inWord ? Rune.ToLowerInvariant(rune) : Rune.ToUpperInvariant(rune)).ToString());
            inWord = !Rune.IsWhiteSpace(rune);
        }
        return title.ToString();
    }

    /// <summary>Without white space at both ends.</summary>
    [Intrinsic("str.trim")]
    public static string Trim(string text) => text.Trim();

    /// <summary>Without white space at the start.</summary>
    [Intrinsic("str.trim_start")]
    public static string TrimStart(string text) => text.TrimStart();

    /// <summary>Without white space at the end.</summary>
    [Intrinsic("str.trim_end")]
    public static string TrimEnd(string text) => text.TrimEnd();

    /// <summary>The scalars backwards.</summary>
    [Intrinsic("str.reverse")]
    public static string Reverse(string text) => string.Create(text.Length, text, static (units, source) =>
    {
        source.AsSpan().CopyTo(units);
        units.Reverse();
        for (var i = 0; i + 1 < units.Length; i++)
        {
            if (char.IsLowSurrogate(units[i]))
            {
                (units[i], units[i + 1]) = (units[i + 1], units[i]);
                i++;
            }
        }
    });

    /// <summary>Every occurrence replaced; an empty <paramref name="old"/> stands between all scalars.</summary>
    [Intrinsic("str.replace")]
    public static string Replace(string text, string old, string replacement)
    {
        if (old.Length > 0)
            return text.Replace(old, replacement, StringComparison.Ordinal);
        var result = new StringBuilder(replacement, text.Length * (replacement.Length + 1) + 16);
        foreach (var rune in text.EnumerateRunes())
            result.Append(rune.ToString()).Append(replacement);
        return result.ToString();
    }

    /// <summary>The first occurrence replaced.</summary>
    [Intrinsic("str.replace_first")]
    public static string ReplaceFirst(string text, string old, string replacement)
    {
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return at < 0 ? text : string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + old.Length));
    }

    /// <summary>The text several times; nothing for zero and below.</summary>
    [Intrinsic("str.repeat")]
    public static string Repeat(string text, long times)
    {
        if (times <= 0 || text.Length == 0)
            return "";
        if (times == 1)
            return text;
        if (times > MaxLength / text.Length)
            throw new OutOfMemoryException("a str cannot hold more than 1073741791 UTF-16 units");
        return string.Create((int)times * text.Length, text, static (units, source) =>
        {
            if (source.Length == 1)
            {
                units.Fill(source[0]);
                return;
            }
            for (var at = 0; at < units.Length; at += source.Length)
                source.CopyTo(units[at..]);
        });
    }

    private const int MaxLength = 0x3FFFFFDF;

    /// <summary>Filled up at the left to a width in scalars.</summary>
    [Intrinsic("str.pad_left")]
    public static string PadLeft(string text, long width, int fill) => Fill(text, width, fill) is { Length: > 0 } pad ? pad + text : text;

    /// <summary>Filled up at the right to a width in scalars.</summary>
    [Intrinsic("str.pad_right")]
    public static string PadRight(string text, long width, int fill) => Fill(text, width, fill) is { Length: > 0 } pad ? text + pad : text;

    /// <summary>Filled up at both sides; an odd scalar goes to the right.</summary>
    [Intrinsic("fmt.center")]
    public static string Center(string text, long width, int fill)
    {
        var missing = width - TextIndex.Length(text);
        if (missing <= 0)
            return text;
        var unit = Literals.Char(fill);
        return string.Concat(Repeat(unit, missing / 2), text, Repeat(unit, missing - missing / 2));
    }

    /// <summary>Cut to a length in scalars, with a suffix that counts (and is itself cut when it does not fit).</summary>
    [Intrinsic("fmt.truncate")]
    public static string Truncate(string text, long length, string suffix)
    {
        if (TextIndex.Length(text) <= length)
            return text;
        var room = length - TextIndex.Length(suffix);
        return room >= 0 ? Cut(text, 0, room) + suffix : Cut(suffix, 0, length);
    }

    /// <summary>The pieces between separators; an empty separator splits into scalars.</summary>
    [Intrinsic("str.split")]
    public static SigilList<string> Split(string text, string separator)
    {
        if (separator.Length == 0)
            return Scalars(text);
        var pieces = SigilList<string>.WithCapacity(4);
        var start = 0;
        for (var at = text.IndexOf(separator, StringComparison.Ordinal); at >= 0;
            at = text.IndexOf(separator, start, StringComparison.Ordinal))
        {
            pieces = pieces.Append(text[start..at]);
            start = at + separator.Length;
        }
        return pieces.Append(start == 0 ? text : text[start..]);
    }

    /// <summary>Before and after the first separator.</summary>
    [Intrinsic("str.split_once")]
    public static Option<(string, string)> SplitOnce(string text, string separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0
            ? Option<(string, string)>.None
            : Option<(string, string)>.Some((text[..at], text[(at + separator.Length)..]));
    }

    /// <summary>The lines without their ends (LF or CR LF); a final line end adds no empty line.</summary>
    [Intrinsic("str.lines")]
    public static SigilList<string> Lines(string text)
    {
        var lines = SigilList<string>.WithCapacity(4);
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length : end + 1;
            if (end < 0)
                end = text.Length;
            else if (end > start && text[end - 1] == '\r')
                end--;
            lines = lines.Append(text[start..end]);
            start = next;
        }
        return lines;
    }

    /// <summary>The pieces between white space.</summary>
    [Intrinsic("str.words")]
    public static SigilList<string> Words(string text)
    {
        var words = SigilList<string>.WithCapacity(4);
        for (var at = 0; at < text.Length;)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
                at++;
            var start = at;
            while (at < text.Length && !char.IsWhiteSpace(text[at]))
                at++;
            if (at > start)
                words = words.Append(text[start..at]);
        }
        return words;
    }

    /// <summary><c>join(parts, sep)</c>.</summary>
    [ReadsOnly]
    [Intrinsic("join_texts")]
    public static string Join(SigilList<string> parts, string separator) => string.Join(separator, parts.Span);

    /// <summary>All parts of a template in a row.</summary>
    public static string ConcatAll(string[] parts) => string.Concat(parts);

    private static SigilList<string> Scalars(string text)
    {
        var scalars = new string[TextIndex.Length(text)];
        for (int offset = 0, at = 0; at < scalars.Length; at++)
        {
            var scalar = TextIndex.ScalarAt(text, offset);
            scalars[at] = scalar < 128 ? ascii[scalar] : Literals.Char(scalar);
            offset += TextIndex.Width(scalar);
        }
        return SigilList<string>.Of(scalars);
    }

    private static string Fill(string text, long width, int fill) => Repeat(Literals.Char(fill), width - TextIndex.Length(text));
}
