using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Tests.Patterns;

/// <summary>Whether arms cover their type, and whether each is reached.</summary>
public class ExhaustivenessTests
{
    private const string Types = """
        type Color = Red | Green | Blue
        type Shape = Circle(float) | Box(w: int, h: int) | Tagged(Color, Option<Shape>)
        type Point = { x: int, y: bool }
        """;

    [Theory]
    [InlineData("Option<int>", "Some(_) -> 1", "None")]
    [InlineData("Option<Color>", "None -> 1, Some(Red) -> 2, Some(Blue) -> 3", "Some(Green)")]
    [InlineData("(Option<int>, bool)", "(Some(_), true) -> 1, (None, _) -> 2", "(Some(_), false)")]
    [InlineData("bool", "true -> 1", "false")]
    [InlineData("int", "0 -> 1, 1.. -> 2", "..=-1")]
    [InlineData("int", "..0 -> 1, 0 -> 1, 2.. -> 2", "1")]
    [InlineData("byte", "0..255 -> 1", "255")]
    [InlineData("char", "'a'.. -> 1, ..'Z' -> 2", "'Z'..='`'")]
    [InlineData("[int]", "[] -> 1, [_] -> 2", "[_, _, ..]")]
    [InlineData("[bool]", "[] -> 1, [true, ..] -> 2, [.., true] -> 3", "[false]")]
    [InlineData("[bool]", "[] -> 1, [_] -> 1, [true, ..] -> 2, [.., true] -> 3", "[false, .., false]")]
    [InlineData("Shape", "Circle(_) -> 1, Box(w: 0, ..) -> 2, Tagged(..) -> 3", "Box(w: 1.., h: _)")]
    [InlineData("Shape", "Circle(_) -> 1, Box(..) -> 2, Tagged(Red, _) -> 3, Tagged(_, None) -> 4, Tagged(_, Some(Circle(_) | Box(..))) -> 5", "Tagged(Green, Some(Tagged(..)))")]
    [InlineData("Point", "{ x: 1, .. } -> 1, { y: true, .. } -> 2", "Point { x: 2.., y: false }")]
    [InlineData("{ a: bool, b: bool }", "{ a: true, .. } -> 1, { b: false, .. } -> 2", "{ a: false, b: true }")]
    [InlineData("str", "\"a\" -> 1", "_")]
    [InlineData("float", "1.0 -> 1", "_")]
    [InlineData("Duration", "1s -> 1", "_")]
    [InlineData("Result<int, Color>", "Ok(_) -> 1, Err(Red | Green) -> 2", "Err(Blue)")]
    public void What_is_not_covered_is_shown(string type, string arms, string witness)
    {
        var found = Checked.DiagnosticsOf(Checked.Analyze($"{Types}\n@f (v: {type}) -> int = match(v, {arms})"))
            .Where(d => d.Severity == Severity.Error).ToList();
        var only = Assert.Single(found);
        Assert.Equal("E4001", only.Code);
        Assert.Contains($"`{witness}` is not covered", only.Message);
    }

    [Fact]
    public void Covered_types_are_fine() => Checked.Program(Types + """

        @a (n: int) -> int = match(n, ..0 -> 1, 0 -> 2, 1.. -> 3)
        @b (c: char) -> int = match(c, ..'m' -> 1, 'm'.. -> 2)
        @c (xs: [bool]) -> int = match(xs, [] -> 0, [true, ..] -> 1, [false] -> 2, [false, .., _] -> 3)
        @d (p: (bool, bool)) -> int = match(p, (true, _) -> 1, (_, true) -> 2, (false, false) -> 3)
        @e (s: Shape) -> int = match(s, Circle(_) | Box(..) -> 1, Tagged(Red | Green | Blue, _) -> 2)
        @f (b: byte) -> int = match(b, 0..100 -> 1, 100..=255 -> 2)
        @g (c: Color) -> int = match(c, Red -> 1, x -> 2)
        @h (o: Option<Option<bool>>) -> int = match(o, None -> 1, Some(None) -> 2, Some(Some(true)) -> 3, Some(Some(false)) -> 4)
        """);

    [Fact]
    public void Arms_that_are_covered_are_reported() => Checked.Program(Types + """

        @a (n: int) -> int = match(n,
            _ -> 1,
            0 -> 2, //~ E4002
        )
        @b (n: int) -> int = match(n,
            0..10 -> 1,
            5 -> 2, //~ E4002
            _ -> 3,
        )
        @c (o: Option<bool>) -> int = match(o,
            Some(true) -> 1,
            Some(false) -> 2,
            Some(_) -> 3, //~ E4002
            None -> 4,
        )
        @d (xs: [int]) -> int = match(xs,
            [_, ..] -> 1,
            [_, _, ..] -> 2, //~ E4002
            [] -> 3,
        )
        @e (n: int) -> int = match(n,
            x if x > 1 -> 1,
            x if x > 1 -> 2,
            5 -> 3,
            _ -> 4,
        )
        @f (s: str) -> int = match(s,
            "a" -> 1,
            "b" | "a" -> 2,
            "b" -> 3, //~ E4002
            _ -> 4,
        )
        """);

    [Fact]
    public void Guarded_arms_cover_nothing() => Checked.Program("""
        @f (b: bool) -> int = match(b, true -> 1, false if 1 > 0 -> 2) //~ E4001
        """);

    [Fact]
    public void A_catch_all_over_a_sum_type_of_the_program_hides_variants() => Checked.Program(Types + """

        @a (c: Color) -> int = match(c,
            Red -> 1,
            _ -> 2, //~ W4001
        )
        @b (c: Color) -> int = match(c, Red -> 1, Green | Blue -> 2)
        @c (o: Option<int>) -> int = match(o, Some(1) -> 1, _ -> 2)
        @d (c: Color) -> int = match(c, Red | Green -> 1, x if 1 > 0 -> 2, Blue -> 3)
        """);

    [Fact]
    public void Large_matches_are_decided_quickly()
    {
        // The classic that explodes without sharing of sub-questions: n columns, a diagonal of tests.
        var n = 24;
        var type = "(" + string.Join(", ", Enumerable.Repeat("bool", n)) + ")";
        var arms = Enumerable.Range(0, n).SelectMany(i => new[]
        {
            "(" + string.Join(", ", Enumerable.Range(0, n).Select(j => j == i ? "true" : "_")) + ") -> 1",
        }).Append("(" + string.Join(", ", Enumerable.Repeat("false", n)) + ") -> 2");
        Checked.Program($"@f (v: {type}) -> int = match(v, {string.Join(", ", arms)})");

        var many = string.Join(", ", Enumerable.Range(0, 1500).Select(i => $"{i} -> {i}"));
        Checked.Program($"@f (n: int) -> int = match(n, {many}, _ -> 0)");
    }
}
