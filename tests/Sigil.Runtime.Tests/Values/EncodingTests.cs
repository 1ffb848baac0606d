using System.Text;
using CsCheck;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Values;

public class EncodingTests
{
    private static SigilList<byte> Bytes(string text) => SigilList<byte>.Of(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void BytesSurviveBase64AndHex() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        var list = SigilList<byte>.Of(bytes);
        Assert.Equal(bytes, Base64Text.Decode(Base64Text.Encode(list)).Value.Span.ToArray());
        Assert.Equal(bytes, Base64Text.DecodeUrl(Base64Text.EncodeUrl(list)).Value.Span.ToArray());
        Assert.Equal(bytes, Base64Text.DecodeUrl(Base64Text.EncodeUrl(list).TrimEnd('=')).Value.Span.ToArray());
        Assert.Equal(bytes, HexText.Decode(HexText.Encode(list)).Value.Span.ToArray());
    });

    [Theory]
    [InlineData("QQ==", 0, 0)]
    [InlineData("QQ", 2, 0)]
    [InlineData("QQ=", 3, 0)]
    [InlineData("QQ===", 3, 0)]
    [InlineData("QR==", 3, 0)]
    [InlineData("Q", 2, 0)]
    [InlineData("QQ!=", 1, 2)]
    [InlineData("😀-AA", 1, 0)]
    [InlineData("QQ=Q", 1, 2)]
    [InlineData("", 0, 0)]
    public void BadBase64IsTold(string text, long code, long position)
    {
        var outcome = Base64Text.Decode(text);
        Assert.Equal((code, position), (outcome.Code, outcome.Position));
    }

    [Fact]
    public void HexAndUrls()
    {
        Assert.Equal((1L, 2L), (HexText.Decode("00g0").Code, HexText.Decode("00g0").Position));
        Assert.Equal(2, HexText.Decode("123").Code);
        Assert.Equal("a%20b%2F%C3%A9~", UrlText.EncodeComponent("a b/é~"));
        Assert.Equal("a%20b/%C3%A9?x=1%25", UrlText.EncodeWhole("a b/é?x=1%"));
        Assert.Equal((0, "é+/", 0), UrlText.Decode("%c3%A9+%2F"));
        Assert.Equal((1, "", 1), UrlText.Decode("é%4"));
        Assert.Equal((2, "", 0), UrlText.Decode("%FF"));
    }

    [Fact]
    public void DigestsOfKnownTexts()
    {
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", HexText.Encode(Digests.Hash(0, Bytes("abc"), "")));
        Assert.Equal("a9993e364706816aba3e25717850c26c9cd0d89d", HexText.Encode(Digests.Hash(2, Bytes("abc"), "")));
        Assert.Equal("900150983cd24fb0d6963f7d28e17f72", HexText.Encode(Digests.Hash(3, Bytes("abc"), "")));
        Assert.Equal(64, Digests.Hash(1, Bytes("abc"), "").Length);
        Assert.Equal("f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
            HexText.Encode(Digests.Hmac(0, Bytes("key"), Bytes("The quick brown fox jumps over the lazy dog"), "")));
        Assert.True(Digests.SameInConstantTime(Bytes("a"), Bytes("a")));
        Assert.False(Digests.SameInConstantTime(Bytes("a"), Bytes("ab")));
    }

    [Fact]
    public void TheCacheForgetsTheOldestAndTheExpired()
    {
        var store = CacheStore.New();
        store.Set("a", "1", -1, 2);
        store.Set("b", "2", -1, 2);
        store.Set("a", "3", -1, 2);
        store.Set("c", "4", -1, 2);
        Assert.Equal(Option<string>.Some("3"), store.Get("a"));
        Assert.False(store.Get("b").HasValue);
        store.Set("d", "5", 0, 2);
        Assert.False(store.Get("d").HasValue);
        store.Delete("c");
        Assert.False(store.Get("c").HasValue);
        store.Set("e", "6", long.MaxValue, 2);
        Assert.True(store.Get("e").HasValue);
        store.Clear();
        Assert.False(store.Get("e").HasValue);
    }

    [Fact]
    public void CommandsRunWithTextEnvironmentAndDirectory()
    {
        if (OperatingSystem.IsWindows())
            return;
        var (code, command, _) = ExternalCommand.Start("sh", SigilList<string>.Of(["-c", "cat; printf %s \"$GREETING\" >&2; pwd; exit 3"]),
            SigilList<(string, string)>.Of([("GREETING", "hé")]), "/", "text\n", 1, 1, 1);
        Assert.Equal(0, code);
        Assert.Equal((3, "text\n/\n", "hé"), command.Value.Wait());

        Assert.Equal(1, ExternalCommand.Start("no-such-command-here", SigilList<string>.Empty, SigilList<(string, string)>.Empty, "", "", 0, 0, 0).Code);
        Assert.Equal(2, ExternalCommand.Start("/etc/passwd", SigilList<string>.Empty, SigilList<(string, string)>.Empty, "", "", 0, 0, 0).Code);

        var sleeper = ExternalCommand.Start("sleep", SigilList<string>.Of(["60"]), SigilList<(string, string)>.Empty, "", "", 2, 2, 2).Value.Value;
        Assert.True(sleeper.Kill());
        Assert.Equal(137, sleeper.Wait().Status);
    }
}
