namespace Sigil.Mir.Tests;

/// <summary>Which loops get a first round of their own.</summary>
public class LoopPeelingTests
{
    private static int Advances(string source, string name) => Lowered.Of(source).Graph(name).Blocks.Sum(b => b.Instructions.Count(i => i is IterationNext));

    [Fact]
    public void A_loop_that_bounds_its_own_values_needs_its_tests_in_the_first_round_only() => Assert.Equal(2, Advances(
        "@work (i: int) -> int = run(let x = i, for k in 0..20 do x = (x * 1664525 + 1013904223) & 4294967295, x)", "work"));

    [Fact]
    public void A_loop_whose_later_rounds_need_them_too_stays() => Assert.Equal(1, Advances(
        "@work (i: int) -> int = run(let x = i, for k in 0..20 do x = x * 3 + (k & 1), x)", "work"));

    [Fact]
    public void A_loop_without_tests_stays() => Assert.Equal(1, Advances(
        "@work (i: int) -> int = run(let x = i & 255, for k in 0..20 do x = (x * 3 + 1) & 255, x)", "work"));

    [Fact]
    public void A_loop_that_calls_stays() => Assert.Equal(1, Advances(
        "@work (i: int) -> int = run(let x = i, for k in 0..20 do run(x = (x * 3 + 1) & 255, print(x)), x)", "work"));
}
