using Sigil.Semantics.Types;

namespace Sigil.Semantics.Tests.Declarations;

/// <summary>Which function parameters are borrowed (concurrency rules, "No function-colour duplication").</summary>
public class BorrowedParameterTests
{
    [Theory]
    [InlineData("@f<T> (g: T -> T, x: T) -> T = g(g(x))", true)]
    [InlineData("@f (g: int -> int, xs: [int]) -> [int] = xs.map(g)", true)]
    [InlineData("@f (g: int -> int, xs: [int]) -> [int] = map(xs, x -> g(x) + 1)", true)]
    [InlineData("@f (g: int -> int, n: int) -> int = if n == 0 then g(0) else f(g, n - 1)", true)]
    [InlineData("@f (g: int -> int) -> int = h(g)\n@h (k: int -> int) -> int = k(1)", true)]
    [InlineData("@f (g: int -> int) -> (int -> int) = h(g)\n@h (k: int -> int) -> (int -> int) = k", false)]
    [InlineData("@f (g: int -> int) -> (int -> int) = g", false)]
    [InlineData("@f (g: int -> int) -> [int -> int] = [g]", false)]
    [InlineData("@f (g: int -> int) -> (int -> int) = x -> g(x)", false)]
    [InlineData("@f (g: int -> int) -> int = run(let h = g, h(1))", false)]
    [InlineData("@f (g: int -> int) -> int = run(let g = 1, g)", true)]
    [InlineData("@f (g: int -> int) -> int uses Async = parallel(.a: g(1)).a", false)]
    public void IsDecidedByUse(string source, bool borrowed)
    {
        var program = Checked.Declarations(source);
        var parameter = program.Modules[0].Functions.First(f => f.Name == "f").Parameters.First(p => p.Name == "g");
        Assert.Equal(borrowed ? FunctionKind.Borrowed : FunctionKind.Plain, ((FunctionType)parameter.Type).Kind);
        Assert.Equal(borrowed, parameter.EscapesAt is null);
    }
}
