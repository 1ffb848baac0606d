using System.Runtime.CompilerServices;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Text;

/// <summary>Operations of <c>str</c>: indexing, comparing, searching. All indices and lengths count scalars.</summary>
public static partial class StringOps
{
    private static readonly string[] ascii = [.. Enumerable.Range(0, 128).Select(unit => ((char)unit).ToString())];

    /// <summary><c>s.len()</c>.</summary>
    [Intrinsic("str_len")]
    public static long Length(string text) => TextIndex.Length(text);

    /// <summary><c>s == t</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Same(string left, string right) => string.Equals(left, right);

    /// <summary><c>s + t</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static string Concat(string left, string right) => string.Concat(left, right);

    /// <summary>Less, equal, greater in the order of scalars: -1, 0, 1.</summary>
    public static int Compare(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);
        // The units differ. UTF-16 order is scalar order except that surrogates stand for more than U+E000 … U+FFFF.
        // A common high surrogate leaves low surrogates to compare, which are in order.
        int a = left[common], b = right[common];
        if (a >= 0xD800 && b >= 0xD800)
        {
            a = a >= 0xE000 ? a - 0x800 : a + 0x2000;
            b = b >= 0xE000 ? b - 0x800 : b + 0x2000;
        }
        return a < b ? -1 : 1;
    }

    /// <summary><c>s[i]</c>: a str of one scalar.</summary>
    public static string At(string text, long index, string site)
    {
        var scalar = ScalarAt(text, index, site);
        return scalar < 128 ? ascii[scalar] : Literals.Char(scalar);
    }

    /// <summary>The char at a scalar index.</summary>
    public static int ScalarAt(string text, long index, string site)
    {
        var offset = TextIndex.Offset(text, index);
        if (offset < 0 || offset == text.Length)
            Panic.IndexOutOfRange(index, TextIndex.Length(text), site);
        return TextIndex.ScalarAt(text, offset);
    }

    /// <summary><c>s[start..end]</c>.</summary>
    [Intrinsic("str.slice")]
    public static string Slice(string text, long start, long end, string site)
    {
        var from = TextIndex.Offset(text, start);
        var to = TextIndex.Offset(text, end);
        if (from < 0 || to < 0 || from > to)
            Panic.SliceOutOfRange(start, end, TextIndex.Length(text), site);
        return text.Substring(from, to - from);
    }

    /// <summary><c>s[start..]</c>.</summary>
    public static string SliceFrom(string text, long start, string site)
    {
        var from = TextIndex.Offset(text, start);
        if (from < 0)
            Panic.SliceOutOfRange(start, TextIndex.Length(text), TextIndex.Length(text), site);
        return text[from..];
    }

    /// <summary>The scalars of a range that is cut to the text.</summary>
    [Intrinsic("text.cut")]
    public static string Cut(string text, long start, long end)
    {
        var from = TextIndex.Offset(text, Math.Max(0, start));
        if (from < 0)
            return "";
        var to = TextIndex.Offset(text, Math.Max(0, end));
        if (to < 0)
            to = text.Length;
        return from >= to ? "" : text[from..to];
    }

    /// <summary><c>s.contains(sub)</c>.</summary>
    [Intrinsic("str.contains")]
    public static bool Contains(string text, string sub) => text.Contains(sub, StringComparison.Ordinal);

    /// <summary><c>s.starts_with(prefix)</c>.</summary>
    [Intrinsic("str.starts_with")]
    public static bool StartsWith(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal);

    /// <summary><c>s.ends_with(suffix)</c>.</summary>
    [Intrinsic("str.ends_with")]
    public static bool EndsWith(string text, string suffix) => text.EndsWith(suffix, StringComparison.Ordinal);

    /// <summary><c>s.index_of(sub)</c>. A match of well-formed text begins and ends between scalars.</summary>
    [Intrinsic("str.index_of")]
    public static Option<long> IndexOf(string text, string sub)
    {
        var offset = text.IndexOf(sub, StringComparison.Ordinal);
        return offset < 0 ? Option<long>.None : Option<long>.Some(TextIndex.IndexAt(text, offset));
    }

    /// <summary><c>s.last_index_of(sub)</c>.</summary>
    [Intrinsic("str.last_index_of")]
    public static Option<long> LastIndexOf(string text, string sub)
    {
        var offset = sub.Length == 0 ? text.Length : text.LastIndexOf(sub, StringComparison.Ordinal);
        return offset < 0 ? Option<long>.None : Option<long>.Some(TextIndex.IndexAt(text, offset));
    }

    /// <summary><c>hash()</c>.</summary>
    [Intrinsic("str.hash")]
    public static long Hash(string text) => HashOps.OfString(text);

    /// <summary><c>s.chars()</c>.</summary>
    [Intrinsic("str.chars")]
    public static SigilList<int> Chars(string text)
    {
        var chars = new int[TextIndex.Length(text)];
        for (int offset = 0, at = 0; offset < text.Length; at++)
        {
            chars[at] = TextIndex.ScalarAt(text, offset);
            offset += TextIndex.Width(chars[at]);
        }
        return SigilList<int>.Of(chars);
    }

    /// <summary><c>str.from_chars(c)</c>.</summary>
    [ReadsOnly]
    [Intrinsic("str.from_chars")]
    public static string FromChars(SigilList<int> chars)
    {
        var length = 0;
        foreach (var scalar in chars.Span)
            length += TextIndex.Width(scalar);
        return string.Create(length, chars, static (units, source) =>
        {
            var at = 0;
            foreach (var scalar in source.Span)
            {
                if (scalar < 0x10000)
                {
                    units[at++] = (char)scalar;
                    continue;
                }
                units[at++] = (char)(0xD7C0 + (scalar >> 10));
                units[at++] = (char)(0xDC00 + (scalar & 0x3FF));
            }
        });
    }

    /// <summary><c>s.as_bytes()</c>: UTF-8.</summary>
    [Intrinsic("str.as_bytes")]
    public static SigilList<byte> Utf8(string text) => SigilList<byte>.Of(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary><c>str.from_bytes(b)</c>; code 1 with a message when the bytes are not UTF-8.</summary>
    [ReadsOnly]
    [Intrinsic("str.from_bytes_raw")]
    public static (long Code, string Value, string Text) FromUtf8(SigilList<byte> bytes) => FromUtf8(bytes.Span);

    /// <summary>Strict decoding.</summary>
    public static (long Code, string Value, string Text) FromUtf8(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
            return (0, System.Text.Encoding.UTF8.GetString(bytes), "");
        return (1, "", $"invalid UTF-8 at byte {ValidPrefix(bytes)}");
    }

    private static int ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length
            && System.Text.Rune.DecodeFromUtf8(bytes[at..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
            at += consumed;
        return at;
    }
}
