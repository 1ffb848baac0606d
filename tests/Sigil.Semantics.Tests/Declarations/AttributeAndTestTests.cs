namespace Sigil.Semantics.Tests.Declarations;

/// <summary>Attributes, tests and @main: E1015, E1018, E1019, E2025, E5007, E70xx.</summary>
public class AttributeAndTestTests
{
    [Fact]
    public void Attributes() => Checked.Declarations("""
        #[inline] //~ E1018
        @a () -> int = 1
        #[derive(Eq)] //~ E1019
        @b () -> int = 1
        #[allow(W2001)]
        @c () -> int = 1
        type P = {
            #[json(name = "n", default = 3)]
            x: int,
            #[json(nam = "n")] //~ E1015
            y: int,
        }
        #[json(name = "n")] //~ E1019
        type Q = { x: int }
        #[allow(E3001)] //~ E1015
        @d () -> int = 1
        """);

    [Fact]
    public void Skips() => Checked.Declarations("""
        @a () -> int = 1
        #[skip("later")]
        @test_a tests @a () -> void = ()
        #[skip] //~ E7004
        @test_b tests @a () -> void = ()
        #[skip(why)] //~ E1015
        @test_c tests @a () -> void = ()
        #[skip("x")] //~ E7005
        @d () -> int = 1
        """);

    [Fact]
    public void Tests() => Checked.Declarations("""
        @a () -> int = 1 
        @lonely () -> int = 1 //~ W7001
        @test_a tests @a () -> void = ()
        @test_b tests @nope () -> void = () //~ E7002
        @test_c tests @a (n: int) -> void = () //~ E7003
        @test_d tests @a () -> int = 1 //~ E7003
        @test_a tests @a () -> void = () //~ E7006
        @main () -> void = ()
        """);

    [Fact]
    public void Tests_of_methods()
    {
        var program = Checked.Declarations("""
            type Box = { n: int }
            trait Speaker { @say (self) -> str }
            impl Box { @get (self) -> int = self.n }
            impl Speaker for Box { @say (self) -> str = "box" }
            @test_a tests @Box.get tests @Box.say () -> void = ()
            @test_b tests @Speaker.say () -> void = ()
            @test_c tests @Box.open () -> void = () //~ E7002
            @test_d tests @Nothing.get () -> void = () //~ E7002
            """);
        Assert.Equal([2, 1, 0, 0], program.Modules.SelectMany(m => m.Tests).Select(t => t.TestTargets.Length));
    }

    [Fact]
    public void TestsMayBeRequired() => Checked.Declarations("@lonely () -> int = 1 //~ E7001", i => i with { RequireTests = true });

    [Theory]
    [InlineData("@main () -> void = ()")]
    [InlineData("@main () -> Result<void, Error> = Ok(())")]
    [InlineData("@main () -> void uses Async, Parallel = ()")]
    [InlineData("@main (n: int) -> void = () //~ E2025")]
    [InlineData("@main () -> int = 1 //~ E2025")]
    [InlineData("@main () -> Result<void, int -> int> = Ok(()) //~ E2025")]
    [InlineData("@other () -> int = 1 //~ E2025")]
    [InlineData("trait T { @t () -> int }\n@main () -> void uses T = () //~ E5007")]
    public void Main(string source) => Checked.Declarations(source, i => i with { EntryFile = "main.si" });
}
