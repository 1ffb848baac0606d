namespace Sigil.Semantics.Tests.Checking;

/// <summary>Inference, literals and conversions (language rules 3.1, 3.4, 3.5).</summary>
public class InferenceTests
{
    [Fact]
    public void A_function_that_is_taken_for_a_method_is_told()
    {
        var found = Checked.DiagnosticsOf(Checked.Analyzed("""
            use std.net { TcpStream }
            @a () -> void = TcpStream.connect("h:1")
            @b (s: TcpStream) -> void = s.nothing_like_it()
            """)).Where(d => d.Code == "E3008").Select(d => d.Help);
        Assert.Equal(["it is a function: `use std.net { connect }` and `connect(…)`", null], found);
    }

    [Fact]
    public void What_is_known_of_a_type_is_told()
    {
        var found = Checked.DiagnosticsOf(Checked.Analyzed("@f () -> int = run(let r = (1, Ok(2)), r.0)"));
        Assert.Contains(found, d => d.Code == "E3002" && d.Message.Contains("`(int, Result<int, _>)`", StringComparison.Ordinal));
    }

    [Fact]
    public void Mismatches() => Checked.Program("""
        @a () -> int = "1" //~ E3001
        @b () -> str = run(
            let n: int = "1", //~ E3001
            str(n),
        )
        @c (xs: [int]) -> [str] = xs //~ E3001
        @d () -> int = if true then 1 else "x" //~ E3001
        @e (x: int) -> float = x //~ E3001
        @f () -> (int, str) = (1, "a")
        @g () -> [int] = [1, "a"] //~ E3001
        @main () -> void = ()
        """);

    [Fact]
    public void ByteLiterals() => Checked.Program("""
        @a () -> byte = 255
        @b () -> byte = 256 //~ E3033
        @c (b: byte) -> byte = b + 1
        @d (b: byte) -> bool = 200 < b
        @e () -> [byte] = [1, 2, 3]
        @f () -> byte = -1 //~ E3033
        @g (n: int) -> byte = n //~ E3001
        @h (b: byte) -> byte = if b > 3 then 1 else b
        @main () -> void = ()
        """);

    [Fact]
    public void LaterUseTellsTheType() => Checked.Program("""
        @a () -> [int] = run(
            let xs = [],
            xs.append(3),
        )
        @b () -> int = run(
            let mut m = {},
            m["a"] = 1,
            m["a"] ?? 0,
        )
        @c () -> int = run(let f = x -> x + 1, f(2))
        @d () -> Option<int> = run(let n = None, n)
        @e () -> int = run(let xs = [], 1) //~ E3002
        @f () -> int = run(let f = x -> x.y, 1) //~ E3002
        @g () -> void = assert([] == [])
        @main () -> void = ()
        """);

    [Fact]
    public void Lambdas() => Checked.Program("""
        @a (xs: [int]) -> [str] = xs.map(x -> str(x + 1))
        @b (m: {str: int}) -> [str] = m.map((k, v) -> `{k}={v}`)
        @c (xs: [int]) -> int = xs.fold(0, (a, b) -> a + b)
        @d (xs: [int]) -> int = xs.fold(0, +)
        @e (xs: [int]) -> [int] = xs.map((a, b) -> a) //~ E3001
        @f () -> (int -> int) = (x: int) -> int = x + 1
        @g () -> (int -> str) = x -> x //~ E3001
        @h (f: (int, int) -> int) -> int = f(1, 2)
        @i () -> int = h(+) + h((a, b) -> a * b)
        @j (fs: [int -> int]) -> [int] = fs.map(f -> f(1))
        @k (xs: [(int, str)]) -> [str] = xs.map((n, s) -> s.repeat_twice()) //~ E3008
        @main () -> void = ()
        """);

    [Fact]
    public void Discarding() => Checked.Program("""
        @f () -> int = 1
        @r () -> Result<int, str> = Ok(1)
        @a () -> void = f()
        @b () -> void = run(
            f(),
            r(), //~ W3001
            f(),
        )
        @c (p: bool) -> void = if p then f()
        @d (p: bool) -> int = if p then 1 //~ E3037
        @e (xs: [int]) -> void = for x in xs do f()
        @g () -> void = run(let _ = r(), ())
        @main () -> void = ()
        """);

    [Fact]
    public void NeverFitsEverywhere() => Checked.Program("""
        @a (p: bool) -> int = if p then 1 else panic("no")
        @b (p: bool) -> str = if p then panic("no") else "x"
        @c () -> int = panic("x")
        @d (xs: [int]) -> int = loop(if len(xs) > 1 then break 1)
        @e () -> int = loop(())
        @main () -> void = ()
        """);

    [Fact]
    public void Dyn() => Checked.Program("""
        trait Shape { @area (self) -> int }
        type Square = { side: int }
        type Dot = {}
        impl Shape for Square { @area (self) -> int = self.side * self.side }
        @a () -> dyn Shape = Square { side: 2 }
        @b () -> dyn Shape = Dot {} //~ E3001
        @c (s: dyn Shape) -> int = s.area()
        @d () -> int = c(Square { side: 3 })
        @e () -> [dyn Shape] = [Square { side: 1 }, Square { side: 2 }]
        @main () -> void = ()
        """);

    [Fact]
    public void Holes() => Checked.Program("""
        @a () -> int = run(
            let x: _ = 1, //~ W3004
            let ys: [_] = ["a"], //~ W3004
            x + len(ys),
        )
        @main () -> void = ()
        """);

    [Fact]
    public void OneErrorPerCause() => Checked.Program("""
        @a () -> int = run(
            let x = nope, //~ E2001
            let y = x.z + 1,
            let zs = [x, y],
            zs.map(z -> z.foo()).first().bar + x(3),
        )
        @b () -> int = len(undefined_thing) //~ E2001
        @c () -> str = `{missing} {missing2}` //~ E2001 E2001
        @main () -> void = ()
        """);
}
