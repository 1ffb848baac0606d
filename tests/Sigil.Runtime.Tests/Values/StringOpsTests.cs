using System.Text;
using CsCheck;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Values;

public class StringOpsTests
{
    private const string Site = "t.si:1:1 in @t";

    private static readonly Gen<int> scalars = Gen.OneOf(
        Gen.Int['a', 'c'], Gen.Int[0, 0x7F], Gen.Int[0xE0, 0x17F], Gen.Int[0xE000, 0xFFFF], Gen.Int[0x10000, 0x10FFFF], Gen.Int[0x1F600, 0x1F640]);

    private static readonly Gen<string> texts = Gen.OneOf(
        Make(scalars, 0, 12), Make(scalars, 100, 300), Make(Gen.Int['a', 'c'], 0, 300));

    private static Gen<string> Make(Gen<int> of, int least, int most) =>
        of.Array[least, most].Select(values => string.Concat(values.Select(value => new Rune(value).ToString())));

    private static int[] Runes(string text) => [.. text.EnumerateRunes().Select(rune => rune.Value)];

    private static string Text(IEnumerable<int> values) => string.Concat(values.Select(value => new Rune(value).ToString()));

    [Fact]
    public void IndexingCountsScalars() => Gen.Select(texts, Gen.Int[0, 310], Gen.Int[0, 310]).Sample((text, i, j) =>
    {
        var model = Runes(text);
        Assert.Equal(model.Length, StringOps.Length(text));
        Assert.Equal(model, StringOps.Chars(text).Span.ToArray());
        Assert.Equal(text, StringOps.FromChars(StringOps.Chars(text)));
        if (i < model.Length)
            Assert.Equal(Text([model[i]]), StringOps.At(text, i, Site));
        else
            Assert.Equal("E9005", Assert.Throws<SigilPanic>(() => StringOps.At(text, i, Site)).Info.Code);
        if (i <= j && j <= model.Length)
            Assert.Equal(Text(model[i..j]), StringOps.Slice(text, i, j, Site));
        else
            Assert.Equal("E9005", Assert.Throws<SigilPanic>(() => StringOps.Slice(text, i, j, Site)).Info.Code);
        Assert.Equal(Text(model.Skip(i).Take(Math.Max(0, j - i))), StringOps.Cut(text, i, j));
    });

    [Fact]
    public void IndicesOutsidePanicForAnyInt()
    {
        foreach (var index in new[] { -1L, 3, long.MaxValue, long.MinValue, 1L << 32 })
        {
            Assert.Throws<SigilPanic>(() => StringOps.At("a😀c", index, Site));
            Assert.Throws<SigilPanic>(() => StringOps.At(new string('a', 3), index, Site));
        }
        Assert.Equal("", StringOps.SliceFrom("a😀c", 3, Site));
        Assert.Throws<SigilPanic>(() => StringOps.SliceFrom("a😀c", 4, Site));
    }

    [Fact]
    public void OrderIsThatOfScalars() => Gen.Select(texts, texts).Sample((a, b) =>
    {
        var (x, y) = (Runes(a), Runes(b));
        var wanted = x.AsSpan().SequenceCompareTo(y);
        Assert.Equal(Math.Sign(wanted), StringOps.Compare(a, b));
        Assert.Equal(0, StringOps.Compare(a, new string(a)));
    });

    [Fact]
    public void SearchingCountsScalars() => Gen.Select(Make(Gen.OneOf(Gen.Int['a', 'b'], Gen.Const(0x1F600)), 0, 200), Make(Gen.OneOf(Gen.Int['a', 'b'], Gen.Const(0x1F600)), 0, 3)).Sample((text, sub) =>
    {
        var (model, pattern) = (Runes(text), Runes(sub));
        var places = Enumerable.Range(0, Math.Max(0, model.Length - pattern.Length + 1)).Where(at => model.Skip(at).Take(pattern.Length).SequenceEqual(pattern)).ToArray();
        Assert.Equal(places.Length > 0 ? Option<long>.Some(places[0]) : default, StringOps.IndexOf(text, sub));
        Assert.Equal(places.Length > 0 ? Option<long>.Some(places[^1]) : default, StringOps.LastIndexOf(text, sub));
        Assert.Equal(places.Length > 0, StringOps.Contains(text, sub));
        Assert.Equal(text, StringOps.Join(StringOps.Split(text, sub), sub));
        Assert.Equal(text, StringOps.Replace(StringOps.Replace(text, "a", "<x>"), "<x>", "a"));
    });

    [Fact]
    public void ReverseAndCaseWorkByScalar() => texts.Sample(text =>
    {
        Assert.Equal(Text(Runes(text).Reverse()), StringOps.Reverse(text));
        Assert.Equal(string.Concat(text.EnumerateRunes().Select(rune => Rune.ToUpperInvariant(rune).ToString())), StringOps.Upper(text));
        Assert.Equal(string.Concat(text.EnumerateRunes().Select(rune => Rune.ToLowerInvariant(rune).ToString())), StringOps.Lower(text));
    });

    [Fact]
    public void BytesAndBack() => texts.Sample(text =>
    {
        var bytes = StringOps.Utf8(text);
        Assert.Equal(Encoding.UTF8.GetBytes(text), bytes.Span.ToArray());
        Assert.Equal(text, StringOps.FromUtf8(bytes).Value);
    });

    [Fact]
    public void InvalidUtf8IsReportedWithItsPlace()
    {
        foreach (var (bytes, at) in new (byte[], int)[] { ([0x61, 0xFF], 1), ([0xC3], 0), ([0x61, 0xED, 0xA0, 0x80], 1), ([0xC0, 0x80], 0), ([0xF4, 0x90, 0x80, 0x80], 0) })
        {
            var outcome = StringOps.FromUtf8(SigilList<byte>.Of(bytes));
            Assert.Equal(1, outcome.Code);
            Assert.Equal($"invalid UTF-8 at byte {at}", outcome.Text);
        }
    }

    [Fact]
    public void SplittingAndLines()
    {
        Assert.Equal(["a", "", "b", ""], StringOps.Split("a,,b,", ",").Span.ToArray());
        Assert.Equal([""], StringOps.Split("", ",").Span.ToArray());
        Assert.Equal(["a", "😀", "b"], StringOps.Split("a😀b", "").Span.ToArray());
        Assert.Equal(["a", "b", "", "c"], StringOps.Lines("a\r\nb\n\nc\n").Span.ToArray());
        Assert.Equal(0, StringOps.Lines("").Length);
        Assert.Equal(["a", "b"], StringOps.Words("  a\t\u00a0b\n").Span.ToArray());
        Assert.Equal(("a", "b=c"), StringOps.SplitOnce("a=b=c", "=").Value);
        Assert.False(StringOps.SplitOnce("abc", "=").HasValue);
    }

    [Fact]
    public void PaddingAndSmallEdits()
    {
        Assert.Equal("**a😀", StringOps.PadLeft("a😀", 4, '*'));
        Assert.Equal("a😀😀", StringOps.PadRight("a😀", 3, 0x1F600));
        Assert.Equal("a", StringOps.PadLeft("a", -5, ' '));
        Assert.Equal("-a--", StringOps.Center("a", 4, '-'));
        Assert.Equal("ab…", StringOps.Truncate("abcd", 3, "…"));
        Assert.Equal("..", StringOps.Truncate("abcd", 2, "..."));
        Assert.Equal("", StringOps.Truncate("abcd", -1, "..."));
        Assert.Equal("Éa B", StringOps.Capitalize("éa B"));
        Assert.Equal("Ab Cd", StringOps.TitleCase("aB cD"));
        Assert.Equal("-a-b-", StringOps.Replace("ab", "", "-"));
        Assert.Equal("xbab", StringOps.ReplaceFirst("abab", "a", "x"));
        Assert.Equal("ababab", StringOps.Repeat("ab", 3));
        Assert.Equal("", StringOps.Repeat("ab", -3));
        Assert.Throws<OutOfMemoryException>(() => StringOps.Repeat("ab", long.MaxValue));
    }

    [Fact]
    public void ForeignTextIsRepaired()
    {
        Assert.Equal("a\uFFFDb", TextIndex.WellFormed("a\uD83Db"));
        Assert.Equal("\uFFFD\uFFFD", TextIndex.WellFormed("\uDE00\uD83D"));
        Assert.Equal("😀\uFFFD", TextIndex.WellFormed("😀\uD83D"));
        Assert.Same("😀", TextIndex.WellFormed("😀"));
    }

    [Fact]
    public void HashesAgreeWithEquality() => Gen.Select(texts, texts).Sample((a, b) =>
    {
        Assert.Equal(StringOps.Hash(a), StringOps.Hash(new string(a)));
        if (a != b)
            Assert.NotEqual(StringOps.Hash(a), StringOps.Hash(b));
    });

    [Fact]
    public void BuilderJoinsParts()
    {
        var builder = new TextBuilder();
        for (var i = 0; i < 100; i++)
            builder.AddInt(i).Add(",").AddChar(0x1F600);
        Assert.Equal(string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},😀")), builder.Finish());
        Assert.Equal(long.MinValue.ToString(), new TextBuilder().AddInt(long.MinValue).Finish());
    }
}
