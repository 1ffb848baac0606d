using System.Diagnostics;

namespace Sigil.Syntax.Tests;

/// <summary>Texts made to exhaust stack, time or memory. Times are generous: they tell linear from quadratic only.</summary>
public sealed class HostileInputTests
{
    /// <summary>A long run of the tests (see MutationTests) uses longer texts.</summary>
    private static readonly bool _isLongRun = Environment.GetEnvironmentVariable("SIGIL_FUZZ") is not null;

    private static readonly int _textLength = _isLongRun ? 400_000 : 20_000;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    public static TheoryData<string, string> Repeated => new()
    {
        { "@f () -> int = ", "(" },
        { "@f () -> int = ", "[" },
        { "@f () -> int = ", "{" },
        { "@f () -> int = ", "{a: " },
        { "@f () -> int = ", "f(" },
        { "@f () -> int = ", "run(" },
        { "@f () -> int = ", "`{" },
        { "@f () -> int = ", "`" },
        { "@f () -> int = ", "\"" },
        { "@f () -> int = ", "'" },
        { "@f () -> int = ", ")" },
        { "@f () -> int = ", "(]" },
        { "@f () -> int = ", "([{" },
        { "@f () -> int = ", "x -> " },
        { "@f () -> int = ", "() -> " },
        { "@f () -> int = ", "(a: int) -> " },
        { "@f () -> int = ", "a<b" },
        { "@f () -> int = ", "a<" },
        { "@f () -> int = ", "a<(" },
        { "@f () -> int = ", "a<b, " },
        { "@f () -> int = ", "a < " },
        { "@f () -> int = ", "1 + " },
        { "@f () -> int = ", "a = " },
        { "@f () -> int = ", "!" },
        { "@f () -> int = ", "iso " },
        { "@f () -> int = ", "if a then " },
        { "@f () -> int = ", "if a then b else " },
        { "@f () -> int = ", "for x in " },
        { "@f () -> int = ", "match(a, b -> " },
        { "@f () -> int = ", "select(a -> b(" },
        { "@f () -> int = ", "select(a -> (" },
        { "@f () -> int = ", "a." },
        { "@f () -> int = ", "a[" },
        { "@f () -> int = a", "?" },
        { "@f () -> int = a", "()" },
        { "@f () -> int = a", "{}" },
        { "@f () -> int = ", "1 ?? 1 || 1 && 1 | 1 ^ 1 & 1 == 1 < 1 .. 1 << 1 + 1 * (" },
        { "@f () -> int = ", "return " },
        { "@f () -> int = ", "let a = " },
        { "@f (a: ", "[" },
        { "@f (a: ", "int -> " },
        { "@f (a: ", "A<" },
        { "@f (a: ", "{int: " },
        { "@f (a: ", "&" },
        { "@f (a: ", "iso " },
        { "@f (a: ", "(A -> B uses X, " },
        { "@f (", "(" },
        { "@f (", "a @ " },
        { "@f (", "a | " },
        { "type T = ", "A | " },
        { "type T = ", "{" },
        { "trait T: ", "A + " },
        { "trait T { ", "@f " },
        { "", "use a.b {" },
        { "", "#[a(" },
        { "", "@f (" },
        { "", "@f\n" },
        { "", "let \n" },
        { "", "§ " },
        { "", "\0" },
        { "", ";\n" },
        { "", "//\n" },
        { "", "0b1" },
    };

    [Theory]
    [MemberData(nameof(Repeated))]
    public void Repetition_ends_in_linear_time(string prefix, string piece)
    {
        foreach (var options in (ParseOptions[])[ParseOptions.Module, ParseOptions.Snippet])
        {
            var text = prefix + string.Concat(Enumerable.Repeat(piece, _textLength / piece.Length));
            var clock = Stopwatch.StartNew();
            var tree = SyntaxTree.Parse(SourceText.FromString("test.si", text), options);
            Assert.Equal(text, tree.ToFullString());
            Assert.True(clock.Elapsed < _limit, $"{clock.Elapsed}");
        }
    }

    [Fact]
    public void Nesting_at_every_level_fits_a_small_stack()
    {
        var text = "@f () -> int = " + string.Concat(Enumerable.Repeat("1 ?? 1 || 1 && 1 | 1 ^ 1 & 1 == 1 < 1 << 1 + 1 * (", 1_000));
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    Assert.NotEmpty(SyntaxTree.Parse(SourceText.FromString("test.si", text)).Diagnostics);
                }
                catch (Exception e)
                {
                    failure = e;
                }
            },
            maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    [Fact]
    public void A_line_of_ten_megabytes()
    {
        var elements = string.Concat(Enumerable.Repeat("12345678, ", _isLongRun ? 1_000_000 : 100_000));
        var text = "@f () -> [int] = [" + elements + "]";
        var clock = Stopwatch.StartNew();
        var tree = SyntaxTree.Parse(SourceText.FromString("test.si", text));
        Assert.Empty(tree.Diagnostics);
        Assert.Equal(text.Length, tree.Root.FullSpan.Length);
        Assert.True(clock.Elapsed < _limit, $"{clock.Elapsed}");

        var comment = "// " + new string('x', 10_000_000);
        Assert.Empty(SyntaxTree.Parse(SourceText.FromString("test.si", comment)).Diagnostics);
        var unclosed = "let s = \"" + new string('x', 10_000_000);
        Assert.Equal(["E0005"], SyntaxTree.Parse(SourceText.FromString("test.si", unclosed), ParseOptions.Snippet).Diagnostics.Select(d => d.Code));
    }

    [Fact]
    public void Random_bytes()
    {
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            var bag = new DiagnosticBag();
            var source = SourceText.From("test.si", bytes, bag);
            var tree = SyntaxTree.Parse(source);
            Assert.Equal(source.Text, tree.ToFullString());
            TreeInvariants.Check(tree);
        }
    }
}
