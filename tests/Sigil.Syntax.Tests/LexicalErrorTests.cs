using static Sigil.Syntax.Tests.SyntaxErrorCheck;

namespace Sigil.Syntax.Tests;

public sealed class LexicalErrorTests
{
    [Theory]
    [InlineData("let x = 3 ⟦E0004|§⟧")]
    [InlineData("let x = ⟦E0004|größe⟧ + 1")]
    [InlineData("let s = ⟦E0004|“⟧a⟦E0004|”⟧")]
    [InlineData("let s = ⟦E0005|\"half⟧")]
    [InlineData("let s = ⟦E0005|\"half⟧\nlet t = 1")]
    [InlineData("f(⟦E0005|\"half)⟧\nlet t = 1")]
    [InlineData("let s = \"a⟦E0006|\\q⟧\"")]
    [InlineData("let s = `a⟦E0006|\\q⟧`")]
    [InlineData("let c = ⟦E0007|'ab'⟧")]
    [InlineData("let c = ⟦E0007|''⟧")]
    [InlineData("let c = ⟦E0008|'a⟧")]
    [InlineData("use ⟦E0008|'./shop⟧")]
    [InlineData("let s = `total ⟦E0009|}⟧`")]
    [InlineData("let s = ⟦E0009|`⟧total")]
    [InlineData("let s = ⟦E0009|`⟧total {n")]
    [InlineData("let n = ⟦E0010|12abc⟧")]
    [InlineData("let n = ⟦E0010|1e5⟧")]
    [InlineData("let n = ⟦E0010|1.5s⟧")]
    [InlineData("let n = ⟦E0010|0x⟧")]
    [InlineData("let n = ⟦E0010|0b12⟧")]
    [InlineData("let n = ⟦E0011|9223372036854775808⟧")]
    [InlineData("let n = ⟦E0011|99999999999999999999⟧")]
    [InlineData("let n = ⟦E0011|0xFFFFFFFFFFFFFFFF⟧")]
    [InlineData("let n = 1 - ⟦E0011|9999999999999999h⟧")]
    [InlineData("let d = 5⟦E0012|d⟧")]
    [InlineData("let d = 5⟦E0012|min⟧")]
    [InlineData("let s = \"⟦E0013|\\u{D800}⟧\"")]
    [InlineData("let s = \"⟦E0013|\\u{}⟧\"")]
    [InlineData("let s = \"⟦E0013|\\u{110000}⟧\"")]
    public void Is_reported_at_its_place(string marked) => Check(marked, ParseOptions.Snippet);

    [Fact]
    public void Invalid_utf8_gives_the_offset()
    {
        var bag = new DiagnosticBag();
        var source = SourceText.From("test.si", [.. "// grün "u8, 0xFF, .. "x\n"u8], bag);
        var diagnostic = Assert.Single(bag);
        Assert.Equal("E0001", diagnostic.Code);
        Assert.Contains("offset 9", diagnostic.Message);
        Assert.Equal(new LinePosition(1, 9), diagnostic.Location.Start);
        Assert.True(source.HasInvalidBytes);
        Assert.Empty(SyntaxTree.Parse(source).Diagnostics);
    }

    [Fact]
    public void Invalid_utf8_in_code_is_reported_once()
    {
        var bag = new DiagnosticBag();
        var source = SourceText.From("test.si", [.. "@f () -> int = 1 "u8, 0xC0, .. " + 2"u8], bag);
        bag.AddRange(SyntaxTree.Parse(source).Diagnostics);
        Assert.Equal("E0001", Assert.Single(bag).Code);
    }

    [Fact]
    public void Byte_order_mark_and_nul()
    {
        var bag = new DiagnosticBag();
        var tree = SyntaxTree.Parse(SourceText.From("test.si", [0xEF, 0xBB, 0xBF, .. "@f () -> int =\0 1"u8], bag));
        Assert.Empty(bag);
        Assert.Equal([("E0002", new TextSpan(0, 1)), ("E0003", new TextSpan(15, 1))], tree.Diagnostics.Select(d => (d.Code, d.Span)));
        Assert.Equal(tree.Source.Text, tree.ToFullString());
    }

    [Theory]
    [InlineData("my-shop.si", true)]
    [InlineData("2fast.si", true)]
    [InlineData(".si", true)]
    [InlineData("a.b.si", true)]
    [InlineData("src/shop.si", false)]
    [InlineData("src/_x1.test.si", false)]
    [InlineData("<input>", false)]
    public void File_names(string path, bool unusable)
    {
        var tree = SyntaxTree.Parse(SourceText.FromString(path, ""));
        Assert.Equal(unusable ? ["E0014"] : [], tree.Diagnostics.Select(d => d.Code));
        Assert.Empty(SyntaxTree.Parse(SourceText.FromString(path, ""), ParseOptions.Snippet).Diagnostics);
    }
}
