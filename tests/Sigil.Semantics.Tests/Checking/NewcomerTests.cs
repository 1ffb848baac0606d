namespace Sigil.Semantics.Tests.Checking;

/// <summary>What somebody writes who knows another language, or has forgotten an import: one error for the mistake, and what to write instead.</summary>
public sealed class NewcomerTests
{
    [Theory]
    [InlineData("fn main() -> void = print(1)", "E1011", "`@name (parameter: type) -> type = …`")]
    [InlineData("def main():\n    print(1)\n    print(2)", "E1011", "`@name (parameter: type) -> type = …`")]
    [InlineData("func main() {\n    print(1)\n}", "E1011", "`@name (parameter: type) -> type = …`")]
    [InlineData("main () -> void = print(1)", "E1011", "`@main (…) -> type = …`")]
    [InlineData("import std.math\n@f () -> int = 1", "E1011", "`use std.math { sqrt }`")]
    [InlineData("struct Point { x: int, y: int }", "E1011", "`type Name = { field: type }`")]
    [InlineData("enum Light { Red, Green }", "E1011", "`type Name = One | Two(int)`")]
    [InlineData("class Point {\n    x: int\n    @f () -> int = 1\n}", "E1011", "`type Name = { field: type }`")]
    [InlineData("use \"./other\" { f }\n@g () -> int = 1", "E1002", "`use './file' { name }`")]
    [InlineData("@f () -> void = { print(1) }", "E1002", "`run(…, …)`")]
    [InlineData("@f (a: bool) -> int = if a { 1 } else { 2 }", "E1002", "`if condition then … else …`")]
    [InlineData("@f (xs: [int]) -> void = for x in xs { print(x) }", "E1002", "write `do`")]
    [InlineData("type P = { x: int }\n@f () -> P = P { x = 1 }", "E1002", "`name: value`")]
    [InlineData("@f (a: bool, b: bool) -> bool = (a and b)", "E1002", "write `&&`")]
    [InlineData("@f () -> void = run(print(1) print(2))", "E1002", "is a comma missing")]
    [InlineData("@f () -> void = run(let a: int? = None, ())", "E1002", "`Option<T>`")]
    [InlineData("@f (s: string) -> int = 1", "E2002", "write `str`")]
    [InlineData("@f (xs: List<int>) -> int = 1", "E2002", "write `[T]`")]
    [InlineData("@f () -> DateTime = g()", "E2002", "`use std.time { DateTime }`")]
    [InlineData("@f () -> float = sqrt(2.0)", "E2001", "`use std.math { sqrt }`")]
    [InlineData("use std.process { Command }\n@f () -> Command = Command.new(\"a\").stdin(Inherit)", "E2001", "`use std.process { Stdio }`")]
    [InlineData("@f () -> Option<int> = null", "E2001", "`None`")]
    [InlineData("@f () -> void = run(x = 1, ())", "E2001", "introduce it first: `let x = …`")]
    [InlineData("@f (x: int) -> val int = val (x + 1)", "E2001", "name the value first; where `val T` is expected, a plain value is enough")]
    [InlineData("@f (xs: [int]) -> int = xs.length()", "E3008", "did you mean `len`?")]
    [InlineData("@f (xs: [int]) -> int = xs.size", "E3007", "call `len()`")]
    [InlineData("@f (s: str) -> str = s.toUpperCase()", "E3008", "did you mean `upper`?")]
    [InlineData("type P = { x: int, y: int }\n@f () -> P = P { x: 1 }", "E3009", "give it a value")]
    [InlineData("type P = { x: int }\n@f (p: [Option<P>]) -> void = print(p)", "E3016", "because of `Option<P>`: because of `P`: write `#[derive(Printable)]` before `type P`")]
    [InlineData("use std.process { Output, ProcessError }\n@f (r: Result<Output, ProcessError>) -> void = print(r)", "E3016", "because of `Output`: write its parts, or show it with `dbg(…)`")]
    [InlineData("type P = { x: int }\n@f (p: (int, P)) -> bool = p == p", "E3012", "`P`")]
    [InlineData("@w (n: int) -> int uses Async = n\n@f () -> void uses Async = run(let t = parallel(.tasks: map([1], w), .max_concurent: 2), print(t))", "E1024", "did you mean `.max_concurrent`?")]
    [InlineData("@w (n: int) -> int uses Async = n\n@f () -> void uses Async = run(let _ = nursery(.tasks: n -> run(n.spwan(w(1)), ())), ())", "E3008", "did you mean `spawn`?")]
    [InlineData("@f (o: Option<int>) -> int = if o then 1 else 0", "E3014", "`.is_some()`")]
    [InlineData("@f (xs: [int]) -> int = if xs then 1 else 0", "E3014", "`.is_empty()`")]
    [InlineData("@f () -> float = 1 + 2.0", "E3012", "write `float(…)`")]
    [InlineData("@f (xs: [int]) -> int = match(xs, [a, ...rest] -> a, _ -> 0)", "E1005", "`..rest`")]
    public void It_is_told_in_the_words_of_this_one(string text, string code, string help)
    {
        var found = Checked.DiagnosticsOf(Checked.Analyzed(text)).Where(d => d.Code[0] == 'E').ToList();
        Assert.Equal(code, found[0].Code);
        Assert.Contains(help, found[0].Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fn main() -> void = print(1)")]
    [InlineData("def main():\n    print(1)\n\n    print(2)")]
    [InlineData("class Point {\n    x: int\n    @f () -> int = 1\n}\n@g () -> int = 1")]
    [InlineData("main () -> void = print(1)\n@g () -> int = 1")]
    [InlineData("use \"./other\" { f }\n@g () -> int = 1")]
    public void One_mistake_is_one_error(string text) =>
        Assert.Single(Checked.DiagnosticsOf(Checked.Analyzed(text)), d => d.Code[0] == 'E');
}
